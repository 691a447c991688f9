"""Follow up: what the end of one fit calls for."""

from __future__ import annotations

import logging

from headwater.learning.chain import request_anew, request_dependents
from headwater.learning.count import act_on_counter
from headwater.learning.models import Fit, FitStatus

logger = logging.getLogger("headwater.learning")


def follow_up(fit: Fit) -> None:
    """Queue the fits that the end of ``fit`` calls for; never raises.

    Where it succeeded: the models that learn from its labels, and what its family asks for.
    Whether it succeeded or failed: another fit of its own model, where a column that it learns
    from was learned anew meanwhile or the counter has reached its threshold. After a fit that was
    cancelled nothing follows.
    """
    if fit.status not in (FitStatus.SUCCEEDED, FitStatus.FAILED):
        return
    try:
        if fit.status == FitStatus.SUCCEEDED:
            request_dependents(fit)
            fit.model.specific.follow(fit)
        request_anew(fit)
        act_on_counter(fit.model_id)
    except Exception:
        logger.exception("What follows fit %d could not be queued.", fit.pk)
