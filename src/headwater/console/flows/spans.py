"""Spans of time between hours and years, in words and as numbers for an axis."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from headwater.console.words import NOTHING, duration

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_UNITS = (
    ("years", timedelta(days=365.2425)),
    ("months", timedelta(days=30.436875)),
    ("days", _DAY),
    ("hours", _HOUR),
    ("minutes", timedelta(minutes=1)),
)
"""Units of an axis, the largest first; months and years are average ones."""


def span(value: timedelta | None) -> str:
    """Return a span of time in the unit that fits it.

    >>> span(timedelta(hours=30)), span(timedelta(days=12, hours=6)), span(timedelta(days=1))
    ('1.2 days', '12 days', '1 day')
    >>> span(timedelta(minutes=75)), span(None)
    ('1 h 15 min', '–')
    """
    if value is None:
        return NOTHING
    if value < _DAY:
        return duration(value.total_seconds())
    days = value / _DAY
    told = f"{days:,.0f}" if days >= 10 else f"{days:.1f}".removesuffix(".0")
    return f"{told} {'day' if told == '1' else 'days'}"


def unit_for(spans: Iterable[timedelta | None]) -> tuple[str, timedelta]:
    """Return the unit of an axis that shows ``spans``: its name, and how long one is.

    >>> unit_for([timedelta(days=3), None, timedelta(days=80)])
    ('days', datetime.timedelta(days=1))
    >>> unit_for([timedelta(minutes=90), timedelta(hours=9)])[0]
    'hours'
    """
    longest = max((one for one in spans if one is not None), default=_DAY)
    fits = {"years": 4, "months": 6, "days": 2, "hours": 2, "minutes": 0}
    for name, one in _UNITS:
        if longest >= fits[name] * one:
            return name, one
    return _UNITS[-1]
