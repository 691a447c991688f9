"""Entries: the events, lines and calls of a whole set of moves, written in the database."""

# ruff: noqa: S608
# Only names that the connection has quoted are put into SQL; values travel as parameters.

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, DateField, Field, UUIDField
from django.utils import timezone

from headwater.stockandflow.calls import AT_ONCE, call_names, make_after_commit
from headwater.stockandflow.causes import CHANGES
from headwater.stockandflow.definitions import Flow, Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.models import Cause, FlowEvent, Ledger, PendingCall, StockMembership


@dataclass(slots=True)
class _Statement:
    """An INSERT of a row for each change; columns with what they get."""

    connection: BaseDatabaseWrapper
    columns: list[str] = field(default_factory=list)
    expressions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def put(self, target: Any, expression: str, values: Iterable[Any] = ()) -> None:
        """Set the column of ``target`` to ``expression``, as the kind that the column is of."""
        kind = target.db_type(self.connection)
        if self.connection.vendor == "postgresql" and kind:
            expression = f"CAST({expression} AS {kind})"
        self.columns.append(self.connection.ops.quote_name(target.column))
        self.expressions.append(expression)
        self.values += values

    def put_value(self, target: Any, value: Any) -> None:
        """Set the column of ``target`` to the same value in all rows."""
        self.put(target, "%s", [target.get_db_prep_save(value, self.connection)])

    def run(self, table: str, where: str = "", values: Iterable[Any] = ()) -> None:
        """Insert."""
        sql = (
            f"INSERT INTO {self.connection.ops.quote_name(table)} ({', '.join(self.columns)}) "
            f"SELECT {', '.join(self.expressions)} FROM {CHANGES} AS c {where}"
        )
        with self.connection.cursor() as cursor:
            cursor.execute(sql, [*self.values, *values])


def write_entries(
    connection: BaseDatabaseWrapper, ledger: Ledger, partition: Partition, as_of: datetime
) -> None:
    """Post every line of the table of changes: events, lines of the books, pending calls."""
    _write_events(connection, ledger, partition, as_of)
    _move_lines(connection, ledger, as_of)
    for flow in partition.flows:
        _write_calls(connection, partition, flow, as_of)


def subject_text(connection: BaseDatabaseWrapper, events: Any, alias: str) -> str:
    """Return SQL for the object's key as text in rows of ``events``."""
    target = next(f for f in events._meta.concrete_fields if f.attname == events.subject_key)
    column = f"{alias}.{connection.ops.quote_name(target.column)}"
    return column if issubclass(events, FlowEvent) else f"CAST({column} AS text)"


def _write_events(
    connection: BaseDatabaseWrapper, ledger: Ledger, partition: Partition, as_of: datetime
) -> None:
    events: Any = partition.events
    if events._meta.parents:
        raise DefinitionError(
            f"{partition.what} has the event model {events._meta.label}, which inherits the table "
            "of another model. Let it inherit FlowEventModel, which is abstract."
        )
    statement = _Statement(connection)
    flow, flow_values = _flow_of(partition)
    given: dict[str, tuple[str, list[Any]]] = {
        "flow": (flow, flow_values),
        "source": ("c.source", []),
        "sink": ("c.sink", []),
        "cause": ("c.cause", []),
        events.subject_key: ("c.object_id", []),
    }
    same: dict[str, Any] = {
        "partition": partition.slug,
        "occurred_at": as_of,
        "not_before": ledger.compared_at,
        "is_inferred": True,
        "page": ledger.page,
    }
    if issubclass(events, FlowEvent):
        same["content_type_id"] = ContentType.objects.get_for_model(partition.model).pk
    for target in events._meta.concrete_fields:
        if target.attname in given:
            statement.put(target, *given[target.attname])
        elif target.attname in same:
            statement.put_value(target, same[target.attname])
        else:
            _put_other(statement, events, target, as_of)
    statement.run(events._meta.db_table)


