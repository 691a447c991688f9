"""Moments: dates and times as they are given from outside, checked."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from headwater.stockandflow.errors import ClockError


def checked_moment(given: object, name: str) -> datetime | None:
    """Return ``given``, a moment or None; raise ClockError for what is no moment, or in no zone.

    ``name`` is what it is called where it was given, such as “as_of”.
    """
    if given is None:
        return None
    if not isinstance(given, datetime):
        raise ClockError(
            f"“{name}” is {given!r}. Give a datetime, such as timezone.now(), or None."
        )
    if settings.USE_TZ and timezone.is_naive(given):
        raise ClockError(
            f"“{name}” is {given}, which is in no time zone. Give an aware datetime; "
            "django.utils.timezone.make_aware makes one."
        )
    return given
