"""Reset: clear the labels of a model; the next fit gives the same groups the same letters."""

from __future__ import annotations

from django.db import router, transaction

from headwater.learning.assign import forget
from headwater.learning.errors import AlreadyRunning
from headwater.learning.lease import expire_stuck_fits
from headwater.learning.lock import lock_labels
from headwater.learning.models import UNFINISHED, Fit, StatisticalModel
from headwater.learning.targets import Target, TargetError, resolve_target
from headwater.learning.write_back import clear, count_values


def reset_inference(model: StatisticalModel) -> int:
    """Clear the labels of ``model`` and its current fit; return how many rows had a label.

    The history of fits is kept, and with it what each letter means. Raises ``AlreadyRunning``
    while a fit waits or runs.
    """
    expire_stuck_fits()
    using = router.db_for_write(StatisticalModel)
    with transaction.atomic(using=using):
        lock_labels(model.pk, using=using)
        if Fit.objects.filter(model=model, status__in=UNFINISHED).exists():
            raise AlreadyRunning(
                f"A fit of “{model}” is under way and would write its labels again. "
                "Cancel it first."
            )
        cleared = _clear(model)
        model.current_fit = None
        model.save(update_fields=["current_fit", "updated_at"])
    forget(model.pk)
    return cleared


def labels_held(model: StatisticalModel) -> tuple[str, int]:
    """Return the field that holds labels of ``model`` (“” if none) and how many it holds."""
    target = _held_in(model)
    if target is None:
        return "", 0
    name = f"{target.model._meta.label}.{target.field.name}"
    return name, count_values(target.model, target.field.name)


def _clear(model: StatisticalModel) -> int:
    target = _held_in(model)
    return 0 if target is None else clear(target.model, target.field.name)


def _held_in(model: StatisticalModel) -> Target | None:
    """Return where the fit that serves wrote to, even if the model now names another field."""
    if model.current_fit is None or not model.current_fit.results_storage:
        return None
    try:
        return resolve_target(model.current_fit.results_storage)
    except TargetError:  # the field is gone, and its labels with it
        return None
