"""Numbers, shares and times in the words of a page."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from headwater.words import NOTHING, counted, figure, listed, mean_and_spread, near, percent

__all__ = [
    "NOTHING",
    "ago",
    "counted",
    "duration",
    "exactly",
    "figure",
    "listed",
    "mean_and_spread",
    "near",
    "percent",
]


def duration(seconds: object) -> str:
    """Return a span of time, given in seconds; what is no number is “nothing”.

    >>> duration(0.04), duration(3.21), duration(75), duration(7260)
    ('under 0.1 s', '3.2 s', '1 min 15 s', '2 h 1 min')
    """
    if not isinstance(seconds, (int, float)):
        return NOTHING
    if seconds < 0.1:
        return "under 0.1 s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def ago(moment: datetime, now: datetime | None = None) -> str:
    """Return how long ago ``moment`` was; older than a week, its date."""
    seconds = ((now or timezone.now()) - moment).total_seconds()
    if seconds < 10:
        return "just now"
    if seconds < 60:
        return f"{int(seconds)} seconds ago"
    if seconds < 3600:
        return f"{counted(int(seconds // 60), 'minute')} ago"
    if seconds < 86400:
        return f"{counted(int(seconds // 3600), 'hour')} ago"
    if seconds < 7 * 86400:
        return f"{counted(int(seconds // 86400), 'day')} ago"
    return date_format(timezone.localtime(moment), "j F Y")


def exactly(moment: datetime) -> str:
    """Return the date and time of ``moment`` in the current time zone."""
    return date_format(timezone.localtime(moment), "j F Y, H:i:s e")
