"""The schedule: once in a period, inputs first, through changes of clocks, by one process."""

from __future__ import annotations

import datetime as dt
import io
import logging
import os
import signal
import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from headwater.learning import request, schedule
from headwater.learning.models import Fit, FitReason, FitStatus, StatisticalModel
from headwater.learning.periods import next_start, period_start
from headwater.learning.request import open_fit
from headwater.learning.schedule import due_models, is_due, next_look, run_due_fits
from tests.learning.test_count import at_once
from tests.testapp.models import Person

Make = Callable[..., Any]

BERLIN = ZoneInfo("Europe/Berlin")


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


# --- periods, without a database ---


@pytest.mark.parametrize(
    ("often", "at", "now", "start", "following"),
    [
        ("hourly", None, utc(2026, 7, 1, 12, 59, 59), utc(2026, 7, 1, 12), utc(2026, 7, 1, 13)),
        (
            "hourly",
            dt.time(0, 20),
            utc(2026, 7, 1, 12, 19),
            utc(2026, 7, 1, 11, 20),
            utc(2026, 7, 1, 12, 20),
        ),
        ("daily", None, utc(2026, 7, 1, 12), utc(2026, 6, 30, 22), utc(2026, 7, 1, 22)),
        ("daily", dt.time(3), utc(2026, 7, 1, 0, 59), utc(2026, 6, 30, 1), utc(2026, 7, 1, 1)),
        ("daily", dt.time(3), utc(2026, 7, 1, 1), utc(2026, 7, 1, 1), utc(2026, 7, 2, 1)),
        # 1 July 2026 is a Wednesday; weeks begin on Mondays.
        ("weekly", dt.time(3), utc(2026, 7, 1, 12), utc(2026, 6, 29, 1), utc(2026, 7, 6, 1)),
        ("weekly", dt.time(3), utc(2026, 6, 29, 0, 59), utc(2026, 6, 22, 1), utc(2026, 6, 29, 1)),
    ],
)
def test_periods(
    often: str, at: dt.time | None, now: dt.datetime, start: dt.datetime, following: dt.datetime
) -> None:
    assert period_start(often, at, now, BERLIN) == start
    assert next_start(often, at, now, BERLIN) == following


def test_manual_has_no_period() -> None:
    assert period_start("manual", None, utc(2026, 7, 1), BERLIN) is None
    assert next_start("manual", None, utc(2026, 7, 1), BERLIN) is None


def test_a_time_that_the_clock_skips_comes_later() -> None:
    # On 29 March 2026 clocks in Berlin go from 02:00 to 03:00; 02:30 is not shown.
    assert period_start("daily", dt.time(2, 30), utc(2026, 3, 29, 12), BERLIN) == utc(
        2026, 3, 29, 1, 30
    )
    # The day after it is 02:30 in summer time again.
    assert next_start("daily", dt.time(2, 30), utc(2026, 3, 29, 12), BERLIN) == utc(
        2026, 3, 30, 0, 30
    )


def test_a_time_that_the_clock_shows_twice_counts_once() -> None:
    # On 25 October 2026 they go from 03:00 back to 02:00; 02:30 is shown at 00:30 and 01:30 UTC.
    for now in (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30), utc(2026, 10, 25, 12)):
        assert period_start("daily", dt.time(2, 30), now, BERLIN) == utc(2026, 10, 25, 0, 30)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
@pytest.mark.parametrize(("often", "times"), [("daily", 365), ("weekly", 52), ("hourly", 8760)])
def test_a_year_has_as_many_periods_as_it_should(zone: str, often: str, times: int) -> None:
    where, at = ZoneInfo(zone), dt.time(2, 30)
    now, end, starts = utc(2026, 1, 1, 12), utc(2027, 1, 1, 12), []
    while (following := next_start(often, at, now, where)) and following <= end:
        assert following > now
        starts.append(following)
        if zone != "Australia/Lord_Howe" or often != "hourly":
            assert period_start(often, at, following, where) == following
            before = period_start(often, at, following - dt.timedelta(seconds=1), where)
            assert before is not None
            assert before < following
        now = following
    # Clocks on the island move by half an hour, so that two hours of its year are odd ones.
    assert abs(len(starts) - times) <= (1 if zone == "Australia/Lord_Howe" else 0)


@given(
    st.sampled_from(["hourly", "daily", "weekly"]),
    st.none() | st.times(),
    st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Tehran"]),
)
def test_now_lies_between_its_period_and_the_next(
    often: str, at: dt.time | None, now: dt.datetime, zone: str
) -> None:
    moment, where = now.replace(tzinfo=dt.UTC), ZoneInfo(zone)
    start = period_start(often, at, moment, where)
    following = next_start(often, at, moment, where)
    assert start is not None
    assert following is not None
    assert start <= moment < following


