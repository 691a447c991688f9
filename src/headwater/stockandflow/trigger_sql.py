"""Trigger SQL: what PostgreSQL does by itself when a row of a partition's model is written."""

from __future__ import annotations

from typing import Any

from django.db import connections, router
from django.db.models import AutoField, BooleanField, Field, UUIDField

from headwater.stockandflow.calls import call_names
from headwater.stockandflow.definitions import Flow, Partition
from headwater.stockandflow.definitions.slug import MAX_STATE
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.models import (
    Cause,
    FlowEvent,
    Ledger,
    PendingCall,
    StockMembership,
)
from headwater.stockandflow.watched import concrete

DECLARE = [
    ("ledger_at", "bigint"),
    ("page_at", "bigint"),
    ("has_begun", "boolean"),
    ("key_text", "text"),
    ("was", "text"),
    ("seen", "text"),
    ("is_now", "text"),
    ("flow_slug", "text"),
    ("moment", "timestamptz"),
]
"""The variables of the function, with their types."""


def function_body(partition: Partition, field: Field[Any, Any]) -> str:
    """Return the body of the trigger's function, in PL/pgSQL.

    It posts as ``ledger.post`` does: the same lock, the same page, from where the books have the
    object. An object whose state is too long for the books is left to the count, which says so.
    """
    model = partition.model
    pk: Any = model._meta.pk
    ledger = _name(Ledger._meta.db_table)
    member = _name(StockMembership._meta.db_table)
    slug = _text(partition.slug)
    find = (
        "SELECT id, page, compared_at IS NOT NULL INTO ledger_at, page_at, has_begun "  # noqa: S608
        f"FROM {ledger} WHERE partition = {slug}"
    )
    return f"""
        moment := clock_timestamp();
        seen := '';
        is_now := '';
        IF TG_OP <> 'INSERT' THEN
            key_text := OLD.{_name(pk.column)}::text;
            seen := {_state("OLD", field)};
        END IF;
        IF TG_OP <> 'DELETE' THEN
            key_text := NEW.{_name(pk.column)}::text;
            is_now := {_state("NEW", field)};
        END IF;
        IF seen = is_now OR length(seen) > {MAX_STATE} OR length(is_now) > {MAX_STATE} THEN
            RETURN NULL;
        END IF;
        PERFORM pg_advisory_xact_lock_shared(
            hashtextextended({_text("headwater:ledger:" + partition.slug)}, 0));
        {find};
        IF NOT FOUND THEN
            INSERT INTO {ledger} (partition, page) VALUES ({slug}, 1) ON CONFLICT DO NOTHING;
            {find};
        END IF;
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            PERFORM 1 FROM {ledger} WHERE id = ledger_at FOR NO KEY UPDATE;
        END IF;
        SELECT state INTO was FROM {member}
            WHERE ledger_id = ledger_at AND object_id = key_text FOR UPDATE;
        IF NOT FOUND THEN
            was := '';
            IF NOT has_begun AND TG_OP = 'DELETE' THEN
                RETURN NULL;
            END IF;
            IF NOT has_begun AND seen <> '' THEN
                was := seen;
                flow_slug := {_flow(partition, "''", "seen")};
                {_insert_event(partition, "''", "seen", is_opening=True)}
            END IF;
        END IF;
        IF was = is_now THEN
            RETURN NULL;
        END IF;
        IF is_now = '' THEN
            DELETE FROM {member} WHERE ledger_id = ledger_at AND object_id = key_text;
        ELSE
            INSERT INTO {member} (ledger_id, object_id, state, since)
                VALUES (ledger_at, key_text, is_now, moment)
                ON CONFLICT (ledger_id, object_id)
                DO UPDATE SET state = EXCLUDED.state, since = EXCLUDED.since;
        END IF;
        flow_slug := {_flow(partition, "was", "is_now")};
        {_insert_event(partition, "was", "is_now")}
        {_insert_calls(partition)}
        RETURN NULL;
    """  # noqa: S608


