"""The tracker of a partition: events as they happen, from where the books have the object."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection, transaction
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat
from django.utils import timezone

from headwater.stockandflow import (
    Flow,
    ModelTracker,
    Partition,
    balance,
    count_stocks,
    diff_partition,
)
from headwater.stockandflow.balance import pages
from headwater.stockandflow.errors import DefinitionError, StockAndFlowError
from headwater.stockandflow.models import FlowEvent, Ledger, PendingCall, StockMembership
from headwater.stockandflow.post import post_objects
from headwater.stockandflow.track import watch_all
from headwater.stockandflow.track_partition import PartitionWatch
from headwater.stockandflow.watched import columns_of
from tests.stockapp.models import Notice, Parcel, Team, Ticket, TicketOnDesk, UrgentTicket

SLUG = "ticket-status"


def told() -> list[tuple[str, str, str]]:
    """Return flow, source and sink of the partition's events, in their order."""
    rows = FlowEvent.objects.filter(partition=SLUG).order_by("pk")
    return list(rows.values_list("flow", "source", "sink"))


def books() -> dict[str, str]:
    """Return where the books have each ticket; ensure that the events lead there."""
    found = dict(StockMembership.objects.values_list("object_id", "state"))
    led: dict[str, str] = {}
    for event in FlowEvent.objects.filter(partition=SLUG).order_by("pk"):
        assert led.pop(event.object_id, "") == event.source
        if event.sink:
            led[event.object_id] = event.sink
    assert found == led
    return found


@pytest.fixture
def ledger(db: None) -> Ledger:
    """Return the partition's ledger, opened by a first count."""
    return Ledger.objects.create(partition=SLUG, page=3, compared_at=timezone.now())


@pytest.fixture
def ticket(ledger: Ledger) -> Ticket:
    """Return a new ticket; its event is in the books."""
    made = Ticket.objects.create(title="a")
    assert told() == [("arriving", "", "new")]
    return made


NEW = ("arriving", "", "new")
CLOSED = ("closing", "new", "closed")


def test_an_event_stands_on_the_open_page(ticket: Ticket) -> None:
    event = FlowEvent.objects.get(partition=SLUG)
    assert event.subject == ticket
    assert (event.page, event.is_inferred, event.not_before, event.cause) == (3, False, None, "")
    assert books() == {str(ticket.pk): "new"}


def test_one_change_saved_three_times_is_one_event(ticket: Ticket) -> None:
    ticket.status = "closed"
    ticket.save()
    ticket.save()
    ticket.save()
    assert told() == [NEW, CLOSED]
    assert books() == {str(ticket.pk): "closed"}


def test_a_move_that_no_flow_names_is_recorded_as_well(ticket: Ticket) -> None:
    ticket.status = "open"
    ticket.save()
    assert told() == [NEW, ("", "new", "open")]


def test_an_empty_value_is_outside(ticket: Ticket) -> None:
    ticket.status = ""
    ticket.save()
    assert told() == [NEW, ("closing", "new", "")]
    assert books() == {}
    ticket.status = "open"
    ticket.save()
    assert told()[2:] == [("arriving", "", "open")]


def test_what_update_fields_leave_out_did_not_change(ticket: Ticket) -> None:
    ticket.status = "closed"
    ticket.save(update_fields=["title"])
    assert told() == [NEW]
    ticket.save(update_fields=["status"])
    assert told() == [NEW, CLOSED]


def test_deferred_fields_and_refresh_from_db(ticket: Ticket) -> None:
    half = Ticket.objects.defer("status").get()
    half.save()
    half.status = "closed"
    half.save()
    half.save()
    assert told() == [NEW, CLOSED]
    ticket.refresh_from_db()
    ticket.status = "open"
    ticket.refresh_from_db()
    ticket.save()
    assert told() == [NEW, CLOSED]


def test_a_stale_object_moves_from_where_the_books_have_it(ticket: Ticket) -> None:
    stale = Ticket.objects.get()
    ticket.status = "open"
    ticket.save()
    stale.status = "closed"
    stale.save()
    assert told() == [NEW, ("", "new", "open"), ("closing", "open", "closed")]


def test_a_change_past_the_tracker_is_found_by_the_next_save(ticket: Ticket) -> None:
    TicketOnDesk._base_manager.filter(pk=ticket.pk).update(status="open")
    ticket.refresh_from_db()
    ticket.status = "closed"
    ticket.save()
    assert told() == [NEW, CLOSED]
    assert books() == {str(ticket.pk): "closed"}


def test_expressions_are_asked_of_the_database(ticket: Ticket) -> None:
    ticket.status = Case(When(status="new", then=Value("closed")), default=Value("odd"))
    ticket.save()
    assert told() == [NEW, CLOSED]


def test_deletes(ticket: Ticket) -> None:
    ticket.status = "open"  # not saved
    ticket.delete()
    assert told() == [NEW, ("closing", "new", "")]
    assert books() == {}


