"""Forget visits that need not be remembered any more."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from headwater_demo.smartdjango.conf import settings
from headwater_demo.smartdjango.models import Visit


def forget_visits() -> int:
    """Delete the visits whose token has run out; return how many.

    Averages and counts have them already; the rows are kept only so that no token counts twice.
    """
    kept = timedelta(seconds=2 * settings().SMARTDJANGO_TOKEN_AGE)
    deleted, _ = Visit.objects.filter(counted_at__lt=timezone.now() - kept).delete()
    return deleted
