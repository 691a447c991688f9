"""Count: levels, flows and their facets, once in each period."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Case, Value, When
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from headwater.stockandflow import Facet, Partition, balance, count_stocks, diff_partition
from headwater.stockandflow.balance import pages
from headwater.stockandflow.calls import retry_calls
from headwater.stockandflow.errors import ClockError, DefinitionError
from headwater.stockandflow.events import object_text
from headwater.stockandflow.ledger import post, posting
from headwater.stockandflow.models import (
    FlowEvent,
    FlowFacetRecord,
    FlowRecord,
    Ledger,
    PendingCall,
    StockFacetRecord,
    StockMembership,
    StockRecord,
)
from headwater.stockandflow.periods import MONTHLY
from tests.stockapp import stocks
from tests.stockapp.models import (
    Notice,
    Parcel,
    ParcelEvent,
    Subscriber,
    SubscriberEvent,
    Tag,
    Team,
    Ticket,
)

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes its partitions all that is stated."""

    def only(*partitions: Partition) -> None:
        for name in ("balance", "count", "discover"):
            module = import_module(f"headwater.stockandflow.{name}")
            monkeypatch.setattr(module, "all_partitions", lambda: list(partitions))
        for name in ("all_stocks", "all_flows"):
            monkeypatch.setattr(import_module("headwater.stockandflow.count"), name, list)

    return only


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


def test_the_number_of_queries_does_not_grow(counting: Any) -> None:
    def queries(values: list[str], as_of: datetime) -> int:
        facets = [
            Facet("country", "Country", "country", values),
            Facet("region", "Region", "team__region", values),
            Facet("tag", "Tag", "tags__name", values),
        ]
        counting(Partition("wide", Subscriber, "stage", facets=facets))
        with CaptureQueriesContext(connection) as captured:
            (counted,) = count_stocks(as_of, only=["wide"])
        assert not counted.failed, counted.sentence
        Subscriber.objects.update(stage=f"s{as_of.day}")
        return len(captured)

    ContentType.objects.get_for_model(Subscriber)
    for country in ("no", "se", "c7"):
        make("trial", 2, country=country)
    queries(["no"], MONDAY)
    few = queries(["no"], MONDAY + DAY)
    # Sixty values in place of one, and as many times the records: the same statements.
    assert queries([f"c{i}" for i in range(60)], MONDAY + 2 * DAY) == few


def test_a_facet_of_which_an_object_has_several_values(counting: Any) -> None:
    a, b, c = (Tag.objects.create(name=name) for name in "abc")
    both, one, other, none = make("trial", 4)
    both.tags.add(a, b)
    one.tags.add(a)
    other.tags.add(c)
    tag = Facet("tag", "Tag", "tags__name", ["a", "b"])
    counting(Partition("tagged", Subscriber, "stage", facets=[tag]))
    count_stocks(MONDAY, only=["tagged"])
    facets = StockFacetRecord.objects.filter(record__stock="trial")
    assert {f.value: f.count for f in facets} == {"a": 2, "b": 1, "": 2}
    Subscriber.objects.filter(pk__in=[both.pk, none.pk]).update(stage="paying")
    count_stocks(MONDAY + DAY, only=["tagged"])
    moved = FlowFacetRecord.objects.filter(record__source="trial")
    assert {f.value: f.events for f in moved} == {"a": 1, "b": 1, "": 1}


def test_a_facet_with_many_values_of_other_kinds_than_text(counting: Any) -> None:
    team = Team.objects.create(name="a")
    make("trial", 2, team=team, score=7, is_active=False)
    make("trial", 1, score=None)
    facets = [
        Facet("team", "Team", "team", Team.objects.values_list("pk", flat=True)),
        Facet("score", "Score", "score", list(range(50))),
        Facet("active", "Active", "is_active", [True, False]),
    ]
    counting(Partition("kinds", Subscriber, "stage", facets=facets))
    count_stocks(MONDAY, only=["kinds"])
    facets = StockFacetRecord.objects.filter(record__stock="trial", count__gt=0)
    assert {(f.facet, f.value): f.count for f in facets} == {
        ("team", str(team.pk)): 2,
        ("team", ""): 1,
        ("score", "7"): 2,
        ("score", ""): 1,
        ("active", "false"): 2,
        ("active", "true"): 1,
    }