def _state(row: str, field: Field[Any, Any]) -> str:
    column = f"{row}.{_name(field.column or '')}"
    if isinstance(field, BooleanField):
        return f"CASE WHEN {column} THEN 'true' WHEN NOT {column} THEN 'false' ELSE '' END"
    return f"coalesce({column}::text, '')"


def _flow(partition: Partition, source: str, sink: str) -> str:
    if not partition.flows:
        return "''"
    cases = " ".join(
        f"WHEN {source} IN {_texts(flow.source_keys)} AND {sink} IN {_texts(flow.sink_keys)} "
        f"THEN {_text(flow.slug)}"
        for flow in partition.flows
    )
    return f"CASE {cases} ELSE '' END"


def _insert_event(partition: Partition, source: str, sink: str, *, is_opening: bool = False) -> str:
    events = partition.events
    values = {
        "partition": _text(partition.slug),
        "flow": "flow_slug",
        "source": source,
        "sink": sink,
        "occurred_at": "moment",
        "not_before": "NULL",
        "is_inferred": "true" if is_opening else "false",
        "cause": _text(Cause.OPENING if is_opening else Cause.CHANGED),
        "page": "page_at",
    }
    if issubclass(events, FlowEvent):
        meta: Any = concrete(partition.model)._meta
        values["object_id"] = "key_text"
        values["content_type"] = (
            "(SELECT id FROM django_content_type "  # noqa: S608
            f"WHERE app_label = {_text(meta.app_label)} AND model = {_text(meta.model_name)})"
        )
    else:
        key: Any = partition.model._meta.pk
        values[events.subject_key] = f"key_text::{key.rel_db_type(_connection())}"
    return _insert(events, values)


def _insert_calls(partition: Partition) -> str:
    inserts = [
        f"IF flow_slug = {_text(flow.slug)} THEN {_insert_call(partition, flow, name)} END IF;"
        for flow in partition.flows
        for name in call_names(flow)
    ]
    return "\n        ".join(inserts)


def _insert_call(partition: Partition, flow: Flow, name: str) -> str:
    values = {
        "flow": _text(flow.slug),
        "partition": _text(partition.slug),
        "call": _text(name),
        "model": _text(partition.model._meta.label),
        "object_id": "key_text",
        "source": "was",
        "sink": "is_now",
        "occurred_at": "moment",
        "next_attempt_at": "moment",
    }
    return _insert(PendingCall, values)


def _insert(model: Any, values: dict[str, str]) -> str:
    columns = []
    given = []
    template = model()
    for field in model._meta.concrete_fields:
        value = values.get(field.name, values.get(field.attname))
        if value is None and isinstance(field, AutoField):
            continue
        if value is None and field.primary_key:
            if not isinstance(field, UUIDField):
                raise DefinitionError(
                    f"{model._meta.label} has the primary key “{field.name}”, a "
                    f"{type(field).__name__}, whose values PostgreSQL cannot make. A trigger needs "
                    "a BigAutoField or a UUIDField."
                )
            value = "gen_random_uuid()"
        if value is None:
            value = _literal(field.get_db_prep_save(field.pre_save(template, True), _connection()))
        columns.append(_name(field.column))
        given.append(value)
    table = _name(model._meta.db_table)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(given)});"  # noqa: S608


def _literal(value: Any) -> str:
    connection: Any = _connection()
    made: str = connection.ops.compose_sql("%s", [value])
    return made.replace("$$", "$' || '$")


def _alias() -> str:
    return router.db_for_write(Ledger)


def _connection() -> Any:
    return connections[_alias()]


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    """Return ``text`` as a literal; the function that it stands in is between dollars."""
    quoted = str(text).replace("'", "''").replace("$$", "$' || '$")
    return f"('{quoted}')" if "$' || '$" in quoted else f"'{quoted}'"


def _texts(keys: tuple[str, ...]) -> str:
    return f"({', '.join(_text(key) for key in keys)})"
