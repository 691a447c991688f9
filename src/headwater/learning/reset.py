"""Reset: clear the labels and begin anew with A."""

from __future__ import annotations

from django.db import router, transaction

from headwater.learning.assign import forget
from headwater.learning.errors import AlreadyRunning
from headwater.learning.lease import expire_stuck_fits
from headwater.learning.models import UNFINISHED, Fit, StatisticalModel
from headwater.learning.targets import TargetError, resolve_target
from headwater.learning.write_back import clear


def reset_inference(model: StatisticalModel) -> int:
    """Clear the labels of ``model`` and its current fit; return how many rows had a label.

    The history of fits is kept. Raises ``AlreadyRunning`` while a fit waits or runs.
    """
    expire_stuck_fits()
    with transaction.atomic(using=router.db_for_write(StatisticalModel)):
        if Fit.objects.filter(model=model, status__in=UNFINISHED).exists():
            raise AlreadyRunning(
                f"A fit of “{model}” is under way and would write its labels again. "
                "Cancel it first."
            )
        cleared = _clear(model)
        model.current_fit = None
        model.letters = []
        model.save(update_fields=["current_fit", "letters", "updated_at"])
    forget(model.pk)
    return cleared


def _clear(model: StatisticalModel) -> int:
    if not model.is_inferred or not model.results_storage:
        return 0
    try:
        target = resolve_target(model.results_storage)
    except TargetError:  # the field is gone, and its labels with it
        return 0
    return clear(target.model, target.field.name)
