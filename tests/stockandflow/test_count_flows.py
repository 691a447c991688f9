"""Flows that are of no partition: their events, once a period, by move and by facet."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from headwater.stockandflow import count
from headwater.stockandflow import count_flows as verb
from headwater.stockandflow.count import count_stocks
from headwater.stockandflow.count_flows import count_flows
from headwater.stockandflow.definitions import Facet, Flow, Stock
from headwater.stockandflow.events import object_text
from headwater.stockandflow.models import FlowEvent, FlowFacetRecord, FlowRecord
from headwater.stockandflow.periods import HOURLY
from tests.stockapp.models import Parcel, Subscriber, SubscriberEvent, Tag

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
COUNTRY = Facet("country", "Country", "country", ["no", "se"])
TAGS = Facet("tag", "Tag", "tags__name", ["a", "b"])
TRIAL = Stock("trial", "Trial", Subscriber.objects.filter(stage="trial"), facets=[COUNTRY])
PAYING = Stock("paying", "Paying", Subscriber.objects.filter(stage="paying"), facets=[TAGS])
JOINING = Flow("joining", "Joining", SubscriberEvent, sources=[None, TRIAL], sinks=[TRIAL, PAYING])


def happened(subject: Any, source: str, sink: str, at: dt.datetime, **values: Any) -> None:
    SubscriberEvent.objects.create(
        subject_id=getattr(subject, "pk", subject),
        flow=values.pop("flow", "joining"),
        source=source,
        sink=sink,
        occurred_at=at,
        **values,
    )


def records(flow: str = "joining") -> list[tuple[Any, ...]]:
    rows = FlowRecord.objects.filter(flow=flow).order_by("period_start", "source", "sink")
    return list(rows.values_list("source", "sink", "events", "inferred", "relabelled"))


def facets(**of: Any) -> dict[tuple[str, str, str, str], int]:
    rows = FlowFacetRecord.objects.filter(**of)
    names = ("record__source", "record__sink", "facet", "value")
    return {tuple(key): events for *key, events in rows.values_list(*names, "events")}


def test_each_move_has_a_record_also_of_no_events() -> None:
    one = Subscriber.objects.create()
    happened(one, "", "trial", NOON - HOUR)
    happened(one, "trial", "paying", NOON - HOUR / 2, is_inferred=True)
    happened(one, "trial", "paying", NOON - HOUR / 2, cause="relabelled")
    happened(one, "", "trial", NOON - HOUR, cause="opening")
    happened(one, "", "trial", NOON - HOUR, flow="other")
    happened(one, "", "trial", NOON - HOUR, partition="stage")
    happened(one, "", "trial", NOON - DAY)
    happened(one, "", "trial", NOON)
    (counted,) = count_flows([JOINING], NOON)
    assert counted.sentence == "“Joining” had 3 events since 2026-03-10T00:00+00:00."
    assert records() == [
        ("", "paying", 0, 0, 0),
        ("", "trial", 1, 0, 0),
        ("trial", "paying", 2, 1, 1),
    ]
    row = FlowRecord.objects.get(source="trial")
    assert (row.started_at, row.ended_at) == (NOON.replace(hour=0), NOON)
    assert row.rate() == 4


def test_events_go_on_from_the_last_record() -> None:
    one = Subscriber.objects.create()
    moments = [NOON - HOUR, NOON, NOON + HOUR, NOON + 3 * DAY - HOUR, NOON + 3 * DAY]
    for moment in moments:
        happened(one, "", "trial", moment)
    count_flows([JOINING], NOON)
    (again,) = count_flows([JOINING], NOON + HOUR)
    assert (again.skipped, again.events) == (True, 1)
    count_flows([JOINING], NOON + 3 * DAY)  # two days were missed
    count_flows([JOINING], NOON + 4 * DAY)
    rows = FlowRecord.objects.filter(source="", sink="trial").order_by("ended_at")
    assert [row.events for row in rows] == [1, 3, 1]
    assert [row.started_at for row in rows[1:]] == [row.ended_at for row in rows[:2]]


def test_facets_are_those_of_the_objects_at_the_count() -> None:
    a, b = Tag.objects.create(name="a"), Tag.objects.create(name="b")
    norwegian = Subscriber.objects.create(country="no")
    norwegian.tags.set([a, b])
    other = Subscriber.objects.create(country="dk")
    gone = Subscriber.objects.create(country="no")
    for one in (norwegian, norwegian, other, gone):
        happened(one, "", "trial", NOON - HOUR)
    gone.delete()
    count_flows([JOINING], NOON)
    assert facets(record__source="", record__sink="trial") == {
        ("", "trial", "country", "no"): 2,
        ("", "trial", "country", "se"): 0,
        ("", "trial", "country", ""): 2,
        ("", "trial", "tag", "a"): 2,
        ("", "trial", "tag", "b"): 2,
        ("", "trial", "tag", ""): 2,
    }
    assert set(facets(record__source="trial").values()) == {0}


def test_many_objects_are_asked_for_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "_BLOCK", 7)
    people = Subscriber.objects.bulk_create(
        Subscriber(country="no" if i % 3 else "se") for i in range(30)
    )
    SubscriberEvent.objects.bulk_create(
        SubscriberEvent(subject=one, flow="joining", sink="trial", occurred_at=NOON - HOUR)
        for one in people
    )
    count_flows([JOINING], NOON)
    found = facets(record__source="", record__sink="trial", facet="country")
    assert {value: number for (*_, value), number in found.items()} == {"no": 20, "se": 10, "": 0}


def test_the_number_of_queries_does_not_hang_on_the_values() -> None:
    one = Subscriber.objects.create()
    numbers = []
    for day, size in enumerate((2, 15, 400, 3000)):
        facet = Facet("country", "Country", "country", [f"country {i}" for i in range(size)])
        stock = Stock("trial", "Trial", Subscriber.objects.all(), facets=[facet])
        flow = Flow("joining", "Joining", SubscriberEvent, sources=[None], sinks=[stock])
        happened(one, "", "trial", NOON + day * DAY - HOUR)
        with CaptureQueriesContext(connection) as asked:
            count_flows([flow], NOON + day * DAY)
        numbers.append(sum('FROM "stockapp_subscriber"' in query["sql"] for query in asked))
    assert numbers == [1, 1, 1, 1]


def test_events_for_objects_of_any_model() -> None:
    here = Facet("place", "Place", "place", ["here"])
    stock = Stock("parcels", "Parcels", Parcel.objects.all(), facets=[here])
    flow = Flow("sending", "Sending", sources=[None], sinks=[stock])
    one, two = Parcel.objects.create(place="here"), Parcel.objects.create(place="there")
    for parcel in (one, one, two):
        FlowEvent.objects.create(
            content_type=ContentType.objects.get_for_model(Parcel),
            object_id=object_text(Parcel, parcel.pk),
            flow="sending",
            sink="parcels",
            occurred_at=NOON - HOUR,
        )
    FlowEvent.objects.create(
        content_type=ContentType.objects.get_for_model(Parcel),
        object_id="no uuid",
        flow="sending",
        sink="parcels",
        occurred_at=NOON - HOUR,
    )
    count_flows([flow], NOON)
    assert records("sending") == [("", "parcels", 4, 0, 0)]
    assert facets() == {("", "parcels", "place", "here"): 2, ("", "parcels", "place", ""): 2}


def test_moves_that_the_flow_does_not_name_any_more_are_kept() -> None:
    one = Subscriber.objects.create()
    happened(one, "lapsed", "paying", NOON - HOUR)
    count_flows([JOINING], NOON)
    assert ("lapsed", "paying", 1, 0, 0) in records()
    assert facets(record__source="lapsed")["lapsed", "paying", "country", ""] == 1


def test_stand_ins_have_no_facets() -> None:
    flow = Flow("joining", "Joining", "stockapp.SubscriberEvent", sources=["a", 1], sinks=["b"])
    count_flows([flow], NOON, HOURLY)
    assert records() == [("1", "b", 0, 0, 0), ("a", "b", 0, 0, 0)]
    assert FlowRecord.objects.filter(period=HOURLY, period_start=NOON).count() == 2
    assert not FlowFacetRecord.objects.exists()


def test_clocks(caplog: pytest.LogCaptureFixture) -> None:
    count_flows([JOINING], NOON)
    (earlier,) = count_flows([JOINING], NOON - DAY)
    assert earlier.failed
    assert earlier.sentence == (
        "“Joining” could not be counted. Its events were counted up to 2026-03-10T12:00:00+00:00, "
        "which is after 2026-03-09T12:00:00+00:00. Count them as of a later moment."
    )
    count_flows([JOINING], dt.datetime(2090, 1, 1, tzinfo=dt.UTC))
    (now,) = count_flows([JOINING])
    assert not now.failed


def test_counting_all_counts_flows_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(count, "all_flows", lambda: [JOINING])
    happened(Subscriber.objects.create(), "", "trial", NOON - HOUR)
    assert [one.events for one in count_stocks(NOON) if one.slug == "joining"] == [1]
    assert not any(one.slug == "joining" for one in count_stocks(NOON, only=["stage"]))


@pytest.mark.django_db(transaction=True)
def test_two_that_count_at_once_record_once() -> None:
    people = Subscriber.objects.bulk_create(Subscriber(country="no") for _ in range(20))
    for one in people:
        happened(one, "", "trial", NOON - HOUR)
    together = threading.Barrier(4, timeout=60)
    counted = []

    def run() -> None:
        try:
            together.wait()
            counted.extend(count_flows([JOINING], NOON))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert [one.events for one in counted] == [20] * 4
    assert not any(one.failed for one in counted)
    assert sum(not one.skipped for one in counted) == 1
    assert records() == [
        ("", "paying", 0, 0, 0),
        ("", "trial", 20, 0, 0),
        ("trial", "paying", 0, 0, 0),
    ]
