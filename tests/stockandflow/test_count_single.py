"""Single stocks: each object once, each period once, all values of a facet in one query."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from headwater.engines.periods import DAILY, HOURLY, MONTHLY
from headwater.stockandflow.count_single import count_single
from headwater.stockandflow.definitions import Facet, Stock
from headwater.stockandflow.models import StockFacetRecord, StockRecord
from tests.stockapp.models import Parcel, Subscriber, Tag, Team

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
COUNTRY = Facet("country", "Country", "country", ["no", "se", "fi"])
REGION = Facet("region", "Region", "region", ["north", "south"])
ACTIVE = Facet("active", "Active", "is_active", [True, False])
TAGS = Facet("tag", "Tag", "tags__name", ["a", "b"])
EVERYBODY: QuerySet[Any, Any] = Subscriber.objects.all()


def facets_of(slug: str, **of: Any) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows = StockFacetRecord.objects.filter(record__stock=slug, **of)
    for facet, value, count in rows.values_list("facet", "value", "count"):
        found.setdefault(facet, {})[value] = count
    return found


@pytest.fixture
def people(db: None) -> list[Subscriber]:
    """Some hundred subscribers with teams, tags, and values that no facet has."""
    drawn = random.Random(4)  # noqa: S311 - a fixed seed
    teams = [Team.objects.create(name=f"T{i}", region=r) for i, r in enumerate(("north", "east"))]
    tags = [Tag.objects.create(name=name) for name in "abc"]
    made = Subscriber.objects.bulk_create(
        Subscriber(
            stage=drawn.choice(["trial", "paying", "lapsed", ""]),
            is_active=drawn.random() < 0.7,
            score=drawn.choice([None, *range(10)]),
            country=drawn.choice(["no", "se", "dk", ""]),
            team=drawn.choice([None, *teams]),
            joined=dt.date(drawn.choice([2024, 2025]), 1, 1),
        )
        for _ in range(300)
    )
    for one in made:
        one.tags.set(drawn.sample(tags, drawn.randrange(4)))
    return made


def expected(members: list[Subscriber]) -> dict[str, dict[str, int]]:
    """Return what the facets of ``members`` must be, by a plain walk over the objects."""
    country = Counter(m.country if m.country in ("no", "se", "fi") else "" for m in members)
    region = Counter("north" if m.team and m.team.region == "north" else "" for m in members)
    active = Counter("true" if m.is_active else "false" for m in members)
    tag: Counter[str] = Counter()
    for member in members:
        names = {one.name for one in member.tags.all()} & {"a", "b"}
        tag.update(names or {""})
    zero = {
        "country": ("no", "se", "fi", ""),
        "region": ("north", "south", ""),
        "active": ("true", "false", ""),
        "tag": ("a", "b", ""),
    }
    found = {"country": country, "region": region, "active": active, "tag": tag}
    return {name: {value: found[name][value] for value in zero[name]} for name in zero}


FACETS = [COUNTRY, (REGION, "team"), ACTIVE, TAGS]
QUERYSETS: dict[str, Any] = {
    "all": EVERYBODY,
    "stage": EVERYBODY.filter(stage="trial"),
    "either": EVERYBODY.filter(Q(score__gt=5) | Q(stage__in=["paying", "lapsed"])),
    "not": EVERYBODY.exclude(score=3),
    "none": EVERYBODY.none(),
    "empty-list": EVERYBODY.filter(pk__in=[]),
    "columns": EVERYBODY.filter(score__lt=F("id") % 7),
    "ordered": EVERYBODY.filter(is_active=True).order_by("-score"),
    "distinct": EVERYBODY.filter(stage="paying").distinct(),
    "to-one": EVERYBODY.filter(team__region="north"),
    "no-team": EVERYBODY.filter(team=None),
    "to-many": EVERYBODY.filter(tags__name__in=["a", "b", "c"]),
    "to-many-distinct": EVERYBODY.filter(tags__name__in=["a", "b", "c"]).distinct(),
    "having": EVERYBODY.annotate(n=Count("tags")).filter(n__gte=2),
    "exists": EVERYBODY.filter(Exists(Team.objects.filter(pk=OuterRef("team")))),
    "subquery": EVERYBODY.filter(team__in=Team.objects.filter(region="east")),
    "raw": EVERYBODY.extra(where=["score > 4"]),
    "moment": lambda as_of: EVERYBODY.filter(joined__year__lt=as_of.year - 1),
}


@pytest.mark.parametrize("alone", [True, False])
def test_counts_are_those_of_a_plain_walk(people: list[Subscriber], alone: bool) -> None:
    stocks = [Stock(slug, slug, found, facets=FACETS) for slug, found in QUERYSETS.items()]
    parts = [[stock] for stock in stocks] if alone else [stocks]
    counted = [one for part in parts for one in count_single(part, NOON)]
    assert [(one.slug, one.failed) for one in counted] == [(slug, False) for slug in QUERYSETS]
    for one, stock in zip(counted, stocks, strict=True):
        members = list(
            Subscriber.objects.filter(pk__in={found.pk for found in stock.objects(NOON)})
            .select_related("team")
            .prefetch_related("tags")
        )
        assert one.levels == {stock.slug: len(members)}, stock.slug
        assert facets_of(stock.slug) == expected(members), stock.slug


def test_the_number_of_queries_does_not_hang_on_the_values(people: list[Subscriber]) -> None:
    numbers = []
    for month, size in ((1, 2), (2, 15), (3, 400), (4, 3000)):
        values = [f"country {i}" for i in range(size)]
        facets = [
            Facet("country", "Country", "country", values),
            Facet("tag", "Tag", "tags__name", values),
        ]
        stocks = [Stock(f"s{i}", "S", EVERYBODY.filter(score=i), facets=facets) for i in range(5)]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            counted = count_single(stocks, dt.datetime(2026, month, 1, tzinfo=dt.UTC), MONTHLY)
        assert not any(one.failed for one in counted)
        numbers.append([q["sql"] for q in asked if "stockapp_subscriber" in q["sql"]])
    # Of all five: one with the totals and the countries, two of the tags.
    assert [len(queries) for queries in numbers] == [3, 3, 3, 3]


@pytest.mark.parametrize("size", [3, 15, 40, 1500])
def test_facets_of_any_size(people: list[Subscriber], size: int) -> None:
    """Short lists are numbered, longer ones compared in the database, the longest here."""
    values = [None, "", *range(size)]
    facet = Facet("score", "Score", "score", [v for v in values if v != ""])
    count_single([Stock("all", "All", EVERYBODY, facets=[facet, COUNTRY])], NOON)
    walked = Counter(one.score for one in people)
    found = facets_of("all")["score"]
    assert len(found) == size + 1
    assert {k: n for k, n in found.items() if n} == {
        **{str(i): walked[i] for i in range(min(size, 10))},
        "": walked[None] + sum(walked[i] for i in range(size, 10)),
    }
    assert sum(facets_of("all")["country"].values()) == len(people)


def test_counting_twice_in_a_period_changes_nothing(people: list[Subscriber]) -> None:
    stock = Stock("all", "Everybody", EVERYBODY, facets=[COUNTRY])
    (first,) = count_single([stock], NOON)
    before = facets_of("all")
    Subscriber.objects.filter(stage="trial").delete()
    (second,) = count_single([stock], NOON + dt.timedelta(hours=11))
    assert first.sentence == "“Everybody” holds 300."
    assert (second.skipped, second.levels, second.as_of) == (True, {"all": 300}, NOON)
    assert second.sentence == "“Everybody” was counted already in this period: 300."
    assert facets_of("all") == before
    (third,) = count_single([stock], NOON + dt.timedelta(hours=12))
    assert not third.skipped
    assert third.levels["all"] < 300
    assert StockRecord.objects.count() == 2


def test_each_stock_has_a_period_of_its_own(people: list[Subscriber]) -> None:
    stocks = [
        Stock("hour", "Hour", EVERYBODY, every=HOURLY),
        Stock("day", "Day", EVERYBODY),
        Stock("asked", "Asked", EVERYBODY, every=None),
    ]
    counted = count_single(stocks, NOON + dt.timedelta(minutes=20), MONTHLY)
    assert [(one.slug, one.period, one.period_start) for one in counted] == [
        ("hour", HOURLY, NOON),
        ("day", DAILY, NOON.replace(hour=0)),
        ("asked", MONTHLY, NOON.replace(day=1, hour=0)),
    ]
    assert [one.period for one in count_single(stocks[2:], NOON + dt.timedelta(days=40))] == [DAILY]


def test_days_are_those_of_the_time_zone(people: list[Subscriber], settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    stock = Stock("all", "All", EVERYBODY)
    berlin = ZoneInfo("Europe/Berlin")
    # The clock goes forward on 29 March 2026: that day has 23 hours.
    for hour in range(24 * 3):
        moment = dt.datetime(2026, 3, 28, tzinfo=berlin).astimezone(dt.UTC)
        count_single([stock], moment + dt.timedelta(hours=hour))
    starts = StockRecord.objects.order_by("period_start").values_list("period_start", flat=True)
    assert [start.isoformat() for start in starts] == [
        "2026-03-27T23:00:00+00:00",
        "2026-03-28T23:00:00+00:00",
        "2026-03-29T22:00:00+00:00",
        "2026-03-30T22:00:00+00:00",
    ]


def test_values_that_vanish_keep_their_history(people: list[Subscriber]) -> None:
    def stock(*values: str) -> Stock:
        facet = Facet("country", "Country", "country", list(values))
        return Stock("all", "All", EVERYBODY, facets=[facet])

    count_single([stock("no", "se")], NOON)
    count_single([stock("se", "dk")], NOON + dt.timedelta(days=1))
    first = facets_of("all", record__counted_at=NOON)
    second = facets_of("all", record__counted_at__gt=NOON)
    assert set(first["country"]) == {"no", "se", ""}
    assert set(second["country"]) == {"se", "dk", ""}
    assert first["country"]["se"] == second["country"]["se"]
    assert sum(first["country"].values()) == sum(second["country"].values()) == 300


def test_values_from_a_queryset_are_asked_for_at_each_count(people: list[Subscriber]) -> None:
    names = Team.objects.order_by("name").values_list("name", flat=True)
    stock = Stock("all", "All", EVERYBODY, facets=[Facet("team", "Team", "team__name", names)])
    count_single([stock], NOON)
    Team.objects.create(name="T2")
    count_single([stock], NOON + dt.timedelta(days=1))
    assert set(facets_of("all", record__counted_at=NOON)["team"]) == {"T0", "T1", ""}
    assert facets_of("all", record__counted_at__gt=NOON)["team"]["T2"] == 0


def test_one_that_fails_does_not_stop_the_others(
    people: list[Subscriber], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(as_of: dt.datetime) -> QuerySet[Any, Any]:
        raise RuntimeError("The shop is closed.")

    stocks = [
        Stock("one", "One", EVERYBODY),
        Stock("function", "Function", broken),
        Stock("sliced", "Sliced", lambda as_of: EVERYBODY[:5]),
        Stock("sql", "SQL", EVERYBODY.extra(where=["nowhere = 1"])),
        Stock("value", "Value", EVERYBODY, facets=[Facet("f", "F", "score", ["many"])]),
        Stock("two", "Two", EVERYBODY),
    ]
    counted = {one.slug: one for one in count_single(stocks, NOON)}
    assert [slug for slug, one in counted.items() if not one.failed] == ["one", "two"]
    assert counted["function"].sentence == "“Function” could not be counted. The shop is closed."
    assert "sliced queryset" in counted["sliced"].sentence
    assert "nowhere" in counted["sql"].sentence
    assert set(StockRecord.objects.values_list("stock", flat=True)) == {"one", "two"}
    assert "RuntimeError: The shop is closed." in caplog.text


def test_an_earlier_moment_is_refused(people: list[Subscriber]) -> None:
    stock = Stock("all", "All", EVERYBODY)
    count_single([stock], NOON)
    (earlier,) = count_single([stock], NOON - dt.timedelta(days=1))
    assert earlier.failed
    assert earlier.sentence == (
        "“All” was counted as of 2026-03-10T12:00:00+00:00, which is after "
        "2026-03-09T12:00:00+00:00. Count it as of a later moment."
    )
    assert StockRecord.objects.count() == 1


def test_a_count_by_a_clock_far_ahead_blocks_nothing(people: list[Subscriber]) -> None:
    stock = Stock("all", "All", EVERYBODY)
    count_single([stock], dt.datetime(2090, 1, 1, tzinfo=dt.UTC))
    (now,) = count_single([stock])
    assert (now.failed, now.levels) == (False, {"all": 300})


def test_keys_that_are_uuids(db: None) -> None:
    Parcel.objects.bulk_create(Parcel(place=place) for place in ("a", "a", "b"))
    places = Facet("place", "Place", "place", ["a"])
    count_single([Stock("all", "All", Parcel.objects.all(), facets=[places])], NOON)
    assert facets_of("all") == {"place": {"a": 2, "": 1}}


@pytest.mark.django_db(transaction=True)
def test_two_that_count_at_once_record_once() -> None:
    Subscriber.objects.bulk_create(Subscriber(country="no") for _ in range(50))
    stocks = [Stock(f"s{i}", "S", EVERYBODY, facets=[COUNTRY]) for i in range(5)]
    together = threading.Barrier(4, timeout=60)
    counted = []

    def count() -> None:
        try:
            together.wait()
            counted.extend(count_single(stocks, NOON))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=count, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(counted) == 20
    assert not any(one.failed for one in counted)
    assert sum(not one.skipped for one in counted) == 5
    assert all(list(one.levels.values()) == [50] for one in counted)
    assert StockRecord.objects.count() == 5
    assert StockFacetRecord.objects.count() == 20


def test_a_record_that_cannot_be_kept_does_not_stop_the_others(people: list[Subscriber]) -> None:
    long = Stock("s" * 101, "Long", EVERYBODY, partition="of none")  # no slug that is checked
    counted = count_single([long, Stock("all", "All", EVERYBODY)], NOON)
    if connection.vendor == "postgresql":  # SQLite keeps texts of any length
        assert [one.failed for one in counted] == [True, False]
        assert "could not be counted. value too long" in counted[0].sentence
    assert StockRecord.objects.filter(stock="all").exists()
