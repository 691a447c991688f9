"""Cancel a fit that waits or runs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from headwater.learning.lease import expire_stuck_fits
from headwater.learning.models import Fit, FitStatus


def cancel_fit(fit: Fit, *, user: Any = None) -> bool:
    """Stop ``fit``: at once while it waits, at its next step while it runs.

    ``user``, where given, is kept by name as the one who cancelled it. Returns whether there was
    something to cancel; a finished fit is left as it is.
    """
    expire_stuck_fits()
    rows = Fit.objects.filter(pk=fit.pk)
    told: dict[str, Any] = {}
    if user is not None:
        progress = rows.values_list("progress", flat=True).first() or {}
        told["progress"] = {"cancelled_by": user.get_username(), **progress}
    cancelled = rows.filter(status=FitStatus.QUEUED).update(
        status=FitStatus.CANCELLED, cancel_requested=True, finished_at=timezone.now(), **told
    ) or rows.filter(status=FitStatus.RUNNING).update(cancel_requested=True, **told)
    fit.refresh_from_db()
    return bool(cancelled)
