"""Labels for new rows, from parameters that are loaded once and follow the current fit."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from headwater.engines.values import EncodingError
from headwater.learning import assign as assigning
from headwater.learning.errors import AlreadyRunning, NotInferredError
from headwater.learning.models import StatisticalModel
from headwater.learning.request import open_fit
from tests.testapp.models import ActivePerson, City, Employee, Order, Person, Profile

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def test_mappings_and_instances(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model()
    model.perform_inference()
    assert model.assign({"x": 0.0, "y": 0.5}) == "A"
    assert model.assign({"x": 10, "y": Decimal("9.5"), "more": "ignored"}) == "B"
    assert model.assign(Person(x=10.0, y=10.0)) == "B"
    assert model.assign(ActivePerson(x=10.0, y=10.0)) == "B"
    assert model.assign(Employee(x=0.0, y=0.0)) == "A"
    assert model.predict([{"x": 0.0, "y": 0.0}, Person(x=10.0, y=10.0)]) == ["A", "B"]
    assert model.predict([]) == []
    assert model.engine_object.n_groups_ == 2


def test_every_row_gets_the_label_it_was_given(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model(technique="variational_mixture", parameters={})
    model.perform_inference()
    people = list(Person.objects.all())
    assert model.predict(people) == [person.group for person in people]


def test_columns_of_each_kind(make_people: Make, make_model: Make) -> None:
    city = City.objects.create(name="Ulm", population=120_000)
    people = make_people(40)
    for i, person in enumerate(people):
        late = i % 2
        person.born = dt.date(1950 + 40 * late, 1, 1 + i % 20)
        person.seen_at = dt.datetime(2020 + late, 1, 1, i % 24, tzinfo=dt.UTC)
        person.waited = dt.timedelta(hours=i)
        person.income = Decimal(1000 + 1000 * late)
        person.is_active = bool(late)
        person.plan = "pro" if late else "free"
        person.sex = late
        person.city = city if late else None
        person.save()
        if late:
            Profile.objects.create(person=person, visits=100 + i)
        else:
            Profile.objects.create(person=person, visits=None)
    columns = (
        *("born", "seen_at", "waited", "income", "is_active", "plan", "sex"),
        *("city__population", "profile__visits"),
    )
    model = make_model(of={"columns": columns})
    fit = model.perform_inference()
    assert fit.status == "succeeded", fit.error
    people = list(Person.objects.select_related("city", "profile"))
    assert model.predict(people) == [person.group for person in people]
    with_texts = {"born": dt.date(1990, 1, 1), "seen_at": None, "waited": None, "income": None}
    others = {"is_active": True, "plan": "pro", "sex": 1, "city__population": 120_000}
    label = model.assign({**with_texts, **others, "profile__visits": None})
    assert label == Person.objects.filter(plan="pro").first().group  # type: ignore[union-attr]


def test_bad_observations_are_told(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model()
    model.perform_inference()
    with pytest.raises(EncodingError, match="The observation lacks “y”"):
        model.assign({"x": 1.0})
    with pytest.raises(EncodingError, match="“x” was 'ten'; it takes a finite number"):
        model.assign({"x": "ten", "y": 1.0})
    with pytest.raises(TypeError, match=r"is a testapp.Order; .* learned from testapp.Person"):
        model.assign(Order(total=1))


def test_before_the_first_fit(make_model: Make) -> None:
    model = make_model()
    assert model.engine_object is None
    with pytest.raises(NotInferredError, match="“People” has no inference yet"):
        model.assign({"x": 1.0, "y": 1.0})


def test_parameters_are_loaded_once(
    make_people: Make, make_model: Make, django_assert_num_queries: Any
) -> None:
    make_people(30)
    model = make_model()
    model.perform_inference()
    with django_assert_num_queries(2):  # which fit serves, and its artifact
        model.assign({"x": 1.0, "y": 1.0})
    same = StatisticalModel.objects.get(pk=model.pk)
    with django_assert_num_queries(0):
        same.assign({"x": 1.0, "y": 1.0})


def test_a_newer_fit_of_another_process_is_taken_up(
    make_people: Make, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_people(30)
    model = make_model()
    first = model.perform_inference()
    assert model.assign({"x": 10.0, "y": 10.0}) == "B"
    loaded = dict(assigning._loaded)
    model.parameters = {"n_clusters": 5}
    model.save()
    second = model.perform_inference(recalculate=True)
    assigning._loaded.update(loaded)  # as a process would have it that knows nothing of the fit
    assert model.engine_object.n_groups_ == 2
    monkeypatch.setattr(assigning, "SECONDS_TRUSTED", 0.0)
    assert model.engine_object.n_groups_ == 5
    assert (first.n_groups, second.n_groups) == (2, 5)


def test_one_observation_takes_less_than_fifty_microseconds(
    make_people: Make, make_model: Make
) -> None:
    make_people(60)
    model = make_model(technique="variational_mixture", parameters={})
    model.perform_inference()
    observation = {"x": 10.0, "y": 10.0}
    best = min(_seconds(model, observation) for _ in range(20))
    assert best < 50e-6


def _seconds(model: StatisticalModel, observation: dict[str, float]) -> float:
    started = time.perf_counter()
    for _ in range(100):
        model.assign(observation)
    return (time.perf_counter() - started) / 100


def test_reset(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model()
    model.perform_inference()
    assert model.reset_inference() == 30
    assert not model.is_inferred
    assert not Person.objects.exclude(group=None).exists()
    assert model.fits.count() == 1
    with pytest.raises(NotInferredError):
        model.assign({"x": 1.0, "y": 1.0})
    assert model.reset_inference() == 0
    assert model.perform_inference().written["updated"] == 30
    assert model.letters == ["A", "B"]


def test_letters_keep_their_meaning_after_a_reset(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model()
    model.perform_inference()
    before = dict(Person.objects.values_list("pk", "group"))
    model.reset_inference()
    Person.objects.filter(
        pk__in=[pk for pk, letter in before.items() if letter == "A"][:18]
    ).delete()
    model.perform_inference()
    after = dict(Person.objects.values_list("pk", "group"))
    assert list(after.values()).count("A") < list(after.values()).count("B")
    assert after == {pk: before[pk] for pk in after}


def test_no_reset_while_a_fit_is_under_way(make_people: Make, make_model: Make) -> None:
    make_people(30)
    model = make_model()
    model.perform_inference()
    open_fit(model)
    with pytest.raises(AlreadyRunning, match="Cancel it first"):
        model.reset_inference()
    assert Person.objects.exclude(group=None).count() == 30


def test_a_stale_variable_does_not_undo_a_fit(make_people: Make, make_model: Make) -> None:
    make_people(30)
    stale = make_model()
    StatisticalModel.objects.get(pk=stale.pk).perform_inference()
    stale.description = "changed"
    stale.save()
    stale.refresh_from_db()
    assert stale.is_inferred
    assert (stale.description, stale.letters) == ("changed", ["A", "B"])


def test_assign_asks_for_one_query_a_second_at_most(
    make_people: Make, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    make_people(30)
    model = make_model()
    model.perform_inference()
    model.assign({"x": 1.0, "y": 1.0})
    monkeypatch.setattr(assigning, "SECONDS_TRUSTED", 0.0)
    with CaptureQueriesContext(connection) as queries:
        model.assign({"x": 1.0, "y": 1.0})
    assert len(queries) == 1
