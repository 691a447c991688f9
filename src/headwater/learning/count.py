"""Count what happens to a model's rows, and act where enough has happened."""

from __future__ import annotations

import logging
from functools import partial

from django.db import router, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from headwater.learning.actions import actions_of
from headwater.learning.errors import AlreadyRunning, FitError
from headwater.learning.models import (
    RECALCULATE,
    Fit,
    FitReason,
    FitStatus,
    StatisticalModel,
    StatisticalModelQuerySet,
)
from headwater.learning.request import request_fit

logger = logging.getLogger("headwater.learning")

MOST_AT_ONCE = 1_000_000_000
"""What one call may add, so that no sum outgrows the column."""

_REACHED = Q(counter_threshold__isnull=False, counter__gte=F("counter_threshold"))


def increment_counter(model: StatisticalModel, by: int = 1) -> int:
    """Add ``by`` to the counter of ``model``, act at the threshold, and return what it is now.

    One statement adds, whoever else counts at the same time, and one looks. Where the threshold
    is reached, what follows waits for the transaction to commit (see ``act_on_counter``); inside a
    transaction the counter is therefore returned as it was counted. An error of what follows is
    logged and not raised. Raises ValueError for what is no count, and ``FitError`` where the
    model is gone.
    """
    counted = _add(_rows().filter(pk=model.pk), as_count(by))
    if counted is None:
        raise FitError(f"The statistical model “{model}” was deleted; nothing was counted.")
    pk, model.counter, reached = counted
    if reached:
        transaction.on_commit(partial(_act, pk, model), using=_using())
    return model.counter


def count_for(name: str, by: int = 1) -> int | None:
    """Add ``by`` to the counter of the statistical model called ``name``; return what it is now.

    Where there is no such model nothing is counted, which is logged, and None returned. Otherwise
    as ``increment_counter``.
    """
    counted = _add(_rows().filter(name=name), as_count(by))
    if counted is None:
        logger.warning("There is no statistical model “%s”; nothing was counted.", name)
        return None
    pk, counter, reached = counted
    if reached:
        transaction.on_commit(partial(_act, pk), using=_using())
    return counter


def act_on_counter(model_id: int) -> Fit | None:
    """Do what the model asks for at its threshold, if its counter has reached it.

    Resets the counter and queues one fit, both or neither; returns the fit. Of all who call this
    at once one does it: the reset is an UPDATE that only finds a counter at its threshold. While
    a fit of the model waits or runs, the counter stays as it is, and the end of that fit asks
    again; so no trigger is lost, and never do two fits wait.
    """
    using = _using()
    rows = _rows().filter(_REACHED, pk=model_id)
    model = rows.first()
    if model is None or RECALCULATE not in actions_of(model.threshold_actions):
        return None
    if _is_under_way(model_id):
        return None
    try:
        with transaction.atomic(using=using):
            if not rows.update(counter=0):
                return None  # somebody else was first
            fit = request_fit(
                model,
                reason=FitReason.THRESHOLD,
                detail=f"the counter reached {model.counter_threshold}",
            )
    except AlreadyRunning:
        return None  # somebody asked for one meanwhile; the counter is as it was
    logger.info(
        "“%s” had counted %d, its threshold is %d; fit %d is queued.",
        *(model, model.counter, model.counter_threshold, fit.pk),
    )
    return fit


def reset_counter(model: StatisticalModel) -> int:
    """Set the counter of ``model`` to 0; return what it was."""
    with transaction.atomic(using=_using()):
        rows = _rows().filter(pk=model.pk)
        was = rows.select_for_update().values_list("counter", flat=True).get()
        rows.update(counter=0)
    model.counter = 0
    return was


def as_count(by: int) -> int:
    """Return ``by`` if it is a count; else raise ValueError."""
    if isinstance(by, bool) or not isinstance(by, int):
        raise ValueError(f"A counter takes whole numbers; it was asked to add {by!r}.")
    if by < 0:
        raise ValueError(f"A counter only goes up; it was asked to add {by}. Count 0 or more.")
    if by > MOST_AT_ONCE:
        raise ValueError(f"A counter takes at most {MOST_AT_ONCE:,} at once; it was given {by:,}.")
    return by


def without(counted: int) -> Case:
    """Return the counter less ``counted``, at least 0, as an expression.

    A fit that succeeds knows what was counted before it began; what came since stays.
    """
    return Case(When(counter__gt=counted, then=F("counter") - counted), default=Value(0))


def _add(rows: StatisticalModelQuerySet, by: int) -> tuple[int, int, bool] | None:
    """Add ``by``; return (pk, counter, whether there is something to do), None without a row."""
    rows.update(counter=F("counter") + by)
    found = rows.values_list("pk", "counter", "counter_threshold", "threshold_actions").first()
    if found is None:
        return None
    pk, counter, threshold, actions = found
    reached = threshold is not None and counter >= threshold
    return pk, counter, reached and RECALCULATE in actions_of(actions)


def _act(model_id: int, counted_on: StatisticalModel | None = None) -> None:
    """Act after the commit; whoever counted is not to suffer from an error."""
    try:
        acted = act_on_counter(model_id)
    except Exception:
        logger.exception("The threshold of the statistical model %d met an error.", model_id)
        return
    if acted is not None and counted_on is not None:
        counted_on.counter = 0


def _is_under_way(model_id: int) -> bool:
    """Return whether a fit waits, or runs and shows signs of life."""
    alive = Q(lease_expires_at__isnull=True) | Q(lease_expires_at__gte=timezone.now())
    return Fit.objects.filter(
        Q(status=FitStatus.QUEUED) | Q(alive, status=FitStatus.RUNNING), model=model_id
    ).exists()


def _using() -> str:
    return router.db_for_write(StatisticalModel)


def _rows() -> StatisticalModelQuerySet:
    """Return all models, from where they are written: a copy may lag behind."""
    rows: StatisticalModelQuerySet = StatisticalModel.objects.using(_using())
    return rows
