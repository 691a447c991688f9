"""How good the forecast would have been: counts that are known, against bands made without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headwater.console.flows.period_words import day, period_noun
from headwater.console.flows.waiting import period_of
from headwater.console.words import counted, figure
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.errors import NotEnoughRecords

if TYPE_CHECKING:
    from headwater.stockandflow.forecast import History

HELD_OUT = 3
"""So many of the newest counts are held out."""
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class BacktestShown:
    """See ``templates/headwater/parts/stocks_backtest.html``."""

    title: str
    sentences: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    is_bad: bool = False
    refused: str = ""


def backtest_shown(
    partition: Partition, history: History, *, periods: int = HELD_OUT
) -> BacktestShown:
    """Return the back-test of the last counts, told plainly, also where it went badly."""
    from headwater.stockandflow.backtest import backtest

    try:
        found = backtest(partition, periods, draws=DRAWS, history=history)
    except NotEnoughRecords as few:
        return BacktestShown("Not tested yet", refused=f"A back-test holds out some counts. {few}")
    cases = len(found.lines)
    in80 = sum(line.is_inside80 for line in found.lines)
    in95 = sum(line.is_inside95 for line in found.lines)
    period = period_of(partition)
    noun = period_noun(period)
    sentences = (
        f"Made on {day(found.made_at, period)} from what was known by then, "
        f"{counted(found.history, 'step')} from one {noun} to the next, the forecast of the "
        f"{counted(periods, noun)} after it had the count that came in its 80% band in "
        f"{figure(in80)} of {counted(cases, 'case')}, and in its 95% band in {figure(in95)}.",
        verdict(in80, in95, cases),
    )
    return BacktestShown(
        title=f"The 80% bands held {figure(in80)} of {counted(cases, 'count')}",
        sentences=sentences,
        rows=tuple(
            (
                line.name,
                day(line.moment, period),
                figure(line.actual),
                figure(round(line.median)),
                f"{figure(round(line.low80))} to {figure(round(line.high80))}",
                "yes" if line.is_inside80 else "no",
                f"{figure(round(line.low95))} to {figure(round(line.high95))}",
                "yes" if line.is_inside95 else "no",
            )
            for line in found.lines
        ),
        is_bad=in80 < 0.6 * cases or in95 < 0.8 * cases,
    )


def verdict(in80: int, in95: int, cases: int) -> str:
    """Return what the back-test says of the forecast.

    >>> verdict(3, 6, 12)
    'That is far fewer than should be: do not rely on these bands. What moved objects then was \
not what had moved them before.'
    >>> verdict(10, 12, 12)
    'That is about what should be. So few cases prove little: those of one period hang together.'
    """
    if in80 < 0.6 * cases or in95 < 0.8 * cases:
        return (
            "That is far fewer than should be: do not rely on these bands. What moved objects then "
            "was not what had moved them before."
        )
    few = " So few cases prove little: those of one period hang together."
    few = few if cases < 100 else ""
    return f"That is about what should be.{few}"
