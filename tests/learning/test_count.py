"""Counting: exact with many at once, one fit at the threshold, and no trigger that gets lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from headwater.learning import count as counting
from headwater.learning import fit as fitting
from headwater.learning import learn, request
from headwater.learning.cancel import cancel_fit
from headwater.learning.count import act_on_counter, count_for, increment_counter, reset_counter
from headwater.learning.errors import FitError
from headwater.learning.fit import run_fit
from headwater.learning.models import Fit, FitReason, FitStatus, StatisticalModel
from headwater.learning.request import open_fit
from tests.testapp.models import Person

Make = Callable[..., Any]
AUTOMATED: dict[str, Any] = {"counter_threshold": 10, "threshold_actions": ":recalculate"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The fits that a worker would be told of; nothing is run."""
    fits: list[int] = []
    monkeypatch.setattr(request, "_enqueue", fits.append)
    return fits


CONNECTIONS = 60
"""PostgreSQL takes a hundred as it comes, of which the test itself and others have some."""


def at_once(n: int, work: Callable[[], Any]) -> list[BaseException]:
    """Do ``work`` in ``n`` threads that begin together; return what they raised."""
    barrier, errors = threading.Barrier(n, timeout=60), list[BaseException]()
    connections = threading.Semaphore(CONNECTIONS)

    def run() -> None:
        barrier.wait()
        with connections:
            try:
                work()
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

    threads = [threading.Thread(target=run, daemon=True) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return errors


def counter(model: StatisticalModel) -> int:
    return StatisticalModel.objects.values_list("counter", flat=True).get(pk=model.pk)


# --- counting ---


def test_counting_returns_what_the_counter_is(make_model: Make) -> None:
    model = make_model()
    assert increment_counter(model) == 1
    assert StatisticalModel.objects.get(name="People").increment_counter(5) == 6
    assert model.increment_counter(0) == 6
    assert (model.counter, counter(model)) == (6, 6)
    assert not model.fits.exists()


def test_it_takes_two_statements(make_model: Make, django_assert_num_queries: Any) -> None:
    model = make_model(**AUTOMATED)
    with django_assert_num_queries(2):
        model.increment_counter(3)
    with django_assert_num_queries(2):
        count_for("People", 3)


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        (-1, "A counter only goes up; it was asked to add -1. Count 0 or more."),
        (1.5, "A counter takes whole numbers; it was asked to add 1.5."),
        (True, "A counter takes whole numbers; it was asked to add True."),
        ("5", "A counter takes whole numbers; it was asked to add '5'."),
        (10**12, "A counter takes at most 1,000,000,000 at once"),
    ],
)
def test_what_is_no_count_is_refused(make_model: Make, by: Any, sentence: str) -> None:
    model = make_model()
    for count in (model.increment_counter, lambda n: count_for("People", n)):
        with pytest.raises(ValueError, match=sentence.replace(".", r"\.")):
            count(by)
    assert counter(model) == 0


def test_a_model_that_is_not_there(make_model: Make, caplog: pytest.LogCaptureFixture) -> None:
    model = make_model()
    assert count_for("People", 2) == 2
    assert count_for("Nobody", 2) is None
    assert "no statistical model “Nobody”; nothing was counted" in caplog.text
    StatisticalModel.objects.all().delete()
    with pytest.raises(FitError, match="“People” was deleted; nothing was counted"):
        model.increment_counter()


def test_a_hundred_threads_count_exactly(make_model: Make) -> None:
    model = make_model()
    errors = at_once(100, lambda: StatisticalModel.objects.get(name="People").increment_counter(3))
    assert errors == []
    assert counter(model) == 300


def test_what_is_rolled_back_was_not_counted(make_model: Make, handed_over: list[int]) -> None:
    model = make_model(**AUTOMATED)
    with transaction.atomic():
        model.increment_counter(50)
        transaction.set_rollback(True)
    assert counter(model) == 0
    assert not model.fits.exists()


# --- the threshold ---


