"""Event callables: after the commit, again until they succeed, and each by one process."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from headwater.stockandflow import Flow
from headwater.stockandflow.calls import call_names, note_calls, retry_calls
from headwater.stockandflow.events import Move
from headwater.stockandflow.models import PendingCall
from tests.stockapp import stocks
from tests.stockapp.models import Notice, Outage, Ticket, TicketEvent
from tests.stockapp.stocks import answered, desk, send_notice, waiting

ANSWERING = desk.flows[0]


@pytest.fixture
def ticket(db: None) -> Ticket:
    """Return a ticket that is waiting."""
    return Ticket.objects.create(title="a", priority=None)


def answer(ticket: Ticket) -> None:
    """Save the move that asks for a notice."""
    ticket.is_answered = True
    ticket.save(update_fields=["is_answered"])


@pytest.mark.django_db(transaction=True)
def test_calls_are_made_after_the_commit_with_stocks(ticket: Ticket) -> None:
    with transaction.atomic():
        answer(ticket)
        assert not Notice.objects.exists()
        assert PendingCall.objects.count() == 1
    assert [one.text for one in Notice.objects.all()] == ["a: waiting, answered"]
    assert not PendingCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_event_and_its_call_are_one(ticket: Ticket) -> None:
    answer(ticket)
    assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_after_a_rollback_there_is_neither_event_nor_call(ticket: Ticket) -> None:
    def answer_and_fail() -> None:
        with transaction.atomic():
            answer(ticket)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answer_and_fail()
    assert not TicketEvent.objects.filter(flow="answering").exists()
    assert not PendingCall.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_failed_call_is_kept_and_made_again_later(
    ticket: Ticket, caplog: pytest.LogCaptureFixture
) -> None:
    outage = Outage.objects.create(reason="The post office is closed.")
    with caplog.at_level(logging.ERROR, "headwater.stockandflow"):
        answer(ticket)
    assert "send_notice" in caplog.text
    assert "The post office is closed." in caplog.text
    assert TicketEvent.objects.filter(flow="answering").count() == 1
    assert not Notice.objects.exists()  # what the failed call wrote was taken back
    pending = PendingCall.objects.get()
    assert pending.attempts == 1
    assert "RuntimeError: The post office is closed." in pending.error
    assert retry_calls() == 0  # not due
    pending.refresh_from_db()
    assert pending.attempts == 1

    delays = []
    for _ in range(13):
        due = pending.next_attempt_at
        assert retry_calls(due) == 0
        pending.refresh_from_db()
        delays.append(pending.next_attempt_at - due)
    assert delays[:4] == [timedelta(minutes=m) for m in (2, 4, 8, 16)]
    assert delays[-1] == timedelta(days=1)
    assert pending.attempts == 14

    outage.delete()
    assert retry_calls(pending.next_attempt_at) == 1
    assert Notice.objects.count() == 1
    assert not PendingCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_very_many_calls_some_are_left_to_the_next_retry(ticket: Ticket) -> None:
    moves = [Move(str(ticket.pk), "waiting", "answered") for _ in range(103)]
    note_calls(ANSWERING, Ticket, moves, timezone.now())
    assert Notice.objects.count() == 100
    assert retry_calls() == 3
    assert Notice.objects.count() == 103


@pytest.mark.django_db(transaction=True)
def test_threads_make_each_call_once(ticket: Ticket) -> None:
    moves = [Move(str(ticket.pk), "waiting", "answered") for _ in range(30)]
    outage = Outage.objects.create(reason="Closed.")
    note_calls(ANSWERING, Ticket, moves, timezone.now())
    outage.delete()
    assert PendingCall.objects.filter(attempts=1).count() == 30
    later = timezone.now() + timedelta(hours=1)
    barrier = threading.Barrier(3, timeout=60)
    made: list[int] = []

    def work() -> None:
        barrier.wait()
        try:
            made.append(retry_calls(later))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert sum(made) == 30
    assert Notice.objects.count() == 30


@pytest.mark.django_db
def test_a_call_under_way_is_left_alone_until_its_lease_is_over(ticket: Ticket) -> None:
    now = timezone.now()
    note_calls(ANSWERING, Ticket, [Move(str(ticket.pk), "waiting", "answered")], now)
    PendingCall.objects.update(attempts=1, next_attempt_at=now + timedelta(minutes=10))
    assert retry_calls(now + timedelta(minutes=9)) == 0
    assert retry_calls(now + timedelta(minutes=11)) == 1


@pytest.mark.django_db
def test_the_object_is_none_where_it_is_gone(ticket: Ticket) -> None:
    note_calls(ANSWERING, Ticket, [Move("987654321", "waiting", "answered")], timezone.now())
    assert retry_calls() == 1
    assert Notice.objects.get().text == "gone: waiting, answered"


@pytest.mark.django_db
def test_ends_are_handed_over_as_the_flow_declares_them(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def see(ticket: Any, source: Any, sink: Any) -> None:
        seen.append((ticket, source, sink))

    flow = Flow("seeing", "Seeing", TicketEvent, [waiting, 2, None], [answered, "done"], [see])
    monkeypatch.setattr("headwater.stockandflow.calls.all_flows", lambda: [flow])
    key = str(ticket.pk)
    moves = [Move(key, "waiting", "done"), Move(key, "2", "answered"), Move(key, "", "done")]
    note_calls(flow, Ticket, moves, timezone.now())
    assert retry_calls() == 3
    assert seen == [(ticket, waiting, "done"), (ticket, 2, answered), (ticket, None, "done")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"call": "os.abort"}, "has no event callable “os.abort” any more"),
        ({"flow": "nowhere"}, "There is no flow “nowhere” any more"),
        ({"partition": "nowhere"}, "There is no flow “answering” any more"),
    ],
)
def test_a_name_in_the_database_is_compared_and_never_imported(
    ticket: Ticket, changes: dict[str, str], sentence: str
) -> None:
    note_calls(ANSWERING, Ticket, [Move(str(ticket.pk), "waiting", "answered")], timezone.now())
    PendingCall.objects.update(**changes)
    assert retry_calls() == 0
    pending = PendingCall.objects.get()
    assert sentence in pending.error
    assert pending.attempts == 1


def test_callables_with_one_name_are_told_apart() -> None:
    calls = [send_notice, print, lambda *ends: 1, lambda *ends: 2]
    flow = Flow("many", "Many", None, [None], ["a"], calls)
    names = call_names(flow)
    assert list(names.values()) == list(flow.event_callables)
    assert next(iter(names)) == f"{stocks.__name__}.send_notice"