def test_keys_that_are_uuids() -> None:
    one, two = Parcel.objects.create(place="a"), Parcel.objects.create(place="b")
    count_stocks(MONDAY, only=["place"])
    keys = {object_text(Parcel, one.pk), object_text(Parcel, two.pk)}
    Parcel.objects.filter(pk=one.pk).update(place="b")
    two.delete()
    (counted,) = count_stocks(MONDAY + DAY, only=["place"])
    assert (dict(counted.levels), counted.events) == ({"b": 1}, 2)
    assert set(FlowEvent.objects.values_list("object_id", flat=True)) == keys
    moved = FlowEvent.objects.get(source="a", sink="b")
    assert moved.subject == one
    assert balance("place").is_exact


def test_an_earlier_moment_is_refused() -> None:
    make("trial")
    count_stocks(MONDAY + DAY, only=["stage"])
    with pytest.raises(ClockError, match="go to 2026-03-03 09:00:00 UTC already"):
        count_stocks(MONDAY, only=["stage"])
    with pytest.raises(ClockError, match="Give a later moment"):
        diff_partition("stage", MONDAY)
    with pytest.raises(ClockError, match="no time zone"):
        diff_partition("stage", datetime(2026, 3, 9))
    # The same period again is no mistake.
    (counted,) = count_stocks(MONDAY + DAY - timedelta(hours=1), only=["stage"])
    assert counted.skipped


def test_a_clock_that_goes_back_a_little_changes_no_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = MONDAY
    monkeypatch.setattr(timezone, "now", lambda: now)
    make("trial", 2)
    diff_partition("stage")
    now -= timedelta(seconds=90)
    Subscriber.objects.update(stage="paying")
    (counted,) = count_stocks(only=["stage"])
    assert not counted.failed
    assert (counted.as_of, counted.levels["paying"], counted.events) == (MONDAY, 2, 2)
    assert balance("stage").is_exact
    now -= DAY
    (counted,) = count_stocks(only=["stage"])
    assert counted.failed
    assert "The clock was set back" in counted.sentence


@pytest.mark.parametrize(
    ("zone", "moments"),
    [
        # In Berlin 29 March has 23 hours, and 25 October has 25.
        ("Europe/Berlin", ["2026-03-28T23:30", "2026-03-29T21:30", "2026-03-29T22:00"]),
        ("Europe/Berlin", ["2026-10-24T22:00", "2026-10-25T22:59", "2026-10-25T23:00"]),
    ],
)
def test_days_without_an_hour_and_with_one_more(
    zone: str, moments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "get_default_timezone", lambda: ZoneInfo(zone))
    make("trial")
    first, second, third = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in moments)
    assert not count_stocks(first, only=["stage"])[0].skipped
    assert count_stocks(second, only=["stage"])[0].skipped
    assert not count_stocks(third, only=["stage"])[0].skipped
    starts = StockRecord.objects.order_by("period_start").values_list("period_start", flat=True)
    hours = {at.astimezone(ZoneInfo(zone)).hour for at in starts}
    assert hours == {0}


def test_moves_that_no_flow_names_are_in_the_books() -> None:
    make("lapsed", 2)
    count_stocks(MONDAY, only=["stage"])
    Subscriber.objects.update(stage="trial")
    count_stocks(MONDAY + DAY, only=["stage"])
    record = FlowRecord.objects.get()
    assert (record.flow, record.source, record.sink, record.events) == ("", "lapsed", "trial", 2)
    assert balance("stage").is_exact


