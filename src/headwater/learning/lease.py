"""The lease of a running fit: a worker's sign of life, and what becomes of fits without one."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

from django.db import DatabaseError, connections
from django.utils import timezone

from headwater.conf import settings
from headwater.learning.models import WORKER_LOST, Fit, FitStatus

logger = logging.getLogger("headwater.learning")


def lease_end(*, extra_seconds: float = 0) -> datetime:
    """Return until when a fit that shows a sign of life now is held to be alive."""
    return timezone.now() + timedelta(seconds=settings().LEASE_SECONDS + extra_seconds)


def expire_stuck_fits() -> int:
    """Mark running fits whose lease has passed as failed; return how many there were."""
    now = timezone.now()
    stuck = Fit.objects.filter(status=FitStatus.RUNNING, lease_expires_at__lt=now)
    expired = stuck.update(status=FitStatus.FAILED, error=WORKER_LOST, finished_at=now)
    if expired:
        if expired == 1:
            logger.warning("1 fit lost its worker and is marked as failed.")
        else:
            logger.warning("%d fits lost their worker and are marked as failed.", expired)
    return expired


class Heartbeat:
    """Renews the lease of a fit from a thread of its own, while its ``with`` block lasts.

    So a phase may take as long as it needs, and a process that is gone is noticed within
    ``LEASE_SECONDS``. It only renews: whether the fit is still wanted, the fit itself asks.
    ``of``: the model of the row, with ``status`` and ``lease_expires_at`` as a fit has them.
    """

    def __init__(self, pk: int, *, of: type[Any] = Fit) -> None:
        self.pk = pk
        self.of = of
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._beat, name=f"headwater-heartbeat-{pk}", daemon=True
        )

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stop.wait(settings().LEASE_SECONDS / 4):
            try:
                self.of._default_manager.filter(pk=self.pk, status=FitStatus.RUNNING).update(
                    lease_expires_at=lease_end()
                )
            except DatabaseError:  # locked for a moment, or gone: the next beat tries again
                logger.debug("The lease of %s %d could not be renewed.", self.of.__name__, self.pk)
            finally:
                connections.close_all()