# --- due, with one ---


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The fits that a worker would be told of; nothing is run."""
    fits: list[int] = []
    monkeypatch.setattr(request, "_enqueue", fits.append)
    return fits


def finish(fit: Fit | None) -> None:
    """Let ``fit`` be over, as a worker would."""
    assert fit is not None
    Fit.objects.filter(pk=fit.pk).update(status=FitStatus.SUCCEEDED)


NIGHT = utc(2026, 7, 1, 3, 0)
DAY = dt.timedelta(days=1)
DAILY: dict[str, Any] = {"recalculate": "daily", "recalculate_at": dt.time(3)}


@pytest.mark.django_db
def test_once_in_a_period(make_model: Make, handed_over: list[int]) -> None:
    model = make_model(**DAILY)
    [looked] = run_due_fits(now=NIGHT)
    finish(looked.fit)
    for minutes in (0, 1, 60, 23 * 60 + 59):
        assert run_due_fits(now=NIGHT + dt.timedelta(minutes=minutes)) == []
    [again] = run_due_fits(now=NIGHT + DAY)
    finish(again.fit)
    assert model.fits.count() == 2
    fit = model.fits.first()
    assert (fit.reason, fit.reason_detail) == (FitReason.SCHEDULE, "every day")
    assert again.sentence == f"“People” had a counter of 0; recalculated: fit {fit.pk} is queued."


@pytest.mark.django_db
def test_missed_periods_are_caught_up_once(make_model: Make, handed_over: list[int]) -> None:
    make_model(**DAILY)
    finish(run_due_fits(now=NIGHT)[0].fit)
    later = NIGHT + 5 * DAY + dt.timedelta(hours=7)
    finish(run_due_fits(now=later)[0].fit)
    assert run_due_fits(now=later + dt.timedelta(minutes=1)) == []
    assert len(run_due_fits(now=NIGHT + 6 * DAY)) == 1


@pytest.mark.django_db
def test_a_manual_model_is_never_touched(make_model: Make, handed_over: list[int]) -> None:
    model = make_model(counter_threshold=1, threshold_actions=":recalculate", counter=50)
    assert run_due_fits(now=NIGHT) == []
    model.refresh_from_db()
    assert (model.counter, model.scheduled_at, model.fits.count()) == (50, None, 0)
    assert next_look(model, now=NIGHT) is None


@pytest.mark.django_db
def test_a_schedule_that_begins_waits_for_what_was_fitted_in_this_period(
    make_model: Make,
) -> None:
    model = make_model(**DAILY)
    assert is_due(model, now=NIGHT)
    fit = open_fit(model)
    finish(fit)
    Fit.objects.filter(pk=fit.pk).update(requested_at=NIGHT + dt.timedelta(hours=6))
    noon = NIGHT + dt.timedelta(hours=9)
    assert not is_due(model, now=noon)
    assert next_look(model, now=noon) == NIGHT + DAY
    assert is_due(model, now=NIGHT + DAY)
    assert next_look(model, now=NIGHT + DAY) == NIGHT + DAY


@pytest.mark.django_db
def test_with_a_threshold_only_where_enough_has_changed(
    make_model: Make, handed_over: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    model = make_model(**DAILY, counter_threshold=10)
    model.increment_counter(9)
    with caplog.at_level(logging.INFO, logger="headwater.learning"):
        [looked] = run_due_fits(now=NIGHT)
    assert looked.fit is None
    assert looked.sentence == (
        "“People” had a counter of 9; its threshold is 10: not recalculated."
    )
    assert looked.sentence in caplog.messages
    model.increment_counter(3)
    assert run_due_fits(now=NIGHT + dt.timedelta(hours=1)) == []  # asked again the next night
    [looked] = run_due_fits(now=NIGHT + DAY)
    assert looked.fit is not None
    assert looked.fit.reason_detail == "every day; the counter was at 12, of 10"
    assert "“People” had a counter of 12; recalculated" in looked.sentence
    model.refresh_from_db()
    assert model.counter == 0


@pytest.mark.django_db
def test_while_a_fit_is_under_way_it_stays_due(make_model: Make, handed_over: list[int]) -> None:
    model = make_model(**DAILY, counter_threshold=10)
    model.increment_counter(12)
    running = open_fit(model)
    [looked] = run_due_fits(now=NIGHT)
    assert "not recalculated now: A fit of “People” waits for a worker already" in looked.sentence
    model.refresh_from_db()
    assert (model.scheduled_at, model.counter) == (None, 12)
    finish(running)
    Fit.objects.filter(pk=running.pk).update(requested_at=NIGHT - DAY)
    [looked] = run_due_fits(now=NIGHT + dt.timedelta(minutes=10))
    assert looked.fit is not None


@pytest.mark.django_db
def test_the_time_is_that_of_the_site(make_model: Make, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Kathmandu"  # 03:00 there is 21:15 UTC
    model = make_model(**DAILY)
    StatisticalModel.objects.update(scheduled_at=utc(2026, 6, 30, 20))
    assert due_models(now=utc(2026, 6, 30, 21, 14)) == []
    assert due_models(now=utc(2026, 6, 30, 21, 15)) == [model]


@pytest.mark.django_db
def test_through_the_night_of_the_clock_change(
    make_model: Make, handed_over: list[int], settings: Any
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    model = make_model(recalculate="daily", recalculate_at=dt.time(2, 30))
    for first in (utc(2026, 3, 27, 12), utc(2026, 10, 23, 12)):
        StatisticalModel.objects.update(scheduled_at=first)
        Fit.objects.all().delete()
        now = first
        while now < first + 4 * DAY:
            for looked in run_due_fits(now=now):
                finish(looked.fit)
            now += dt.timedelta(minutes=15)
        assert model.fits.count() == 4


@pytest.mark.django_db
def test_a_clock_that_steps_back(make_model: Make, handed_over: list[int]) -> None:
    model = make_model(**DAILY)
    finish(run_due_fits(now=NIGHT + dt.timedelta(seconds=5))[0].fit)
    # by some seconds, over the moment itself: the period was served, and stays served
    assert run_due_fits(now=NIGHT - dt.timedelta(seconds=5)) == []
    assert run_due_fits(now=NIGHT + dt.timedelta(seconds=1)) == []
    # by years, because it was wrong before: it goes on by the right clock, with one fit
    StatisticalModel.objects.update(scheduled_at=NIGHT + 2000 * DAY)
    finish(run_due_fits(now=NIGHT + DAY)[0].fit)
    assert run_due_fits(now=NIGHT + DAY) == []
    model.refresh_from_db()
    assert model.scheduled_at == NIGHT + DAY


@pytest.mark.django_db
def test_inputs_come_first_also_over_models_between(
    make_model: Make, make_source: Make, handed_over: list[int]
) -> None:
    last = make_model(
        name="A last", source=make_source(columns=("x", "segment")), results_storage="", **DAILY
    )
    make_model(
        name="B between",
        source=make_source(columns=("x", "group")),
        results_storage="dmf:testapp.Person.segment",
    )
    first = make_model(name="C first", **DAILY)
    assert [model.name for model in due_models(now=NIGHT)] == ["A last", "C first"]
    assert [looked.model for looked in run_due_fits(now=NIGHT)] == ["C first", "A last"]
    assert first.fits.get().pk < last.fits.get().pk


@pytest.mark.django_db
def test_an_error_of_one_model_does_not_stop_the_others(
    make_model: Make, monkeypatch: pytest.MonkeyPatch, handed_over: list[int]
) -> None:
    make_model(name="A", results_storage="", **DAILY)
    make_model(name="B", results_storage="", **DAILY)
    whole = schedule.request_fit

    def broken(model: StatisticalModel, **options: Any) -> Fit:
        if model.name == "A":
            raise RuntimeError("broken")
        return whole(model, **options)

    monkeypatch.setattr(schedule, "request_fit", broken)
    first, second = run_due_fits(now=NIGHT)
    assert (first.failed, first.fit) == (True, None)
    assert second.fit is not None
    assert is_due(StatisticalModel.objects.get(name="A"), now=NIGHT)  # nothing was taken


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_queue_one_fit(make_model: Make, handed_over: list[int]) -> None:
    make_model(**DAILY)
    for night in range(3):
        now = NIGHT + night * DAY
        assert at_once(6, lambda now=now: run_due_fits(now=now)) == []  # type: ignore[misc]
        assert Fit.objects.count() == night + 1
        finish(Fit.objects.first())


# --- the command ---


@pytest.mark.django_db(transaction=True)
def test_the_command_queues_or_runs(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model(**DAILY)
    out = io.StringIO()
    call_command("run_due_fits", stdout=out)
    assert "“People” had a counter of 0; recalculated: fit" in out.getvalue()
    assert model.fits.get().status == FitStatus.SUCCEEDED  # Immediate, in tests
    call_command("run_due_fits", stdout=out)
    assert "Nothing is due." in out.getvalue()
    StatisticalModel.objects.update(scheduled_at=timezone.now() - 2 * DAY)
    call_command("run_due_fits", "--now", stdout=out)
    fit = model.fits.first()
    assert f"recalculated by fit {fit.pk}." in out.getvalue()
    assert Person.objects.exclude(group=None).count() == 30


@pytest.mark.django_db(transaction=True)
def test_a_fit_that_fails_here_is_an_error(make_model: Make) -> None:
    make_model(**DAILY)
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"Not fitted: People\."):
        call_command("run_due_fits", "--now", stdout=out)
    assert "failed. There are no rows of testapp.Person to learn from." in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_loop_looks_again_until_it_is_told_to_stop(
    make_people: Make, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_people(30)
    model = make_model(recalculate="hourly")
    slept = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        StatisticalModel.objects.update(scheduled_at=timezone.now() - DAY)
        if len(slept) == 2:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0)

    monkeypatch.setattr(schedule.time, "sleep", sleep)
    out = io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    call_command("run_due_fits", "--loop", "30", stdout=out)
    assert slept == [30.0, 30.0]
    assert model.fits.count() == 2
    assert out.getvalue().endswith("Stopped.\n")
    assert signal.getsignal(signal.SIGTERM) == before
    with pytest.raises(CommandError, match="--loop was 0; it takes a number of seconds above 0"):
        call_command("run_due_fits", "--loop", "0")
