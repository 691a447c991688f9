"""Periods: the moments from which a model that is recalculated by schedule is due."""

from __future__ import annotations

import datetime as dt

from headwater.engines import periods
from headwater.learning.models import Recalculation

LENGTHS = {
    Recalculation.HOURLY: dt.timedelta(hours=1),
    Recalculation.DAILY: dt.timedelta(days=1),
    Recalculation.WEEKLY: dt.timedelta(weeks=1),
}


def period_start(
    often: str, at: dt.time | None, now: dt.datetime, zone: dt.tzinfo
) -> dt.datetime | None:
    """Return the last moment up to ``now`` from which a fit is due, in UTC; None for “manual”."""
    return periods.period_start(often, now, zone, at=at) if often in LENGTHS else None


def next_start(
    often: str, at: dt.time | None, now: dt.datetime, zone: dt.tzinfo
) -> dt.datetime | None:
    """Return the first moment after ``now`` from which a fit is due, in UTC; None for “manual”."""
    return periods.next_period_start(often, now, zone, at=at) if often in LENGTHS else None
