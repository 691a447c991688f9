"""Partitions and single stocks that only their records tell of."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headwater.stockandflow import Stock, balance, count_stocks, discover
from headwater.stockandflow.models import FollowedField, StockRecord
from headwater.stockandflow.retired import Retired, retired
from tests.stockapp.models import Subscriber

pytestmark = pytest.mark.django_db
BEGIN = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


def counted(slug: str, stock: str, count: int, day: int = 0) -> StockRecord:
    """Write the record of one stock; ``slug`` "" for a single one."""
    at = BEGIN + dt.timedelta(days=day)
    return StockRecord.objects.create(
        partition=slug,
        stock=stock,
        period="daily",
        period_start=at.replace(hour=0),
        counted_at=at,
        count=count,
        page=None if not slug else day + 1,
    )


def test_nothing_that_is_stated_is_retired(monkeypatch: pytest.MonkeyPatch) -> None:
    lone = Stock("lone", "Lone", Subscriber)
    stated = replace(discover.stated(), stocks=(lone,))
    Subscriber.objects.create(name="Ada", stage="trial")

    with monkeypatch.context() as patched:
        patched.setattr(discover, "stated", lambda: stated)
        count_stocks(as_of=BEGIN)
        assert StockRecord.objects.exclude(partition="").exists()
        assert retired() == []

    assert retired() == [Retired("lone", False, BEGIN, {"lone": 1})]


def test_the_levels_are_those_of_the_last_count_of_each() -> None:
    for day in range(3):
        counted("old", "b", 10 + day, day)
        counted("old", "a", 20 + day, day)
    counted("older", "c", 5)
    counted("", "lone", 7, 1)
    # A state of another's last moment, which is not the last count of its own partition.
    counted("older", "d", 6, -1)

    day = dt.timedelta(days=1)
    assert retired() == [
        Retired("old", True, BEGIN + 2 * day, {"b": 12, "a": 22}),
        Retired("older", True, BEGIN, {"c": 5}),
        Retired("lone", False, BEGIN + day, {"lone": 7}),
    ]


def test_a_followed_field_is_retired_once_nobody_follows_it() -> None:
    followed = FollowedField.objects.create(
        slug="by-country", name="By country", model="stockapp.Subscriber", field="country"
    )
    Subscriber.objects.create(name="Ada", stage="trial", country="no")
    count_stocks(as_of=BEGIN, only=["by-country"])
    assert retired() == []

    followed.delete()

    assert retired() == [Retired("by-country", True, BEGIN, {"no": 1})]
    assert [(line.stock, line.closing) for line in balance("by-country").lines] == [("no", 1)]


def test_it_takes_as_many_queries_for_many_as_for_one() -> None:
    taken = []
    for number in range(1, 30):
        counted(f"old-{number}", "a", 1)
        counted("", f"lone-{number}", 1)
        with CaptureQueriesContext(connection) as queries:
            assert len(retired()) == 2 * number
        taken.append(len(queries))

    assert set(taken) == {5}
