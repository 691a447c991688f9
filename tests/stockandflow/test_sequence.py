"""Sequence: stepping through a stock, in any order, while objects leave it."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from headwater.stockandflow import Facet, Stock
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.find import find_stock
from headwater.stockandflow.sequence import StockSequence
from tests.stockapp.models import Parcel, Subscriber, Tag, Team

pytestmark = pytest.mark.django_db
ORDERS: list[tuple[str, ...]] = [
    ("pk",),
    ("-pk",),
    ("score",),
    ("-score",),
    ("name", "-score"),
    ("-joined", "country"),
    ("team__name", "-is_active"),
    ("team", "-joined"),
    ("-joined__year", "score"),
]


@pytest.fixture
def people() -> list[Subscriber]:
    """Thirty in every mixture of values and NULLs, with many equals; some of another stage."""
    rng = random.Random(4)  # noqa: S311
    teams = [Team.objects.create(name=name) for name in "ba"]
    Subscriber.objects.bulk_create(
        Subscriber(
            stage=rng.choice(["trial", "trial", "paying"]),
            name=rng.choice(["", "a", "B", "Ø"]),
            score=rng.choice([None, 1, 2]),
            joined=rng.choice([None, dt.date(2025, 1, 1), dt.date(2026, 3, 1)]),
            country=rng.choice(["no", "se"]),
            is_active=rng.random() < 0.5,
            team=rng.choice([None, *teams]),
        )
        for _ in range(45)
    )
    return list(Subscriber.objects.filter(stage="trial"))


def read(person: Subscriber, lookup: str) -> Any:
    match lookup.removeprefix("-"):
        case "team__name":
            return person.team.name if person.team else None
        case "team":
            return person.team_id
        case "joined__year":
            return person.joined.year if person.joined else None
        case name:
            return getattr(person, name)


def sorted_by(people: list[Subscriber], order: tuple[str, ...]) -> list[Any]:
    """Sort as Python does, NULL last; stable sorting makes several keys of one."""
    found = sorted(people, key=lambda one: one.pk)
    for lookup in reversed(order):
        given = [one for one in found if read(one, lookup) is not None]
        given.sort(key=lambda one: read(one, lookup), reverse=lookup.startswith("-"))
        found = given + [one for one in found if read(one, lookup) is None]
    return [one.pk for one in found]


@pytest.mark.parametrize("order", ORDERS, ids="+".join)
def test_it_steps_through_each_object_once_in_order(
    people: list[Subscriber], order: tuple[str, ...]
) -> None:
    sequence = StockSequence(find_stock("stage.trial"), order_by=order)
    if connection.vendor == "sqlite" or "name" not in order:  # a server may know other alphabets
        expected = sorted_by(people, order)
    else:
        expected = [sequence.at(index).object.pk for index in range(len(people))]
        assert sorted(expected) == sorted(one.pk for one in people)
    step, found = sequence.first(), []
    while step.object is not None:
        assert (step.index, step.count, step.has_left) == (len(found), len(people), False)
        assert sequence.at(step.index).object == step.object
        assert sequence.index_of(step.object.pk) == step.index
        found.append(step.object.pk)
        step = sequence.next(after=step.object.pk, index=step.index)
    assert found == expected
    assert step.index == len(people)
    step, back = sequence.last(), []
    while step.object is not None:
        back.append(step.object.pk)
        step = sequence.previous(before=step.object.pk, index=step.index)
    assert back == expected[::-1]
    assert step.index == -1


@pytest.mark.parametrize("order", ORDERS, ids="+".join)
def test_one_that_has_left_is_followed_by_the_one_after_it(
    people: list[Subscriber], order: tuple[str, ...]
) -> None:
    sequence = StockSequence(find_stock("stage.trial"), order_by=order)
    third, fourth = sequence.at(3).object, sequence.at(4).object
    before = sequence.at(2).object
    Subscriber.objects.filter(pk=third.pk).update(stage="lapsed")
    Subscriber.objects.filter(pk=sequence.first().object.pk).update(stage="lapsed")
    step = sequence.next(after=third.pk, index=3)
    # Two have left before it, so its index is no more what the address says.
    assert (step.object, step.index, step.has_left) == (fourth, 2, True)
    step = sequence.previous(before=third.pk, index=3)
    assert (step.object, step.index, step.has_left) == (before, 1, True)
    step = sequence.around(third.pk, 3)
    assert (step.object, step.index, step.has_left) == (fourth, 2, True)


def test_a_deleted_one_is_followed_by_key_or_else_by_index(people: list[Subscriber]) -> None:
    for order, index in ((("pk",), 99), (("-pk",), 99), (("-joined",), 3)):
        sequence = StockSequence(find_stock("stage.trial"), order_by=order)
        third, fourth = sequence.at(3).object, sequence.at(4).object
        before = sequence.at(2).object
        pk = third.pk
        third.delete()
        step = sequence.next(after=pk, index=index)
        assert (step.object, step.index, step.has_left) == (fourth, 3, True)
        step = sequence.previous(before=str(pk), index=index)
        assert (step.object, step.index, step.has_left) == (before, 2, True)


def test_where_the_last_has_left_there_is_none_after_it(people: list[Subscriber]) -> None:
    sequence = StockSequence(find_stock("stage.trial"))
    last = sequence.last().object
    Subscriber.objects.filter(pk=last.pk).update(stage="")
    step = sequence.next(after=last.pk)
    assert (step.object, step.has_left, step.is_last) == (None, True, True)
    step = sequence.around(last.pk)
    assert (step.object, step.has_left, step.is_last) == (sequence.last().object, True, True)


def test_an_empty_stock_and_addresses_that_lead_nowhere() -> None:
    sequence = StockSequence(find_stock("stage.trial"))
    for step in (sequence.first(), sequence.last(), sequence.next(after=3), sequence.at(7)):
        assert (step.object, step.count) == (None, 0)
    one = Subscriber.objects.create(stage="trial")
    assert sequence.at(-1).index == -1
    assert sequence.at(5).object is None
    assert sequence.index_of(one.pk + 1) is None
    for wrong in ("no number", ""):
        assert sequence.next(after=wrong).object == one
        assert sequence.index_of(wrong) is None
    assert sequence.next(after="9" * 40).object is None
    assert sequence.previous(before="9" * 40).object == one


def test_a_facet_narrows_it_down_and_an_object_comes_once(people: list[Subscriber]) -> None:
    tags = [Tag.objects.create(name=name) for name in ("x", "x", "y")]
    people[0].tags.set(tags)
    people[3].tags.set(tags[2:])
    stock = Stock(
        "tagged",
        "Tagged",
        Subscriber.objects.filter(tags__name__in=["x", "y"]),
        facets=[Facet("tag", "Tag", "tags__name", ["x", "y"])],
    )
    assert StockSequence(stock).count() == 2
    narrowed = StockSequence(stock, facet="tag", value="x", order_by=("-joined",))
    assert (narrowed.count(), narrowed.first().object) == (1, people[0])
    by_country = StockSequence(find_stock("stage.trial"), facet="country", value="no")
    assert by_country.count() == sum(one.country == "no" for one in people)
    with pytest.raises(DefinitionError, match="no facet “colour”"):
        StockSequence(stock, facet="colour")


def test_an_annotation_of_the_stock_can_be_the_order(people: list[Subscriber]) -> None:
    people[2].tags.set([Tag.objects.create(name=name) for name in "xyz"])
    people[1].tags.set(Tag.objects.filter(name="x"))
    stock = Stock(
        "tags", "By tags", Subscriber.objects.filter(stage="trial").annotate(n=Count("tags"))
    )
    sequence = StockSequence(stock, order_by=("-n",))
    assert [sequence.at(index).object for index in range(2)] == [people[2], people[1]]
    step = sequence.next(after=people[1].pk)
    assert (step.object, step.index, step.count) == (people[0], 2, len(people))


def test_keys_may_be_uuids() -> None:
    Parcel.objects.bulk_create(Parcel(place="hall") for _ in range(9))
    sequence = StockSequence(find_stock("place.hall"), order_by=("place",))
    step, found = sequence.first(), []
    while step.object is not None:
        found.append(step.object.pk)
        step = sequence.next(after=str(step.object.pk))
    assert sorted(found) == sorted(Parcel.objects.values_list("pk", flat=True))


def test_a_step_takes_as_many_queries_in_a_large_stock(people: list[Subscriber]) -> None:
    sequence = StockSequence(find_stock("stage.trial"), facet="country", value="no")
    pk = sequence.first().object.pk
    taken = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sequence.next(after=pk, index=0)
        taken.append(len(queries))
        Subscriber.objects.bulk_create(Subscriber(stage="trial", country="no") for _ in range(500))
    assert taken == [3, 3]
    Subscriber.objects.filter(pk=pk).update(stage="lapsed")
    with CaptureQueriesContext(connection) as queries:
        sequence.next(after=pk, index=0)
    assert len(queries) == 4


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (("?",), "cannot be stepped through in the order '\\?'"),
        (("tags__name",), "several of it"),
        (("colour",), "has no field “colour”"),
    ],
)
def test_orders_that_are_none_are_refused(order: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(DefinitionError, match=sentence):
        StockSequence(find_stock("stage.trial"), order_by=order)
