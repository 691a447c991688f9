"""Cancel a fit that waits or runs."""

from __future__ import annotations

from django.utils import timezone

from headwater.learning.lease import expire_stuck_fits
from headwater.learning.models import Fit, FitStatus


def cancel_fit(fit: Fit) -> bool:
    """Stop ``fit``: at once while it waits, at its next step while it runs.

    Returns whether there was something to cancel; a finished fit is left as it is.
    """
    expire_stuck_fits()
    rows = Fit.objects.filter(pk=fit.pk)
    cancelled = rows.filter(status=FitStatus.QUEUED).update(
        status=FitStatus.CANCELLED, cancel_requested=True, finished_at=timezone.now()
    ) or rows.filter(status=FitStatus.RUNNING).update(cancel_requested=True)
    fit.refresh_from_db()
    return bool(cancelled)
