"""The periodic schedule: each job once in its period, and what becomes of those that fail."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from headwater.engines.periods import period_start
from headwater.stockandflow import lease, periodic
from headwater.stockandflow.count import count_stocks
from headwater.stockandflow.counted import Counted
from headwater.stockandflow.discover import Stated
from headwater.stockandflow.models import RunStatus, ScheduledRun
from headwater.stockandflow.periodic import job_name, jobs, run_periodic_schedule
from headwater.stockandflow.periods import DAILY, HOURLY, MONTHLY, WEEKLY, YEARLY

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
Schedule = Callable[..., None]


class Called:
    """A job that keeps what it was called with."""

    def __init__(self, name: str = "called", returns: object = None) -> None:
        self.job_name = name
        self.returns = returns
        self.moments: list[Any] = []

    def __call__(self, as_of: dt.datetime) -> object:
        self.moments.append(as_of)
        if isinstance(self.returns, Exception):
            raise self.returns
        return self.returns


@pytest.fixture
def schedule(monkeypatch: pytest.MonkeyPatch) -> Schedule:
    """Return a function that makes its arguments all that the project has in its schedules."""

    def make(*listed: tuple[str, Callable[..., Any]]) -> None:
        found = Stated((), (), (), (), (), tuple(listed), ())
        monkeypatch.setattr(periodic, "stated", lambda: found)

    monkeypatch.setattr("headwater.stockandflow.count._chosen", lambda only, every: ([], []))
    return make


def told(ran: Any) -> str:
    """Return the sentence without how long it took here."""
    return re.sub(r"[0-9.]+ s:", "N s:", ran.sentence)


def runs(job: str) -> list[ScheduledRun]:
    return list(ScheduledRun.objects.filter(job=job).order_by("period", "period_start"))


def test_each_job_runs_once_in_its_period(schedule: Schedule) -> None:
    periods = (HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY)
    made = {often: Called(often) for often in periods}
    schedule(*made.items())
    first = NOON
    for step in range(6 * 24 * 60):  # 60 days, every ten minutes
        if step % 37 == 0 or step < 200:
            run_periodic_schedule(first + dt.timedelta(minutes=10 * step))
    for often, job in made.items():
        starts = [period_start(often, moment, dt.UTC) for moment in job.moments]
        assert len(starts) == len(set(starts)), often
        rows = runs(often)
        assert [row.period_start for row in rows] == starts
        assert {row.status for row in rows} == {RunStatus.SUCCEEDED}
        assert not any(row.missed for row in rows if often != HOURLY)
    # From 10 March to 9 May: 61 days, 9 weeks, 3 months.
    assert [len(made[often].moments) for often in periods[1:]] == [61, 9, 3, 1]


@pytest.mark.parametrize(
    ("day", "hours"), [(dt.date(2026, 3, 29), 23), (dt.date(2026, 10, 25), 25)]
)
def test_a_day_on_which_clocks_change(
    schedule: Schedule, settings: Any, day: dt.date, hours: int
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    hourly, daily = Called("hourly"), Called("daily")
    schedule((HOURLY, hourly), (DAILY, daily))
    berlin = ZoneInfo("Europe/Berlin")
    moment = dt.datetime.combine(day, dt.time(), berlin).astimezone(dt.UTC)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), berlin)
    while moment < end:
        run_periodic_schedule(moment)
        moment += dt.timedelta(minutes=15)
    assert (len(hourly.moments), len(daily.moments)) == (hours, 1)
    run_periodic_schedule(moment)
    assert (len(hourly.moments), len(daily.moments)) == (hours + 1, 2)
    assert [row.missed for row in runs("daily")] == [0, 0]


def test_missed_periods_are_made_up_for_by_one_run(schedule: Schedule) -> None:
    job = Called(returns="Done.")
    schedule((DAILY, job))
    run_periodic_schedule(NOON)
    (ran, *_) = run_periodic_schedule(NOON + dt.timedelta(days=5))
    assert (ran.missed, ran.failed, len(job.moments)) == (4, False, 2)
    assert [row.missed for row in runs("called")] == [0, 4]
    assert told(ran) == "called, daily, 4 periods before it missed: done in N s: Done."
    assert run_periodic_schedule(NOON + dt.timedelta(days=5, minutes=1)) == []


def test_a_failure_is_tried_again_three_times_and_stops_nothing(
    schedule: Schedule, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = Called("broken", RuntimeError("No disk.")), Called("whole")
    schedule((DAILY, broken), (DAILY, whole))
    ran = run_periodic_schedule(NOON)
    assert [(one.job, one.failed) for one in ran[:2]] == [("broken", True), ("whole", False)]
    assert told(ran[0]) == "broken, daily: failed after N s: RuntimeError: No disk."
    assert "Traceback" in caplog.text
    again = [run_periodic_schedule(NOON + dt.timedelta(minutes=n)) for n in range(1, 6)]
    assert [[(one.job, one.attempt) for one in ran] for ran in again] == [
        [("broken", 2)],
        [("broken", 3)],
        [],
        [],
        [],
    ]
    assert (len(broken.moments), len(whole.moments)) == (3, 1)
    (row,) = runs("broken")
    assert (row.status, row.attempts) == (RunStatus.FAILED, 3)
    assert row.result.startswith("Traceback")
    assert row.result.rstrip().endswith("RuntimeError: No disk.")
    assert row.finished_at is not None
    run_periodic_schedule(NOON + dt.timedelta(days=1))
    assert len(broken.moments) == 4


def test_what_a_job_returned_is_kept_in_words(schedule: Schedule) -> None:
    def counted(sentence: str, **values: Any) -> Counted:
        return Counted("s", "S", DAILY, NOON, NOON, sentence=sentence, **values)

    several = [counted("12 here."), counted("Was counted.", skipped=True), counted("3 there.")]
    schedule(
        (DAILY, Called("nothing")),
        (DAILY, Called("text", "Two were sent.")),
        (DAILY, Called("number", 12)),
        (DAILY, Called("several", several)),
        (DAILY, Called("skipped", several[1:2])),
        (DAILY, Called("partly", [counted("12 here."), counted("No table.", failed=True)])),
    )
    run_periodic_schedule(NOON)
    rows = ScheduledRun.objects.exclude(job__contains="count_stocks").order_by("pk")
    assert [(row.job, row.status, row.result) for row in rows] == [
        ("nothing", "succeeded", ""),
        ("text", "succeeded", "Two were sent."),
        ("number", "succeeded", "12"),
        ("several", "succeeded", "12 here.\n3 there."),
        ("skipped", "succeeded", "All was counted already."),
        ("partly", "failed", "12 here.\nNo table."),
    ]


def test_jobs_get_the_moment_if_they_take_it(schedule: Schedule) -> None:
    got: dict[str, Any] = {}

    def nothing() -> None:
        got["nothing"] = None

    def must(as_of: dt.datetime) -> None:
        got["must"] = as_of

    def may(as_of: dt.datetime | None = None) -> None:
        got["may"] = as_of

    schedule((DAILY, nothing), (DAILY, must), (DAILY, may))
    run_periodic_schedule(NOON)
    assert got == {"nothing": None, "must": NOON, "may": NOON}
    before = timezone.now()
    run_periodic_schedule()
    assert got["may"] is None  # such as a count, which does not go behind the last one
    assert before <= got["must"] <= timezone.now()


def test_jobs_are_kept_under_names(schedule: Schedule) -> None:
    def one() -> None: ...

    schedule((DAILY, one), (DAILY, partial(one)), (HOURLY, one), (DAILY, Called("mine")))
    here = f"{__name__}.test_jobs_are_kept_under_names.<locals>.one"
    counts = "headwater.stockandflow.count.count_stocks"
    assert [(name, often) for name, often, _ in jobs()] == [
        (here, DAILY),
        (f"{here}#2", DAILY),
        (here, HOURLY),
        ("mine", DAILY),
        (counts, HOURLY),
    ]
    schedule((HOURLY, count_stocks), (DAILY, one))
    assert [name for name, _, _ in jobs()] == [counts, here]
    assert len(job_name(type("N" * 300, (), {"__call__": one})())) <= 200


def test_stocks_are_counted_without_being_in_a_schedule(db: None) -> None:
    ran = run_periodic_schedule()
    (counted,) = [one for one in ran if one.job.endswith("count_stocks")]
    assert not counted.failed, counted.result
    assert "“Subscribers by stage”" in counted.result
    assert run_periodic_schedule() == []


def test_a_run_whose_lease_ended_is_taken_over(
    schedule: Schedule, caplog: pytest.LogCaptureFixture
) -> None:
    job = Called()
    schedule((DAILY, job))
    row = ScheduledRun.objects.create(
        job="called",
        period=DAILY,
        period_start=NOON.replace(hour=0),
        lease_expires_at=timezone.now() + dt.timedelta(seconds=30),
    )
    run_periodic_schedule(NOON)
    assert job.moments == []  # its process is alive
    ScheduledRun.objects.update(lease_expires_at=timezone.now() - dt.timedelta(seconds=1))
    (ran, *_) = run_periodic_schedule(NOON)
    assert (ran.attempt, len(job.moments)) == (2, 1)
    assert "called is run again. The process that ran it was gone" in caplog.text
    row.refresh_from_db()
    assert (row.status, row.attempts) == (RunStatus.SUCCEEDED, 2)


def test_a_job_that_always_loses_its_process_is_given_up(schedule: Schedule) -> None:
    job = Called()
    schedule((DAILY, job))
    row = ScheduledRun.objects.create(
        job="called",
        period=DAILY,
        period_start=NOON.replace(hour=0),
        attempts=3,
        lease_expires_at=timezone.now() - dt.timedelta(seconds=1),
    )
    run_periodic_schedule(NOON)
    row.refresh_from_db()
    assert (job.moments, row.status, row.result) == ([], RunStatus.FAILED, lease.LOST)


def test_a_lease_by_a_clock_far_ahead_is_not_believed(schedule: Schedule) -> None:
    job = Called()
    schedule((DAILY, job))
    ScheduledRun.objects.create(
        job="called",
        period=DAILY,
        period_start=NOON.replace(hour=0),
        lease_expires_at=timezone.now() + dt.timedelta(days=400),
    )
    run_periodic_schedule(NOON)
    assert len(job.moments) == 1


def test_runs_by_a_clock_far_ahead_are_forgotten(schedule: Schedule) -> None:
    job = Called()
    schedule((YEARLY, job))
    run_periodic_schedule(dt.datetime(2100, 5, 1, tzinfo=dt.UTC))
    run_periodic_schedule()
    assert len(job.moments) == 2
    (row,) = runs("called")
    assert row.period_start <= timezone.now()
    assert row.missed == 0


def test_one_that_was_overtaken_does_not_write_over_the_other(
    schedule: Schedule, caplog: pytest.LogCaptureFixture
) -> None:
    def slow() -> str:
        ScheduledRun.objects.update(attempts=2, result="by the other")
        return "too late"

    schedule((DAILY, slow))
    run_periodic_schedule(NOON)
    row = ScheduledRun.objects.get(job__contains="slow")
    assert (row.result, row.status) == ("by the other", RunStatus.RUNNING)
    assert "it was run again" in caplog.text


def test_an_interrupted_run_is_tried_again(schedule: Schedule) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    schedule((DAILY, stopped))
    with pytest.raises(KeyboardInterrupt):
        run_periodic_schedule(NOON)
    (row,) = ScheduledRun.objects.all()
    assert (row.status, row.result) == (RunStatus.FAILED, "It was interrupted.")


def test_old_runs_are_forgotten(schedule: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "KEPT", 5)
    schedule((HOURLY, Called()), (DAILY, Called("other")))
    for hour in range(12):
        run_periodic_schedule(NOON + dt.timedelta(hours=hour))
    rows = runs("called")
    assert [row.period_start for row in rows] == [
        NOON + dt.timedelta(hours=hour) for hour in range(7, 12)
    ]
    assert len(runs("other")) == 1


def test_calls_are_made_again_at_each_call(
    schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def retry_calls(now: dt.datetime | None = None) -> int:
        given.append(now)
        return 2

    monkeypatch.setattr("headwater.stockandflow.calls.retry_calls", retry_calls)
    schedule()
    run_periodic_schedule(NOON)
    (ran,) = run_periodic_schedule(NOON)
    assert given == [NOON, NOON]
    assert (ran.period, ran.result) == ("", "2 calls made.")


def test_the_command_tells_what_was_done(schedule: Schedule) -> None:
    schedule((DAILY, Called("mine", "Seven.")))
    out = StringIO()
    call_command("run_periodic_schedule", stdout=out)
    assert re.search(r"mine, daily: done in [0-9.]+ s: Seven\.", out.getvalue())
    call_command("run_periodic_schedule", stdout=out)
    assert out.getvalue().endswith("Nothing is due.\n")
    schedule((DAILY, Called("bad", ValueError("No."))))
    err = StringIO()
    with pytest.raises(CommandError, match=r"Failed: bad\."):
        call_command("run_periodic_schedule", stdout=out, stderr=err, verbosity=0)
    assert re.search(r"bad, daily: failed after [0-9.]+ s: ValueError: No\.", err.getvalue())
    assert out.getvalue().endswith("Nothing is due.\n")
    with pytest.raises(CommandError, match="--watch was -1; it takes a number of seconds above 0"):
        call_command("run_periodic_schedule", watch=-1, stdout=out)


def test_watching_goes_on(schedule: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "close_old_connections", lambda: None)
    job = Called()
    schedule((DAILY, job))
    looks: Iterator[Any] = periodic.watch(0.001)
    assert [len(next(looks)) for _ in range(3)] == [2, 0, 0]
    assert len(job.moments) == 1


@pytest.mark.django_db(transaction=True)
def test_schedulers_in_threads_share_the_jobs(schedule: Schedule) -> None:
    made = [Called(f"job {n}") for n in range(6)]
    schedule(*((DAILY, job) for job in made))
    together = threading.Barrier(4, timeout=60)
    ran: list[str] = []

    def look() -> None:
        try:
            together.wait()
            ran.extend(one.job for one in run_periodic_schedule(NOON))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=look, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(job for job in ran if job.startswith("job")) == [f"job {n}" for n in range(6)]
    assert [len(job.moments) for job in made] == [1] * 6


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_a_job_runs(schedule: Schedule, settings: Any) -> None:
    settings.HEADWATER = {"LEASE_SECONDS": 1}
    ends: list[dt.datetime] = []

    def slow() -> None:
        ends.append(first := ScheduledRun.objects.get(job__contains="slow").lease_expires_at)
        for _ in range(200):
            ends[1:] = [ScheduledRun.objects.get(job__contains="slow").lease_expires_at]
            if ends[1] > first + dt.timedelta(seconds=1):  # renewed beyond the first lease
                assert not any("slow" in one.job for one in run_periodic_schedule(NOON))
                return
            threading.Event().wait(0.05)

    schedule((DAILY, slow))
    (ran, *_) = run_periodic_schedule(NOON)
    assert not ran.failed, ran.result
    assert ends[1] > ends[0] + dt.timedelta(seconds=1)
