"""Relabelled: a move that a new fit made, told from one that the row made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from headwater.learning.models import Fit, Membership, StatisticalModel
from headwater.learning.relabelled import relabelled
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db
GROUP: Any = SimpleNamespace(model=Person, field_name="group")


@dataclass
class Moves:
    """What the books hand over: ids as text, with the states before and after."""

    moves: list[tuple[str, str, str]]

    def blocks(self) -> Iterator[list[tuple[str, str, str]]]:
        yield from ([one] for one in self.moves)


def labels() -> dict[int, str]:
    return dict(Person.objects.values_list("pk", "group"))


def told(before: dict[int, str], moment: datetime, *, partition: Any = GROUP) -> set[int]:
    now = labels()
    moves = [
        (str(pk), before.get(pk) or "", now[pk] or "") for pk in now if now[pk] != before.get(pk)
    ]
    return {int(one) for one in relabelled(partition, Moves(moves), moment, timezone.now())}


@pytest.fixture
def two_groups(make_people: Callable[..., Any], make_model: Callable[..., Any]) -> StatisticalModel:
    make_people(60)
    model: StatisticalModel = make_model()
    model.perform_inference()
    return model


def divide_in(model: StatisticalModel, n_clusters: int) -> None:
    model.parameters = {"n_clusters": n_clusters}
    model.save()
    assert model.perform_inference(recalculate=True).status == "succeeded"


def test_rows_that_a_new_fit_divides_anew_are_relabelled(two_groups: StatisticalModel) -> None:
    before, moment = labels(), timezone.now()
    divide_in(two_groups, 4)
    moved = {pk for pk, letter in labels().items() if letter != before[pk]}
    assert moved
    assert told(before, moment) == moved


def test_a_row_that_changed_itself_is_not(two_groups: StatisticalModel) -> None:
    before, moment = labels(), timezone.now()
    at_home = [pk for pk, letter in before.items() if letter == before[min(before)]]
    walker = Person.objects.get(pk=at_home[0])
    far = Person.objects.exclude(group=walker.group).first()
    assert far is not None
    Person.objects.filter(pk=walker.pk).update(x=far.x, y=far.y)
    two_groups.perform_inference(recalculate=True)
    assert labels()[walker.pk] != before[walker.pk]
    assert told(before, moment) == set()


def test_a_row_that_is_new_is_not(two_groups: StatisticalModel) -> None:
    before, moment = labels(), timezone.now()
    new = Person.objects.create(name="New", x=0.0, y=0.0)
    divide_in(two_groups, 3)
    assert new.pk not in told(before, moment)


def test_a_label_that_was_assigned_in_between_is_not(two_groups: StatisticalModel) -> None:
    before = labels()
    other = {"A": "B", "B": "A"}
    pk = min(before)
    Person.objects.filter(pk=pk).update(group=other[before[pk]])  # by hand, after the fit
    moment = timezone.now()
    counted = labels()
    divide_in(two_groups, 4)
    found = told(counted, moment)
    assert pk not in found
    assert found


def test_a_model_that_reads_another_column_relabels(
    two_groups: StatisticalModel, make_source: Callable[..., Any]
) -> None:
    Person.objects.update(age=3)
    Person.objects.filter(pk__lte=min(labels()) + 20).update(age=80)
    before, moment = labels(), timezone.now()
    two_groups.source = make_source(columns=("age",))
    two_groups.save()
    two_groups.perform_inference(recalculate=True)
    moved = {pk for pk, letter in labels().items() if letter != before[pk]}
    assert moved
    assert told(before, moment) == moved


def test_without_two_fits_nobody_is_relabelled(two_groups: StatisticalModel) -> None:
    moves = Moves([(str(pk), "", letter) for pk, letter in labels().items()])
    assert list(relabelled(GROUP, moves, timezone.now(), timezone.now())) == []
    assert list(relabelled(GROUP, moves, None, timezone.now())) == []
    elsewhere: Any = SimpleNamespace(model=Person, field_name="plan")
    assert list(relabelled(elsewhere, moves, timezone.now(), timezone.now())) == []


def test_a_fit_that_is_not_kept_tells_nothing(two_groups: StatisticalModel) -> None:
    before, moment = labels(), timezone.now()
    first = Fit.objects.get()
    divide_in(two_groups, 4)
    Membership.objects.filter(fit=first).delete()
    assert told(before, moment) == set()
