"""Ask for a fit: one at a time for each model, run by a background worker."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import IntegrityError, router, transaction
from django.utils import timezone

from headwater.conf import settings
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.engines.parameters import ParameterError
from headwater.learning.errors import AlreadyRunning, FitError, NotInferredError
from headwater.learning.lease import expire_stuck_fits
from headwater.learning.models import (
    UNFINISHED,
    Fit,
    FitReason,
    FitStatus,
    StatisticalModel,
)

logger = logging.getLogger("headwater.learning")


def request_fit(
    model: StatisticalModel,
    *,
    user: Any = None,
    reason: FitReason | None = None,
    detail: str = "",
) -> Fit:
    """Return a new fit of ``model`` that waits for a worker.

    The task is handed over when the transaction commits. Raises ``AlreadyRunning`` where another
    fit of the model waits or runs.
    """
    fit = open_fit(model, user=user, reason=reason, detail=detail)
    transaction.on_commit(partial(_enqueue, fit.pk), using=router.db_for_write(Fit))
    return fit


def open_fit(
    model: StatisticalModel,
    *,
    user: Any = None,
    reason: FitReason | None = None,
    detail: str = "",
    changes: Mapping[str, Any] | None = None,
) -> Fit:
    """Return a new, waiting fit of ``model`` that no worker knows of yet.

    It keeps the model's settings as they are now (but for ``changes``, by field of the fit), and
    why it was asked for (by ``user``, if no other ``reason`` is given, else by code). The
    database's unique constraint makes sure that two people who start at once do not both succeed.
    """
    expire_stuck_fits()
    by = _saved(user)
    if reason is None:
        reason = FitReason.CODE if by is None else FitReason.ASKED
    try:
        with transaction.atomic(using=router.db_for_write(Fit)):
            return Fit.objects.create(
                model_id=model.pk,
                requested_by=by,
                reason=reason,
                reason_detail=detail,
                **(_settings_now(model.specific) | dict(changes or {})),
            )
    except IntegrityError:
        running = Fit.objects.filter(model_id=model.pk, status__in=UNFINISHED).first()
        if running is None:
            if not StatisticalModel.objects.filter(pk=model.pk).exists():
                raise FitError(f"The statistical model “{model}” was deleted.") from None
            raise
        verb = "waits for a worker" if running.status == FitStatus.QUEUED else "is running"
        raise AlreadyRunning(
            f"A fit of “{model}” {verb} already, since {running.requested_at:%Y-%m-%d %H:%M} UTC. "
            "Wait for it or cancel it."
        ) from None


def request_pending(model: StatisticalModel) -> None:
    """Have a worker label the rows of ``model`` that have no label (``assign_pending``).

    The task is handed over when the transaction commits. Raises ``NotInferredError`` before the
    first fit; what else keeps it from being done, the worker's log says.
    """
    if not StatisticalModel.objects.filter(pk=model.pk, current_fit__isnull=False).exists():
        raise NotInferredError(
            f"“{model}” has no inference yet, so there are no groups to assign rows to. Run one "
            "first."
        )
    transaction.on_commit(
        partial(_enqueue_pending, model.pk), using=router.db_for_write(StatisticalModel)
    )


def _enqueue_pending(model_id: int) -> None:
    options = settings()
    try:
        from headwater.learning.tasks import assign_pending_task

        assign_pending_task.using(
            backend=options.TASK_BACKEND, queue_name=options.TASK_QUEUE
        ).enqueue(model_id)
    except Exception:
        logger.exception("The pending rows of model %d could not be handed over.", model_id)


def _settings_now(model: StatisticalModel) -> dict[str, Any]:
    return {
        "technique": model.technique,
        "parameters": _filled(TECHNIQUES.get(model.technique), model.parameters),
        "encoding": _filled(ENCODING, model.encoding),
        "source": model.reads(),
        "definition": model.definition(),
        "results_storage": model.results_storage,
        "engine_meta_iterations": model.engine_meta_iterations,
        "engine_iterations": model.engine_iterations,
    }


def _filled(declared: Any, given: Any) -> Any:
    """Return ``given`` with the defaults beside it; as it is where it does not fit."""
    parameters = getattr(declared, "parameters", declared)
    try:
        return parameters.clean(given) if parameters is not None else given
    except ParameterError:
        return given  # the fit will say what is wrong


def _saved(user: Any) -> Any:
    return user if getattr(user, "pk", None) is not None else None


def _enqueue(fit_id: int) -> None:
    options = settings()
    try:
        from headwater.learning.tasks import run_fit_task  # which needs the backend to be there

        run_fit_task.using(backend=options.TASK_BACKEND, queue_name=options.TASK_QUEUE).enqueue(
            fit_id
        )
    except Exception:
        logger.exception("Fit %d could not be handed to the task backend.", fit_id)
        Fit.objects.filter(pk=fit_id, status=FitStatus.QUEUED).update(
            status=FitStatus.FAILED,
            finished_at=timezone.now(),
            error=(
                f"The task backend “{options.TASK_BACKEND}” could not take the fit. "
                "See the log, and whether the backend is up."
            ),
        )
