"""Studies: asked for once, run in the background, with their numbers, errors and cancelling."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from headwater.engines.progress import Step
from headwater.learning.errors import FitError, FitStopped
from headwater.segmentation.models import STUDY_LOST, Study, StudyStatus
from headwater.segmentation.run_study import run_study
from headwater.segmentation.study import cancel_study, request_study
from headwater.segmentation.study_reporter import StudyReporter
from tests.segmentation.rows import SPICES, blobs, make_analysis, make_dataset, person
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def _source(**more: Any) -> dict[str, Any]:
    dataset = make_dataset(blobs([60, 40, 30]))
    return {"dataset": dataset.pk, "version": 1, "columns": ["spent", "visits"], **more}


def _run(study: Study) -> Study:
    done = run_study(study.pk)
    assert done is not None
    json.dumps([done.result, done.progress], allow_nan=False)
    return done


def test_the_number_of_groups_that_lie_apart_is_suggested() -> None:
    study = request_study("choice", person(), source=_source(), parameters={"largest": 6})
    assert (study.status, study.parameters) == ("queued", {"smallest": 2, "largest": 6})
    done = _run(study)
    assert (done.status, done.error) == ("succeeded", "")
    assert done.result["suggested"]["k"] == 3
    assert [row["k"] for row in done.result["rows"]] == [1, 2, 3, 4, 5, 6]
    assert (done.result["n"], done.result["sampled"]) == (130, None)
    assert (done.progress["phase"], done.progress["share"]) == ("finish", 1.0)
    assert done.finished_at is not None


def test_of_few_rows_no_more_segments_are_tried_than_there_are_pairs() -> None:
    dataset = make_dataset(SPICES)
    source = {"dataset": dataset.pk, "version": 1, "columns": ["heat", "sweet", "fresh"]}
    done = _run(request_study("choice", person(), source=source))
    assert [row["k"] for row in done.result["rows"]] == [1, 2, 3, 4]
    assert "no more than 4 segments are tried" in done.result["notes"][-1]


def test_distances_to_neighbours_are_those_of_brute_force() -> None:
    source = _source()
    study = request_study(
        "distances", person(), source=source, encoding={"scale": "none"},
        parameters={"min_samples": [3, 8]},
    )  # fmt: skip
    done = _run(study)
    assert done.status == "succeeded", done.error
    values = blobs([60, 40, 30])
    X = np.column_stack([values["spent"], values["visits"]])
    gaps = np.sort(np.sqrt(((X[:, np.newaxis] - X) ** 2).sum(axis=2)), axis=1)
    for curve, neighbours in zip(done.result["curves"], (3, 8), strict=True):
        assert curve["min_samples"] == neighbours
        assert curve["eps"] is not None
        expected = np.sort(gaps[:, neighbours - 1])
        assert curve["curve"] == pytest.approx(expected)  # the row itself is the first


@pytest.mark.parametrize(
    ("technique", "parameters"),
    [("k_means", {"n_clusters": 3}), ("dbscan", {"eps": 0.5}), ("hierarchical", {"n_clusters": 3})],
)
def test_groups_that_lie_apart_are_stable(technique: str, parameters: dict[str, Any]) -> None:
    fit = make_analysis(make_dataset(blobs([60, 40, 30])), technique, **parameters)
    done = _run(
        request_study("stability", person(), fit=fit.perform_inference(), parameters={
            "bootstraps": 10,
        })
    )  # fmt: skip
    assert done.status == "succeeded", done.error
    assert list(done.result["groups"]) == ["A", "B", "C"]
    for told in done.result["groups"].values():
        assert told["word"] == "stable"
        assert told["jaccard"] > 0.9
    assert done.result["notes"] == []


def test_a_group_too_many_is_not_stable() -> None:
    fit = make_analysis(make_dataset(blobs([80, 80])), n_clusters=3).perform_inference()
    done = _run(request_study("stability", person(), fit=fit))
    words = [told["word"] for told in done.result["groups"].values()]
    assert words.count("stable") < 3


def test_the_same_study_comes_back() -> None:
    source = _source()
    first = request_study("choice", person(), source=source)
    waiting = request_study("choice", person(), source={**source, "name": "customer"})
    assert waiting == first  # how rows are called makes no difference
    _run(first)
    assert request_study("choice", person(), source=source, encoding={"missing": "mean"}) == first
    others = [
        request_study("choice", person("grace"), source=source),
        request_study("choice", person(), source={**source, "columns": ["spent"]}),
        request_study("choice", person(), source=source, encoding={"scale": "robust"}),
        request_study("choice", person(), source=source, parameters={"largest": 5}),
        request_study("choice", person(), source={**source, "version": 2}),
    ]
    assert len({study.pk for study in [first, *others]}) == 6
    assert set(Study.objects.visible_to(person())) == {first, *others[1:]}


def test_rows_of_a_model_may_have_changed_so_they_are_studied_anew(make_people: Make) -> None:
    make_people(60)
    source = {"model": "testapp.Person", "columns": ["x", "y"], "filter": {}}
    first = request_study("choice", person(), source=source)
    assert request_study("choice", person(), source=source) == first  # it has not begun
    assert _run(first).result["suggested"]["k"] == 2
    Person.objects.all().delete()
    again = request_study("choice", person(), source=source)
    assert again != first
    done = _run(again)
    assert done.status == "failed"
    assert done.error == "There are no rows of testapp.Person to learn from."


@pytest.mark.parametrize(
    ("kind", "asked", "sentence"),
    [
        ("shape", {"source": {"columns": ["a"]}}, "There is no study “shape”"),
        ("choice", {}, "give one of them"),
        ("choice", {"source": {"columns": []}}, "Choose at least one column."),
        ("stability", {"source": {"columns": ["a"]}}, "of the groups of a run"),
        ("choice", {"source": {"columns": ["a"]}, "parameters": {"largest": 31}}, "from 2 to 30"),
        ("choice", {"source": {"columns": ["a"]}, "parameters": {"k": 3}}, "no parameter “k”"),
        (
            "distances",
            {"source": {"columns": ["a"]}, "parameters": {"min_samples": [0]}},
            "“min_samples” was 0",
        ),
        ("choice", {"source": {"columns": ["a"]}, "encoding": {"scale": "big"}}, "big"),
    ],
)
def test_what_cannot_be_studied_is_refused(kind: str, asked: Any, sentence: str) -> None:
    with pytest.raises(FitError, match=sentence):
        request_study(kind, person(), **asked)
    assert not Study.objects.exists()


def test_what_turns_out_wrong_fails_with_a_sentence() -> None:
    source = _source()
    gone = request_study("choice", person(), source={**source, "columns": ["spent", "height"]})
    assert "has no column “height”" in _run(gone).error
    version = request_study("choice", person(), source={**source, "version": 7})
    assert "is gone" in _run(version).error


def test_a_waiting_study_is_cancelled_at_once_and_not_run() -> None:
    study = request_study("choice", person(), source=_source())
    assert cancel_study(study)
    assert study.status == "cancelled"
    assert _run(study).status == "cancelled"
    assert not cancel_study(study)


def test_a_running_study_stops_at_its_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    study = request_study("choice", person(), source=_source())
    steps = []

    def step(self: StudyReporter, step: Step) -> None:
        steps.append(step.restart)
        cancel_study(Study.objects.get(pk=study.pk))
        self._saved_at = -1e9
        real(self, step)

    real = StudyReporter.__call__
    monkeypatch.setattr(StudyReporter, "__call__", step)
    done = _run(study)
    assert (done.status, done.result, steps) == ("cancelled", {}, [1])


def test_progress_is_kept_and_never_falls() -> None:
    study = request_study("choice", person(), source=_source())
    Study.objects.filter(pk=study.pk).update(status=StudyStatus.RUNNING)
    reporter = StudyReporter(study.pk)
    shares = []
    for part in (0, 1):
        reporter.part(part, 2)
        for restart in (1, 2):
            reporter._saved_at = -1e9
            reporter(Step("search", restart, 2, restart, 1.0, 0))
            shares.append(Study.objects.get(pk=study.pk).progress["share"])
    assert shares == pytest.approx([0.325, 0.55, 0.775, 1.0])
    Study.objects.filter(pk=study.pk).delete()
    reporter._saved_at = -1e9
    with pytest.raises(FitStopped):
        reporter(Step("search", 1, 2, 1, 1.0, 0))


def test_a_lost_worker_reads_as_failed_and_frees_the_study() -> None:
    source = _source()
    study = request_study("choice", person(), source=source)
    Study.objects.filter(pk=study.pk).update(
        status=StudyStatus.RUNNING, lease_expires_at=timezone.now() - timedelta(seconds=1)
    )
    study.refresh_from_db()
    assert (study.effective_status, study.effective_error) == (StudyStatus.FAILED, STUDY_LOST)
    assert not study.is_unfinished
    again = request_study("choice", person(), source=source)
    assert again != study
    study.refresh_from_db()
    assert (study.status, study.error) == ("failed", STUDY_LOST)


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_it_when_the_transaction_has_committed() -> None:
    study = request_study("choice", person(), source=_source())  # tests run tasks at once
    study.refresh_from_db()
    assert study.status == "succeeded", study.error