def _put_other(statement: _Statement, events: Any, target: Field[Any, Any], now: datetime) -> None:
    """Give a column of the project's own event model what a new object would have."""
    connection = statement.connection
    if isinstance(target, AutoField) or target.generated or target.has_db_default():
        return
    if isinstance(target, UUIDField) and (target.unique or target.primary_key):
        is_native = connection.vendor == "postgresql"
        statement.put(target, "gen_random_uuid()" if is_native else "lower(hex(randomblob(16)))")
        return
    if isinstance(target, DateField) and (target.auto_now or target.auto_now_add):
        statement.put_value(target, target.to_python(timezone.now()))
        return
    value = target.get_default()
    if target.unique or (value is None and not target.null):
        raise DefinitionError(
            f"“{target.name}” of {events._meta.label} cannot be filled in by a count. Give it a "
            "default, or null=True; and not unique=True."
        )
    statement.put_value(target, value)


def _flow_of(partition: Partition) -> tuple[str, list[Any]]:
    """Return SQL for the slug of the flow that names a change, "" where none does."""
    cases = []
    values: list[Any] = []
    for flow in partition.flows:
        condition, named = _takes(flow)
        cases.append(f"WHEN {condition} THEN %s")
        values += [*named, flow.slug]
    return (f"CASE {' '.join(cases)} ELSE '' END" if cases else "''"), values


def _takes(flow: Flow) -> tuple[str, list[str]]:
    sources, sinks = flow.source_keys, flow.sink_keys
    condition = (
        f"c.source IN ({', '.join(['%s'] * len(sources))}) "
        f"AND c.sink IN ({', '.join(['%s'] * len(sinks))})"
    )
    return condition, [*sources, *sinks]


def _move_lines(connection: BaseDatabaseWrapper, ledger: Ledger, as_of: datetime) -> None:
    quote = connection.ops.quote_name
    table = quote(StockMembership._meta.db_table)
    since = StockMembership._meta.get_field("since").get_db_prep_save(as_of, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE ledger_id = %s AND object_id IN "
            f"(SELECT object_id FROM {CHANGES} WHERE sink = %s)",
            [ledger.pk, OUTSIDE],
        )
        cursor.execute(
            f"UPDATE {table} SET state = c.sink, since = %s FROM {CHANGES} AS c "
            f"WHERE {table}.ledger_id = %s AND {table}.object_id = c.object_id "
            "AND c.source <> %s AND c.sink <> %s",
            [since, ledger.pk, OUTSIDE, OUTSIDE],
        )
        moment = "CAST(%s AS timestamptz)" if connection.vendor == "postgresql" else "%s"
        cursor.execute(
            f"INSERT INTO {table} (ledger_id, object_id, state, since) "
            f"SELECT %s, object_id, sink, {moment} FROM {CHANGES} WHERE source = %s",
            [ledger.pk, since, OUTSIDE],
        )


def _write_calls(
    connection: BaseDatabaseWrapper, partition: Partition, flow: Flow, as_of: datetime
) -> None:
    names = list(call_names(flow))
    if not names:
        return
    condition, ends = _takes(flow)
    now = timezone.now()
    for name in names:
        statement = _Statement(connection)
        same = {
            "flow": flow.slug,
            "partition": partition.slug,
            "call": name,
            "model": partition.model._meta.label,
            "occurred_at": as_of,
            "attempts": 0,
            "next_attempt_at": now,
            "error": "",
        }
        for target in PendingCall._meta.concrete_fields:
            if target.attname in same:
                statement.put_value(target, same[target.attname])
            elif target.attname in ("object_id", "source", "sink"):
                statement.put(target, f"c.{target.attname}")
        statement.run(
            PendingCall._meta.db_table,
            f"WHERE {condition} AND c.cause <> %s",
            [*ends, Cause.OPENING.value],
        )
    written = PendingCall.objects.using(connection.alias).filter(
        partition=partition.slug, flow=flow.slug, occurred_at=as_of, attempts=0
    )
    make_after_commit(list(written.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]))
