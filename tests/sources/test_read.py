"""Rows as the database has them, in NumPy: each kind of column, key and queryset."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction
from django.db.models import Count, F, FloatField, Q, Sum, Value
from django.db.models.functions import Cast, Coalesce

from headwater.sources.kinds import ColumnError
from headwater.sources.number import to_number
from headwater.sources.read import ReadError, read_blocks, read_matrix, read_table
from tests.testapp.models import City, Country, Device, Employee, Order, Person, Profile

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NAN = float("nan")


def test_it_equals_what_django_reads(make_people: Make) -> None:
    people = make_people(300)
    Person.objects.filter(pk__in=[p.pk for p in people[::7]]).update(height=None)
    Person.objects.filter(pk__in=[p.pk for p in people[1::7]]).update(height=1.5)
    matrix = read_matrix(Person.objects.all(), ["x", "height", "y"])
    rows = list(Person.objects.order_by("pk").values_list("pk", "x", "height", "y"))
    expected = np.array([[NAN if v is None else v for v in row] for row in rows], dtype=float)
    np.testing.assert_array_equal(matrix.ids, expected[:, 0])
    np.testing.assert_array_equal(matrix.X, expected[:, 1:])
    assert matrix.ids.dtype == np.int64
    assert matrix.X.dtype == np.float64
    assert matrix.names == ("x", "height", "y")


@pytest.mark.parametrize("with_choices", [False, True])
def test_each_kind_of_column(with_choices: bool) -> None:
    """Fixed rows and rows with text go different ways, to the same numbers as in Python."""
    values: dict[str, Any] = {
        "age": 40,
        "height": 1.85,
        "income": Decimal("1234.56"),
        "born": dt.date(1969, 12, 30),
        "seen_at": dt.datetime(2024, 2, 29, 12, 30, 15, 250_000, tzinfo=dt.UTC),
        "waited": dt.timedelta(days=1, hours=6),
        "is_active": False,
        "has_consented": True,
        "access_level": -3,
    }
    Person.objects.create(**values)
    Person.objects.create(**{**dict.fromkeys(values), "is_active": True, "access_level": 0})
    columns = [*values, *(["plan"] if with_choices else [])]
    table = read_table(Person.objects.all(), columns)
    for name, value in values.items():
        first, second = table.columns[name]
        assert first == pytest.approx(to_number(value), abs=1e-8), name
        assert table.columns[name].dtype == np.float64
        if name not in ("is_active", "access_level"):
            assert np.isnan(second), name
    assert table.columns["born"][0] == -2.0
    assert table.columns["waited"][0] == 1.25
    assert table.columns["is_active"].tolist() == [0.0, 1.0]
    assert table.kinds["is_active"] == "boolean"


def test_choices_are_texts() -> None:
    Person.objects.create(plan="pro", sex=1, age=3)
    Person.objects.create(plan=None, sex=None)
    Person.objects.create(plan="free", sex=0)
    table = read_table(Person.objects.all(), ["plan", "age", "sex"])
    assert table.columns["plan"].tolist() == ["pro", None, "free"]
    assert table.columns["sex"].tolist() == ["1", None, "0"]
    np.testing.assert_array_equal(table.columns["age"], [3.0, NAN, NAN])
    assert dict(table.kinds) == {"plan": "categorical", "age": "numeric", "sex": "categorical"}
    with pytest.raises(ColumnError, match="“plan” has choices, not numbers"):
        read_matrix(Person.objects.all(), ["plan"])


def test_relations_are_followed() -> None:
    city = City.objects.create(name="Ulm", population=120_000)
    first = Person.objects.create(city=city, x=1)
    Profile.objects.create(person=first, visits=7)
    Person.objects.create(x=2)
    matrix = read_matrix(Person.objects.all(), ["x", "city__population", "profile__visits"])
    np.testing.assert_array_equal(matrix.X, [[1, 120_000, 7], [2, NAN, NAN]])
    Employee.objects.create(age=30, salary=5.5)
    np.testing.assert_array_equal(
        read_matrix(Employee.objects.all(), ["age", "salary"]).X, [[30, 5.5]]
    )


def test_annotations_are_columns(make_people: Make) -> None:
    people = make_people(3)
    Order.objects.create(person=people[0], total=Decimal("2.5"))
    Order.objects.create(person=people[0], total=Decimal("4"))
    rows = Person.objects.annotate(
        n_orders=Count("orders"),
        revenue=Sum("orders__total"),
        both=F("x") + F("y"),
        is_far=Q(x__gt=5.0),
        fixed=Value(2.5, output_field=FloatField()),
        known=Coalesce(Cast("age", FloatField()), Value(-1.0)),
    )
    table = read_table(rows, ["n_orders", "revenue", "both", "is_far", "fixed", "known"])
    assert table.columns["n_orders"].tolist() == [2, 0, 0]
    np.testing.assert_array_equal(table.columns["revenue"], [6.5, NAN, NAN])
    assert table.columns["both"].tolist() == [p.x + p.y for p in people]
    assert table.columns["is_far"].tolist() == [float(p.x > 5) for p in people]
    assert table.columns["fixed"].tolist() == [2.5] * 3
    assert table.columns["known"].tolist() == [-1.0] * 3
    with pytest.raises(ColumnError, match="The annotation “other” holds free text"):
        read_table(Person.objects.annotate(other=F("name")), ["other"])


@pytest.mark.parametrize("text", ["o'k", 'a "b" %s %(x)s', "a\\b", "é\n;--"])
def test_values_of_a_filter_are_quoted(text: str) -> None:
    Person.objects.create(name=text, x=1)
    Person.objects.create(name="other", x=2)
    assert read_matrix(Person.objects.filter(name=text), ["x"]).X.tolist() == [[1.0]]
    assert read_table(Person.objects.filter(name=text), ["x", "sex"]).columns["x"].tolist() == [1.0]
    dates = Person.objects.filter(born__in=[dt.date(2000, 1, 1)], age__gt=5, extra={"a": text})
    assert len(read_matrix(dates, ["x"])) == 0


def test_keys_that_are_uuids() -> None:
    devices = Device.objects.bulk_create([Device(x=i) for i in range(20)])
    table = read_table(Device.objects.all(), ["x"])
    assert dict(zip(table.ids.tolist(), table.columns["x"], strict=True)) == {
        str(device.pk): device.x for device in devices
    }
    assert uuid.UUID(table.ids[0])
    assert table.ids.tolist() == sorted(table.ids.tolist())


def test_keys_that_are_texts() -> None:
    for i, iso in enumerate(["at", "de", "q'"]):
        Country.objects.create(iso=iso, x=i)
    table = read_table(Country.objects.filter(iso__gt="a"), ["x"])
    assert dict(zip(table.ids.tolist(), table.columns["x"], strict=True)) == {
        "at": 0.0,
        "de": 1.0,
        "q'": 2.0,
    }


def test_great_keys_keep_their_last_digits() -> None:
    Person.objects.create(pk=2**62 + 1, x=1)
    Person.objects.create(pk=2**53 + 1, x=2)
    assert read_table(Person.objects.all(), ["x"]).ids.tolist() == [2**53 + 1, 2**62 + 1]


def test_no_rows() -> None:
    for rows in (Person.objects.all(), Person.objects.none(), Person.objects.filter(pk__in=[])):
        for columns in (["x"], ["x", "plan"]):
            table = read_table(rows, columns)
            assert len(table) == 0
            assert table.ids.dtype == np.int64
    assert read_matrix(Person.objects.all(), ["x", "y"]).X.shape == (0, 2)
    assert read_table(Device.objects.all(), ["x"]).ids.dtype.kind == "U"


def test_rows_come_in_the_order_of_their_keys(make_people: Make) -> None:
    make_people(20)
    table = read_table(Person.objects.order_by("-x"), ["x"])
    assert (np.diff(table.ids) > 0).all()


@pytest.mark.parametrize("block_rows", [1, 7, 64, 1000])
def test_blocks_of_the_database_do_not_show(make_people: Make, block_rows: int) -> None:
    make_people(64)
    whole = read_table(Person.objects.all(), ["x", "y"])
    for columns in (["x", "y"], ["x", "y", "plan"]):
        table = read_table(Person.objects.all(), columns, block_rows=block_rows)
        np.testing.assert_array_equal(table.ids, whole.ids)
        np.testing.assert_array_equal(table.columns["y"], whole.columns["y"])


@pytest.mark.parametrize("rows", [1, 7, 20, 21])
def test_blocks_can_be_read_again(make_people: Make, rows: int) -> None:
    people = make_people(20)
    people[10].delete()
    blocks = read_blocks(Person.objects.filter(is_active=True), ["x", "y"], rows=rows)
    whole = read_matrix(Person.objects.all(), ["x", "y"])
    for _ in range(2):
        parts = list(blocks)
        assert [len(part) for part in parts[:-1]] == [rows] * (len(parts) - 1)
        np.testing.assert_array_equal(np.concatenate([part.X for part in parts]), whole.X)
        np.testing.assert_array_equal(np.concatenate([part.ids for part in parts]), whole.ids)


def test_querysets_that_cannot_be_read(make_people: Make) -> None:
    people = make_people(3)
    for rows in (
        Person.objects.all()[:2],
        Person.objects.values("x"),
        Person.objects.filter(x=1).union(Person.objects.filter(x=2)),
    ):
        with pytest.raises(ValueError, match="Rows are read from a queryset of whole objects"):
            read_table(rows, ["x"])
    with pytest.raises(ReadError, match="No column is named"):
        read_table(Person.objects.all(), [])
    for total in (1, 2):
        Order.objects.create(person=people[0], total=total)
    with pytest.raises(ReadError, match="gives the same row more than once"):
        read_table(Person.objects.filter(orders__total__gt=0), ["x"])


def test_what_is_no_number_in_sqlite() -> None:
    if connection.vendor != "sqlite":
        return
    person = Person.objects.create(x=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE testapp_person SET age = 'old' WHERE id = %s", [person.pk])
    for columns in (["age"], ["age", "plan"]):
        with pytest.raises(ReadError, match=r"holds what is no number: .*old"):
            read_table(Person.objects.all(), columns)


def test_the_connection_can_be_used_after_an_error(make_people: Make) -> None:
    make_people(5)
    rows = Person.objects.annotate(bad=Cast(Value("no number"), FloatField()) + F("x"))
    if connection.vendor == "postgresql":
        with pytest.raises(Exception, match="no number"), transaction.atomic():
            read_table(rows, ["bad"])
    assert len(read_table(Person.objects.all(), ["x"])) == 5


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_stops_in_the_middle_frees_the_connection(make_people: Make) -> None:
    from headwater.sources.copy_binary import copy_rows, row_type
    from headwater.sources.selection import select

    if connection.vendor != "postgresql":
        return
    make_people(200)
    selection = select(Person.objects.all(), ["x"], vendor="postgresql", nan=True)
    statement = selection.sql()
    assert statement is not None
    blocks = copy_rows(connection, *statement, row_type("integer", 1), block_rows=10)
    assert len(next(blocks)) > 0
    blocks.close()  # type: ignore[attr-defined]
    assert Person.objects.count() == 200


def test_a_transaction_is_seen(make_people: Make) -> None:
    with transaction.atomic():
        make_people(4)
        assert len(read_table(Person.objects.all(), ["x"])) == 4
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3.0),
        (True, 1.0),
        (Decimal("2.50"), 2.5),
        (dt.date(1970, 1, 2), 1.0),
        (dt.datetime(1970, 1, 1, 12, tzinfo=dt.UTC), 0.5),
        (dt.datetime(1970, 1, 1, 12), 0.5),
        (dt.datetime(1970, 1, 1, 14, tzinfo=dt.timezone(dt.timedelta(hours=2))), 0.5),
        (dt.timedelta(hours=12), 0.5),
        (np.float32(0.5), 0.5),
    ],
)
def test_numbers_of_values(value: object, number: float) -> None:
    assert to_number(value) == number


def test_what_is_no_value() -> None:
    assert np.isnan(to_number(None))
    with pytest.raises(TypeError, match="'3' is not a number"):
        to_number("3")
