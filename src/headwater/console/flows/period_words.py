"""What periods and moments are called on the pages of stocks."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from headwater.engines.periods import HOURLY

_NOUN = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
}


def period_noun(period: str) -> str:
    """Return what one period is called.

    >>> period_noun("monthly"), period_noun("daily")
    ('month', 'day')
    """
    return _NOUN.get(period, "period")


def period_label(start: datetime | None, period: str) -> str:
    """Return the label of the period that begins at ``start``; None: before the first count."""
    if start is None:
        return "Before the first count"
    local = timezone.localtime(start)
    if period == "hourly":
        return date_format(local, "j M Y, H:i")
    if period == "weekly":
        return f"Week of {date_format(local, 'j M Y')}"
    if period == "monthly":
        return date_format(local, "M Y")
    if period == "quarterly":
        return f"{date_format(local, 'Y')}, quarter {(local.month - 1) // 3 + 1}"
    return date_format(local, "Y" if period == "yearly" else "j M Y")


def day(moment: datetime, period: str | None = None) -> str:
    """Return the date of ``moment``; with the time where counts are made by the hour."""
    local = timezone.localtime(moment)
    return date_format(local, "j M Y, H:i" if period == HOURLY else "j M Y")