def test_deletes_by_a_queryset_and_by_a_cascade(ledger: Ledger) -> None:
    team = Team.objects.create(name="t")
    Ticket.objects.create(status="open")
    Ticket.objects.create(status="new", team=team)
    Ticket.objects.filter(status="open").delete()
    team.delete()
    assert told()[2:] == [("closing", "open", ""), ("closing", "new", "")]
    assert books() == {}


def test_proxies_and_children_count_once(ledger: Ledger) -> None:
    proxy = TicketOnDesk.objects.create()
    child = UrgentTicket.objects.create()
    child.status = "closed"
    child.save()
    assert told() == [NEW, NEW, CLOSED]
    kept = child.ticket_ptr
    child.delete(keep_parents=True)
    assert books() == {str(proxy.pk): "new", str(kept.pk): "closed"}
    proxy.delete()
    UrgentTicket.objects.create().delete()
    assert told()[3:] == [("closing", "new", ""), NEW, ("closing", "new", "")]
    assert books() == {str(kept.pk): "closed"}


def test_fixtures_are_left_to_the_count(ticket: Ticket) -> None:
    text = serializers.serialize("json", [ticket]).replace('"new"', '"closed"')
    for one in serializers.deserialize("json", text):
        one.save()
    assert Ticket.objects.get().status == "closed"
    assert told() == [NEW]


def test_before_the_first_count_only_new_objects_come_from_outside(db: None) -> None:
    Ticket._base_manager.bulk_create([Ticket(title="old"), Ticket(title="older")])
    old = Ticket.objects.get(title="old")
    old.status = "closed"
    old.save()
    Ticket.objects.create(title="young")
    opened, young = FlowEvent.objects.filter(partition=SLUG).order_by("pk")
    assert (opened.source, opened.sink, opened.cause) == ("", "closed", "opening")
    assert opened.is_inferred
    assert (young.source, young.sink, young.cause) == ("", "new", "")
    Ticket.objects.get(title="older").delete()
    assert len(told()) == 2
    books()


def test_a_rollback_takes_event_membership_and_call_along(ticket: Ticket) -> None:
    def save_and_fail() -> None:
        with transaction.atomic():
            ticket.status = "closed"
            ticket.save()
            assert told() == [NEW, CLOSED]
            assert PendingCall.objects.count() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()
    assert told() == [NEW]
    assert not PendingCall.objects.exists()
    assert books() == {str(ticket.pk): "new"}


@pytest.mark.django_db(transaction=True)
def test_calls_are_made_after_the_commit(ticket: Ticket) -> None:
    with transaction.atomic():
        ticket.status = "closed"
        ticket.save()
        assert not Notice.objects.exists()
    assert [one.text for one in Notice.objects.all()] == ["a: 'new', 'closed'"]
    ticket.delete()
    assert not PendingCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_object_of_a_call_is_none_where_it_was_deleted(ticket: Ticket) -> None:
    ticket.delete()
    assert [one.text for one in Notice.objects.all()] == ["gone: 'new', None"]


def test_what_a_save_asks(ticket: Ticket, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        ticket.save(update_fields=["title"])
    with django_assert_num_queries(2):  # its write; where the books have it
        ticket.save(update_fields=["status"])
    ticket.status = "open"
    # The book's lock and page, where the books have it again, its line, its event.
    with django_assert_num_queries(7):
        ticket.save(update_fields=["status"])


@pytest.mark.django_db(transaction=True)
def test_saves_at_the_same_time_leave_a_chain() -> None:
    Ledger.objects.create(partition=SLUG, compared_at=timezone.now())
    ticket = Ticket.objects.create()
    barrier = threading.Barrier(4, timeout=60)

    def work(number: int) -> None:
        barrier.wait()
        try:
            mine = Ticket.objects.get(pk=ticket.pk)
            for i in range(10):
                mine.status = f"{number}-{i % 3}"
                mine.save()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[i], daemon=True) for i in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    ticket.refresh_from_db()
    assert books() == {str(ticket.pk): ticket.status}
    assert len(told()) > 10


@pytest.mark.django_db(transaction=True)
def test_writers_and_counts_at_the_same_time() -> None:
    keys = [Ticket.objects.create().pk for _ in range(8)]
    began = datetime(2026, 3, 2, 9, tzinfo=UTC)
    barrier = threading.Barrier(4, timeout=60)
    failures: list[BaseException] = []

    def write(number: int) -> None:
        chance = random.Random(number)  # noqa: S311
        for _ in range(25):
            key, state = chance.choice(keys), chance.choice(["new", "open", "closed", ""])
            match chance.randrange(5):
                case 0:
                    Ticket.objects.filter(pk__gt=key).update(status=state)
                case 1:
                    Ticket._base_manager.filter(pk=key).update(status=state)
                case 2:
                    with transaction.atomic():
                        Ticket.objects.create(status=state)
                        Ticket.objects.filter(pk__gt=keys[-1]).order_by("?").first().delete()
                case _:
                    ticket = Ticket.objects.get(pk=key)
                    ticket.status = state
                    ticket.save()

    def count() -> None:
        for day in range(12):
            (counted,) = count_stocks(began + timedelta(days=day), only=[SLUG])
            assert not counted.failed, counted.sentence

    def run(work: Callable[..., None], *arguments: int) -> None:
        barrier.wait()
        try:
            work(*arguments)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(write, i), daemon=True) for i in range(3)]
    threads.append(threading.Thread(target=run, args=(count,), daemon=True))
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert not failures
    count_stocks(began + timedelta(days=20), only=[SLUG])
    live = {str(pk): status for pk, status in Ticket.objects.values_list("pk", "status") if status}
    assert books() == live
    assert balance(SLUG).is_exact
    assert all(page.is_exact for page in pages(SLUG))


