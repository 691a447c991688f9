"""Snapshot: the objects of a partition, read in one statement into a temporary table."""

# ruff: noqa: S608
# Only names that the connection has quoted are put into SQL; values travel as parameters.

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CompositePrimaryKey, F, QuerySet, TextField
from django.db.models.functions import Cast

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.partition import STATE
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.ledger import refuse_too_long
from headwater.stockandflow.split import OTHER, SHORT, WIDEST, Split, split_by

TABLE = "headwater_snapshot"
_OBJECT = "headwater_object"
_SORT_MEMORY = "256MB"
"""Memory of PostgreSQL for joining snapshots with memberships, for this transaction only."""


@dataclass(frozen=True, slots=True, eq=False)
class FacetColumn:
    """A facet in the snapshot: a column of it, or a table beside it where it leads to many."""

    split: Split
    column: str
    table: str
    read: Callable[[Any], str]
    """Gives the text that records keep for what the column holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The state and the facets of every object that is inside, as of one statement.

    Its temporary table has ``object_id``, ``state`` and the ``column`` of each to-one facet.
    """

    connection: BaseDatabaseWrapper
    facets: tuple[FacetColumn, ...]

    def to_one(self) -> tuple[FacetColumn, ...]:
        """Return the facets that have a column."""
        return tuple(one for one in self.facets if not one.table)

    def to_many(self) -> tuple[FacetColumn, ...]:
        """Return the facets that have a table: ``object_id`` and ``value``, each pair once."""
        return tuple(one for one in self.facets if one.table)

    def together(self) -> list[tuple[FacetColumn, ...]]:
        """Return the to-one facets in sets that can be grouped by in one pass, mostly one set."""
        sets: list[tuple[FacetColumn, ...]] = [()]
        groups = 1
        for facet in self.to_one():
            if sets[-1] and groups * facet.split.groups > WIDEST:
                sets.append(())
                groups = 1
            sets[-1] = (*sets[-1], facet)
            groups *= facet.split.groups
        return sets

    def tally(self) -> Tally:
        """Return how many objects are in each state, and with which value of each facet.

        The number of queries does not grow with values: one, and one for each to-many facet.
        """
        levels: dict[str, int] = {}
        facets: dict[str, dict[tuple[str, str], int]] = {}
        for part in self.together():
            levels = {}
            for state, *found, number in self._grouped(part):
                levels[state] = levels.get(state, 0) + number
                for facet, value in zip(part, found, strict=True):
                    counts = facets.setdefault(facet.split.slug, {})
                    key = (state, facet.read(value))
                    counts[key] = counts.get(key, 0) + number
        for facet in self.to_many():
            facets[facet.split.slug] = self._counted(facet, levels)
        return Tally(levels, facets)

    def _grouped(self, facets: tuple[FacetColumn, ...]) -> list[tuple[Any, ...]]:
        names = ", ".join(["state", *(one.column for one in facets)])
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT {names}, count(*) FROM {TABLE} GROUP BY {names}")
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _counted(self, facet: FacetColumn, levels: dict[str, int]) -> dict[tuple[str, str], int]:
        inside = f"{TABLE} s JOIN {facet.table} f ON f.object_id = s.object_id"
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT s.state, f.value, count(*) FROM {inside} GROUP BY 1, 2")
            counts = {(state, facet.read(value)): n for state, value, n in cursor.fetchall()}
            cursor.execute(
                f"SELECT s.state, count(DISTINCT s.object_id) FROM {inside} GROUP BY s.state"
            )
            some = dict(cursor.fetchall())
        none = {(state, OTHER): n - some.get(state, 0) for state, n in levels.items()}
        return counts | {key: n for key, n in none.items() if n}


@dataclass(frozen=True, slots=True)
class Tally:
    """Objects by state; and by facet, state and value. What is not there is none."""

    levels: dict[str, int]
    facets: dict[str, dict[tuple[str, str], int]]


