"""The tracked queryset: update() and the bulk methods, in as many statements for many rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from headwater.stockandflow.models import FlowEvent, Ledger, PendingCall, StockMembership
from tests.stockapp.models import Notice, Team, Ticket, TicketEvent, TicketOnDesk, UrgentTicket

SLUG = "ticket-status"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger(db: None) -> Ledger:
    """Return the partition's ledger, opened by a first count."""
    return Ledger.objects.create(partition=SLUG, compared_at=timezone.now())


def moves() -> dict[tuple[str, str], int]:
    """Return source and sink of the partition's events -> how many; ensure books that add up."""
    found = list(FlowEvent.objects.filter(partition=SLUG).order_by("pk"))
    led: dict[str, str] = {}
    for event in found:
        assert led.pop(event.object_id, "") == event.source
        assert event.page == 1
        assert not event.is_inferred
        if event.sink:
            led[event.object_id] = event.sink
    assert dict(StockMembership.objects.values_list("object_id", "state")) == led
    assert {str(key): status for key, status in Ticket.objects.values_list("pk", "status")} == led
    return dict(Counter((event.source, event.sink) for event in found))


def desk() -> dict[tuple[str, str, str], int]:
    """Return flow, source and sink of the events of the tracker of fields -> how many."""
    own = TicketEvent.objects.filter(partition="").values_list("flow", "source", "sink")
    general = FlowEvent.objects.filter(partition="").values_list("flow", "source", "sink")
    return dict(Counter([*own, *general]))


def many(number: int = 3, **values: Any) -> list[Ticket]:
    """Return new tickets."""
    return Ticket.objects.bulk_create([Ticket(title=f"t{i}", **values) for i in range(number)])


def test_bulk_create() -> None:
    made = many(3, priority=1)
    assert all(one.pk for one in made)
    assert moves() == {("", "new"): 3}
    assert desk() == {("asking", "", "waiting"): 3, ("escalating", "", "urgent"): 3}
    assert {one.subject for one in TicketEvent.objects.all()} == set(made)
    assert Ticket.objects.bulk_create([]) == []


def test_update_of_a_filter_that_no_longer_matches() -> None:
    many(3)
    many(2, status="open")
    assert Ticket.objects.filter(status="new").update(status="closed") == 3
    assert moves() == {("", "new"): 3, ("", "open"): 2, ("new", "closed"): 3}


def test_update_by_an_expression_of_the_row() -> None:
    many(3, status="OPEN")
    many(2, status="open")
    Ticket.objects.update(status=Lower(F("status")))
    assert moves() == {("", "OPEN"): 3, ("", "open"): 2, ("OPEN", "open"): 3}


def test_update_by_cases() -> None:
    many(3)
    many(2, status="open")
    closing = Case(When(status="new", then=Value("open")), default=Value("closed"))
    Ticket.objects.update(status=closing, priority=F("priority") - 1)
    assert moves() == {
        ("", "new"): 3,
        ("", "open"): 2,
        ("new", "open"): 3,
        ("open", "closed"): 2,
    }
    assert desk() == {("asking", "", "waiting"): 5, ("escalating", "2", "urgent"): 5}


def test_update_to_the_outside_and_back() -> None:
    many(2)
    Ticket.objects.update(status="")
    assert not StockMembership.objects.exists()
    Ticket.objects.update(status="open")
    assert moves() == {("", "new"): 2, ("new", ""): 2, ("", "open"): 2}


def test_update_of_what_is_not_tracked_asks_nothing_more(django_assert_num_queries: Any) -> None:
    many(2)
    with django_assert_num_queries(1):
        Ticket.objects.update(title="x")
    with django_assert_num_queries(0):
        Ticket.objects.none().update(title="x")


def test_update_to_what_it_is_makes_no_event() -> None:
    many(2)
    Ticket.objects.update(status="new", is_answered=False)
    assert moves() == {("", "new"): 2}
    assert desk() == {("asking", "", "waiting"): 2}


def test_a_sliced_update_is_refused_as_ever() -> None:
    with pytest.raises(TypeError, match="slice"):
        Ticket.objects.all()[:1].update(status="x")


def test_update_through_a_relation_a_proxy_and_a_child() -> None:
    team = Team.objects.create(name="t", region="south")
    many(2, team=team)
    urgent = UrgentTicket.objects.create()
    team.ticket_set.update(status="open")
    Ticket.objects.filter(team__region="south").update(status="closed", is_answered=True)
    TicketOnDesk.objects.filter(status="new").update(status="open")
    UrgentTicket.objects.update(status="closed", deadline=None)
    urgent.refresh_from_db()
    assert urgent.status == "closed"
    assert moves() == {
        ("", "new"): 3,
        ("new", "open"): 3,
        ("open", "closed"): 3,
    }
    assert desk() == {("asking", "", "waiting"): 3, ("answering", "waiting", "answered"): 2}


