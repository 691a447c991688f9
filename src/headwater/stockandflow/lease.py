"""The lease of a scheduled run: who has a job in a period, and what becomes of it without a sign.

Leases are kept by the clock of the database, so those of several machines need not agree.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

from django.db import DatabaseError, IntegrityError, connections, router, transaction
from django.db.models import Max, Q
from django.db.models.functions import Now
from django.utils import timezone

from headwater.conf import settings
from headwater.engines.periods import period_starts
from headwater.stockandflow.models import RunStatus, ScheduledRun

logger = logging.getLogger("headwater.stockandflow")

ATTEMPTS = 3
"""How often a job that fails is tried in one period."""
KEPT = 1000
"""Runs of one job that are kept."""
LOST = "The process that ran it was gone before it ended."
_NOT_BELIEVED = timedelta(hours=1)
"""A lease that ends so long after the longest possible one was given by a clock that was wrong."""
_AHEAD = timedelta(days=1)
_LONGEST_RESULT = 20_000


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a job in a period, until the lease ends that its holder renews."""

    run: int
    job: str
    attempt: int
    missed: int
    """Periods before this one in which it did not run."""

    def finish(self, status: RunStatus, result: str) -> bool:
        """Write down the end of the run; return False where another process has it by now."""
        row = ScheduledRun.objects.filter(pk=self.run, attempts=self.attempt)
        return bool(
            row.filter(status=RunStatus.RUNNING).update(
                status=status, finished_at=timezone.now(), result=result[:_LONGEST_RESULT]
            )
        )


def claim(job: str, period: str, start: datetime) -> Claim | None:
    """Return the right to run ``job`` in the period that begins at ``start``.

    None where it has run, is running, or has failed too often. A run whose lease has ended, because
    its process was killed, is taken over.
    """
    runs = ScheduledRun.objects.filter(job=job, period=period, period_start=start)
    row = runs.first()
    if row is None:
        return _first(job, period, start)
    too_late = Now() + _length() + _NOT_BELIEVED
    lost = Q(lease_expires_at__lt=Now()) | Q(lease_expires_at__gt=too_late)
    lost &= Q(status=RunStatus.RUNNING)
    mine = runs.filter(lost | Q(status=RunStatus.FAILED), attempts=row.attempts)
    if row.attempts >= ATTEMPTS:
        ended = timezone.now()
        if mine.filter(lost).update(status=RunStatus.FAILED, finished_at=ended, result=LOST):
            logger.error("%s was tried %d times. %s", job, row.attempts, LOST)
        return None
    taken = mine.update(
        status=RunStatus.RUNNING,
        attempts=row.attempts + 1,
        lease_expires_at=Now() + _length(),
        started_at=timezone.now(),
        finished_at=None,
        result="",
    )
    if not taken:
        return None
    if row.status == RunStatus.RUNNING:
        logger.warning("%s is run again. %s", job, LOST)
    return Claim(row.pk, job, row.attempts + 1, row.missed)


def _first(job: str, period: str, start: datetime) -> Claim | None:
    missed = _missed(job, period, start)
    lease: Any = Now() + _length()
    try:
        with transaction.atomic(using=router.db_for_write(ScheduledRun)):
            row = ScheduledRun.objects.create(
                job=job, period=period, period_start=start, lease_expires_at=lease, missed=missed
            )
    except IntegrityError:  # another process was quicker
        return None
    return Claim(row.pk, job, 1, missed)


def _missed(job: str, period: str, start: datetime) -> int:
    before = ScheduledRun.objects.filter(job=job, period=period, period_start__lt=start)
    last = before.aggregate(last=Max("period_start"))["last"]
    if last is None:
        return 0
    zone = timezone.get_default_timezone()
    return max(len(period_starts(period, last, start, zone)) - 2, 0)


def forget_old_runs(job: str, period: str) -> None:
    """Delete the runs of ``job`` beyond the last ``KEPT``."""
    runs = ScheduledRun.objects.filter(job=job, period=period)
    oldest = runs.order_by("-period_start").values_list("period_start", flat=True)[KEPT:][:1]
    for start in oldest:
        runs.filter(period_start__lte=start).delete()


def forget_runs_ahead() -> None:
    """Delete the runs of periods that have not begun: a clock was wrong, and is right again."""
    ahead = ScheduledRun.objects.filter(period_start__gt=timezone.now() + _AHEAD)
    if ahead.exists():
        count, _ = ahead.delete()
        logger.warning("%d scheduled runs of periods yet to come are forgotten.", count)


class Heartbeat:
    """Renews the lease of a claim from a thread of its own, while its ``with`` block lasts.

    So a job may take as long as it needs, and a process that is gone is noticed within
    ``LEASE_SECONDS``.
    """

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._beat, name=f"headwater-schedule-{claim.run}", daemon=True
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
        mine = ScheduledRun.objects.filter(
            pk=self._claim.run, attempts=self._claim.attempt, status=RunStatus.RUNNING
        )
        while not self._stop.wait(_length().total_seconds() / 4):
            try:
                mine.update(lease_expires_at=Now() + _length())
            except DatabaseError:  # locked for a moment, or gone: the next beat tries again
                logger.debug("The lease of %s could not be renewed.", self._claim.job)
            finally:
                connections.close_all()


def _length() -> timedelta:
    return timedelta(seconds=settings().LEASE_SECONDS)