def watch(by: Any, subject: Any = Ticket, **options: Any) -> PartitionWatch:
    """Return a watch of a partition that is stated nowhere."""
    return PartitionWatch(Partition("other", subject, by, **options))


def test_the_columns_that_decide(db: None) -> None:
    def names(by: Any, subject: Any = Ticket) -> Any:
        found = columns_of(Partition("p", subject, by))
        return None if found is None else {field.name for field in found}

    assert names("status") == {"status"}
    assert names(F("status")) == {"status"}
    cases = Case(When(Q(priority=1) | Q(title__startswith="!"), then=Value("high")))
    assert names(cases) == {"priority", "title"}
    joined = Concat("status", Value("-"), "priority", output_field=CharField())
    assert names(joined) == {"status", "priority"}
    assert names("status", Ticket.objects.filter(is_answered=True)) == {"status", "is_answered"}
    assert names("status", UrgentTicket) == {"status"}
    assert names("team") == {"team"}
    assert names("team__region") is None
    assert names(lambda as_of: F("status")) is None
    assert names("status", lambda as_of: Ticket.objects.all()) is None
    assert names("status", Ticket.objects.filter(pk__in=Ticket.objects.values("pk"))) is None


@pytest.mark.parametrize("kind", ["queryset", "case", "function"])
def test_partitions_of_expressions_ask_the_database(db: None, kind: str) -> None:
    cases = Case(When(priority=1, then=Value("high")), default=Value("low"))
    watched = {
        "queryset": watch("status", Ticket.objects.filter(is_answered=False)),
        "case": watch(cases),
        "function": watch(lambda as_of: cases),
    }[kind]
    Ledger.objects.create(partition="other", compared_at=timezone.now())
    ticket = Ticket.objects.create()
    watched.saved(Ticket, ticket, "default", created=True)
    ticket.priority = 1
    ticket.is_answered = True
    ticket.save()
    watched.saved(Ticket, ticket, "default")
    watched.saved(Ticket, ticket, "default")
    events = FlowEvent.objects.filter(partition="other").order_by("pk")
    expected = [("", "new"), ("new", "")] if kind == "queryset" else [("", "low"), ("low", "high")]
    assert list(events.values_list("source", "sink")) == expected


def test_keys_that_are_uuids_and_states_that_are_true_and_false(db: None) -> None:
    places = watch("place", Parcel)
    answers = watch("is_answered", flows=[Flow("f", "F", None, [None], [False])])
    Ledger.objects.create(partition="other", compared_at=timezone.now())
    parcel = Parcel.objects.create(place="oslo")
    places.saved(Parcel, parcel, "default", created=True)
    assert FlowEvent.objects.get(sink="oslo").subject == parcel
    parcel.place = F("place")
    parcel.save()
    places.saved(Parcel, parcel, "default")
    ticket = Ticket.objects.create()
    answers.saved(Ticket, ticket, "default", created=True)
    assert FlowEvent.objects.get(sink="false").flow == "f"
    assert FlowEvent.objects.filter(partition="other").count() == 2
    places.deleted(Parcel, parcel, "default")
    assert FlowEvent.objects.get(source="oslo").sink == ""


def test_classes_made_later_are_watched_too(ledger: Ledger) -> None:
    meta = type("Meta", (), {"proxy": True, "app_label": "stockapp"})
    made: Any = type("TicketLater", (Ticket,), {"Meta": meta, "__module__": __name__})
    try:
        later = made.objects.create()
        later.delete()
        assert told() == [NEW, ("closing", "new", "")]
    finally:
        del apps.all_models["stockapp"]["ticketlater"]
        apps.clear_cache()


def test_what_is_wrong_with_a_tracker_is_left_to_the_checks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sliced = ModelTracker.of(Partition("sliced", lambda as_of: Ticket.objects.all()[:3], "status"))
    monkeypatch.setattr("headwater.stockandflow.track.watches", lambda: [sliced_watch])
    sliced_watch = PartitionWatch(sliced.partition)
    with pytest.raises(DefinitionError):
        sliced_watch.model
    watch_all()


def test_a_state_that_the_books_cannot_keep_breaks_no_save(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    long = Partition(
        SLUG, Ticket, Concat(F("title"), Value("x" * 100), output_field=CharField(max_length=200))
    )
    made = Ticket.objects.create(title="abc", status="")
    with transaction.atomic():
        assert post_objects(long, [str(made.pk)], using="default") == 0
    assert "more than 100 characters" in caplog.text
    assert books() == {}
    with pytest.raises(StockAndFlowError, match="103"):
        diff_partition(long)
