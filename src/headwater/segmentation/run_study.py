"""Run a study to its end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from headwater.learning.errors import FitStopped
from headwater.learning.fit import SENTENCES
from headwater.learning.lease import Heartbeat, lease_end
from headwater.segmentation.models import Study, StudyKind, StudyStatus
from headwater.segmentation.study_choice import study_choice
from headwater.segmentation.study_distances import study_distances
from headwater.segmentation.study_reporter import StudyReporter
from headwater.segmentation.study_stability import study_stability

logger = logging.getLogger("headwater.segmentation")

_KINDS: Mapping[str, Callable[[Study, StudyReporter], dict[str, Any]]] = {
    StudyKind.CHOICE: study_choice,
    StudyKind.DISTANCES: study_distances,
    StudyKind.STABILITY: study_stability,
}


def run_study(pk: int) -> Study | None:
    """Run the waiting study ``pk`` to its end and return it; None where it is gone.

    It ends as succeeded (with its result), failed (with a sentence) or cancelled. A study that
    does not wait is left alone.
    """
    study = _claimed(pk)
    if study is None:
        return Study.objects.filter(pk=pk).first()
    reporter = StudyReporter(pk)
    with Heartbeat(pk, of=Study):
        try:
            reporter.phase("reading", share=0.0)
            result = _KINDS[study.kind](study, reporter)
        except FitStopped:
            _finish(pk, StudyStatus.CANCELLED)
        except SENTENCES as error:
            messages: Any = getattr(error, "messages", None)
            _finish(pk, StudyStatus.FAILED, error=" ".join(messages) if messages else str(error))
        except DatabaseError as error:
            logger.exception("Study %d met an error of the database.", pk)
            told = str(error).strip().split("\n")[0].rstrip(".")
            _finish(pk, StudyStatus.FAILED, error=f"The database refused: {told}.")
        except MemoryError:
            told = "There is not enough memory to study so many rows and columns. Filter the rows."
            _finish(pk, StudyStatus.FAILED, error=told)
        except Exception as error:
            logger.exception("Study %d met an unexpected error.", pk)
            told = f"An unexpected error ({type(error).__name__}); the log has it whole."
            _finish(pk, StudyStatus.FAILED, error=told)
        except BaseException:  # Ctrl-C, or the worker is told to go
            told = "The worker was stopped in the middle. Ask for the study again."
            _finish(pk, StudyStatus.FAILED, error=told)
            raise
        else:
            done = {**reporter.progress, "phase": "finish", "share": 1.0}
            _finish(pk, StudyStatus.SUCCEEDED, result=result, progress=done)
    return Study.objects.filter(pk=pk).first()


def _claimed(pk: int) -> Study | None:
    """Return the study, taken; None where someone else has it, or it is not wanted any more."""
    taken = Study.objects.filter(pk=pk, status=StudyStatus.QUEUED, cancel_requested=False).update(
        status=StudyStatus.RUNNING, started_at=timezone.now(), lease_expires_at=lease_end()
    )
    return Study.objects.select_related("fit").filter(pk=pk).first() if taken else None


def _finish(pk: int, status: StudyStatus, **values: Any) -> None:
    """Mark a study as finished, unless it is gone or was marked by someone else."""
    running = Study.objects.filter(pk=pk, status=StudyStatus.RUNNING)
    if status == StudyStatus.SUCCEEDED:
        # Whoever cancelled it was told that it stops.
        running.filter(cancel_requested=True).update(
            status=StudyStatus.CANCELLED, finished_at=timezone.now(), lease_expires_at=None
        )
    running.update(status=status, finished_at=timezone.now(), lease_expires_at=None, **values)