@contextmanager
def snapshot(
    partition: Partition, moment: datetime, using: str, *, with_facets: bool = True
) -> Iterator[Snapshot]:
    """Read the objects of ``partition`` once; the temporary tables are there until the end.

    Call it in a transaction. Raises StockAndFlowError for objects with two states at once, and for
    states that records cannot keep.
    """
    connection = connections[using]
    rows = partition.objects(moment).using(using)
    rows.query.select_for_update = False
    if isinstance(rows.model._meta.pk, CompositePrimaryKey):
        raise StockAndFlowError(
            f"{partition.what} is of {rows.model._meta.label}, whose primary key is of several "
            "columns. Books keep the key of an object as one text; give the model a key of one "
            "column."
        )
    splits = _splits(partition) if with_facets else []
    to_one = [one for one in splits if not one.is_to_many]
    facets = []
    kinds = []
    names = [_OBJECT, STATE]
    repeats = rows.query.distinct or _may_repeat(rows)
    rows = rows.annotate(**{_OBJECT: Cast(F("pk"), TextField())})
    for number, split in enumerate(to_one):
        name = f"headwater_facet_{number}"
        rows = split.annotated(rows, name)
        names.append(name)
        facets.append(FacetColumn(split, f"f{number}", "", split.reader(rows, name)))
        kinds.append("integer" if len(split.values) <= SHORT else "text")
    columns = [f"f{number} {kind}" for number, kind in enumerate(kinds)]
    key = "text" if connection.vendor == "postgresql" else "text PRIMARY KEY"
    _create(connection, TABLE, [f"object_id {'text' if repeats else key}", "state text", *columns])
    _insert(connection, TABLE, rows.values_list(*names), where=f"{STATE} IS NOT NULL", once=repeats)
    if repeats:
        _refuse_two_states(connection, partition, len(kinds))
    _refuse_long_states(connection, partition)
    _analyse(connection, TABLE)
    for number, split in enumerate(one for one in splits if one.is_to_many):
        facets.append(_beside(connection, partition, split, f"{TABLE}_{number}", using))
    yield Snapshot(connection, tuple(facets))
    with connection.cursor() as cursor:  # after an error the transaction takes them away
        for name in (TABLE, *(one.table for one in facets if one.table)):
            cursor.execute(f"DROP TABLE {name}")


def _splits(partition: Partition) -> list[Split]:
    model = partition.model._meta.concrete_model or partition.model
    return [split_by(use, model) for use in partition.facet_uses]


def _may_repeat(rows: QuerySet[Any, Any]) -> bool:
    """Return whether a join can give an object more than one row."""
    query = rows.query
    if query.extra_tables or query.group_by is not None:
        return True
    for alias, uses in query.alias_refcount.items():
        join: Any = getattr(query.alias_map[alias], "join_field", None)
        if uses and join is not None and not (join.many_to_one or join.one_to_one):
            return True
    return False


def _create(connection: BaseDatabaseWrapper, name: str, columns: list[str]) -> None:
    end = " ON COMMIT DROP" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET LOCAL work_mem = '{_SORT_MEMORY}'")
            cursor.execute("SET LOCAL jit = off")  # it takes longer than it saves here
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({', '.join(columns)}){end}")


def _insert(
    connection: BaseDatabaseWrapper,
    name: str,
    rows: QuerySet[Any, Any],
    *,
    where: str,
    once: bool,
) -> None:
    try:
        sql, values = rows.query.get_compiler(connection.alias).as_sql()
    except EmptyResultSet:
        return
    distinct = "DISTINCT " if once else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {name} SELECT {distinct}* FROM ({sql}) AS objects WHERE {where}", values
        )


def _analyse(connection: BaseDatabaseWrapper, name: str) -> None:
    if connection.vendor == "postgresql":  # which does not know how large a temporary table is
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {name}")


def _refuse_two_states(connection: BaseDatabaseWrapper, partition: Partition, facets: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT object_id, min(state), max(state) FROM {TABLE} GROUP BY object_id "
            "HAVING count(*) > 1 ORDER BY object_id LIMIT 1"
        )
        found = cursor.fetchone()
    if found is None:
        return
    one, first, last = found
    said = f"in “{first}” and in “{last}” at once" if first != last else "there more than once"
    raise StockAndFlowError(
        f"{partition.what} has the {partition.model._meta.verbose_name} {one} {said}: a join gives "
        "it several rows. Divide by a field of the object itself, or by a subquery that finds one "
        "value."
    )


def _refuse_long_states(connection: BaseDatabaseWrapper, partition: Partition) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state FROM {TABLE} WHERE length(state) > 100 LIMIT 1")
        found = cursor.fetchone()
    if found is not None:
        refuse_too_long(partition, found[0])


def _beside(
    connection: BaseDatabaseWrapper, partition: Partition, split: Split, table: str, using: str
) -> FacetColumn:
    """Read the values of a to-many facet: those that the facet names, of all objects."""
    manager: Any = partition.model._base_manager
    rows = manager.using(using).order_by().annotate(**{_OBJECT: Cast(F("pk"), TextField())})
    rows = split.annotated(rows, "headwater_many")
    read = split.reader(rows, "headwater_many")
    is_number = len(split.values) <= SHORT
    _create(connection, table, ["object_id text", f"value {'integer' if is_number else 'text'}"])
    where = "headwater_many <> 0" if is_number else "headwater_many IS NOT NULL"
    rows = rows.values_list(_OBJECT, "headwater_many")
    _insert(connection, table, rows, where=where, once=True)
    _analyse(connection, table)
    return FacetColumn(split, "value", table, read)
