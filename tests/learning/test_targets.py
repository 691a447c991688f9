"""Where labels may go: an own text field of the rows that are learned from, long enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from headwater.learning.targets import TargetError, letters_length, resolve_target, usable_targets
from tests.testapp.models import Employee, Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def errors_of(model: Any) -> dict[str, list[str]]:
    try:
        model.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_a_target_is_resolved() -> None:
    target = resolve_target("dmf:testapp.Person.group")
    assert (target.model, target.field.name, target.max_length) == (Person, "group", 2)
    assert target.storage == "dmf:testapp.Person.group"
    assert target.label == "person · group"


@pytest.mark.parametrize(
    ("storage", "sentence"),
    [
        ("Person.group", "“Person.group” is no target field. Write dmf:app_label.Model.field"),
        ("dmf:testapp.Person", "is no target field"),
        ("dmf:testapp.Persn.group", "which is not installed. Did you mean “testapp.Person"),
        ("dmf:testapp.Person.groop", "does not have. Did you mean “group”"),
        ("dmf:testapp.Person.id", "“id” of testapp.Person is the primary key"),
        ("dmf:testapp.Country.iso", "is the primary key"),
        ("dmf:testapp.Person.city", "is a relation"),
        ("dmf:testapp.Person.age", "is a IntegerField and takes no text"),
        ("dmf:testapp.Person.code", "is unique, and many rows share a label"),
        ("dmf:testapp.Person.password", "keeps a secret"),
        ("dmf:testapp.Person.email", "is a EmailField, which is no place for labels"),
        ("dmf:testapp.Person.plan", "has choices of its own"),
    ],
)
def test_fields_that_take_no_labels(make_model: Make, storage: str, sentence: str) -> None:
    with pytest.raises(TargetError) as caught:
        resolve_target(storage)
    assert sentence in str(caught.value)
    assert errors_of(make_model(results_storage=storage))["results_storage"] == [str(caught.value)]


def test_a_good_model_is_valid(make_people: Make, make_model: Make) -> None:
    make_people(5)
    assert errors_of(make_model()) == {}
    assert errors_of(make_model(name="No target", results_storage="")) == {}


def test_a_field_too_short_for_its_labels(make_model: Make) -> None:
    storage = "dmf:testapp.Person.letter"
    model = make_model(results_storage=storage, parameters={"n_clusters": 27})
    assert errors_of(model)["results_storage"] == [
        "testapp.Person.letter holds 1 character, and the labels of up to 27 groups need 2. "
        "Lengthen the field or ask for fewer groups."
    ]
    model.parameters = {"n_clusters": 26}
    assert errors_of(model) == {}


def test_a_field_of_another_model(make_model: Make) -> None:
    model = make_model(results_storage="dmf:testapp.Device.group")
    assert "testapp.Device.group belongs to another model" in errors_of(model)["results_storage"][0]


def test_an_inherited_field(make_model: Make) -> None:
    model = make_model(of={"model": Employee}, results_storage="dmf:testapp.Employee.group")
    assert errors_of(model) == {}


def test_a_field_that_is_taken(make_model: Make) -> None:
    make_model()
    other = make_model(name="Others")
    assert (
        "takes the labels of the statistical model “People” already"
        in (errors_of(other)["results_storage"][0])
    )


def test_a_field_is_taken_as_long_as_labels_are_in_it(make_people: Make, make_model: Make) -> None:
    make_people(12)
    first = make_model()
    first.perform_inference()
    other = make_model(name="Others")
    for storage in ("", "dmf:testapp.Person.segment"):
        first.results_storage = storage
        first.save()
        [error] = errors_of(other)["results_storage"]
        assert "still holds the labels of the statistical model “People”" in error
        assert "Reset the inference of that model first" in error
        assert errors_of(first) == {}
    assert first.reset_inference() == 12
    assert not Person.objects.exclude(group=None).exists()
    assert errors_of(other) == {}


def test_a_field_that_holds_other_text(make_people: Make, make_model: Make) -> None:
    make_people(3)
    model = make_model(results_storage="dmf:testapp.Person.name")
    assert (
        "testapp.Person.name holds values that are no labels"
        in (errors_of(model)["results_storage"][0])
    )
    Person.objects.update(name="")
    assert errors_of(model) == {}


def test_parameters_are_checked(make_model: Make) -> None:
    model = make_model(parameters={"n_clusters": "many", "colour": "red"})
    assert len(errors_of(model)["parameters"]) == 2
    model = make_model(name="b", results_storage="", parameters=[1])
    assert errors_of(model)["parameters"] == ["Write an object of names and values, such as {}."]
    model = make_model(name="c", results_storage="", encoding={"missing": "guess"})
    assert "“mean”, “median”" in errors_of(model)["encoding"][0]
    model = make_model(name="d", results_storage="", engine_meta_iterations=0)
    assert "engine_meta_iterations" in errors_of(model)


def test_names_are_unique(make_model: Make) -> None:
    make_model()
    other = make_model(name="b", results_storage="")
    other.name = "People"
    assert "name" in errors_of(other)


def test_fields_to_choose_from(django_user_model: Any) -> None:
    storages = {target.storage for target in usable_targets()}
    assert "dmf:testapp.Person.group" in storages
    assert "dmf:testapp.Employee.rank" in storages
    for unfit in ("id", "code", "email", "password", "plan", "city", "age"):
        assert f"dmf:testapp.Person.{unfit}" not in storages
    assert not any(s.startswith(("dmf:auth", "dmf:headwater", "dmf:django")) for s in storages)
    nobody = django_user_model.objects.create_user("nobody")
    assert usable_targets(nobody) == []
    root = django_user_model.objects.create_superuser("root")
    assert {target.storage for target in usable_targets(root)} == storages


@pytest.mark.parametrize(
    ("n_groups", "length"), [(1, 1), (26, 1), (27, 2), (702, 2), (703, 3), (18278, 3), (18279, 4)]
)
def test_how_long_letters_get(n_groups: int, length: int) -> None:
    from headwater.engines.matching import letter_at

    assert letters_length(n_groups) == length == len(letter_at(n_groups - 1))
