"""Write labels back: by primary key, only where they differ, in one transaction."""

# ruff: noqa: S608
# Only names that the connection has quoted are put into SQL; values travel as parameters.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray

from headwater.sources.copy_binary import speaks_psycopg3
from headwater.sources.selection import KeyKind, key_field, key_kind

LABELS = "headwater_labels"
VALUES = "headwater_values"
SORT_MEMORY = "128MB"
"""Memory of PostgreSQL for joining many labels with their rows, for this transaction only."""
MANY = 50_000
"""Labels from which a join would go through PostgreSQL's disk with its usual memory."""


@dataclass(frozen=True, slots=True)
class WriteBack:
    """What became of the rows."""

    updated: int
    """Rows whose value was another one."""
    unchanged: int
    """Rows that had the value already; they were not touched."""
    missing: int
    """Ids without a row: deleted meanwhile, which is no error."""
    cleared: int
    """Rows that are not among the ids and lost their value."""


def write_back(
    model: type[models.Model],
    field: str,
    ids: Sequence[Any] | NDArray[Any],
    values: Sequence[Any] | NDArray[Any],
    *,
    clear_others: bool = False,
    using: str | None = None,
) -> WriteBack:
    """Set ``field`` of the rows with primary keys ``ids`` to ``values``, and return the counts.

    One transaction on the connection that writes ``model`` (or ``using``): ids and values go into
    a temporary table, then one UPDATE ... FROM touches the rows whose value is distinct. An empty
    text, the label of a row in no group, empties the field.
    ``clear_others`` empties the field of all other rows of ``model``. Empty is NULL, or "" where
    the field takes no NULL. As with ``QuerySet.update``, no signal is sent and no ``auto_now``
    field changes. An id may be repeated with the same value, and counts once. Raises ValueError
    for an id with two values, and for values longer than the field.
    """
    if len(ids) != len(values):
        raise ValueError(f"There are {len(ids)} ids and {len(values)} values; each id takes one.")
    target = _Target.of(model, field, using or router.db_for_write(model))
    codes, distinct = _coded(values)
    stored = [target.stored(value) for value in distinct]
    target.refuse_too_long(stored)
    ids, codes = target.each_once(ids, codes)
    with transaction.atomic(using=target.connection.alias):
        target.create_tables()  # an error takes them away again, with all else
        target.fill(ids, codes, stored)
        updated = target.update()
        missing = target.count_missing() if updated < len(ids) else 0
        cleared = target.clear_others() if clear_others else 0
        target.drop_tables()
    return WriteBack(updated, len(ids) - updated - missing, missing, cleared)


def count_values(model: type[models.Model], field: str, *, using: str | None = None) -> int:
    """Return how many rows ``clear`` would empty."""
    target = _Target.of(model, field, using or router.db_for_write(model))
    rows = target.model._base_manager.using(target.connection.alias)
    rows = rows.exclude(**{f"{field}__isnull": True})
    return rows.count() if target.field.null else rows.exclude(**{field: target.empty}).count()


def clear(model: type[models.Model], field: str, *, using: str | None = None) -> int:
    """Empty ``field`` of all rows of ``model``; return how many had a value."""
    target = _Target.of(model, field, using or router.db_for_write(model))
    with transaction.atomic(using=target.connection.alias):
        return target.clear_all()


