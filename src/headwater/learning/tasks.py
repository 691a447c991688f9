"""Background tasks: three-line callers of the verbs."""

from __future__ import annotations

import logging

try:
    from django.tasks import task
except ImportError:  # Django 5.2
    from django_tasks import task  # type: ignore[no-redef]

from headwater.conf import settings
from headwater.learning.models import Fit, StatisticalModel

logger = logging.getLogger("headwater.learning")


@task(backend=settings().TASK_BACKEND, queue_name=settings().TASK_QUEUE)
def run_fit_task(fit_id: int) -> None:
    """Run the waiting fit with this id; one that was deleted is let be."""
    from headwater.learning.fit import run_fit  # a process that only queues needs no numbers

    fit = Fit.objects.select_related("model").filter(pk=fit_id).first()
    if fit is None:
        logger.info("Fit %d was deleted before it began.", fit_id)
        return
    run_fit(fit)


@task(backend=settings().TASK_BACKEND, queue_name=settings().TASK_QUEUE)
def assign_pending_task(model_id: int) -> None:
    """Label the pending rows of the model with this id; one that was deleted is let be."""
    from headwater.learning.fit import SENTENCES
    from headwater.learning.pending import assign_pending

    model = StatisticalModel.objects.filter(pk=model_id).first()
    if model is None:
        logger.info("Model %d was deleted before its pending rows were labelled.", model_id)
        return
    try:
        assign_pending(model)
    except SENTENCES as error:
        logger.warning("The pending rows of “%s” have no labels: %s", model, error)
