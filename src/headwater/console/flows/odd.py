"""Odd: what an address asks of the sections of a page that they cannot do, each in a sentence."""

from __future__ import annotations

from collections.abc import Container, Mapping
from math import isfinite
from urllib.parse import unquote

from django.utils.dateparse import parse_datetime

from headwater.console.flows.books import PARAMETER as BOOK
from headwater.console.flows.forecast_shown import MOST_PERIODS, USUAL_PERIODS, periods_of
from headwater.console.flows.moves import FROM, TO
from headwater.console.flows.only import shown
from headwater.console.flows.whatif import LARGEST, OUTSIDE

RATE = "rate:"


def odd_parameters(data: Mapping[str, str], states: Container[str]) -> list[str]:
    """Return a sentence for each parameter that a section of a partition takes otherwise.

    ``states`` are those of the partition. What is left out or empty is not odd.
    """
    told = [_periods(data.get("periods", "")), _book(data.get(BOOK, ""))]
    told += [_date(data.get(name, ""), name) for name in (FROM, TO)]
    told += [
        _rate(name.removeprefix(RATE), given, states)
        for name, given in data.items()
        if name.startswith(RATE) and given
    ]
    return [sentence for sentence in told if sentence]


def _periods(given: str) -> str:
    if not given or periods_of(given) != USUAL_PERIODS or given == str(USUAL_PERIODS):
        return ""
    return (
        f"“{shown(given)}” is no number of periods from 1 to {MOST_PERIODS}; the forecast is made "
        f"for {USUAL_PERIODS}."
    )


def _book(given: str) -> str:
    if not given or (given.isdecimal() and int(given[:10]) > 0):
        return ""
    return f"“{shown(given)}” is no page of the books; the newest ones are shown."


def _date(given: str, name: str) -> str:
    try:
        readable = not given or parse_datetime(given) is not None
    except ValueError:
        readable = False
    if readable:
        return ""
    return (
        f"“{shown(given)}” as “{name}” is no date such as 2026-03-31; of who moved, the usual date "
        "was taken."
    )


def _rate(move: str, given: str, states: Container[str]) -> str:
    source, colon, sink = (unquote(part) for part in move.partition(":"))
    ends = (source, sink)
    if not colon or source == sink or any(e != OUTSIDE and e not in states for e in ends):
        return f"There is no move “{shown(move)}” here, so its rate was left out of the forecast."
    try:
        factor = float(given)
    except ValueError:
        factor = float("nan")
    if isfinite(factor) and 0 <= factor <= LARGEST:
        return ""
    taken = "the nearest one was taken" if isfinite(factor) else "the rate was left as it is"
    named = f"“{source or 'outside'} → {sink or 'outside'}”"
    return f"“{shown(given)}” for the rate {named} is no factor from 0 to {LARGEST:.0f}; {taken}."
