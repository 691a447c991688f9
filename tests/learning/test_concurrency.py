"""Two people who start at once, cancelling, deleting, and long phases: with real threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from headwater.learning import describe, learn
from headwater.learning.cancel import cancel_fit
from headwater.learning.errors import AlreadyRunning
from headwater.learning.fit import run_fit
from headwater.learning.models import Fit, FitStatus, StatisticalModel
from headwater.learning.request import open_fit
from tests.learning.processes import wait_for
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Any]


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_two_people_start_at_once(make_people: Make, make_model: Make) -> None:
    make_people(12)
    model = make_model()
    for _ in range(5):
        both = threading.Barrier(4, timeout=60)
        outcomes: list[object] = []

        def begin(both: threading.Barrier = both, outcomes: list[object] = outcomes) -> None:
            mine = StatisticalModel.objects.get(pk=model.pk)
            both.wait()
            try:
                outcomes.append(open_fit(mine))
            except AlreadyRunning as error:
                outcomes.append(error)

        for thread in [in_thread(begin) for _ in range(4)]:
            thread.join(120)
        fits = [outcome for outcome in outcomes if isinstance(outcome, Fit)]
        refused = [outcome for outcome in outcomes if isinstance(outcome, AlreadyRunning)]
        assert (len(fits), len(refused)) == (1, 3), outcomes
        assert "waits for a worker already" in str(refused[0])
        assert cancel_fit(fits[0])


def test_two_workers_take_one_fit_once(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model()
    fit = open_fit(model)
    threads = [in_thread(lambda: run_fit(Fit.objects.get(pk=fit.pk))) for _ in range(3)]
    for thread in threads:
        thread.join(120)
    fit.refresh_from_db()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
    assert fit.written["updated"] == 30


def test_a_waiting_fit_is_cancelled_at_once(make_people: Make, make_model: Make) -> None:
    make_people(12)
    fit = open_fit(make_model())
    assert cancel_fit(fit)
    assert fit.status == FitStatus.CANCELLED
    run_fit(fit)
    fit.refresh_from_db()
    assert fit.status == FitStatus.CANCELLED
    assert not cancel_fit(fit)


def test_a_running_fit_is_cancelled_at_its_next_step(make_people: Make, make_model: Make) -> None:
    make_people(60)
    fit = open_fit(make_model(engine_meta_iterations=1_000_000))
    thread = in_thread(lambda: run_fit(Fit.objects.get(pk=fit.pk)))
    progress = wait_for(
        lambda: (
            Fit.objects.filter(pk=fit.pk, progress__iteration__gt=0)
            .values_list("progress", flat=True)
            .first()
        ),
        what="the first iteration",
    )
    assert set(progress) == {
        *("phase", "restart", "restarts", "iteration", "objective", "n_groups", "share")
    }
    assert progress["phase"] == "search"
    assert 0.1 <= progress["share"] < 1
    assert cancel_fit(fit)
    thread.join(timeout=10)
    assert not thread.is_alive()
    fit.refresh_from_db()
    assert (fit.status, fit.error) == (FitStatus.CANCELLED, "")
    assert not Person.objects.exclude(group=None).exists()


@pytest.mark.parametrize(("room", "where"), [(learn, "read_rows"), (describe, "profile_groups")])
def test_a_model_deleted_during_its_fit(
    make_people: Make, make_model: Make, monkeypatch: pytest.MonkeyPatch, room: Any, where: str
) -> None:
    make_people(30)
    model = make_model()
    fit = open_fit(model)
    whole = getattr(room, where)

    def delete_first(*given: Any, **options: Any) -> Any:
        StatisticalModel.objects.filter(pk=model.pk).delete()
        return whole(*given, **options)

    monkeypatch.setattr(room, where, delete_first)
    assert run_fit(fit).status == FitStatus.CANCELLED
    assert not Fit.objects.exists()
    assert not Person.objects.exclude(group=None).exists()


def test_a_model_deleted_before_its_task_begins(make_people: Make, make_model: Make) -> None:
    from headwater.learning.tasks import run_fit_task

    fit = open_fit(make_model())
    fit.model.delete()
    run_fit_task.call(fit.pk)
    run_fit(fit)
    assert not Fit.objects.exists()


def test_what_is_given_up_while_it_writes_is_undone(
    make_people: Make, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from headwater.learning import fit as fitting

    make_people(30)
    fit = open_fit(make_model())
    whole = fitting.write_back

    def expire_after(*given: Any, **options: Any) -> Any:
        written = whole(*given, **options)
        Fit.objects.filter(pk=fit.pk).update(cancel_requested=True)
        return written

    monkeypatch.setattr(fitting, "write_back", expire_after)
    run_fit(fit)
    assert not Person.objects.exclude(group=None).exists()
    assert Fit.objects.get(pk=fit.pk).status == FitStatus.CANCELLED


def test_a_long_phase_keeps_its_lease(
    make_people: Make, make_model: Make, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.HEADWATER = {"LEASE_SECONDS": 1, "THREADS": 1}
    make_people(30)
    fit = open_fit(make_model())
    whole, seen = learn.read_rows, []

    def slow(*given: Any, **options: Any) -> Any:
        for _ in range(10):
            time.sleep(0.25)
            seen.append(Fit.objects.get(pk=fit.pk).effective_status)
        return whole(*given, **options)

    monkeypatch.setattr(learn, "read_rows", slow)
    run_fit(fit)
    assert set(seen) == {FitStatus.RUNNING}
    fit.refresh_from_db()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
