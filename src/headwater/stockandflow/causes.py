"""Causes: who moved because the model that labels objects changed, not the object."""

# ruff: noqa: S608
# Only names of this module are put into SQL; values travel as parameters.

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.discover import stated
from headwater.stockandflow.models import Cause

CHANGES = "headwater_changes"
"""Temporary table: who is elsewhere than the books say."""
_RELABELLED = "headwater_relabelled"
_BLOCK = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """The objects that are elsewhere than at the count before. They can be read again and again.

    Iterating yields object id, source and sink ("" is the outside), all as text.
    """

    connection: BaseDatabaseWrapper

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        for block in self.blocks():
            yield from block

    def blocks(self, size: int = _BLOCK) -> Iterator[list[tuple[str, str, str]]]:
        """Yield them in lists of at most ``size``; no more than one is in memory."""
        last = 0
        while True:
            with self.connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT number, object_id, source, sink FROM {CHANGES} WHERE number > %s "
                    "ORDER BY number LIMIT %s",
                    [last, size],
                )
                rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            yield [(one, source, sink) for _, one, source, sink in rows]


def tell_causes(
    connection: BaseDatabaseWrapper,
    partition: Partition,
    not_before: datetime | None,
    as_of: datetime,
) -> None:
    """Mark the changes that a function of ``causes`` calls relabelled."""
    if stated().causes and connection.vendor == "postgresql":  # SQLite has it as its own key
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {CHANGES} ADD PRIMARY KEY (number)")
    told = [
        one
        for cause in stated().causes
        for one in [cause(partition, Changes(connection), not_before, as_of)]
    ]
    if not told:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {_RELABELLED} (object_id text)")
    found = sum(_keep(connection, ids) for ids in told)
    with connection.cursor() as cursor:
        if found:
            cursor.execute(
                f"UPDATE {CHANGES} SET cause = %s WHERE object_id IN "
                f"(SELECT object_id FROM {_RELABELLED})",
                [Cause.RELABELLED.value],
            )
        cursor.execute(f"DROP TABLE {_RELABELLED}")


def _keep(connection: BaseDatabaseWrapper, ids: Iterable[Any]) -> int:
    rest = iter(ids)
    kept = 0
    while block := [str(one) for one in islice(rest, 500)]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {_RELABELLED} VALUES {', '.join(['(%s)'] * len(block))}", block
            )
        kept += len(block)
    return kept