@dataclass(frozen=True, slots=True)
class _Target:
    """The column that is written, and the SQL that writes it."""

    model: type[models.Model]
    field: models.Field[Any, Any]
    key: KeyKind
    connection: BaseDatabaseWrapper

    @classmethod
    def of(cls, model: type[models.Model], field: str, using: str) -> _Target:
        found: Any = model._meta.get_field(field)
        connection = connections[using]
        if connection.vendor not in ("postgresql", "sqlite"):
            raise NotImplementedError(
                f"Results are written on PostgreSQL and SQLite; “{using}” is {connection.vendor}."
            )
        concrete: Any = model._meta.concrete_model
        if found.model is not concrete and not _shares_key(concrete, found.model):
            raise ValueError(
                f"“{field}” belongs to {found.model._meta.verbose_name}, whose key is not the key "
                f"of {model._meta.verbose_name}; write to {found.model._meta.label} instead."
            )
        return cls(concrete, found, key_kind(model), connection)

    @property
    def table(self) -> str:
        """The table of the field: a parent's where the field is inherited."""
        return self._quoted(self.field.model._meta.db_table)

    @property
    def table_key(self) -> str:
        pk: Any = self.field.model._meta.pk
        return self._quoted(pk.column)

    @property
    def column(self) -> str:
        return self._quoted(self.field.column)  # type: ignore[arg-type]

    @property
    def empty(self) -> Any:
        return None if self.field.null else self.field.get_db_prep_save("", self.connection)

    def stored(self, value: Any) -> Any:
        """Return ``value`` as the database keeps it."""
        return self.empty if value == "" else self.field.get_db_prep_save(value, self.connection)

    def refuse_too_long(self, stored: list[Any]) -> None:
        """Raise ValueError for texts that the field cannot hold; SQLite would take them."""
        limit = self.field.max_length
        for value in stored:
            if limit is not None and isinstance(value, str) and len(value) > limit:
                raise ValueError(
                    f"The value “{value}” has {len(value)} characters; “{self.field.name}” of "
                    f"{self.model._meta.label} holds {limit}."
                )

    def each_once(
        self, ids: Sequence[Any] | NDArray[Any], codes: NDArray[np.int32]
    ) -> tuple[Sequence[Any] | NDArray[Any], NDArray[np.int32]]:
        """Return each id once with its code; raise ValueError for an id with two values."""
        keys: Any = np.asarray(ids, dtype=np.int64) if self.key == "integer" else None
        if keys is None:
            positions: dict[Any, int] = {}
            keys = np.fromiter(
                (positions.setdefault(key, len(positions)) for key in self._keys(ids)),
                dtype=np.int64,
                count=len(ids),
            )
        if bool((keys[1:] > keys[:-1]).all()):
            return ids, codes  # in order, as they are read
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        if len(first) == len(keys):
            return ids, codes
        differs = codes != codes[first][inverse]
        if differs.any():
            twice = ids[int(differs.argmax())]
            raise ValueError(f"The id {twice} is given more than once, with different values.")
        return [ids[position] for position in first.tolist()], codes[first]

    def create_tables(self) -> None:
        self._run(
            f"CREATE TEMPORARY TABLE {LABELS} (id {self._key_type()} NOT NULL, "
            "code integer NOT NULL)"
        )
        value_type = _type_of(self.field, self.connection)
        self._run(f"CREATE TEMPORARY TABLE {VALUES} (code integer PRIMARY KEY, value {value_type})")

    def drop_tables(self) -> None:
        self._run(f"DROP TABLE {LABELS}")
        self._run(f"DROP TABLE {VALUES}")

    def fill(
        self, ids: Sequence[Any] | NDArray[Any], codes: NDArray[np.int32], stored: list[Any]
    ) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {VALUES} (code, value) VALUES (%s, %s)", list(enumerate(stored))
            )
        if self.connection.vendor == "postgresql" and speaks_psycopg3():
            self._copy(ids, codes)
        else:
            with self.connection.cursor() as cursor:
                pairs: Any = zip(self._keys(ids), codes.tolist(), strict=True)
                cursor.executemany(f"INSERT INTO {LABELS} (id, code) VALUES (%s, %s)", pairs)
        if self.connection.vendor == "postgresql":
            self._run(f"ANALYZE {LABELS}")  # else the planner thinks it small
            if len(ids) > MANY:
                self._run(
                    "SELECT set_config('work_mem', %s, true) WHERE "
                    "pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(%s)",
                    [SORT_MEMORY, SORT_MEMORY],
                )

    def update(self) -> int:
        distinct = "IS DISTINCT FROM" if self.connection.vendor == "postgresql" else "IS NOT"
        return self._run(
            f"UPDATE {self.table} SET {self.column} = v.value "
            f"FROM {LABELS} AS l JOIN {VALUES} AS v ON v.code = l.code "
            f"WHERE {self.table}.{self.table_key} = l.id "
            f"AND {self.table}.{self.column} {distinct} v.value{self._of_own_rows()}"
        )

    def count_missing(self) -> int:
        own_table = self._quoted(self.model._meta.db_table)
        pk: Any = self.model._meta.pk
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*) FROM {LABELS} AS l WHERE NOT EXISTS "
                f"(SELECT 1 FROM {own_table} AS t WHERE t.{self._quoted(pk.column)} = l.id)"
            )
            return int(cursor.fetchone()[0])

    def clear_others(self) -> int:
        if self.connection.vendor == "sqlite":  # which would look through all labels for each row
            self._run(f"CREATE UNIQUE INDEX temp.{LABELS}_id ON {LABELS} (id)")
        return self._clear(
            f"NOT EXISTS (SELECT 1 FROM {LABELS} AS l WHERE l.id = {self.table}.{self.table_key})"
        )

    def clear_all(self) -> int:
        return self._clear("")

    def _clear(self, condition: str) -> int:
        has_value = f"{self.table}.{self.column} IS NOT NULL"
        conditions = [has_value]
        params: list[Any] = [self.empty]
        if not self.field.null:
            conditions.append(f"{self.table}.{self.column} <> %s")
            params.append(self.empty)
        if condition:
            conditions.append(condition)
        return self._run(
            f"UPDATE {self.table} SET {self.column} = %s WHERE {' AND '.join(conditions)}"
            f"{self._of_own_rows()}",
            params,
        )

    def _of_own_rows(self) -> str:
        """Return a condition that leaves other rows of a parent's table alone."""
        if self.field.model is self.model:
            return ""
        pk: Any = self.model._meta.pk
        own_table = self._quoted(self.model._meta.db_table)
        own_keys = f"SELECT {self._quoted(pk.column)} FROM {own_table}"
        return f" AND {self.table}.{self.table_key} IN ({own_keys})"

    def _copy(self, ids: Sequence[Any] | NDArray[Any], codes: NDArray[np.int32]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # connects
            if self.key == "integer":
                statement = f"COPY {LABELS} (id, code) FROM STDIN (FORMAT BINARY)"
                with cursor.cursor.copy(statement) as copy:
                    for block in _binary_rows(np.asarray(ids, dtype=np.int64), codes):
                        copy.write(block)
            else:
                with cursor.cursor.copy(f"COPY {LABELS} (id, code) FROM STDIN") as copy:
                    for row in zip(self._keys(ids), codes.tolist(), strict=True):
                        copy.write_row(row)

    def _keys(self, ids: Sequence[Any] | NDArray[Any]) -> Iterator[Any]:
        if self.key == "integer":
            return iter(np.asarray(ids, dtype=np.int64).tolist())
        plain: Any = ids.tolist() if isinstance(ids, np.ndarray) else ids
        key = key_field(self.model)
        if self.key == "uuid" and self.connection.vendor == "sqlite":
            return (str(value).replace("-", "") for value in plain)
        return (key.get_db_prep_value(key.to_python(v), self.connection) for v in plain)

    def _key_type(self) -> str:
        if self.key == "integer":
            return "bigint"
        return _type_of(key_field(self.model), self.connection)

    def _quoted(self, name: str) -> str:
        return self.connection.ops.quote_name(name)

    def _run(self, sql: str, params: list[Any] | None = None) -> int:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return int(cursor.rowcount)


def _type_of(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    """Return the column type with its collation, without which texts cannot be compared."""
    parameters = field.db_parameters(connection)
    collation = parameters.get("collation")
    kind = str(parameters["type"])
    return f"{kind} COLLATE {connection.ops.quote_name(collation)}" if collation else kind


def _shares_key(model: type[models.Model], ancestor: type[models.Model]) -> bool:
    """Return whether a row of ``model`` has the key of its row of ``ancestor``."""
    link = model._meta.get_ancestor_link(ancestor)
    while link is not None:
        if not link.primary_key:
            return False
        parent: Any = link.remote_field.model
        if parent is ancestor:
            return True
        link = parent._meta.get_ancestor_link(ancestor)
    return False


def _coded(values: Sequence[Any] | NDArray[Any]) -> tuple[NDArray[np.int32], list[Any]]:
    """Return each value's position among the distinct values, and those."""
    plain = values.tolist() if isinstance(values, np.ndarray) else values
    positions: dict[Any, int] = {}
    codes = np.fromiter(
        (positions.setdefault(value, len(positions)) for value in plain),
        dtype=np.int32,
        count=len(values),
    )
    return codes, list(positions)


def _binary_rows(ids: NDArray[np.int64], codes: NDArray[np.int32]) -> Iterator[bytes]:
    """Yield the binary COPY of two columns, bigint and integer, in blocks."""
    layout = np.dtype(
        [("fields", ">i2"), ("l0", ">i4"), ("id", ">i8"), ("l1", ">i4"), ("code", ">i4")]
    )
    yield b"PGCOPY\n\xff\r\n\x00" + bytes(8)
    for start in range(0, len(ids), 100_000):
        rows = np.empty(len(ids[start : start + 100_000]), dtype=layout)
        rows["fields"], rows["l0"], rows["l1"] = 2, 8, 4
        rows["id"] = ids[start : start + 100_000]
        rows["code"] = codes[start : start + 100_000]
        yield rows.tobytes()
    yield b"\xff\xff"
