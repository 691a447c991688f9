"""The progress of a running study; notices when it is not wanted any more."""

from __future__ import annotations

import logging
import math
import time
from typing import Any

from django.db import OperationalError, router, transaction

from headwater.engines.progress import Step
from headwater.learning.errors import FitStopped
from headwater.learning.lease import lease_end
from headwater.learning.reporter import READ, SECONDS_BETWEEN
from headwater.segmentation.models import Study, StudyStatus

logger = logging.getLogger("headwater.segmentation")


class StudyReporter:
    """The callback of a study's numbers: saves a step at most twice a second.

    ``progress`` has ``phase`` (“reading”, “computing” or “finish”), ``share`` (0 to 1), ``done``
    and ``of`` (tries, runs or parts of the rows). Raises ``FitStopped`` where the study was
    cancelled, deleted, or marked as lost.
    """

    def __init__(self, study_id: int) -> None:
        self.study_id = study_id
        self.progress: dict[str, Any] = {"phase": "reading", "share": 0.0, "done": 0, "of": None}
        self._saved_at = -math.inf
        self._part, self._parts = 0, 1

    def part(self, part: int, parts: int) -> None:
        """Say that the following steps are those of one of several parts, from 0."""
        self._part, self._parts = part, parts

    def phase(self, name: str, *, share: float) -> None:
        """Say that a phase begins."""
        self._save(phase=name, share=share)

    def __call__(self, step: Step) -> None:
        """Take one step."""
        if time.monotonic() - self._saved_at < SECONDS_BETWEEN:
            return
        whole = (self._part + step.restart / max(step.restarts, 1)) / self._parts
        self._save(
            phase="computing",
            share=READ + (1 - READ) * whole,
            done=step.restart,
            of=step.restarts,
        )

    def _save(self, **changes: Any) -> None:
        changes["share"] = round(max(changes["share"], self.progress["share"]), 4)
        self.progress = {**self.progress, **changes}
        self._saved_at = time.monotonic()
        try:
            with transaction.atomic(using=router.db_for_write(Study)):
                wanted = Study.objects.filter(
                    pk=self.study_id, status=StudyStatus.RUNNING, cancel_requested=False
                ).update(progress=self.progress, lease_expires_at=lease_end())
        except OperationalError:  # a database that is locked for a moment
            logger.debug("The progress of study %d could not be saved.", self.study_id)
            return
        if not wanted:
            raise FitStopped
