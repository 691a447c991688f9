"""Triggers on PostgreSQL: raw SQL writes events at once, and a tracked save writes only one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis.extra.django import TestCase

from headwater.stockandflow import Flow, ModelTracker, Partition
from headwater.stockandflow.calls import retry_calls
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.models import FlowEvent, Ledger, PendingCall, StockMembership
from headwater.stockandflow.trigger import install_triggers, list_triggers, uninstall_triggers
from tests.stockandflow.test_books_property import QUICK, Population, Step, steps
from tests.stockapp.models import Notice, Parcel, Subscriber, SubscriberEvent, Ticket
from tests.stockapp.stocks import place, send_notice, stage, ticket_status

pytestmark = pytest.mark.django_db
SLUG = "ticket-status"
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="Only PostgreSQL has these triggers."
)
INSERT = (
    "INSERT INTO stockapp_ticket (title, status, is_answered, priority) "
    "SELECT 't' || i, 'new', false, 2 FROM generate_series(1, 3) AS i"
)


@pytest.fixture
def ledger(db: None) -> Ledger:
    """Return the partition's ledger, opened by a first count."""
    return Ledger.objects.create(partition=SLUG, page=4, compared_at=timezone.now())


@pytest.fixture
def trigger(ledger: Ledger) -> Iterator[None]:
    """Install the trigger."""
    install_triggers()
    yield
    uninstall_triggers()


