"""Background tasks: three-line callers of the verbs."""

from __future__ import annotations

import logging
from typing import Any

try:
    from django.tasks import task
except ImportError:  # Django 5.2
    from django_tasks import task  # type: ignore[no-redef]

from headwater.conf import settings
from headwater.learning.errors import FitError
from headwater.spam.models import SpamFilter

logger = logging.getLogger("headwater.spam")


@task(backend=settings().TASK_BACKEND, queue_name=settings().TASK_QUEUE)
def judge_pending_task(filter_id: int) -> None:
    """Judge the rows of the filter with this id that have no verdict; a deleted one is let be."""
    from headwater.spam.pending import judge_pending

    found: Any = SpamFilter.objects.filter(pk=filter_id)
    spam_filter = found.first()
    if spam_filter is None:
        logger.info("Filter %d was deleted before its pending rows were judged.", filter_id)
        return
    try:
        judge_pending(spam_filter)
    except FitError as error:
        logger.warning("The pending rows of “%s” have no verdict: %s", spam_filter, error)