def test_missed_periods_are_filled_in_where_events_are_exact() -> None:
    Ticket.objects.create(status="new")
    count_stocks(MONDAY, only=["ticket-status"])
    key = str(Ticket.objects.get().pk)
    for days, state in ((1.5, "open"), (2.5, "closed")):
        with transaction.atomic():
            ledger = posting(stocks.ticket_status)
            post(ledger, stocks.ticket_status, {key: state}, MONDAY + days * DAY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stockapp_ticket SET status = 'closed'")
    count_stocks(MONDAY + 4 * DAY, only=["ticket-status"])
    filled = StockRecord.objects.filter(is_backfilled=True).order_by("period_start")
    by_day = {}
    for record in filled:
        assert record.page is None
        assert record.counted_at == record.period_start
        by_day.setdefault(record.period_start.day, {})[record.stock] = record.count
    assert by_day == {
        3: {"new": 1},
        4: {"new": 0, "open": 1},
        5: {"new": 0, "open": 0, "closed": 1},
    }
    assert balance("ticket-status").is_exact


def test_missed_periods_stay_missing_where_an_event_is_inferred() -> None:
    make("trial")
    count_stocks(MONDAY, only=["stage"])
    Subscriber.objects.update(stage="paying")
    count_stocks(MONDAY + 5 * DAY, only=["stage"])
    assert not StockRecord.objects.filter(is_backfilled=True).exists()
    assert StockRecord.objects.values("period_start").distinct().count() == 2


def test_what_is_wanted_must_be_there() -> None:
    with pytest.raises(DefinitionError, match="no partition and no stock “stages”"):
        count_stocks(only=["stages"])
    with pytest.raises(DefinitionError, match="'fortnightly' is no period"):
        count_stocks(every="fortnightly")
    with pytest.raises(DefinitionError, match="Give a list of slugs"):
        count_stocks(only="stage")


def test_a_partition_that_states_no_period_is_counted_where_asked_for(counting: Any) -> None:
    counting(Partition("seldom", Subscriber, "stage", every=None))
    make("trial")
    assert count_stocks(MONDAY) == []
    (counted,) = count_stocks(MONDAY, only=["seldom"], every=MONTHLY)
    assert counted.period_start == datetime(2026, 3, 1, tzinfo=UTC)
    assert count_stocks(MONDAY + 9 * DAY, only=["seldom"], every=MONTHLY)[0].skipped


def test_one_that_fails_does_not_stop_the_others(
    counting: Any, caplog: pytest.LogCaptureFixture
) -> None:
    long = Case(When(stage="trial", then=Value("x" * 101)), default=Value("y"))
    twice = Partition("twice", Subscriber.objects.filter(tags__name__isnull=False), "tags__name")
    sound = Partition("sound", Subscriber, "stage")
    (one,) = make("trial")
    one.tags.add(Tag.objects.create(name="a"), Tag.objects.create(name="b"))
    counting(Partition("long", Subscriber, long), twice, sound)
    found = {counted.slug: counted for counted in count_stocks(MONDAY)}
    assert "of 101 characters" in found["long"].sentence
    assert f"the subscriber {one.pk} in “a” and in “b” at once" in found["twice"].sentence
    assert {slug for slug, counted in found.items() if counted.failed} == {"long", "twice"}
    assert dict(found["sound"].levels) == {"trial": 1}
    assert set(StockRecord.objects.values_list("partition", flat=True)) == {"sound"}
    assert not FlowEvent.objects.exclude(partition="sound").exists()
    assert "The partition “long” could not be counted." in caplog.text


def test_joins_that_repeat_an_object_count_it_once(counting: Any) -> None:
    one, _ = make("trial", 2)
    one.tags.add(Tag.objects.create(name="a"), Tag.objects.create(name="b"))
    tagged = Subscriber.objects.filter(tags__name__in=["a", "b"])
    counting(
        Partition("joined", tagged, "stage"),
        Partition("distinct", tagged.distinct(), "stage"),
        Partition("nobody", Subscriber.objects.none(), "stage"),
    )
    found = {counted.slug: counted for counted in count_stocks(MONDAY)}
    assert not any(counted.failed for counted in found.values())
    assert dict(found["joined"].levels) == {"trial": 1}
    assert dict(found["distinct"].levels) == {"trial": 1}
    assert dict(found["nobody"].levels) == {}
    assert balance("joined").is_exact


def test_a_subject_in_another_database_is_refused(counting: Any) -> None:
    counting(Partition("far", Subscriber.objects.using("elsewhere"), "stage"))
    (counted,) = count_stocks(MONDAY)
    assert counted.failed
    assert "in the database “elsewhere”; the books are in “default”" in counted.sentence


def test_a_stock_that_is_gone_from_code_stays_in_the_books(counting: Any) -> None:
    counting(Partition("stage-2", Subscriber, "stage"))
    make("trial")
    count_stocks(MONDAY)
    Subscriber.objects.update(stage="paying")
    count_stocks(MONDAY + DAY)
    names = {"paying": "Paying"}
    counting(Partition("stage-2", Subscriber, "stage", names=names))
    count_stocks(MONDAY + 2 * DAY)
    last = StockRecord.objects.filter(period_start__day=4)
    assert dict(last.values_list("stock", "count")) == {"paying": 1, "trial": 0, "lapsed": 0}
    counting()
    lines = {line.stock: (line.inflow, line.outflow, line.closing) for line in books("stage-2")}
    assert lines == {"paying": (1, 0, 1), "trial": (1, 1, 0), "lapsed": (0, 0, 0)}
    with pytest.raises(DefinitionError, match="No partition “stage-3” is stated"):
        balance("stage-3")


def books(slug: str) -> Any:
    found = balance(slug)
    assert found.is_exact
    return found.lines


def test_moves_that_a_count_finds_are_called_like_others(counting: Any) -> None:
    Ticket.objects.bulk_create([Ticket(title="one", status="new")])
    count_stocks(MONDAY, only=["ticket-status"])
    assert not PendingCall.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stockapp_ticket SET status = 'closed'")
    count_stocks(MONDAY + DAY, only=["ticket-status"])
    call = PendingCall.objects.get()
    assert (call.flow, call.partition, call.source, call.sink) == (
        "closing",
        "ticket-status",
        "new",
        "closed",
    )
    assert retry_calls() == 1
    assert [notice.text for notice in Notice.objects.all()] == ["one: 'new', 'closed'"]


def test_pages_are_a_cash_book() -> None:
    make("trial", 2)
    count_stocks(MONDAY, only=["stage"])
    Subscriber.objects.update(stage="paying")
    diff_partition("stage", MONDAY + DAY / 2)
    Subscriber.objects.update(stage="lapsed")
    count_stocks(MONDAY + DAY, only=["stage"])
    first, second = pages("stage")
    assert (first.page, first.opened_at, first.closed_at) == (1, None, MONDAY)
    assert (second.page, second.opened_at, second.closed_at) == (2, MONDAY, MONDAY + DAY)
    lines = {line.stock: (line.opening, line.inflow, line.outflow) for line in second.lines}
    assert lines == {"trial": (2, 0, 2), "paying": (0, 2, 2), "lapsed": (0, 2, 0)}
    assert all(page.is_exact for page in (first, second))
    assert pages("stage", last=1) == [second]


def test_a_level_that_is_wrong_is_a_gap() -> None:
    make("trial", 2)
    count_stocks(MONDAY, only=["stage"])
    StockRecord.objects.filter(stock="trial").update(count=3)
    found = balance("stage")
    assert not found.is_exact
    assert {line.stock: line.gap for line in found.lines} == {"trial": 1, "paying": 0, "lapsed": 0}


def test_an_event_model_with_columns_and_keys_of_its_own(counting: Any) -> None:
    own = Partition("place-2", Parcel, "place", flow_event_model="stockapp.ParcelEvent")
    counting(own)
    one, two = Parcel.objects.create(place="a"), Parcel.objects.create(place="b")
    count_stocks(MONDAY)
    Parcel.objects.filter(pk=one.pk).update(place="b")
    with transaction.atomic():
        post(posting(own), own, {object_text(Parcel, two.pk): "c"}, MONDAY + DAY / 2)
    Parcel.objects.filter(pk=two.pk).update(place="c")
    (counted,) = count_stocks(MONDAY + DAY)
    assert (counted.failed, counted.events) == (False, 2)
    events = ParcelEvent.objects.filter(page=2)
    assert {(e.subject, e.source, e.sink, e.remark, e.weight) for e in events} == {
        (one, "a", "b", "none yet", None),
        (two, "b", "c", "none yet", None),
    }
    assert all(event.noted_at is not None for event in events)
    assert len({event.pk for event in ParcelEvent.objects.all()}) == 4
    assert balance("place-2").is_exact


def test_an_event_model_that_a_count_cannot_fill_in(
    counting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ParcelEvent._meta.get_field("weight"), "null", False)
    counting(Partition("place-2", Parcel, "place", flow_event_model=ParcelEvent))
    Parcel.objects.create(place="a")
    (counted,) = count_stocks(MONDAY)
    assert counted.failed
    assert "“weight” of stockapp.ParcelEvent cannot be filled in by a count" in counted.sentence
    assert not ParcelEvent.objects.exists()


def test_events_from_before_the_first_count_are_no_openings() -> None:
    Ticket.objects.create(status="new")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stockapp_ticket SET status = 'open'")
    kept = Ticket.objects.create(status="new")
    kept.status = "closed"
    kept.save()
    count_stocks(MONDAY + 1000 * DAY, only=["ticket-status"])
    events = FlowEvent.objects.order_by("pk").values_list("source", "sink", "cause", "is_inferred")
    assert list(events) == [
        ("", "new", "", False),
        ("", "new", "", False),
        ("new", "closed", "", False),
        ("new", "open", "", True),
    ]
    records = FlowRecord.objects.values_list("flow", "source", "sink", "events", "inferred")
    assert set(records) == {
        ("arriving", "", "new", 2, 0),
        ("closing", "new", "closed", 1, 0),
        ("", "new", "open", 1, 1),
    }
    first = FlowEvent.objects.order_by("occurred_at")[0].occurred_at
    assert {record.started_at for record in FlowRecord.objects.all()} == {first}
    assert balance("ticket-status").is_exact


def test_a_cause_tells_whom_a_model_relabelled(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Any] = []

    def cause(partition: Partition, changes: Any, not_before: Any, as_of: Any) -> Any:
        if not list(changes):  # the count after the comparison
            return
        found.append((partition.slug, not_before, as_of))
        assert [move for block in changes.blocks(7) for move in block] == list(changes)
        assert [len(block) for block in changes.blocks(7)] == [7, 7, 6]
        for key, source, sink in changes:
            if (source, sink) == ("trial", "paying"):
                yield key

    module = import_module("headwater.stockandflow.causes")
    told = replace(module.stated(), causes=(cause,))
    monkeypatch.setattr(module, "stated", lambda: told)
    make("trial", 12)
    make("paying", 8)
    count_stocks(MONDAY, only=["stage"])
    assert not found
    Subscriber.objects.filter(stage="paying").update(stage="lapsed")
    Subscriber.objects.filter(stage="trial").update(stage="paying")
    difference = diff_partition("stage", MONDAY + DAY)
    assert found == [("stage", MONDAY, MONDAY + DAY)]
    assert (difference.moved, difference.relabelled) == (20, 12)
    count_stocks(MONDAY + DAY, only=["stage"])
    records = FlowRecord.objects.values_list("source", "sink", "events", "relabelled")
    assert set(records) == {("trial", "paying", 12, 12), ("paying", "lapsed", 8, 0)}
    causes = SubscriberEvent.objects.filter(source="trial").values_list("cause", flat=True)
    assert set(causes) == {"relabelled"}
    assert balance("stage").is_exact


def test_books_of_nothing_stay_on_their_first_page(counting: Any) -> None:
    counting(Partition("place-3", Parcel, "place"))
    for day in range(2):
        (counted,) = count_stocks(MONDAY + day * DAY)
        assert (counted.failed, dict(counted.levels)) == (False, {})
    assert Ledger.objects.get().page == 1
    Parcel.objects.create(place="a")
    count_stocks(MONDAY + 2 * DAY)
    (event,) = FlowEvent.objects.all()
    assert (event.cause, event.not_before, event.page) == ("", MONDAY + DAY, 1)
    assert balance("place-3").is_exact


def test_what_states_no_period_is_counted_in_that_of_its_last_count(counting: Any) -> None:
    counting(Partition("place-4", Parcel, "place", every=None))
    Parcel.objects.create(place="a")
    (first,) = count_stocks(MONDAY, only=["place-4"], every="monthly")
    (second,) = count_stocks(MONDAY + 40 * DAY, only=["place-4"])
    assert (first.period, second.period, second.skipped) == ("monthly", "monthly", False)
