"""Serve: let an earlier fit serve again."""

from __future__ import annotations

from django.db import router, transaction

from headwater.learning.assign import forget
from headwater.learning.errors import FitError
from headwater.learning.lock import lock_labels
from headwater.learning.models import Fit, FitStatus, StatisticalModel


def serve(fit: Fit) -> None:
    """Let ``fit``, which succeeded once, serve from now on.

    Raises FitError where it did not succeed, or where its labels were written to rows: those are
    of the fit that serves, so they would not agree any more.
    """
    if fit.status != FitStatus.SUCCEEDED:
        raise FitError(f"The run #{fit.pk} of “{fit.model}” did not succeed, so it cannot serve.")
    if fit.results_storage:
        raise FitError(
            f"The run #{fit.pk} of “{fit.model}” wrote labels to rows. Run the inference again "
            "to change them."
        )
    using = router.db_for_write(Fit)
    with transaction.atomic(using=using):
        lock_labels(fit.model_id, using=using)
        StatisticalModel.objects.using(using).filter(pk=fit.model_id).update(current_fit=fit)
    forget(fit.model_id)
    fit.model.refresh_from_db(fields=["current_fit"])
