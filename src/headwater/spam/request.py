"""Ask a worker to judge what has no verdict."""

from __future__ import annotations

import logging
from functools import partial

from django.db import router, transaction

from headwater.conf import settings
from headwater.spam.models import SpamFilter

logger = logging.getLogger("headwater.spam")


def request_judging(spam_filter: SpamFilter) -> None:
    """Have a worker judge the rows of ``spam_filter`` without a verdict, after the commit."""
    transaction.on_commit(partial(_enqueue, spam_filter.pk), using=router.db_for_write(SpamFilter))


def _enqueue(filter_id: int) -> None:
    options = settings()
    try:
        from headwater.spam.tasks import judge_pending_task

        judge_pending_task.using(
            backend=options.TASK_BACKEND, queue_name=options.TASK_QUEUE
        ).enqueue(filter_id)
    except Exception:
        logger.exception("The pending rows of filter %d could not be handed over.", filter_id)
