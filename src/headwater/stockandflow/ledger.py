"""Ledger: the open page of a partition, its locks, and the one way to post moves on it."""

# Only names that the connection has quoted are put into SQL; values travel as parameters.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.definitions.slug import MAX_STATE
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.events import Move
from headwater.stockandflow.models import Cause, FlowEvent, Ledger, StockMembership
from headwater.stockandflow.rows import insert_rows, texts_in

_READ_COMMITTED = "read committed"


def books(partition: Partition) -> str:
    """Return the alias of the database of the books; the objects of ``partition`` must be in it."""
    alias = router.db_for_write(Ledger)
    subject = partition.subject
    pinned = getattr(subject, "_db", None)
    found = pinned or router.db_for_write(partition.model)
    if found != alias:
        raise StockAndFlowError(
            f"{partition.what} is of {partition.model._meta.label}, which is in the database "
            f"“{found}”; the books are in “{alias}”. Route headwater_stockandflow to the database "
            "of the objects."
        )
    return alias


def posting(partition: Partition | str, using: str | None = None) -> Ledger:
    """Return the ledger of ``partition`` with its open page, which stays open until the commit.

    Call it in a transaction, after the write that is to be posted. Any number of transactions may
    post at the same time; a count waits for them.
    """
    connection = connections[using or router.db_for_write(Ledger)]
    slug = _slug(partition)
    if connection.vendor != "postgresql":
        return _written(connection, slug)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0)), "
            "current_setting('transaction_isolation')",
            [f"headwater:ledger:{slug}"],
        )
        (_, isolation) = cursor.fetchone()
    ledgers = Ledger.objects.using(connection.alias)
    if isolation != _READ_COMMITTED:
        # The page may be that of an old snapshot: a lock of the row refuses one that has changed.
        ledgers = ledgers.select_for_update(no_key=True)
    return ledgers.filter(partition=slug).first() or _written(connection, slug)


def closing(partition: Partition | str, using: str | None = None) -> Ledger:
    """Return the ledger of ``partition``, on which nobody else posts until the commit.

    Call it in a transaction. What it then reads is what those who posted before have committed.
    """
    connection = connections[using or router.db_for_write(Ledger)]
    slug = _slug(partition)
    if connection.vendor == "postgresql":
        _read_committed(connection, slug)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                [f"headwater:ledger:{slug}"],
            )
    return _written(connection, slug)


def post(
    ledger: Ledger,
    partition: Partition,
    states: Mapping[str, str],
    occurred_at: datetime,
    cause: str = "",
    *,
    seen: Mapping[str, str] | None = None,
) -> list[Move]:
    """Record where objects are now: object id -> state ("" is outside). Return who moved.

    ``ledger`` is what ``posting`` returned in this transaction; object ids are keys as
    ``events.object_text`` writes them. An object moves from where the books have it. ``seen`` is
    where the caller saw objects before: while the books have not been opened by a first count, an
    object that they do not know is opened there. The number of statements does not grow with the
    objects.
    """
    for state in {*states.values(), *(seen or {}).values()}:
        refuse_too_long(partition, state)
    using = ledger._state.db or router.db_for_write(Ledger)
    sources = _locked(ledger, using, states)
    entering = [one for one, state in states.items() if one not in sources and state != OUTSIDE]
    entered = _enter(ledger, using, {one: states[one] for one in entering}, occurred_at)
    # Somebody else has posted these for the first time in the meantime.
    sources |= _locked(ledger, using, [one for one in entering if one not in entered])
    _move(ledger, using, sources, states, occurred_at)
    openings = []
    moves = []
    for one, state in states.items():
        source = sources.get(one, OUTSIDE)
        was = (seen or {}).get(one, OUTSIDE)
        if one not in sources and was != OUTSIDE and ledger.compared_at is None:
            openings.append(Move(one, OUTSIDE, was))
            source = was
        if source != state:
            moves.append(Move(one, source, state))
    opened = {"cause": Cause.OPENING, "is_inferred": True}
    _write(ledger, partition, openings, using, occurred_at=occurred_at, **opened)
    _write(ledger, partition, moves, using, occurred_at=occurred_at, cause=cause)
    return moves