def test_at_the_threshold_the_counter_is_reset_and_one_fit_queued(
    make_model: Make, handed_over: list[int]
) -> None:
    model = make_model(**AUTOMATED)
    assert [model.increment_counter(5), model.increment_counter(4)] == [5, 9]
    assert not model.fits.exists()
    assert model.increment_counter() == 0
    fit = model.fits.get()
    assert (fit.status, fit.reason) == (FitStatus.QUEUED, FitReason.THRESHOLD)
    assert fit.reason_detail == "the counter reached 10"
    assert fit.requested_by is None
    assert handed_over == [fit.pk]
    assert (model.counter, counter(model)) == (0, 0)


@pytest.mark.parametrize(
    "settings_of_it",
    [
        {"counter_threshold": None, "threshold_actions": ":recalculate"},
        {"counter_threshold": 10, "threshold_actions": ""},
    ],
)
def test_off_and_count_only(
    make_model: Make, handed_over: list[int], settings_of_it: dict[str, Any]
) -> None:
    model = make_model(**settings_of_it)
    assert model.increment_counter(25) == 25
    assert counter(model) == 25
    assert not model.fits.exists()


def test_many_who_cross_it_at_once_queue_one_fit(make_model: Make, handed_over: list[int]) -> None:
    for _ in range(3):
        model = make_model(**AUTOMATED)
        StatisticalModel.objects.filter(pk=model.pk).update(counter=9)
        errors = at_once(
            30, lambda: StatisticalModel.objects.get(name="People").increment_counter(2)
        )
        assert errors == []
        fit = model.fits.get()
        assert handed_over == [fit.pk]
        # What was counted before the reset is gone with it; what came after it is still there.
        assert counter(model) <= 58
        StatisticalModel.objects.all().delete()
        handed_over.clear()


def test_inside_a_transaction_it_acts_when_that_commits(
    make_model: Make, handed_over: list[int]
) -> None:
    model = make_model(**AUTOMATED)
    with transaction.atomic():
        assert model.increment_counter(12) == 12
        assert not model.fits.exists()
    assert counter(model) == 0
    assert handed_over == [model.fits.get().pk]


def test_an_error_at_the_threshold_does_not_reach_whoever_counts(
    make_model: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    model = make_model(**AUTOMATED)

    def broken(*given: Any, **options: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr(counting, "request_fit", broken)
    assert model.increment_counter(12) == 12
    assert "met an error" in caplog.text
    assert counter(model) == 12  # the reset went with the fit


# --- no trigger is lost, none comes twice ---


@pytest.fixture
def run_by_hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Fit]]:
    """A worker that runs the one fit that waits, when it is told to."""
    waiting: list[int] = []
    monkeypatch.setattr(request, "_enqueue", waiting.append)

    def work() -> Fit:
        [pk] = waiting
        waiting.clear()
        return run_fit(Fit.objects.get(pk=pk))

    return work


def during_the_fit(monkeypatch: pytest.MonkeyPatch, work: Callable[[], Any]) -> None:
    """Have ``work`` done once, while the next fit has read its rows."""
    whole, todo = learn.read_rows, [work]

    def read(*given: Any) -> Any:
        table = whole(*given)
        while todo:
            todo.pop()()
        return table

    monkeypatch.setattr(learn, "read_rows", read)


