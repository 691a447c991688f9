"""Chains: labels as columns, refits that follow one another, and no circle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from headwater.learning import learn, request
from headwater.learning.chain import (
    circle_errors,
    fields_read,
    in_order,
    inputs,
    is_automated,
    label_fields,
    learned_anew,
)
from headwater.learning.fit import run_fit
from headwater.learning.models import Fit, FitReason, FitStatus, StatisticalModel
from headwater.learning.pending import assign_pending
from headwater.learning.request import open_fit
from headwater.sources.kinds import ColumnError, resolve, usable_columns
from headwater.sources.models import Source
from tests.testapp.models import Device, Employee, Member, Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
AUTOMATED: dict[str, Any] = {"counter_threshold": 1000, "threshold_actions": ":recalculate"}


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """A worker: ``waiting()`` runs what waits, in its order, and returns names and reasons."""
    fits: list[int] = []
    monkeypatch.setattr(request, "_enqueue", fits.append)
    monkeypatch.setattr(request.transaction, "on_commit", lambda work, using: work())

    def work() -> list[tuple[str, str]]:
        done = []
        while fits:
            fit = Fit.objects.get(pk=fits.pop(0))
            done.append((fit.model.name, fit.reason))
            assert run_fit(fit).status == FitStatus.SUCCEEDED, fit.error
        return done

    return work


@pytest.fixture
def two(make_people: Make, make_model: Make, make_source: Make) -> Any:
    """“People” groups people by x and y, “Then” by that group and x."""
    make_people(60)
    first = make_model()

    def make(**values: Any) -> tuple[StatisticalModel, StatisticalModel]:
        source = make_source(columns=("x", "group"))
        options = {"results_storage": "dmf:testapp.Person.segment"} | values
        return first, make_model(name="Then", source=source, **options)

    return make


# --- labels as columns ---


def test_a_field_that_takes_labels_is_a_categorical_column(make_model: Make) -> None:
    with pytest.raises(ColumnError, match="“group” of person holds free text"):
        resolve(Person, "group")
    make_model()
    labels = label_fields()
    assert labels == {("testapp.Person", "group")}
    assert resolve(Person, "group", labels=labels).kind == "categorical"
    assert resolve(Member, "person__group", labels=labels).kind == "categorical"
    assert resolve(Employee, "group", labels=labels).kind == "categorical"  # inherited
    with pytest.raises(ColumnError, match="holds free text"):
        resolve(Device, "group", labels=labels)  # the same name, another table
    offered = [column.lookup for column in usable_columns(Person, labels=labels)]
    assert "group" in offered
    assert "segment" not in offered


def test_a_source_takes_it_where_it_is_told_of_labels(two: Any) -> None:
    _, then = two()
    source = Source.objects.get(pk=then.source_id)
    with pytest.raises(ValidationError, match="holds free text"):
        source.full_clean()
    source.labels = label_fields()
    source.full_clean()
    assert [info.kind for info in source.column_infos()] == ["numeric", "categorical"]


def test_a_model_learns_from_the_labels_of_another(two: Any) -> None:
    first, then = two()
    first.perform_inference()
    Person.objects.filter(pk=Person.objects.first().pk).update(group=None)  # type: ignore[union-attr]
    fit = then.perform_inference()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
    columns = {column["name"]: column for column in fit.summary["columns"]}
    assert columns["group"]["kind"] == "categorical"
    assert columns["group"]["categories"] == 2
    assert columns["group"]["n_missing"] == 1
    people = list(Person.objects.order_by("pk"))
    assert then.predict(people) == [person.segment for person in people]
    Person.objects.update(segment="")
    assert assign_pending(then).assigned == 60
    assert then.predict(people) == [person.segment for person in Person.objects.order_by("pk")]


def test_what_is_read(make_source: Make) -> None:
    reads = {
        "model": "testapp.Member",
        "columns": ["x", "person__group", "person__city__population"],
        "filter": {"person__segment__in": ["A"], "person": 1, "is_active": True},
        "also": [{"model": "testapp.Person", "columns": ["letter"], "filter": {}, "node": "Y"}],
    }
    assert fields_read(reads) == {
        ("testapp.Member", "x"): "testapp.Member.x",
        ("testapp.Person", "group"): "testapp.Member.person__group",
        ("testapp.City", "population"): "testapp.Member.person__city__population",
        ("testapp.Person", "segment"): "testapp.Member.person__segment__in",
        ("testapp.Member", "is_active"): "testapp.Member.is_active",
        ("testapp.Person", "letter"): "testapp.Person.letter",
    }
    assert fields_read({}) == {}
    assert fields_read({"model": "gone.Model", "columns": ["x"], "filter": {}}) == {}


def test_inputs_also_through_a_filter_and_what_was_written_before(
    make_model: Make, make_source: Make, make_people: Make
) -> None:
    make_people(30)
    people = make_model()
    then = make_model(name="Then", source=make_source(filter={"group": "A"}), results_storage="")
    assert [one.name for one in inputs(then.reads())] == ["People"]
    people.perform_inference()
    StatisticalModel.objects.filter(pk=people.pk).update(
        results_storage="dmf:testapp.Person.letter"
    )
    assert [one.name for one in inputs(then.reads())] == ["People"]  # they are there still


# --- the order of refits ---


def test_what_learns_from_labels_follows(two: Any, waiting: Any) -> None:
    first, then = two(**AUTOMATED)
    assert first.perform_inference().status == FitStatus.SUCCEEDED
    assert waiting() == [("Then", FitReason.CHAIN)]
    assert then.fits.get().reason_detail == "the labels of “People” have changed"
    # The same groups again change no label, so nothing has to follow.
    assert first.perform_inference(recalculate=True).written["updated"] == 0
    assert waiting() == []


def test_a_manual_model_waits_for_a_person_and_is_stale(two: Any, waiting: Any) -> None:
    first, then = two()
    first.perform_inference()
    current = then.perform_inference()
    assert learned_anew(current) == []
    Person.objects.filter(group="B").update(x=0, y=0)
    first.parameters = {"n_clusters": 3}
    first.save()
    first.perform_inference(recalculate=True)
    assert waiting() == []
    assert learned_anew(current) == ["People"]
    assert learned_anew(then.perform_inference(recalculate=True)) == []


@pytest.mark.parametrize(
    ("values", "automated"),
    [
        ({}, False),
        ({"recalculate": "weekly"}, True),
        ({"threshold_actions": ":recalculate"}, False),  # no threshold: off
        ({"counter_threshold": 5}, False),  # counts only
        (AUTOMATED, True),
    ],
)
def test_automated(values: dict[str, Any], automated: bool) -> None:
    assert is_automated(StatisticalModel(**values)) is automated


def test_a_diamond_is_fitted_in_order_and_once_each(
    make_people: Make, make_model: Make, make_source: Make, waiting: Any
) -> None:
    make_people(60)
    first = make_model(name="Z first")
    make_model(
        name="M middle",
        source=make_source(columns=("x", "group")),
        results_storage="dmf:testapp.Person.segment",
        **AUTOMATED,
    )
    last = make_model(
        name="A last",
        source=make_source(columns=("y", "group", "segment")),
        results_storage="dmf:testapp.Person.letter",
        **AUTOMATED,
    )
    first.perform_inference()
    assert [name for name, _ in waiting()] == ["M middle", "A last"]
    assert [one.name for one in inputs(last.reads())] == ["M middle", "Z first"]
    everything = StatisticalModel.objects.order_by("name")
    assert [m.name for m in in_order(everything)] == ["Z first", "M middle", "A last"]


def test_a_fit_that_runs_while_its_input_changes_is_followed_by_another(
    two: Any, waiting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, then = two(**AUTOMATED)
    first.perform_inference()
    waiting()
    whole, todo = learn.read_rows, [1]

    def read(*given: Any) -> Any:
        table = whole(*given)
        if todo:
            todo.clear()
            other = StatisticalModel.objects.get(pk=first.pk)
            other.parameters = {"n_clusters": 4}
            other.save()
            other.perform_inference(recalculate=True)
        return table

    monkeypatch.setattr(learn, "read_rows", read)
    then.perform_inference(recalculate=True)
    assert waiting() == [("Then", FitReason.CHAIN)]


def test_one_that_waits_is_not_queued_again(two: Any, waiting: Any) -> None:
    first, then = two(**AUTOMATED)
    open_fit(then)
    first.perform_inference()
    assert then.fits.count() == 1


# --- circles ---


def circle(make_model: Make, make_source: Make) -> StatisticalModel:
    """Return a model that closes a circle of three."""
    make_model(
        name="One",
        source=make_source(columns=("x", "segment")),
        results_storage="dmf:testapp.Person.group",
    )
    make_model(
        name="Two",
        source=make_source(Member, columns=("x", "person__group")),
        results_storage="dmf:testapp.Member.group",
    )
    last: StatisticalModel = make_model(
        name="Three",
        source=make_source(columns=("y",), filter={"member__group": "A"}),
        results_storage="dmf:testapp.Person.segment",
    )
    return last


def test_a_circle_is_refused_with_the_way_round(make_model: Make, make_source: Make) -> None:
    model = circle(make_model, make_source)
    sentence = (
        "“Three” would learn from its own labels: “Three” reads testapp.Person.member__group, "
        "which holds the labels of “Two”; “Two” reads testapp.Member.person__group, which holds "
        "the labels of “One”; “One” reads testapp.Person.segment, which holds the labels of "
        "“Three”. Leave one of these columns out, or write the labels elsewhere."
    )
    assert model.problems() == {"source": [sentence]}
    with pytest.raises(ValidationError) as caught:
        model.full_clean()
    assert caught.value.message_dict == {"source": [sentence]}
    model.results_storage = ""
    assert model.problems() == {}


def test_a_circle_of_one(make_model: Make, make_source: Make) -> None:
    direct = make_model(of={"columns": ("x", "group")})
    assert "labels are not learned from labels" in direct.problems()["results_storage"][0]
    around = make_model(
        name="Around",
        source=make_source(columns=("x", "city__people__segment")),
        results_storage="dmf:testapp.Person.segment",
    )
    [sentence] = circle_errors(around, around.reads())
    assert "“Around” reads testapp.Person.city__people__segment" in sentence


def test_a_circle_that_came_about_is_not_fitted_and_has_no_order(
    make_people: Make, make_model: Make, make_source: Make, caplog: pytest.LogCaptureFixture
) -> None:
    make_people(12)
    model = circle(make_model, make_source)
    fit = model.perform_inference()
    assert fit.status == FitStatus.FAILED
    assert "would learn from its own labels" in fit.error
    models = list(StatisticalModel.objects.order_by("name"))
    assert in_order(models) == models
    assert "learn from one another in a circle" in caplog.text


def test_a_chain_is_no_circle(two: Any) -> None:
    first, then = two()
    assert first.problems() == {}
    assert then.problems() == {}
