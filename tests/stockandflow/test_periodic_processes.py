"""Real processes that run the schedule at once, one that is killed, and one that watches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from headwater.stockandflow.lease import claim
from headwater.stockandflow.models import RunStatus, ScheduledRun, StockRecord
from headwater.stockandflow.periods import YEARLY
from tests.learning.processes import start, wait_for
from tests.stockapp.models import Subscriber

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = """
import sys, time
import django
django.setup()
from headwater.stockandflow import periodic
from headwater.stockandflow.discover import stated
from headwater.stockandflow.periods import YEARLY
from dataclasses import replace
from tests.stockapp.models import Subscriber

def make(name):
    def job():
        Subscriber.objects.create(name=name)
        time.sleep(0.05)
        return f"{name} was made"
    job.job_name = name
    return YEARLY, job

def waits():
    Subscriber.objects.create(name="begun")
    while not Subscriber.objects.filter(name="go").exists():
        time.sleep(0.05)
    return "went"

waits.job_name = "waits"
jobs = [(YEARLY, waits)] if sys.argv[1:] == ["waits"] else [make(f"job {n}") for n in range(8)]
real = stated()
periodic.stated = lambda: replace(real, schedule=tuple(jobs))
for ran in periodic.run_periodic_schedule():
    print(ran.sentence)
"""


def test_schedulers_that_look_at_the_same_time() -> None:
    Subscriber.objects.create(name="someone", stage="trial")
    looking = [start("-c", LOOKS) for _ in range(4)]
    told = [one.communicate(timeout=120)[0] for one in looking]
    assert [one.returncode for one in looking] == [0] * 4, told
    made = Subscriber.objects.filter(name__startswith="job").order_by("name")
    assert list(made.values_list("name", flat=True)) == [f"job {n}" for n in range(8)]
    together = "".join(told)
    for number in range(8):
        assert together.count(f"job {number} was made") == 1
    assert together.count("count_stocks, hourly") == 1
    assert StockRecord.objects.filter(partition="stage", stock="trial").count() == 1
    rows = ScheduledRun.objects.all()
    assert {(row.status, row.attempts) for row in rows} == {(RunStatus.SUCCEEDED, 1)}
    assert rows.count() == 9


def test_one_that_is_killed_is_taken_over() -> None:
    killed = start("-c", LOOKS, "waits")
    try:
        wait_for(lambda: Subscriber.objects.filter(name="begun").exists(), what="the job")
        row = ScheduledRun.objects.get(job="waits")
        first = row.lease_expires_at
        # It shows signs of life for longer than one lease, and nobody else takes the job.
        wait_for(
            lambda: ScheduledRun.objects.filter(
                pk=row.pk, lease_expires_at__gt=first + timedelta(seconds=2)
            ).exists(),
            what="a lease that is renewed",
        )
        assert claim("waits", YEARLY, row.period_start) is None
    finally:
        killed.kill()
        killed.communicate(timeout=120)
    row.refresh_from_db()
    assert (row.status, row.attempts) == (RunStatus.RUNNING, 1)
    Subscriber.objects.create(name="go")
    early = start("-c", LOOKS, "waits")
    told = early.communicate(timeout=120)[0]
    assert early.returncode == 0, told
    row.refresh_from_db()
    if row.attempts == 1:  # the lease had not ended by then
        assert "waits" not in told

        def looked() -> bool:
            again = start("-c", LOOKS, "waits")
            out = again.communicate(timeout=120)[0]
            assert again.returncode == 0, out
            row.refresh_from_db()
            return row.status == RunStatus.SUCCEEDED

        wait_for(looked, what="the second attempt")
    assert (row.status, row.attempts, row.result) == (RunStatus.SUCCEEDED, 2, "went")
    assert row.finished_at is not None
    assert Subscriber.objects.filter(name="begun").count() == 2


def test_one_that_watches_until_it_is_told_to_stop() -> None:
    watching = start("-m", "django", "run_periodic_schedule", "--watch", "0.2")
    try:
        counted = ScheduledRun.objects.filter(job__endswith="count_stocks")
        wait_for(lambda: counted.filter(status=RunStatus.SUCCEEDED).exists(), what="a count")
        ScheduledRun.objects.update(period_start=F("period_start") - timedelta(hours=1))
        wait_for(lambda: counted.count() == 2, what="a second look")
    finally:
        watching.terminate()
        out = watching.communicate(timeout=120)[0]
    assert watching.returncode == 0, out
    assert out.rstrip().endswith("Stopped.")
