"""Periods: when an hour, a day, a week, a month begins, as clocks somewhere show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import count

HOURLY = "hourly"
DAILY = "daily"
WEEKLY = "weekly"
MONTHLY = "monthly"
QUARTERLY = "quarterly"
YEARLY = "yearly"
PERIODS = (HOURLY, DAILY, WEEKLY, MONTHLY, QUARTERLY, YEARLY)
_MIDNIGHT = dt.time()
_MONTHS = {MONTHLY: 1, QUARTERLY: 3, YEARLY: 12}


def period_start(
    often: str, now: dt.datetime, zone: dt.tzinfo, *, at: dt.time | None = None
) -> dt.datetime:
    """Return the start, in UTC, of the period that ``now`` is in.

    Hours begin at the minute of ``at`` (else the full hour), days at ``at`` (else midnight), weeks
    on Mondays, months, quarters and years on their first day, as clocks in ``zone`` show it. A time
    that a clock skips in spring comes as much later as is skipped; one that it shows twice in
    autumn counts the first time. Raises ValueError for a period that there is not.

    >>> from zoneinfo import ZoneInfo
    >>> noon = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
    >>> period_start("daily", noon, ZoneInfo("Europe/Berlin"), at=dt.time(3)).isoformat()
    '2026-07-01T01:00:00+00:00'
    """
    now = now.astimezone(dt.UTC)
    if _known(often) == HOURLY:
        return _hour_start(at or _MIDNIGHT, now, zone)
    return next(start for start in _backwards(often, at, now, zone) if start <= now)


def next_period_start(
    often: str, now: dt.datetime, zone: dt.tzinfo, *, at: dt.time | None = None
) -> dt.datetime:
    """Return the start, in UTC, of the period after the one that ``now`` is in."""
    now = now.astimezone(dt.UTC)
    if _known(often) == HOURLY:
        return _hour_start(at or _MIDNIGHT, now, zone) + dt.timedelta(hours=1)
    days = {DAILY: 1, WEEKLY: 7, MONTHLY: 31, QUARTERLY: 92, YEARLY: 366}[often]
    ahead = now + dt.timedelta(days=days + 2)
    later = []
    for start in _backwards(often, at, ahead, zone):
        if start <= now:
            break
        later.append(start)
    return later[-1]


def period_starts(
    often: str, first: dt.datetime, last: dt.datetime, zone: dt.tzinfo
) -> list[dt.datetime]:
    """Return the starts of all periods from that of ``first`` to that of ``last``."""
    starts = [period_start(often, first, zone)]
    while (following := next_period_start(often, starts[-1], zone)) <= last:
        starts.append(following)
    return starts


def _known(often: str) -> str:
    if often not in PERIODS:
        raise ValueError(f"There is no period “{often}”. There are: {', '.join(PERIODS)}.")
    return often


def _hour_start(at: dt.time, now: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    local = now.astimezone(zone)
    since = dt.timedelta(
        minutes=(local.minute - at.minute) % 60,
        seconds=local.second,
        microseconds=local.microsecond,
    )
    return now - since


def _backwards(
    often: str, at: dt.time | None, now: dt.datetime, zone: dt.tzinfo
) -> Iterator[dt.datetime]:
    """Yield the starts of periods in UTC, the newest (perhaps after ``now``) first."""
    time = (at or _MIDNIGHT).replace(tzinfo=None, fold=0)
    for day in _days(often, now.astimezone(zone).date()):
        yield dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)


def _days(often: str, today: dt.date) -> Iterator[dt.date]:
    """Yield the first days of periods, newest first, from the one that ``today`` is in."""
    if often in _MONTHS:
        step = _MONTHS[often]
        months = today.year * 12 + (today.month - 1) // step * step
        for back in count(0, step):
            year, month = divmod(months - back, 12)
            yield dt.date(year, month + 1, 1)
    day = today - dt.timedelta(days=today.weekday()) if often == WEEKLY else today
    for back in count(0, 7 if often == WEEKLY else 1):
        yield day - dt.timedelta(days=back)
