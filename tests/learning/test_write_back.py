"""Labels are written by primary key, only where they differ, whatever the kind of key."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headwater.learning.write_back import WriteBack, clear, count_values, write_back
from tests.testapp.models import ActivePerson, Country, Device, Employee, Person

pytestmark = pytest.mark.django_db


def test_counts(make_people: Callable[..., Any]) -> None:
    people = make_people(6)
    ids = [person.pk for person in people]
    Person.objects.filter(pk=ids[0]).update(group="A")
    people[5].delete()
    written = write_back(Person, "group", [*ids, 987654321], ["A", "B", "A", "B", "A", "B", "C"])
    assert written == WriteBack(updated=4, unchanged=1, missing=2, cleared=0)
    found = list(Person.objects.order_by("pk").values_list("group", flat=True))
    assert found == ["A", "B", "A", "B", "A"]


def test_the_order_of_ids_does_not_matter(make_people: Callable[..., Any]) -> None:
    ids = np.array([person.pk for person in make_people(500)])
    labels = np.array([f"{i % 7}" for i in range(500)])
    order = np.random.default_rng(3).permutation(500)
    write_back(Person, "group", ids[order], labels[order])
    assert dict(Person.objects.values_list("pk", "group")) == dict(
        zip(ids.tolist(), labels.tolist(), strict=True)
    )


def test_only_rows_that_differ_are_touched(make_people: Callable[..., Any]) -> None:
    ids = [person.pk for person in make_people(100)]
    write_back(Person, "group", ids, ["A"] * 100)
    written = write_back(Person, "group", ids, ["A"] * 99 + ["B"])
    assert written == WriteBack(updated=1, unchanged=99, missing=0, cleared=0)
    if connection.vendor == "postgresql":  # which moves each row that is written
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM testapp_person")
            before = cursor.fetchone()
            write_back(Person, "group", ids, ["A"] * 99 + ["B"])
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM testapp_person")
            assert cursor.fetchone() == before


def test_null_is_a_value_like_others(make_people: Callable[..., Any]) -> None:
    ids = [person.pk for person in make_people(3)]
    write_back(Person, "group", ids, ["A", None, "B"])
    written = write_back(Person, "group", ids, [None, None, "B"])
    assert written == WriteBack(updated=1, unchanged=2, missing=0, cleared=0)


def test_others_are_cleared(make_people: Callable[..., Any]) -> None:
    ids = [person.pk for person in make_people(4)]
    write_back(Person, "group", ids, list("ABAB"))
    write_back(Person, "segment", ids, list("ABAB"))
    assert write_back(Person, "group", ids[:1], ["A"], clear_others=True) == WriteBack(0, 1, 0, 3)
    assert write_back(Person, "segment", ids[:1], ["B"], clear_others=True) == WriteBack(1, 0, 0, 3)
    people = list(Person.objects.order_by("pk").values_list("group", "segment"))
    assert people == [("A", "B"), (None, ""), (None, ""), (None, "")]


def test_clear(make_people: Callable[..., Any]) -> None:
    ids = [person.pk for person in make_people(4)]
    write_back(Person, "segment", ids[:3], list("ABA"))
    assert clear(Person, "segment") == 3
    assert clear(Person, "segment") == 0


def test_uuid_keys() -> None:
    devices = [Device.objects.create() for _ in range(5)]
    ids = np.array([str(device.pk) for device in devices])
    written = write_back(Device, "group", ids, list("ABABA"), clear_others=True)
    assert written == WriteBack(5, 0, 0, 0)
    written = write_back(Device, "group", [d.pk for d in devices[:2]], ["A", "C"])
    assert written == WriteBack(1, 1, 0, 0)
    assert write_back(Device, "group", [uuid.uuid4()], ["A"]).missing == 1
    assert [Device.objects.get(pk=d.pk).group for d in devices] == list("ACABA")


def test_text_keys_and_names_that_must_be_quoted() -> None:
    for iso in ("de", "o'k", 'q"', "a\tb", "é%"):
        Country.objects.create(iso=iso[:3])
    isos = list(Country.objects.values_list("iso", flat=True))
    written = write_back(Country, "group", isos, ["A"] * 5, clear_others=True)
    assert written == WriteBack(5, 0, 0, 0)
    assert write_back(Country, "group", ["de"], ["B"], clear_others=True) == WriteBack(1, 0, 0, 4)
    assert dict(Country.objects.values_list("iso", "group")) == {
        iso: "B" if iso == "de" else "" for iso in isos
    }


def test_values_are_parameters() -> None:
    Country.objects.create(iso="de")
    write_back(Country, "group", ["de"], ["';"])
    assert Country.objects.get().group == "';"


def test_inherited_fields_and_parents(make_people: Callable[..., Any]) -> None:
    people = make_people(3, group="Z")
    employees = [Employee.objects.create(name=str(i), group="Y") for i in range(3)]
    ids = [employee.pk for employee in employees]
    assert write_back(Employee, "group", ids[:2], ["A", "B"], clear_others=True) == WriteBack(
        2, 0, 0, 1
    )
    assert write_back(Employee, "rank", ids, ["A", "B", "C"]) == WriteBack(3, 0, 0, 0)
    assert list(Employee.objects.order_by("pk").values_list("group", "rank")) == [
        ("A", "A"),
        ("B", "B"),
        (None, "C"),
    ]
    assert Person.objects.filter(pk__in=[p.pk for p in people], group="Z").count() == 3
    assert write_back(Employee, "group", [people[0].pk], ["A"]) == WriteBack(0, 0, 1, 0)
    assert Person.objects.get(pk=people[0].pk).group == "Z"
    assert clear(Employee, "group") == 2
    assert Person.objects.filter(group="Z").count() == 3


def test_proxies_write_to_their_table(make_people: Callable[..., Any]) -> None:
    ids = [person.pk for person in make_people(2)]
    assert write_back(ActivePerson, "group", ids, ["A", "B"]).updated == 2


def test_keys_beyond_four_bytes() -> None:
    Person.objects.create(pk=2**62 + 1, name="far")
    assert write_back(Person, "group", np.array([2**62 + 1]), ["A"]).updated == 1


def test_an_empty_write() -> None:
    assert write_back(Person, "group", [], []) == WriteBack(0, 0, 0, 0)


def test_ids_and_values_go_together() -> None:
    with pytest.raises(ValueError, match="There are 2 ids and 1 values"):
        write_back(Person, "group", [1, 2], ["A"])


def test_numbers_can_be_written_too(make_people: Callable[..., Any]) -> None:
    ids = [person.pk for person in make_people(3)]
    assert write_back(Person, "score", ids, [0.25, 0.5, 0.25]).updated == 3
    assert Person.objects.get(pk=ids[1]).score == 0.5


def test_it_takes_few_statements_and_leaves_no_table(make_people: Callable[..., Any]) -> None:
    ids = [person.pk for person in make_people(50)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        write_back(Person, "group", ids, ["A"] * 50)
        write_back(Person, "group", ids, ["B"] * 50)
    assert len(queries) < 30


def test_a_failed_write_changes_nothing(make_people: Callable[..., Any]) -> None:
    ids = [person.pk for person in make_people(3)]
    write_back(Person, "group", ids, ["A"] * 3)
    with pytest.raises(ValueError, match="“far too long” has 12 characters; “group” of testapp"):
        write_back(Person, "group", ids, ["B", "B", "far too long"])
    with pytest.raises(ValueError, match="invalid literal"):
        write_back(Person, "group", ["no number"] * 3, ["B"] * 3)
    assert set(Person.objects.values_list("group", flat=True)) == {"A"}
    assert write_back(Person, "group", ids, ["C"] * 3).updated == 3


def test_an_id_takes_one_value(make_people: Callable[..., Any]) -> None:
    ids = [person.pk for person in make_people(3)]
    with pytest.raises(ValueError, match=f"The id {ids[0]} is given more than once, with diff"):
        write_back(Person, "group", [*ids, ids[0]], list("ABCB"))
    written = write_back(Person, "group", [*ids, ids[0]], list("ABCA"), clear_others=True)
    assert written == WriteBack(updated=3, unchanged=0, missing=0, cleared=0)
    device = Device.objects.create()
    with pytest.raises(ValueError, match="with different values"):
        write_back(Device, "group", [device.pk, str(device.pk)], ["A", "B"])
    assert write_back(Device, "group", [device.pk, str(device.pk)], ["A", "A"]).updated == 1


def test_what_would_be_cleared_is_counted(make_people: Callable[..., Any]) -> None:
    ids = [person.pk for person in make_people(4)]
    for field in ("group", "segment"):
        assert count_values(Person, field) == 0
        write_back(Person, field, ids[:3], list("ABA"))
        assert count_values(Person, field) == clear(Person, field) == 3
