"""Forget what need not be remembered any more: visits, and allowances of addresses."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from headwater_demo.smartdjango.conf import settings
from headwater_demo.smartdjango.models import Allowance, Visit

LONGEST_STRETCH = timedelta(hours=1)
"""No allowance is for a longer stretch of time than this."""


def forget_visits() -> int:
    """Delete the visits whose token has run out; return how many.

    Averages and counts have them already; the rows are kept only so that no token counts twice.
    """
    kept = timedelta(seconds=2 * settings().SMARTDJANGO_TOKEN_AGE)
    deleted, _ = Visit.objects.filter(counted_at__lt=timezone.now() - kept).delete()
    return deleted


def forget_addresses() -> int:
    """Delete what addresses have used of stretches that are over; return how many rows."""
    over = timezone.now() - LONGEST_STRETCH
    deleted, _ = Allowance.objects.filter(user=None, started_at__lt=over).delete()
    return deleted
