"""Read a queryset: rows, columns and filter become a Table, a Matrix or blocks of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray

from headwater.conf import settings
from headwater.engines.table import Matrix, Table
from headwater.sources.copy_binary import copy_rows, row_type, speaks_psycopg3
from headwater.sources.kinds import NO_LABELS, ColumnError, LabelFields
from headwater.sources.number import to_number
from headwater.sources.selection import Selection, select

_EXACT_IN_FLOAT = 2**53
"""Keys above it would lose their last digits on the way through float64."""


class ReadError(ValueError):
    """Rows that cannot be read; the message is a sentence."""


def read_table(
    queryset: models.QuerySet[Any],
    columns: Sequence[str],
    *,
    block_rows: int | None = None,
    labels: LabelFields = NO_LABELS,
) -> Table:
    """Return ``columns`` of all rows of ``queryset`` with their keys, ordered by primary key.

    One statement reads them all, so they are of one moment; ``block_rows`` of them at a time are
    held in the database's form. ``labels`` are text fields that are read as categories, because
    they hold labels. Raises ``ColumnError`` and ``ReadError``.
    """
    if not columns:
        raise ReadError("No column is named to be read.")
    connection = connections[queryset.db]
    binary = connection.vendor == "postgresql" and speaks_psycopg3()
    selection = select(queryset, columns, vendor=connection.vendor, nan=binary, labels=labels)
    binary = binary and selection.is_fixed_width
    rows = block_rows or settings().BLOCK_ROWS
    if binary:
        blocks = _read_copy(connection, selection, rows)
    elif connection.vendor == "sqlite" and "categorical" not in selection.kinds:
        blocks = _read_numbers(connection, selection)
    elif connection.vendor in ("sqlite", "postgresql"):
        blocks = _read_mixed(connection, selection, rows)
    else:
        blocks = _read_objects(queryset, selection, rows)
    try:
        table = _joined(list(blocks), selection)
    except ValueError as error:  # SQLite keeps any value in any column
        raise ReadError(
            f"A column of {queryset.model._meta.verbose_name} ({', '.join(columns)}) holds what is "
            f"no number: {error}."
        ) from error
    if len(table) > 1 and not _distinct(table.ids):
        raise ReadError(
            "The filter gives the same row more than once; filter without relations to many rows."
        )
    return table


def read_matrix(queryset: models.QuerySet[Any], columns: Sequence[str]) -> Matrix:
    """Return numeric and boolean ``columns`` as float64 (n, d), missing values as NaN."""
    table = read_table(queryset, columns)
    for name, kind in table.kinds.items():
        if kind == "categorical":
            raise ColumnError(
                f"“{name}” has choices, not numbers; read it as a Table and encode it."
            )
    X = np.empty((len(table), len(columns)))
    for position, name in enumerate(columns):
        X[:, position] = table.columns[name]
    return Matrix(table.ids, X, tuple(columns))


@dataclass(frozen=True, slots=True)
class Blocks:
    """The rows of a queryset in blocks; each iteration reads them again, by ranges of the key."""

    queryset: models.QuerySet[Any]
    columns: tuple[str, ...]
    rows: int

    def __iter__(self) -> Iterator[Matrix]:
        after: object = None
        while True:
            keys = self.queryset.order_by("pk")
            if after is not None:
                keys = keys.filter(pk__gt=after)
            last = list(keys.values_list("pk", flat=True)[self.rows - 1 : self.rows])
            block = keys.filter(pk__lte=last[0]) if last else keys
            matrix = read_matrix(block, self.columns)
            if len(matrix):
                yield matrix
            if not last:
                return
            after = last[0]


def read_blocks(
    queryset: models.QuerySet[Any], columns: Sequence[str], *, rows: int | None = None
) -> Blocks:
    """Return blocks of at most ``rows`` rows (+ those that came meanwhile), ordered by key.

    For tables that do not fit in memory. It can be iterated again and again; rows that change
    between two passes are read as they are then.
    """
    return Blocks(queryset, tuple(columns), rows or settings().BLOCK_ROWS)


_Block = tuple[NDArray[Any], list[NDArray[Any]]]


def _read_copy(
    connection: BaseDatabaseWrapper, selection: Selection, block_rows: int
) -> Iterator[_Block]:
    statement = selection.sql()
    if statement is None:
        return
    n_columns = len(selection.names)
    row = row_type(selection.key, n_columns)
    for rows in copy_rows(connection, *statement, row, block_rows=block_rows):
        key_type = "i8" if selection.key == "integer" else "U36"
        yield (
            rows["key"].astype(key_type),
            [rows[f"value_{position}"].astype("f8") for position in range(n_columns)],
        )


def _read_numbers(connection: BaseDatabaseWrapper, selection: Selection) -> Iterator[_Block]:
    """Read numbers through one flat stream of floats: the fastest way out of a cursor."""
    statement = selection.sql()
    if statement is None:
        return
    width = len(selection.names) + 1
    if selection.key == "integer":
        with connection.cursor() as cursor:
            cursor.execute(*statement)
            flat = _floats(connection, cursor)
        table = flat.reshape(-1, width)
        keys = table[:, 0]
        if not len(keys) or np.abs(keys).max() < _EXACT_IN_FLOAT:
            yield keys.astype(np.int64), [table[:, i] for i in range(1, width)]
            return
    key_type = {"integer": "i8", "uuid": "U32", "text": "O"}[selection.key]
    layout = np.dtype([("key", key_type), *((f"c{i}", "f8") for i in range(1, width))])
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        if selection.key == "text":
            rows = np.array(cursor.fetchall(), dtype=layout)
        else:
            rows = np.fromiter(cursor, dtype=layout)
    yield _keys(rows["key"], selection), [rows[f"c{i}"] for i in range(1, width)]


def _floats(connection: BaseDatabaseWrapper, cursor: Any) -> NDArray[np.float64]:
    with connection.wrap_database_errors:  # the driver's own cursor: Django's costs per row
        return np.fromiter(chain.from_iterable(cursor.cursor), dtype=np.float64)


def _read_mixed(
    connection: BaseDatabaseWrapper, selection: Selection, block_rows: int
) -> Iterator[_Block]:
    """Read keys and choices that are text, with numbers beside them."""
    statement = selection.sql()
    if statement is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        while rows := cursor.fetchmany(block_rows):
            keys, *values = zip(*rows, strict=True)
            yield (
                _keys(keys, selection),
                [
                    np.array(column, dtype=object if kind == "categorical" else np.float64)
                    for kind, column in zip(selection.kinds, values, strict=True)
                ],
            )


def _read_objects(
    queryset: models.QuerySet[Any], selection: Selection, block_rows: int
) -> Iterator[_Block]:
    """Read through Django's own values, for databases that have no quicker way here."""
    values = queryset.order_by("pk").values_list("pk", *selection.names)
    rows: list[tuple[Any, ...]] = []
    for row in values.iterator(chunk_size=block_rows):
        rows.append(row)
    if not rows:
        return
    keys, *columns = zip(*rows, strict=True)
    yield (
        _keys([key if isinstance(key, int) else str(key) for key in keys], selection),
        [
            np.array([None if v is None else str(v) for v in column], dtype=object)
            if kind == "categorical"
            else np.array([to_number(v) for v in column])
            for kind, column in zip(selection.kinds, columns, strict=True)
        ],
    )


def _keys(keys: Any, selection: Selection) -> NDArray[Any]:
    if selection.key == "integer":
        return np.asarray(keys, dtype=np.int64)
    if selection.key == "uuid":  # SQLite keeps them without dashes
        keys = [k if len(k) == 36 else _dashed(k) for k in map(str, keys)]
    return np.array(keys, dtype=str)


def _dashed(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def _joined(blocks: list[_Block], selection: Selection) -> Table:
    if not blocks:
        key_type: Any = np.int64 if selection.key == "integer" else str
        blocks = [(np.array([], dtype=key_type), [np.array([]) for _ in selection.names])]
    ids = _chained([keys for keys, _ in blocks])
    columns = {
        name: _chained([values[position] for _, values in blocks])
        for position, name in enumerate(selection.names)
    }
    return Table(ids, columns, dict(zip(selection.names, selection.kinds, strict=True)))


def _chained(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _distinct(ids: NDArray[Any]) -> bool:
    return bool((ids[1:] != ids[:-1]).all())  # equal keys stand beside each other