def run(sql: str, parameters: Any = None) -> None:
    """Run raw SQL."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def told(slug: str = SLUG, events: Any = FlowEvent) -> list[tuple[str, str, str]]:
    """Return flow, source and sink of the events; ensure that the books are where they lead."""
    rows = events.objects.filter(partition=slug).order_by("pk")
    led: dict[str, str] = {}
    for event in rows:
        key = str(getattr(event, events.subject_key))
        assert led.pop(key, "") == event.source
        if event.sink:
            led[key] = event.sink
    known = StockMembership.objects.filter(ledger__partition=slug)
    assert dict(known.values_list("object_id", "state")) == led
    return [(event.flow, event.source, event.sink) for event in rows]


@on_postgresql
def test_raw_sql(trigger: None) -> None:
    run(INSERT)
    assert told() == [("arriving", "", "new")] * 3
    run("UPDATE stockapp_ticket SET status = 'open' WHERE title = 't1'")
    run("UPDATE stockapp_ticket SET status = 'closed' WHERE title IN ('t1', 't2')")
    run("UPDATE stockapp_ticket SET status = status, title = title")
    run("UPDATE stockapp_ticket SET status = '' WHERE title = 't3'")
    run("DELETE FROM stockapp_ticket")
    assert sorted(told()[3:]) == sorted(
        [
            ("", "new", "open"),
            ("closing", "open", "closed"),
            ("closing", "new", "closed"),
            ("closing", "new", ""),
            ("", "closed", ""),
            ("", "closed", ""),
        ]
    )
    event = FlowEvent.objects.filter(partition=SLUG, sink="open").get()
    assert (event.page, event.is_inferred, event.cause) == (4, False, "")
    assert event.content_type.model_class() is Ticket
    assert abs((event.occurred_at - timezone.now()).total_seconds()) < 3600


@on_postgresql
class AnythingTests(TestCase):
    """Whatever is done by whatever means, the books are right at once: no count finds a move."""

    @QUICK
    @given(steps)
    def test_rows_that_only_the_trigger_watches(self, done: list[Step]) -> None:
        self.go(Population(stage, "stage", is_watched=True), done)

    @QUICK
    @given(steps)
    def test_rows_with_keys_that_are_no_numbers(self, done: list[Step]) -> None:
        self.go(Population(place, "place", is_watched=True), done)

    @QUICK
    @given(steps)
    def test_rows_that_a_tracker_watches_too(self, done: list[Step]) -> None:
        self.go(Population(ticket_status, "status", is_watched=True), done)

    def go(self, population: Population, done: list[Step]) -> None:
        """Do all steps, and look at the books after each."""
        install_triggers([population.partition.slug])
        for kind, near, state in done:
            population.do(kind, near, state)
            population.check_lines()
        population.count(0, "")
        events = population.partition.events.objects.filter(partition=population.partition.slug)
        assert not events.exclude(cause="opening").filter(is_inferred=True).exists()


@on_postgresql
def test_calls_of_raw_sql_are_made_by_the_next_retry(trigger: None) -> None:
    run(INSERT)
    run("UPDATE stockapp_ticket SET status = 'closed' WHERE title = 't1'")
    assert PendingCall.objects.count() == 1
    assert retry_calls(timezone.now() + timezone.timedelta(hours=1)) == 1
    assert [one.text for one in Notice.objects.all()] == ["t1: 'new', 'closed'"]


@on_postgresql
def test_tracker_and_trigger_write_one_event(trigger: None) -> None:
    ticket = Ticket.objects.create()
    ticket.status = "open"
    ticket.save()
    Ticket.objects.update(status="closed")
    Ticket.objects.bulk_create([Ticket(), Ticket()])
    Ticket.objects.all().delete()
    assert sorted(told()) == sorted(
        [
            ("arriving", "", "new"),
            ("", "new", "open"),
            ("closing", "open", "closed"),
            ("arriving", "", "new"),
            ("arriving", "", "new"),
            ("", "closed", ""),
            ("closing", "new", ""),
            ("closing", "new", ""),
        ]
    )
    assert PendingCall.objects.count() == 3


@on_postgresql
def test_before_the_first_count_objects_are_opened_where_they_were(trigger: None) -> None:
    Ledger.objects.all().delete()
    uninstall_triggers()
    run(INSERT)
    StockMembership.objects.all().delete()
    install_triggers()
    run("UPDATE stockapp_ticket SET status = 'closed' WHERE title = 't1'")
    run("DELETE FROM stockapp_ticket WHERE title = 't2'")
    run("INSERT INTO stockapp_ticket (title, status, is_answered) VALUES ('t4', 'new', false)")
    events = FlowEvent.objects.filter(partition=SLUG).order_by("pk")
    assert list(events.values_list("source", "sink", "cause", "is_inferred")) == [
        ("", "new", "opening", True),
        ("new", "closed", "", False),
        ("", "new", "", False),
    ]
    assert len(told()) == 3


@on_postgresql
def test_an_event_model_of_its_own_and_a_name_that_must_be_quoted(db: None) -> None:
    install_triggers(["stage", "place"])
    try:
        Ledger.objects.create(partition="stage", compared_at=timezone.now())
        Ledger.objects.create(partition="place", compared_at=timezone.now())
        people = Subscriber._base_manager.bulk_create([Subscriber(stage="trial")])
        run("UPDATE stockapp_subscriber SET stage = 'paying'")
        assert told("stage", SubscriberEvent) == [
            ("signing-up", "", "trial"),
            ("winning", "trial", "paying"),
        ]
        assert SubscriberEvent.objects.first().subject == people[0]
        parcel = Parcel.objects.create(place="o'slo $$")
        Parcel.objects.update(place="bergen")
        assert told("place") == [("", "", "o'slo $$"), ("", "o'slo $$", "bergen")]
        assert FlowEvent.objects.filter(partition="place").first().subject == parcel
    finally:
        uninstall_triggers()


@on_postgresql
def test_a_true_or_false_field_and_texts_that_need_care(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = [Flow("f", "F", None, ["false", "it's $$"], ["true"], [send_notice])]
    answers = Partition("answers", Ticket, "is_answered", flows=flows)
    monkeypatch.setattr("headwater.stockandflow.trigger.find_partition", lambda slug: answers)
    install_triggers(["answers"])
    try:
        Ledger.objects.create(partition="answers", compared_at=timezone.now())
        run(INSERT)
        run("UPDATE stockapp_ticket SET is_answered = true WHERE title = 't1'")
        assert told("answers") == [("", "", "false")] * 3 + [("f", "false", "true")]
    finally:
        uninstall_triggers()


@on_postgresql
def test_a_state_that_is_too_long_is_left_to_the_count(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_text = Partition("texts", Notice, "text")
    monkeypatch.setattr("headwater.stockandflow.trigger.find_partition", lambda slug: by_text)
    install_triggers(["texts"])
    try:
        Notice.objects.create(text="x" * 101)
        assert told("texts") == []
        Notice.objects.create(text="x" * 100)
        assert len(told("texts")) == 1
    finally:
        uninstall_triggers()


@on_postgresql
def test_the_command(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def say(*arguments: str) -> str:
        out = StringIO()
        call_command("flow_triggers", *arguments, stdout=out)
        return out.getvalue()

    assert "The partition “ticket-status” has no trigger." in say("list")
    assert "The partition “ticket-status” has its trigger.\n" in say("install")
    assert say("install", SLUG) == "The partition “ticket-status” has its trigger.\n"
    assert "The partition “ticket-status” has its trigger.\n" in say("list")
    changed = Partition(SLUG, Ticket, "status")
    stated = type("Stated", (), {"partitions": [changed], "trackers": [ModelTracker.of(changed)]})
    monkeypatch.setattr("headwater.stockandflow.trigger.stated", lambda: stated)
    assert "is older than what stocks.py says. Install it again." in say("list")
    monkeypatch.setattr(stated, "partitions", [])
    assert "of a partition that is stated no more" in say("list")
    assert "is gone." in say("uninstall")
    assert say("uninstall") == "There is no trigger.\n"
    assert [one.slug for one in list_triggers()] == []
    run(INSERT)
    assert told() == []


@on_postgresql
@pytest.mark.parametrize(
    "partition",
    [
        Partition("other", Ticket.objects.filter(is_answered=True), "status"),
        Partition("other", Ticket, lambda as_of: "status"),
        Partition("other", Ticket, "team__region"),
    ],
)
def test_partitions_that_cannot_have_one(
    ledger: Ledger, partition: Partition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headwater.stockandflow.trigger.find_partition", lambda slug: partition)
    with pytest.raises(StockAndFlowError, match="“other” cannot have a trigger"):
        install_triggers(["other"])


@on_postgresql
def test_without_pgtrigger(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pgtrigger", None)
    with pytest.raises(CommandError, match="need django-pgtrigger, which is not installed"):
        call_command("flow_triggers", "install")


@pytest.mark.skipif(connection.vendor == "postgresql", reason="What another database says.")
@pytest.mark.parametrize("action", ["install", "uninstall", "list"])
def test_other_databases_have_none(ledger: Ledger, action: str) -> None:
    assert ticket_status.slug == SLUG
    with pytest.raises(CommandError, match="Triggers need PostgreSQL; the books are in sqlite"):
        call_command("flow_triggers", action)