def test_a_trigger_while_a_fit_runs_follows_when_it_ends(
    make_people: Make,
    make_model: Make,
    run_by_hand: Callable[[], Fit],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_people(30)
    model = make_model(**AUTOMATED)

    def visits() -> None:
        for _ in range(4):
            model.increment_counter(6)
        assert model.fits.count() == 1

    model.increment_counter(10)
    during_the_fit(monkeypatch, visits)
    assert run_by_hand().status == FitStatus.SUCCEEDED
    second, first = model.fits.all()
    assert (first.status, second.status) == (FitStatus.SUCCEEDED, FitStatus.QUEUED)
    assert second.reason == FitReason.THRESHOLD
    assert counter(model) == 0
    assert run_by_hand().status == FitStatus.SUCCEEDED
    assert model.fits.count() == 2  # and that is all


def test_a_failed_fit_is_followed_too(
    make_people: Make,
    make_model: Make,
    run_by_hand: Callable[[], Fit],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = make_people(30)
    model = make_model(**AUTOMATED)

    def lose_the_rows() -> None:
        model.increment_counter(11)
        raise FitError("The rows are lost.")

    during_the_fit(monkeypatch, lose_the_rows)
    model.increment_counter(10)
    assert run_by_hand().status == FitStatus.FAILED
    assert run_by_hand().status == FitStatus.SUCCEEDED
    assert (model.fits.count(), counter(model)) == (2, 0)
    assert Person.objects.exclude(group=None).count() == len(people)


def test_what_was_counted_before_a_fit_began_is_learned_by_it(
    make_people: Make,
    make_model: Make,
    run_by_hand: Callable[[], Fit],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_people(30)
    model = make_model(**AUTOMATED)
    model.increment_counter(7)
    during_the_fit(monkeypatch, lambda: model.increment_counter(2))
    assert model.perform_inference().status == FitStatus.SUCCEEDED
    assert counter(model) == 2  # not 9: a person's run was also a run
    assert model.increment_counter(1) == 3
    assert model.fits.count() == 1


def test_counts_while_a_fit_waits_need_no_second_one(
    make_people: Make, make_model: Make, run_by_hand: Callable[[], Fit]
) -> None:
    make_people(30)
    model = make_model(**AUTOMATED)
    model.increment_counter(10)
    assert model.increment_counter(15) == 15  # the waiting fit will read what this counts
    assert model.fits.count() == 1
    assert run_by_hand().status == FitStatus.SUCCEEDED
    assert (model.fits.count(), counter(model)) == (1, 0)


def test_a_failed_fit_keeps_the_count(make_model: Make) -> None:
    model = make_model()
    model.increment_counter(7)
    assert model.perform_inference().status == FitStatus.FAILED  # there are no rows
    assert counter(model) == 7


def test_a_cancelled_fit_is_not_followed_until_the_next_count(
    make_people: Make, make_model: Make, run_by_hand: Callable[[], Fit]
) -> None:
    make_people(30)
    model = make_model(**AUTOMATED)
    fit = open_fit(model)
    model.increment_counter(12)
    cancel_fit(fit)
    run_fit(fit)
    assert (model.fits.count(), counter(model)) == (1, 12)
    model.increment_counter(1)
    assert run_by_hand().reason == FitReason.THRESHOLD


def test_a_fit_whose_worker_is_lost_holds_nothing_up(
    make_people: Make, make_model: Make, handed_over: list[int]
) -> None:
    import datetime as dt

    from django.utils import timezone

    model = make_model(**AUTOMATED)
    lost = open_fit(model)
    past = timezone.now() - dt.timedelta(minutes=5)
    Fit.objects.filter(pk=lost.pk).update(status=FitStatus.RUNNING, lease_expires_at=past)
    model.increment_counter(10)
    lost.refresh_from_db()
    assert lost.status == FitStatus.FAILED
    assert len(handed_over) == 1


def test_what_follows_never_harms_the_fit(
    make_people: Make,
    make_model: Make,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from headwater.learning import follow

    def broken(*given: Any) -> Any:
        raise RuntimeError("broken")

    make_people(30)
    monkeypatch.setattr(follow, "act_on_counter", broken)
    assert fitting.perform_fit(make_model()).status == FitStatus.SUCCEEDED
    assert "could not be queued" in caplog.text


def test_reset(make_model: Make) -> None:
    model = make_model(**AUTOMATED)
    model.increment_counter(8)
    assert reset_counter(model) == 8
    assert (model.counter, counter(model)) == (0, 0)
    assert act_on_counter(model.pk) is None


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        ("", []),
        (":recalculate", []),
        (" :recalculate  :recalculate", []),
        (
            ":recalculat now",
            [
                "“:recalculat” is no action. Did you mean “:recalculate”? Known: “:recalculate” "
                "(fits again in the background). Several are parted by spaces; leave it empty to "
                "count only.",
                "“now” is no action. Known: “:recalculate” (fits again in the background). Several "
                "are parted by spaces; leave it empty to count only.",
            ],
        ),
    ],
)
def test_the_actions_are_validated(make_model: Make, given: str, sentences: list[str]) -> None:
    model = make_model(threshold_actions=given)
    assert model.problems().get("threshold_actions", []) == sentences