def test_bulk_update() -> None:
    made = many(4)
    made[0].status = "open"
    made[1].status = "closed"
    made[1].is_answered = True
    made[2].status = Lower(Value("OPEN"))
    made[3].title = "only this"
    fields = ["status", "title", "is_answered"]
    assert Ticket.objects.bulk_update(made, fields, batch_size=2) == 4
    assert moves() == {("", "new"): 4, ("new", "open"): 2, ("new", "closed"): 1}
    assert desk() == {("asking", "", "waiting"): 4, ("answering", "waiting", "answered"): 1}
    assert Ticket.objects.bulk_update([], ["status"]) == 0
    with pytest.raises(ValueError, match="primary key"):
        Ticket.objects.bulk_update([Ticket()], ["status"])


def test_bulk_update_of_what_is_not_tracked(django_assert_max_num_queries: Any) -> None:
    made = many(4)
    with django_assert_max_num_queries(3):
        Ticket.objects.bulk_update(made, ["title"])


def test_bulk_create_over_rows_that_are_there() -> None:
    made = many(2)
    given = [Ticket(pk=made[0].pk, status="open", is_answered=True), Ticket(status="open")]
    given[1].pk = made[1].pk + 100
    Ticket.objects.bulk_create(
        given,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["status", "is_answered"],
    )
    assert moves() == {("", "new"): 2, ("new", "open"): 1, ("", "open"): 1}
    assert desk() == {("asking", "", "waiting"): 3, ("answering", "waiting", "answered"): 1}
    Ticket.objects.bulk_create([Ticket(pk=made[0].pk, status="odd")], ignore_conflicts=True)
    assert moves() == {("", "new"): 2, ("new", "open"): 1, ("", "open"): 1}
    assert sum(desk().values()) == 4


def test_before_the_first_count_rows_that_were_there_are_opened() -> None:
    Ledger.objects.update(compared_at=None)
    Ticket._base_manager.bulk_create([Ticket(), Ticket()])
    Ticket.objects.update(status="open")
    many(1)
    events = FlowEvent.objects.filter(partition=SLUG)
    assert sorted(events.values_list("source", "sink", "cause")) == [
        ("", "new", ""),
        ("", "open", "opening"),
        ("", "open", "opening"),
    ]


def test_a_rollback_takes_all_along() -> None:
    many(2)

    def update_and_fail() -> None:
        with transaction.atomic():
            Ticket.objects.update(status="closed")
            assert PendingCall.objects.count() == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        update_and_fail()
    assert not PendingCall.objects.exists()
    assert moves() == {("", "new"): 2}


def test_an_update_that_fails_leaves_no_event() -> None:
    many(2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.update(status=None)
    assert moves() == {("", "new"): 2}


@pytest.mark.django_db(transaction=True)
def test_calls_are_made_after_the_update() -> None:
    many(2)
    Ticket.objects.update(status="closed", is_answered=True)
    assert sorted(one.text for one in Notice.objects.all()) == [
        "t0: 'new', 'closed'",
        "t0: waiting, answered",
        "t1: 'new', 'closed'",
        "t1: waiting, answered",
    ]
    assert not PendingCall.objects.exists()


def test_saves_and_updates_keep_one_book() -> None:
    (ticket,) = many(1)
    Ticket.objects.update(status="open")
    ticket.refresh_from_db()
    ticket.save()
    Ticket.objects.get_or_create(title="second", status="open")
    Ticket.objects.update_or_create(title="second", defaults={"status": "closed"})
    Ticket.objects.all().delete()
    assert moves() == {
        ("", "new"): 1,
        ("new", "open"): 1,
        ("", "open"): 1,
        ("open", "closed"): 1,
        ("open", ""): 1,
        ("closed", ""): 1,
    }


def _update(made: list[Ticket]) -> None:
    Ticket.objects.update(status="closed", is_answered=True)


def _bulk_update(made: list[Ticket]) -> None:
    for one in made:
        one.status = "closed"
    Ticket.objects.bulk_update(made, ["status"])


def _bulk_create(made: list[Ticket]) -> None:
    Ticket.objects.bulk_create([Ticket() for _ in made])


@pytest.mark.parametrize("write", [_update, _bulk_update, _bulk_create])
def test_statements_do_not_grow_with_the_rows(write: Callable[[list[Ticket]], None]) -> None:
    def statements(number: int) -> int:
        """Return how many statements were ours: Django writes rows in blocks on SQLite."""
        Ticket._base_manager.all().delete()
        made = many(number)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            write(made)
        own = ("UPDATE", "INSERT INTO")
        theirs = [f'{verb} "stockapp_ticket"' for verb in own]
        return sum(
            not any(query["sql"].startswith(verb) for verb in theirs)
            for query in asked.captured_queries
        )

    few = statements(3)
    assert statements(700) == few
    assert few <= 16
