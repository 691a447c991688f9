"""Count: levels, flows and their facets, once in each period."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headwater.stockandflow import balance, count_stocks
from headwater.stockandflow.models import (
    FlowFacetRecord,
    FlowRecord,
    Ledger,
    StockFacetRecord,
    StockMembership,
    StockRecord,
)
from tests.stockapp.models import Subscriber, SubscriberEvent, Team

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def make(stage: str, number: int = 1, **values: object) -> list[Subscriber]:
    return Subscriber.objects.bulk_create(
        [Subscriber(stage=stage, **values) for _ in range(number)]
    )


def levels() -> dict[str, int]:
    last = StockRecord.objects.filter(partition="stage").order_by("-period_start").first()
    records = StockRecord.objects.filter(partition="stage", period_start=last.period_start)
    return dict(records.values_list("stock", "count"))


def test_the_first_count_opens_the_books() -> None:
    make("trial", 3)
    make("paying", 2)
    make("", 4)
    (counted,) = count_stocks(MONDAY, only=["stage"])
    assert not counted.failed, counted.sentence
    assert dict(counted.levels) == {"trial": 3, "paying": 2}
    assert (counted.events, counted.skipped) == (0, False)
    assert levels() == {"trial": 3, "paying": 2, "lapsed": 0}
    events = SubscriberEvent.objects.all()
    assert {(e.cause, e.source, e.is_inferred, e.not_before, e.page) for e in events} == {
        ("opening", "", True, None, 1)
    }
    assert not FlowRecord.objects.exists()
    assert StockMembership.objects.count() == 5
    assert balance("stage").is_exact


def test_the_second_count_tells_who_moved() -> None:
    team = Team.objects.create(name="a", region="south")
    trial = make("trial", 3, country="no", team=team)
    paying = make("paying", 2, country="de")
    count_stocks(MONDAY, only=["stage"])
    Subscriber.objects.filter(pk__in=[one.pk for one in trial[:2]]).update(stage="paying")
    paying[0].delete()
    make("lapsed", 1, country="fi")
    (counted,) = count_stocks(MONDAY + DAY, only=["stage"])
    assert not counted.failed, counted.sentence
    assert counted.events == 4
    records = FlowRecord.objects.all()
    assert {(r.flow, r.source, r.sink): (r.events, r.inferred) for r in records} == {
        ("winning", "trial", "paying"): (2, 2),
        ("losing", "paying", ""): (1, 1),
        ("", "", "lapsed"): (1, 1),
    }
    assert {(r.started_at, r.ended_at, r.page) for r in records} == {(MONDAY, MONDAY + DAY, 2)}
    found = FlowFacetRecord.objects.values_list("record__flow", "facet", "value", "events")
    assert set(found) == {
        ("winning", "country", "no", 2),
        ("winning", "region", "south", 2),
        ("losing", "country", "", 1),
        ("losing", "region", "", 1),
        ("", "country", "fi", 1),
        ("", "region", "", 1),
    }
    facets = StockFacetRecord.objects.filter(record__page=2, record__stock="paying")
    assert {(f.facet, f.value): f.count for f in facets} == {
        ("country", "no"): 2,
        ("country", "se"): 0,
        ("country", "fi"): 0,
        ("country", ""): 1,
        ("region", "north"): 0,
        ("region", "south"): 2,
        ("region", ""): 1,
    }
    books = balance("stage", MONDAY)
    assert books.is_exact
    assert {line.stock: (line.opening, line.inflow, line.outflow) for line in books.lines} == {
        "trial": (3, 0, 2),
        "paying": (2, 2, 1),
        "lapsed": (0, 1, 0),
    }


def test_a_second_count_in_a_period_changes_nothing() -> None:
    make("trial", 3)
    count_stocks(MONDAY, only=["stage"])
    Subscriber.objects.update(stage="paying")
    (counted,) = count_stocks(MONDAY + timedelta(hours=5), only=["stage"])
    assert counted.skipped
    assert counted.levels["trial"] == 3
    assert StockRecord.objects.count() == 3
    assert Ledger.objects.get().page == 2
    assert SubscriberEvent.objects.count() == 3


def test_the_number_of_queries_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.stockapp import stocks

    make("trial", 3, country="no")
    count_stocks(MONDAY, only=["stage"])
    with CaptureQueriesContext(connection, ) as few:
        count_stocks(MONDAY + DAY, only=["stage"])
    object.__setattr__(stocks.country, "values", [f"c{i}" for i in range(500)])
    try:
        make("paying", 300, country="c7")
        with CaptureQueriesContext(connection) as many:
            count_stocks(MONDAY + 2 * DAY, only=["stage"])
    finally:
        object.__setattr__(stocks.country, "values", ["no", "se", "fi"])
    print(len(few), len(many))
