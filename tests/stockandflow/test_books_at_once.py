"""Books that many write to at once: a count in between has every move on the right page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Barrier, Event

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from headwater.stockandflow import balance, count_stocks, diff_partition
from headwater.stockandflow.balance import pages
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.ledger import closing, post, posting
from headwater.stockandflow.models import (
    FlowEvent,
    Ledger,
    StockMembership,
    StockRecord,
)
from tests.stockapp.models import Subscriber, SubscriberEvent, Ticket
from tests.stockapp.stocks import stage

pytestmark = pytest.mark.django_db(transaction=True)
only_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="on SQLite one transaction writes at a time"
)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
STATES = ("new", "open", "closed")


def at_once(*work: Callable[[], object]) -> None:
    """Run each in a thread of its own, with a connection of its own; raise what one raised."""

    def alone(one: Callable[[], object]) -> None:
        try:
            one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        for future in [pool.submit(alone, one) for one in work]:
            future.result(timeout=120)


def check(slug: str, live: dict[str, str], events: type) -> None:
    assert dict(StockMembership.objects.values_list("object_id", "state")) == live
    replayed: Counter[tuple[str, str]] = Counter()
    for event in events.objects.filter(partition=slug):
        key = str(getattr(event, event.subject_key))
        replayed[key, event.source] -= 1
        replayed[key, event.sink] += 1
    left = {key: number for key, number in replayed.items() if key[1] and number}
    assert left == dict.fromkeys(live.items(), 1)
    assert balance(slug).is_exact, balance(slug)
    assert all(page.is_exact for page in pages(slug))


def test_saves_and_raw_sql_while_others_count() -> None:
    keys = [Ticket.objects.create(status="new").pk for _ in range(12)]
    count_stocks(MONDAY, only=["ticket-status"])
    done = Event()

    def save(seed: int) -> Callable[[], None]:
        random = Random(seed)  # noqa: S311

        def go() -> None:
            for _ in range(25):
                key = random.choice(keys)
                with transaction.atomic():
                    ticket = Ticket.objects.filter(pk=key).select_for_update().first()
                    if ticket is None:
                        continue
                    ticket.status = random.choice(STATES)
                    ticket.save()

        return go

    def write_sql() -> None:
        random = Random(7)  # noqa: S311
        for _ in range(25):
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE stockapp_ticket SET status = %s WHERE id = %s",
                    [random.choice(STATES), random.choice(keys)],
                )

    def make_and_delete() -> None:
        for _ in range(10):
            made = Ticket.objects.create(status="open")
            Ticket.objects.filter(pk=made.pk).update(status="closed")
            made.delete()

    counted = []

    def count() -> None:
        day = 1
        while not done.is_set():
            (one,) = count_stocks(MONDAY + day * DAY, only=["ticket-status"])
            assert not one.failed, one.sentence
            counted.append(one)
            day += 1

    def write() -> None:
        try:
            at_once(save(1), save(2), write_sql, make_and_delete)
        finally:
            done.set()

    at_once(write, count)
    assert counted
    (last,) = count_stocks(MONDAY + 1000 * DAY, only=["ticket-status"])
    assert not last.failed, last.sentence
    live = {str(key): status for key, status in Ticket.objects.values_list("pk", "status")}
    check("ticket-status", live, FlowEvent)


def test_two_counts_at_once_count_once() -> None:
    Subscriber.objects.bulk_create([Subscriber(stage="trial") for _ in range(50)])
    barrier = Barrier(3)
    counted = []

    def count() -> None:
        barrier.wait(30)
        counted.extend(count_stocks(MONDAY, only=["stage"]))

    at_once(count, count, count)
    assert not any(one.failed for one in counted), [one.sentence for one in counted]
    assert sorted(one.skipped for one in counted) == [False, True, True]
    assert StockRecord.objects.count() == 3
    assert SubscriberEvent.objects.count() == 50
    assert Ledger.objects.get().page == 2


@only_postgresql
def test_a_count_waits_for_who_has_posted() -> None:
    one = Subscriber.objects.create(stage="trial")
    count_stocks(MONDAY, only=["stage"])
    posted, waited = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            Subscriber.objects.filter(pk=one.pk).update(stage="paying")
            ledger = posting(stage)
            post(ledger, stage, {str(one.pk): "paying"}, timezone.now())
            posted.set()
            # The count is in the database's queue by then, or this fails.
            with connection.cursor() as cursor:
                for _ in range(200):
                    cursor.execute(
                        "SELECT pg_sleep(0.02), (SELECT count(*) FROM pg_locks "
                        "WHERE locktype = 'advisory' AND NOT granted)"
                    )
                    if cursor.fetchone()[1]:
                        waited.set()
                        break

    def count() -> None:
        posted.wait(30)
        (counted,) = count_stocks(MONDAY + DAY, only=["stage"])
        assert dict(counted.levels) == {"paying": 1}

    at_once(write, count)
    assert waited.is_set()
    moved = SubscriberEvent.objects.get(source="trial")
    assert (moved.is_inferred, moved.page) == (False, 2)
    check("stage", {str(one.pk): "paying"}, SubscriberEvent)


@only_postgresql
def test_who_posts_while_a_count_runs_is_on_the_next_page() -> None:
    one = Subscriber.objects.create(stage="trial")
    count_stocks(MONDAY, only=["stage"])
    held, written, closed = Event(), Event(), Event()

    def count() -> None:
        with transaction.atomic():
            closing(stage)
            held.set()
            written.wait(30)
            (counted,) = count_stocks(MONDAY + DAY, only=["stage"])
            assert dict(counted.levels) == {"trial": 1}
            closed.set()

    def write() -> None:
        with transaction.atomic():
            Subscriber.objects.filter(pk=one.pk).update(stage="paying")
            written.set()
            held.wait(30)
            ledger = posting(stage)
            assert closed.is_set()
            assert ledger.page == 3
            post(ledger, stage, {str(one.pk): "paying"}, timezone.now())

    at_once(count, write)
    assert SubscriberEvent.objects.get(source="trial").page == 3
    count_stocks(MONDAY + 2 * DAY, only=["stage"])
    check("stage", {str(one.pk): "paying"}, SubscriberEvent)


@only_postgresql
def test_two_who_post_an_object_for_the_first_time() -> None:
    barrier = Barrier(4)

    def write(state: str) -> Callable[[], None]:
        def go() -> None:
            barrier.wait(30)
            with transaction.atomic():
                post(posting(stage), stage, {"1": state, "2": state}, timezone.now())

        return go

    at_once(*(write(state) for state in ("trial", "paying", "lapsed", "trial")))
    lines = dict(StockMembership.objects.values_list("object_id", "state"))
    assert lines["1"] == lines["2"]
    for key in (1, 2):
        state = ""
        for event in SubscriberEvent.objects.filter(subject_id=key).order_by("pk"):
            assert event.source == state
            state = event.sink
        assert state == lines[str(key)]


@only_postgresql
def test_a_transaction_that_reads_an_old_snapshot_writes_nothing_wrong() -> None:
    Subscriber.objects.create(stage="trial")
    count_stocks(MONDAY, only=["stage"])

    def read_old() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            Subscriber.objects.count()
            with pytest.raises(StockAndFlowError, match="reads a snapshot"):
                diff_partition("stage", MONDAY + DAY)

    def begin_anew() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ"
            )
        assert not diff_partition("stage", MONDAY + DAY).events

    def post_late() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            Subscriber.objects.count()
            at_once(lambda: count_stocks(MONDAY + 2 * DAY, only=["stage"]))
            with pytest.raises(OperationalError, match="could not serialize"):
                posting(stage)
            transaction.set_rollback(True)

    for one in (read_old, begin_anew, post_late):
        at_once(one)
