"""The metrics pipeline: every function of the setting, in its order, for one visit."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import router, transaction
from django.utils.module_loading import import_string

from headwater_demo.smartdjango.conf import settings
from headwater_demo.smartdjango.models import UserInfo, Visit

Metric = Callable[[Visit], None]

logger = logging.getLogger("headwater_demo.smartdjango")


def process(visit: Visit) -> list[str]:
    """Put ``visit`` through the pipeline; return the paths of the functions that failed.

    Each function has a transaction of its own. One that fails is logged with its traceback, leaves
    nothing behind, and does not stop the others.
    """
    failed = []
    using = router.db_for_write(UserInfo)
    for path in settings().SMARTDJANGO_METRICS:
        try:
            metric: Metric = import_string(path)
            with transaction.atomic(using=using):
                metric(visit)
        except Exception:
            logger.exception("The metric “%s” failed for %s; the others go on.", path, visit)
            failed.append(path)
    return failed
