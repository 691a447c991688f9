"""Real processes: visitors that count, schedulers that look, workers that fit, all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django_tasks_db import DatabaseBackend

from headwater.learning import request
from headwater.learning.models import Fit, FitReason, FitStatus
from headwater.learning.tasks import run_fit_task
from tests.learning.processes import start, wait_for
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Any]
QUEUE = {"HEADWATER_TEST_TASK_BACKEND": "django_tasks_db.DatabaseBackend"}
COUNTS = """
import django
django.setup()
from headwater.learning.count import count_for
for _ in range(50):
    count_for("People")
"""


def test_processes_that_count_and_workers_that_fit(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model(counter_threshold=120, threshold_actions=":recalculate")
    visitors = [start("-c", COUNTS, **QUEUE) for _ in range(4)]
    for visitor in visitors:
        out, _ = visitor.communicate(timeout=120)
        assert visitor.returncode == 0, out
    # 200 were counted: once the threshold was reached, and one fit waits. What came after the
    # reset is still on the counter, and no worker has begun.
    fit = model.fits.get()
    assert (fit.status, fit.reason) == (FitStatus.QUEUED, FitReason.THRESHOLD)
    model.refresh_from_db()
    assert model.counter <= 80
    workers = [
        start("-m", "django", "db_worker", "--no-startup-delay", "--interval", "0.1", **QUEUE)
        for _ in range(2)
    ]
    try:
        wait_for(lambda: Fit.objects.get(pk=fit.pk).status == FitStatus.SUCCEEDED, what="the fit")
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate(timeout=120)
    model.refresh_from_db()
    assert model.counter == 0  # all was counted before the fit began
    assert model.fits.count() == 1
    assert set(Person.objects.values_list("group", flat=True)) == {"A", "B"}


def test_schedulers_that_look_at_the_same_time(make_model: Make) -> None:
    model = make_model(recalculate="daily")
    looking = [start("-m", "django", "run_due_fits", **QUEUE) for _ in range(3)]
    told = [one.communicate(timeout=120)[0].strip().splitlines()[-1] for one in looking]
    assert [one.returncode for one in looking] == [0, 0, 0], told
    assert sum("recalculated: fit" in line for line in told) == 1, told
    assert sum("Nothing is due." in line for line in told) == 2, told
    assert model.fits.get().reason == FitReason.SCHEDULE


def test_a_chain_through_a_worker(make_people: Make, make_model: Make, make_source: Make) -> None:
    make_people(60)
    first = make_model()
    then = make_model(
        name="Then",
        source=make_source(columns=("x", "group")),
        results_storage="dmf:testapp.Person.segment",
        recalculate="weekly",
    )
    fit = request.open_fit(first)
    DatabaseBackend("default", {}).enqueue(run_fit_task, [fit.pk], {})
    worker = start(
        *("-m", "django", "db_worker", "--no-startup-delay", "--interval", "0.1"), **QUEUE
    )
    try:
        wait_for(
            lambda: then.fits.filter(status=FitStatus.SUCCEEDED).first(), what="the second fit"
        )
    finally:
        worker.kill()
        worker.communicate(timeout=120)
    assert then.fits.get().reason_detail == "the labels of “People” have changed"
    assert not Person.objects.filter(segment="").exists()
