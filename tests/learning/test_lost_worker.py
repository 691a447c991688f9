"""kill -9 in the middle: nothing half written, the fit shown as failed, a new one can start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db import DatabaseBackend

from headwater.learning.lease import expire_stuck_fits
from headwater.learning.models import WORKER_LOST, Fit, FitStatus, Membership, StatisticalModel
from headwater.learning.request import open_fit
from headwater.learning.tasks import run_fit_task
from tests.learning.processes import start, wait_for
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Any]

STOPS_BEFORE_COMMIT = """
import time
import django
django.setup()
from headwater.learning import fit
from headwater.learning.models import StatisticalModel

def wait(model_id):
    print("all is written, nothing is committed", flush=True)
    time.sleep(60)

fit._drop_old_memberships = wait
StatisticalModel.objects.get(name="People").perform_inference(recalculate=True)
"""


def _assert_lost(fit: Fit, model: Any) -> None:
    wait_for(lambda: Fit.objects.get(pk=fit.pk).lease_has_passed, what="the end of the lease")
    fit = Fit.objects.get(pk=fit.pk)
    assert fit.status == FitStatus.RUNNING  # reading it writes nothing
    assert fit.effective_status == FitStatus.FAILED
    assert fit.effective_error == WORKER_LOST
    assert not fit.is_unfinished
    model.refresh_from_db()
    again = model.perform_inference(recalculate=True)
    assert again.status == FitStatus.SUCCEEDED, again.error
    fit.refresh_from_db()
    assert (fit.status, fit.error) == (FitStatus.FAILED, WORKER_LOST)
    assert fit.finished_at is not None


def test_killed_while_it_learns(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model(engine_meta_iterations=1_000_000)
    worker = start("-m", "django", "fit", "People")
    try:
        fit = wait_for(
            lambda: model.fits.filter(progress__iteration__gt=0).first(), what="the first iteration"
        )
    finally:
        worker.kill()
        worker.communicate(timeout=120)
    assert not Person.objects.exclude(group=None).exists()
    model.engine_meta_iterations = 1
    model.save()
    _assert_lost(fit, model)
    assert set(Person.objects.values_list("group", flat=True)) == {"A", "B"}


def test_killed_while_it_writes(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model()
    first = model.perform_inference()
    Person.objects.bulk_create([Person(x=10.0 + i / 10, y=10.0) for i in range(50)])
    labels = dict(Person.objects.values_list("pk", "group"))
    worker = start("-c", STOPS_BEFORE_COMMIT)
    try:
        assert worker.stdout is not None
        line = worker.stdout.readline()
    finally:
        worker.kill()
        worker.communicate(timeout=120)
    assert line.strip() == "all is written, nothing is committed"
    connection.close()
    wait_for(
        lambda: dict(Person.objects.values_list("pk", "group")) == labels,
        what="the labels as they were",
    )
    model.refresh_from_db()
    assert model.current_fit == first
    assert Membership.objects.count() == 1
    fit = model.fits.first()
    assert fit.artifact is None
    _assert_lost(fit, model)
    assert not Person.objects.filter(group=None).exists()


def test_a_worker_takes_queued_fits_and_its_death_is_noticed(
    make_people: Make, make_model: Make
) -> None:
    make_people(60)
    model = make_model()
    fit = open_fit(model)
    queue = DatabaseBackend("default", {})
    queue.enqueue(run_fit_task, [fit.pk], {})
    worker = start(
        *("-m", "django", "db_worker", "--no-startup-delay", "--interval", "0.1"),
        HEADWATER_TEST_TASK_BACKEND="django_tasks_db.DatabaseBackend",
    )
    try:
        wait_for(lambda: StatisticalModel.objects.get().is_inferred, what="the first fit")
        fit.refresh_from_db()
        assert fit.status == FitStatus.SUCCEEDED, fit.error
        model.engine_meta_iterations = 1_000_000
        model.save()
        lost = open_fit(model)
        queue.enqueue(run_fit_task, [lost.pk], {})
        wait_for(
            lambda: model.fits.filter(status=FitStatus.RUNNING, progress__iteration__gt=0).first(),
            what="the first iteration",
        )
    finally:
        worker.kill()
        worker.communicate(timeout=120)
    model.refresh_from_db()
    assert model.current_fit == fit
    model.engine_meta_iterations = 1
    model.save()
    _assert_lost(lost, model)


def test_a_fit_with_a_lease_is_left_alone(make_model: Make) -> None:
    fit = open_fit(make_model())
    Fit.objects.filter(pk=fit.pk).update(status=FitStatus.RUNNING)
    assert expire_stuck_fits() == 0
    assert Fit.objects.get(pk=fit.pk).effective_status == FitStatus.RUNNING


def test_the_log_counts_lost_fits_in_plain_words(
    make_model: Make, caplog: pytest.LogCaptureFixture
) -> None:
    past = timezone.now() - timedelta(minutes=1)
    for n_lost, sentence in [
        (1, "1 fit lost its worker and is marked as failed."),
        (2, "2 fits lost their worker and are marked as failed."),
    ]:
        for i in range(n_lost):
            model = make_model(name=f"{n_lost} {i}", results_storage="")
            Fit.objects.create(model=model, status=FitStatus.RUNNING, lease_expires_at=past)
        caplog.clear()
        assert expire_stuck_fits() == n_lost
        assert caplog.messages == [sentence]
