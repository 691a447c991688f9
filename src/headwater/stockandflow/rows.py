"""Rows: any number of rows in one statement, handed over as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connections
from django.db.models import AutoField, Model
from django.db.models.expressions import RawSQL


def insert_rows(
    model: Any,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    using: str,
    same: Mapping[str, Any],
    returning: str = "",
    are_kept: bool = False,
) -> list[Any]:
    """Insert ``rows`` into the table of ``model`` in one statement.

    ``columns`` names the fields that each row gives, as text; ``same`` gives the fields that are
    the same in all rows; any other field has its default. Where ``are_kept``, rows that are there
    already stay as they are. Returns the values of the field ``returning`` of what was inserted.
    """
    listed = [list(row) for row in rows]
    if not listed:
        return []
    connection = connections[using]
    quote = connection.ops.quote_name
    names = list(columns)
    template = model()
    fields, values, parameters = [], [], []
    for field in model._meta.concrete_fields:
        given = next((name for name in (field.name, field.attname) if name in names), None)
        if given is None and isinstance(field, AutoField):
            continue
        if given is None and field.primary_key:  # a key of its own for each row
            for row in listed:
                row.append(str(field.get_db_prep_save(field.get_default(), connection)))
            names.append(given := field.name)
        if given is not None:
            values.append(_element(connection, names.index(given), _type(field, connection)))
        else:
            value = same.get(field.name, same.get(field.attname, _missing))
            if value is _missing:
                value = field.pre_save(template, True)
            parameters.append(field.get_db_prep_save(value, connection))
            values.append(_cast(connection, "%s", _type(field, connection)))
        fields.append(field)
    into = ", ".join(quote(field.column) for field in fields)
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({into}) "  # noqa: S608
        f"SELECT {', '.join(values)} FROM {_elements(connection)} WHERE true"
    )
    if are_kept:
        sql += " ON CONFLICT DO NOTHING"
    if returning:
        sql += f" RETURNING {quote(model._meta.get_field(returning).column)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, json.dumps(listed)])
        return [row[0] for row in cursor.fetchall()] if returning else []


def keys_in(model: type[Model], texts: Iterable[str], using: str) -> RawSQL:
    """Return the keys that ``texts`` write, for ``filter(pk__in=…)``: one parameter for all."""
    pk: Any = model._meta.pk
    return texts_in(texts, using, kind=_type(pk, connections[using]))


def texts_in(texts: Iterable[str], using: str, *, kind: str = "") -> RawSQL:
    """Return ``texts`` for a filter that ends in ``__in``: one parameter for all."""
    given = list(texts)
    if connections[using].vendor == "postgresql":  # which plans by the length of an array
        return RawSQL(f"SELECT unnest(CAST(%s AS {kind or 'text'}[]))", [given])  # noqa: S611
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(given)])


_missing = object()


def _type(field: Any, connection: Any) -> str:
    kind: str = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return kind


def _cast(connection: Any, sql: str, kind: str) -> str:
    # SQLite would make a number of a moment; and a text that is too long is to be refused, not cut.
    if connection.vendor != "postgresql" or not kind or kind.startswith(("varchar", "text")):
        return sql
    return f"CAST({sql} AS {kind})"


def _element(connection: Any, place: int, kind: str) -> str:
    if connection.vendor == "postgresql":
        return _cast(connection, f"value->>{place}", kind)
    return f"json_extract(value, '$[{place}]')"


def _elements(connection: Any) -> str:
    if connection.vendor == "postgresql":
        return "jsonb_array_elements(CAST(%s AS jsonb))"
    return "json_each(%s)"