def refuse_too_long(partition: Partition, state: str) -> None:
    """Raise StockAndFlowError for a state that records cannot keep."""
    if len(state) > MAX_STATE:
        raise StockAndFlowError(
            f"{partition.what} has the state “{state[:40]}…” of {len(state)} characters. A state "
            f"is of at most {MAX_STATE}; name ranges or kinds with Case(When(…))."
        )


def _move(
    ledger: Ledger,
    using: str,
    sources: Mapping[str, str],
    states: Mapping[str, str],
    since: datetime,
) -> None:
    """Write the states of objects that have lines, in one statement for each state."""
    members = StockMembership.objects.using(using).filter(ledger=ledger)
    moved: dict[str, list[str]] = {}
    for one, source in sources.items():
        if states[one] != source:
            moved.setdefault(states[one], []).append(one)
    for state, ids in moved.items():
        lines = members.filter(object_id__in=texts_in(ids, using))
        if state == OUTSIDE:
            lines.delete()
        else:
            lines.update(state=state, since=since)


def _write(
    ledger: Ledger, partition: Partition, moves: Sequence[Move], using: str, **values: Any
) -> None:
    """Write the events of ``moves`` in one statement."""
    events = partition.events
    same = {"partition": partition.slug, "page": ledger.page, **values}
    if issubclass(events, FlowEvent):
        same["content_type_id"] = ContentType.objects.get_for_model(partition.model).pk
    flows = {
        ends: flow.slug if (flow := partition.flow_of(*ends)) else ""
        for ends in {(move.source, move.sink) for move in moves}
    }
    insert_rows(
        events,
        ["flow", "source", "sink", events.subject_key],
        ((flows[m.source, m.sink], m.source, m.sink, m.object_id) for m in moves),
        using=using,
        same=same,
    )


def _locked(ledger: Ledger, using: str, ids: Iterable[str]) -> dict[str, str]:
    """Return object id -> state, as the books have it, and hold those lines until the commit."""
    wanted = list(ids)
    if not wanted:
        return {}
    members = StockMembership.objects.using(using).filter(ledger=ledger)
    members = members.filter(object_id__in=texts_in(wanted, using))
    found = members.order_by("object_id").values_list("object_id", "state")
    if connections[using].features.has_select_for_update:
        found = found.select_for_update()
    return dict(found)


def _enter(
    ledger: Ledger, using: str, states: Mapping[str, str], since: datetime
) -> frozenset[str]:
    """Write lines for objects that have none; return those that had none until then."""
    if not states:
        return frozenset()
    entered = insert_rows(
        StockMembership,
        ["object_id", "state"],
        [(one, states[one]) for one in sorted(states)],
        using=using,
        same={"ledger_id": ledger.pk, "since": since},
        returning="object_id",
        are_kept=True,
    )
    return frozenset(entered)


def _written(connection: BaseDatabaseWrapper, slug: str) -> Ledger:
    """Return the ledger, made where there is none. The transaction has written by then."""
    ledgers = Ledger.objects.using(connection.alias)
    mine = ledgers.filter(partition=slug)
    if connection.vendor == "postgresql":
        if (found := mine.first()) is not None:
            return found
    # SQLite: a read first could not be followed by a write if another process wrote in between.
    elif mine.update(partition=slug):
        return mine.get()
    ledgers.bulk_create([Ledger(partition=slug)], ignore_conflicts=True)
    return mine.get()


def _read_committed(connection: BaseDatabaseWrapper, slug: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        if cursor.fetchone()[0] == _READ_COMMITTED:
            return
        try:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        except DatabaseError as error:
            raise StockAndFlowError(
                f"The books of “{slug}” cannot be closed in this transaction: it reads a snapshot "
                "from before the moves that others have posted since. Count in a transaction of "
                "its own, or in one that is READ COMMITTED."
            ) from error


def _slug(partition: Partition | str) -> str:
    return partition if isinstance(partition, str) else partition.slug
