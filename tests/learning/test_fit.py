"""A fit: labels written, results kept, history; a failed fit leaves the current one serving."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from headwater.learning.errors import AlreadyRunning
from headwater.learning.fit import run_fit
from headwater.learning.models import Fit, FitStatus, Membership, StatisticalModel
from headwater.learning.request import open_fit
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def test_a_fit_writes_labels_by_primary_key(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model()
    fit = model.perform_inference()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
    for person in Person.objects.all():
        assert person.group == ("B" if person.x > 5 else "A")  # the larger group is A
    assert fit.written == {"updated": 60, "unchanged": 0, "missing": 0, "cleared": 0}
    assert model.current_fit == fit
    assert model.is_inferred
    assert model.letters == ["A", "B"]


@pytest.mark.parametrize("technique", ["k_means", "variational_mixture"])
def test_what_a_fit_keeps(make_people: Make, make_model: Make, technique: str) -> None:
    make_people(90)
    parameters = {"n_clusters": 2} if technique == "k_means" else {"n_components": 5}
    model = make_model(technique=technique, parameters=parameters, engine_meta_iterations=2)
    fit = model.perform_inference()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
    assert (fit.n_rows, fit.n_groups) == (90, 2)
    json.dumps([fit.scores, fit.trace, fit.summary, fit.progress], allow_nan=False)
    assert fit.source == {"model": "testapp.Person", "columns": ["x", "y"], "filter": {}}
    assert fit.scores["n_groups_limit"] == (2 if technique == "k_means" else 5)
    assert {"objective", "objective_name", "n_iter", "converged", "seconds"} <= set(fit.scores)
    assert len(fit.trace["restarts"]) == 2
    assert fit.trace["objectives"][-1] == pytest.approx(fit.scores["objective"])
    groups = fit.summary["groups"]
    assert [group["letter"] for group in groups] == ["A", "B"]
    assert [group["size"] for group in groups] == [60, 30]
    assert groups[1]["columns"]["x"]["mean"] == pytest.approx(10, abs=0.5)
    assert fit.summary["scatter"]["kind"] == "scatter"
    assert [column["name"] for column in fit.summary["columns"]] == ["x", "y"]
    assert fit.summary["matching"] == {"moved": 0, "compared": 0}
    assert fit.progress["phase"] == "writing"
    assert fit.progress["share"] == 1.0
    assert len(fit.artifact_digest) == 64
    assert Membership.objects.filter(fit=fit).exists()


def test_an_inferred_model_is_fitted_again_only_when_asked(
    make_people: Make, make_model: Make
) -> None:
    make_people(30)
    model = make_model()
    first = model.perform_inference()
    assert model.perform_inference() == first
    second = model.perform_inference(recalculate=True)
    assert second != first
    assert model.current_fit == second
    assert list(model.fits.all()) == [second, first]


def test_letters_stay_when_rows_come(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model()
    model.perform_inference()
    Person.objects.bulk_create([Person(x=10 + i / 100, y=10.0) for i in range(100)])
    fit = model.perform_inference(recalculate=True)
    assert fit.summary["matching"] == {"moved": 0, "compared": 60}
    assert fit.written["unchanged"] == 60
    assert fit.written["updated"] == 100
    assert set(Person.objects.filter(x__gt=5).values_list("group", flat=True)) == {"B"}


def test_rows_that_the_filter_leaves_out_lose_their_label(
    make_people: Make, make_model: Make
) -> None:
    people = make_people(60)
    model = make_model()
    model.perform_inference()
    Person.objects.filter(pk__in=[p.pk for p in people[:10]]).update(is_active=False)
    model.source.filter = {"is_active": True}
    model.source.save()
    fit = model.perform_inference(recalculate=True)
    assert fit.written == {"updated": 0, "unchanged": 50, "missing": 0, "cleared": 10}
    assert Person.objects.filter(group=None).count() == 10


def test_a_failed_fit_leaves_the_current_one_serving(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model()
    first = model.perform_inference()
    labels = dict(Person.objects.values_list("pk", "group"))
    model.parameters = {"n_clusters": 100}
    model.save()
    failed = model.perform_inference(recalculate=True)
    assert failed.status == FitStatus.FAILED
    assert "100 groups are asked for and there are 60 rows" in failed.error
    assert "Traceback" not in failed.error
    assert model.current_fit == first
    assert dict(Person.objects.values_list("pk", "group")) == labels
    assert model.assign({"x": 10.0, "y": 10.0}) == "B"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"technique": "tea_leaves"}, "There is no technique “tea_leaves”"),
        ({"parameters": {"n_clusters": 0}}, "takes a whole number from 2 to 500"),
        ({"parameters": {"n_cluster": 3}}, "n_cluster"),
        ({"encoding": {"log": ["age"]}}, "“age”, which is none of the source's columns"),
        ({"results_storage": "dmf:testapp.Person.nothing"}, "which testapp.Person does not have"),
    ],
)
def test_bad_settings_fail_with_a_sentence(
    make_people: Make, make_model: Make, change: dict[str, Any], sentence: str
) -> None:
    make_people(10)
    fit = make_model(**change).perform_inference()
    assert fit.status == FitStatus.FAILED
    assert sentence in fit.error


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (("x", "nothing"), "“nothing” is not a column of person"),
        (("x", "name"), "“name” of person holds free text"),
        (("x", "height"), "The column “height” has no values: all 12 lack"),
    ],
)
def test_bad_columns_fail_with_a_sentence(
    make_people: Make, make_model: Make, columns: tuple[str, ...], sentence: str
) -> None:
    make_people(12)
    fit = make_model(of={"columns": columns}).perform_inference()
    assert fit.status == FitStatus.FAILED
    assert sentence in fit.error


def test_no_rows_fail_with_a_sentence(make_model: Make) -> None:
    fit = make_model().perform_inference()
    assert fit.error == "There are no rows of testapp.Person to learn from."


def test_constant_columns_are_noted(make_people: Make, make_model: Make) -> None:
    make_people(30, height=180.0)
    fit = make_model(of={"columns": ("x", "y", "height")}).perform_inference()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
    assert fit.summary["notes"] == ["“height” is the same in every row and tells no groups apart."]


def test_an_unexpected_error_is_logged_and_told_shortly(
    make_people: Make,
    make_model: Make,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_people(12)
    model = make_model()

    def broken(*given: Any, **options: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("headwater.learning.describe.profile_groups", broken)
    fit = model.perform_inference()
    assert fit.error == "An unexpected error (RuntimeError); the log has it whole."
    assert "a bug" in caplog.text
    assert not Person.objects.exclude(group=None).exists()


def test_one_line_is_logged(
    make_people: Make, make_model: Make, caplog: pytest.LogCaptureFixture
) -> None:
    make_people(12)
    with caplog.at_level(logging.INFO, logger="headwater.learning"):
        make_model().perform_inference()
    assert [r.message.split(": ")[1][:18] for r in caplog.records] == ["12 rows, 2 groups,"]


def test_one_fit_of_a_model_at_a_time(make_people: Make, make_model: Make) -> None:
    make_people(12)
    model = make_model()
    open_fit(model)
    with pytest.raises(AlreadyRunning, match=r"“People” waits for a worker already, since"):
        model.perform_inference()
    with pytest.raises(AlreadyRunning):
        model.request_inference()
    assert model.fits.count() == 1


def test_a_fit_runs_once(make_people: Make, make_model: Make) -> None:
    make_people(12)
    fit = open_fit(make_model())
    run_fit(fit)
    finished = Fit.objects.get(pk=fit.pk).finished_at
    run_fit(Fit.objects.get(pk=fit.pk))
    assert Fit.objects.get(pk=fit.pk).finished_at == finished


def test_old_memberships_are_dropped(make_people: Make, make_model: Make, settings: Any) -> None:
    settings.HEADWATER = {"KEEP_MEMBERSHIPS": 2, "THREADS": 1}
    make_people(12)
    model = make_model()
    fits = [model.perform_inference(recalculate=True) for _ in range(3)]
    assert set(Membership.objects.values_list("fit", flat=True)) == {fits[1].pk, fits[2].pk}


def test_a_model_without_a_target_keeps_its_groups_only(
    make_people: Make, make_model: Make
) -> None:
    make_people(12)
    fit = make_model(results_storage="").perform_inference()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
    assert fit.written == {}
    assert not Person.objects.exclude(group=None).exists()


def test_labels_longer_than_the_field_fail(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model(results_storage="dmf:testapp.Person.letter")
    model.perform_inference()
    StatisticalModel.objects.filter(pk=model.pk).update(letters=["A", "B", "Z"])
    model.refresh_from_db()
    model.parameters = {"n_clusters": 3}
    model.save()
    fit = model.perform_inference(recalculate=True)
    assert fit.status == FitStatus.FAILED
    assert "need labels such as “AA”, and testapp.Person.letter holds 1 characters" in fit.error


def test_rows_outside_of_every_group_are_told(make_people: Make, make_model: Make) -> None:
    people = make_people(120)
    far = Person.objects.create(name="Far away", x=300.0, y=-200.0)
    model = make_model(
        technique="variational_mixture",
        parameters={"family": "student_t"},
        encoding={"scale": "none"},
    )
    fit = model.perform_inference()
    assert (fit.status, fit.error) == (FitStatus.SUCCEEDED, "")
    assert fit.n_groups == 2
    told = fit.summary["outliers"]
    assert told["sample"][0][0] == far.pk
    assert told["n"] <= 2
    assert told["share"] == told["n"] / (len(people) + 1)
    assert "one in 1,000 rows" in told["rule"]
    assert sum(group["size"] for group in fit.summary["groups"]) == len(people) + 1
    assert max(group["columns"]["x"]["std"] for group in fit.summary["groups"]) < 1.5
    assert max(max(one["axes"]) for one in fit.summary["scatter"]["ellipses"]) < 3.5
    assert any("left out of its means and spreads" in note for note in fit.summary["notes"])
    assert (
        "outliers" not in make_model(name="K-means", results_storage="").perform_inference().summary
    )
