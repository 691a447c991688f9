"""Periods: the moments from which a model that is recalculated by schedule is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import count

from headwater.learning.models import Recalculation

LENGTHS = {
    Recalculation.HOURLY: dt.timedelta(hours=1),
    Recalculation.DAILY: dt.timedelta(days=1),
    Recalculation.WEEKLY: dt.timedelta(weeks=1),
}
_MIDNIGHT = dt.time()


def period_start(
    often: str, at: dt.time | None, now: dt.datetime, zone: dt.tzinfo
) -> dt.datetime | None:
    """Return the last moment up to ``now`` from which a fit is due, in UTC; None for “manual”.

    Hourly at the minute of ``at`` (else the full hour), daily at ``at`` (else midnight), weekly on
    Mondays at ``at``, as clocks in ``zone`` show it. A time that a clock skips in spring comes as
    much later as is skipped; one that it shows twice in autumn counts the first time.

    >>> from zoneinfo import ZoneInfo
    >>> noon = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
    >>> period_start("daily", dt.time(3), noon, ZoneInfo("Europe/Berlin")).isoformat()
    '2026-07-01T01:00:00+00:00'
    """
    if often not in LENGTHS:
        return None
    now = now.astimezone(dt.UTC)
    if often == Recalculation.HOURLY:
        return _hour_start(at or _MIDNIGHT, now, zone)
    return next(moment for moment in _backwards(often, at, now, zone) if moment <= now)


def next_start(
    often: str, at: dt.time | None, now: dt.datetime, zone: dt.tzinfo
) -> dt.datetime | None:
    """Return the first moment after ``now`` from which a fit is due, in UTC; None for “manual”."""
    if often not in LENGTHS:
        return None
    now = now.astimezone(dt.UTC)
    if often == Recalculation.HOURLY:
        return _hour_start(at or _MIDNIGHT, now, zone) + LENGTHS[Recalculation.HOURLY]
    ahead = now + LENGTHS[Recalculation(often)] + dt.timedelta(days=2)
    later = [m for m in _until(now, _backwards(often, at, ahead, zone)) if m > now]
    return later[-1]


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
    """Yield the moments of each day or week in UTC, the newest (perhaps after ``now``) first."""
    today = now.astimezone(zone).date()
    step = LENGTHS[Recalculation(often)]
    if often == Recalculation.WEEKLY:
        today -= dt.timedelta(days=today.weekday())
    time = (at or _MIDNIGHT).replace(tzinfo=None, fold=0)
    for periods in count():
        local = dt.datetime.combine(today - periods * step, time, tzinfo=zone)
        yield local.astimezone(dt.UTC)


def _until(now: dt.datetime, moments: Iterator[dt.datetime]) -> Iterator[dt.datetime]:
    """Yield ``moments``, newest first, down to the first that is not after ``now``."""
    for moment in moments:
        yield moment
        if moment <= now:
            return
