"""Studies in a worker of their own: progress, cancelling, and a worker that is killed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django_tasks_db import DatabaseBackend

from headwater.segmentation.models import STUDY_LOST, Study, StudyStatus
from headwater.segmentation.study import cancel_study, request_study
from headwater.segmentation.tasks import run_study_task
from tests.learning.processes import start, wait_for
from tests.segmentation.rows import person

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Any]


def _waiting(fit: Any, bootstraps: int) -> Study:
    """Return a long study that the worker takes, and not this process."""
    study = Study.objects.create(
        kind="stability",
        fit=fit,
        source=fit.source,
        owner=person(),
        parameters={"bootstraps": bootstraps},
    )
    DatabaseBackend("default", {}).enqueue(run_study_task, [study.pk], {})
    return study


def _running(study: Study) -> Study | None:
    return Study.objects.filter(pk=study.pk, progress__done__gt=0).first()


def test_a_worker_is_watched_cancelled_and_killed(make_people: Make, make_model: Make) -> None:
    make_people(300)
    fit = make_model(technique="hierarchical").perform_inference()
    assert fit.status == "succeeded", fit.error
    worker = start(
        *("-m", "django", "db_worker", "--no-startup-delay", "--interval", "0.1"),
        HEADWATER_TEST_TASK_BACKEND="django_tasks_db.DatabaseBackend",
    )
    try:
        cancelled = _waiting(fit, 100_000)
        seen = wait_for(lambda: _running(cancelled), what="the first run of the first study")
        assert seen.progress["phase"] == "computing"
        assert seen.progress["of"] == 100_000
        assert cancel_study(cancelled)
        wait_for(
            lambda: Study.objects.filter(pk=cancelled.pk, status=StudyStatus.CANCELLED).exists(),
            what="the end of what was cancelled",
        )
        lost = _waiting(fit, 100_001)
        wait_for(lambda: _running(lost), what="the first run of the second study")
    finally:
        worker.kill()
        worker.communicate(timeout=120)
    wait_for(lambda: Study.objects.get(pk=lost.pk).lease_has_passed, what="the end of the lease")
    lost.refresh_from_db()
    assert (lost.status, lost.effective_status) == ("running", "failed")
    assert request_study("stability", person(), fit=fit, parameters={"bootstraps": 10}) != lost
    lost.refresh_from_db()
    assert (lost.status, lost.error, lost.result) == ("failed", STUDY_LOST, {})
