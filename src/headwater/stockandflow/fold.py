"""Fold: where events, added up, have each object; and moves whose event is gone."""

# ruff: noqa: S608
# Only names that the connection has quoted are put into SQL; values travel as parameters.

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice, zip_longest
from operator import itemgetter
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections

from headwater.stockandflow.balance import event_tables
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.entries import subject_text
from headwater.stockandflow.models import FlowEvent, Ledger, StockMembership

_ODD = "headwater_unexplained"
_BLOCK = 2000


@dataclass(frozen=True, slots=True)
class Unexplained:
    """How many moves have lost their event, and how many lines are not where events lead."""

    moves: int
    lines: int


@dataclass(frozen=True, slots=True)
class _Found:
    """An object whose events do not lead to its line."""

    object_id: str
    state: str | None
    """Where its events lead; None where they lead nowhere: then ``moves`` are missing."""
    moves: tuple[tuple[str, str], ...] = ()


def find_unexplained(partition: Partition, ledger: Ledger, using: str) -> Unexplained:
    """Return how often events, added up, do not lead to the lines of the books."""
    moves = lines = 0
    for found in _found(partition, ledger, using):
        moves += len(found.moves)
        lines += found.state is not None
    return Unexplained(moves, lines)


def mend_unexplained(
    partition: Partition, ledger: Ledger, moment: datetime, using: str
) -> Unexplained:
    """Write the events that are missing, and set the other lines to where events lead.

    The events are inferred, and stand on the open page: closed pages stay as they are. A comparison
    with the objects, which is to follow, takes the lines from there.
    """
    moves = lines = 0
    wanted = _found(partition, ledger, using)
    while block := list(islice(wanted, _BLOCK)):
        rows = [
            _event(partition, ledger, moment, found.object_id, source, sink)
            for found in block
            for source, sink in found.moves
        ]
        manager: Any = partition.events._default_manager
        manager.using(using).bulk_create(rows)
        wrong = [found for found in block if found.state is not None]
        members = StockMembership.objects.using(using)
        members.filter(ledger=ledger, object_id__in=[one.object_id for one in wrong]).delete()
        members.bulk_create(
            [
                StockMembership(
                    ledger=ledger, object_id=one.object_id, state=one.state, since=moment
                )
                for one in wrong
                if one.state
            ]
        )
        moves += len(rows)
        lines += len(wrong)
    return Unexplained(moves, lines)


def _event(
    partition: Partition, ledger: Ledger, moment: datetime, one: str, source: str, sink: str
) -> Any:
    events: Any = partition.events
    values: dict[str, Any] = {}
    if issubclass(events, FlowEvent):
        values["content_type"] = ContentType.objects.get_for_model(partition.model)
        values[events.subject_key] = one
    else:
        pk: Any = partition.model._meta.pk
        values[events.subject_key] = pk.to_python(one)
    flow = partition.flow_of(source, sink)
    return events(
        partition=partition.slug,
        flow=flow.slug if flow else "",
        source=source,
        sink=sink,
        occurred_at=moment,
        not_before=ledger.compared_at,
        is_inferred=True,
        page=ledger.page,
        **values,
    )


def _found(partition: Partition, ledger: Ledger, using: str) -> Iterator[_Found]:
    """Yield the objects whose events do not lead to their lines.

    An event takes one from its source and adds one to its sink. What all events of an object leave
    is one where it is, or nothing. Where they leave more, or less than nothing, some are missing:
    those that lead from where there is too much to where there is too little.
    """
    for one, rows in groupby(_left_over(partition, ledger, using), key=itemgetter(0)):
        listed = list(rows)
        over = Counter({state: number for _, state, number, _ in listed})
        line = listed[0][3]
        left = {state: number for state, number in _with(over, line).items() if number}
        if not left or list(left.values()) == [1]:
            yield _Found(one, next(iter(left), OUTSIDE))
            continue
        much = [state for state, number in over.items() for _ in range(number)]
        little = [state for state, number in over.items() for _ in range(-number)]
        pairs = zip_longest(much, little, fillvalue=OUTSIDE)
        yield _Found(one, None, tuple(pairs))


def _with(over: Counter[str], line: str) -> Counter[str]:
    """Return what events alone leave: what is over, and what the line accounts for."""
    left = Counter(over)
    if line != OUTSIDE:
        left[line] += 1
    return left


def _left_over(
    partition: Partition, ledger: Ledger, using: str
) -> Iterator[tuple[str, str, int, str]]:
    """Yield object id, state, by how much events and the line differ, and the line; by object."""
    connection = connections[using]
    quote = connection.ops.quote_name
    parts: list[str] = []
    values: list[Any] = []
    for events in event_tables():
        table = quote(events._meta.db_table)
        text = subject_text(connection, events, "e")
        for end, sign in (("sink", 1), ("source", -1)):
            parts.append(
                f"SELECT {text} AS object_id, e.{end} AS state, {sign} AS number FROM {table} AS e "
                f"WHERE e.partition = %s AND e.{end} <> ''"
            )
            values.append(partition.slug)
    lines = quote(StockMembership._meta.db_table)
    parts.append(f"SELECT object_id, state, -1 FROM {lines} WHERE ledger_id = %s")
    values.append(ledger.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {_ODD} (object_id text, state text, number integer)"
        )
        cursor.execute(
            f"INSERT INTO {_ODD} SELECT object_id, state, sum(number) FROM "
            f"({' UNION ALL '.join(parts)}) AS moves GROUP BY object_id, state "
            "HAVING sum(number) <> 0",
            values,
        )
    last = ("", "")
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT o.object_id, o.state, o.number, COALESCE(m.state, '') FROM {_ODD} AS o "
                f"LEFT JOIN {lines} AS m ON m.ledger_id = %s AND m.object_id = o.object_id "
                "WHERE (o.object_id, o.state) > (%s, %s) ORDER BY o.object_id, o.state LIMIT %s",
                [ledger.pk, *last, _BLOCK],
            )
            rows = cursor.fetchall()
        if not rows:
            break
        yield from rows
        last = (rows[-1][0], rows[-1][1])
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {_ODD}")
