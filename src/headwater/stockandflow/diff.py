"""Diff: find who is elsewhere than the books say, and write the moves that are missing."""

# ruff: noqa: S608
# Only names that the connection has quoted are put into SQL; values travel as parameters.

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from headwater.stockandflow.causes import CHANGES, tell_causes
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.discover import find_partition
from headwater.stockandflow.entries import write_entries
from headwater.stockandflow.errors import ClockError
from headwater.stockandflow.ledger import books, closing
from headwater.stockandflow.models import Cause, Ledger, StockMembership
from headwater.stockandflow.moments import checked_moment
from headwater.stockandflow.snapshot import TABLE, Snapshot, snapshot

SORT_MEMORY = "128MB"
"""Memory of PostgreSQL for sorting the changes, for this transaction only."""
CLOCKS_APART = timedelta(minutes=5)
"""Now may be so much before the last comparison: clocks of two machines differ, or one was set."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How many objects had moved without an event; events were written for all of them."""

    partition: str
    not_before: datetime | None
    """The moment of the comparison before; None at the first one."""
    as_of: datetime
    entered: int
    left: int
    moved: int
    relabelled: int
    """How many of those who moved did so because the model that labels them changed."""

    @property
    def events(self) -> int:
        """How many events were written."""
        return self.entered + self.left + self.moved

    @property
    def sentence(self) -> str:
        """What was found, in words."""
        if self.not_before is None:
            return f"The books of “{self.partition}” were opened with {self.entered:,} objects."
        if not self.events:
            return f"The books of “{self.partition}” had every object where it is."
        said = (
            f"In “{self.partition}”, {self.entered:,} objects had come in, {self.left:,} had left "
            f"and {self.moved:,} had moved without an event"
        )
        return f"{said}; {self.relabelled:,} were relabelled." if self.relabelled else f"{said}."


def diff_partition(partition: Partition | str, as_of: datetime | None = None) -> Difference:
    """Compare the objects of ``partition`` with the books, and write the events that are missing.

    The page of the ledger stays open: this is no count. ``as_of`` is the moment of the comparison,
    now where None. Raises ClockError for a moment before the last one.
    """
    found = find_partition(partition)
    using = books(found)
    with transaction.atomic(using=using):
        ledger = closing(found, using)
        moment = moment_of(found, ledger, as_of)
        with snapshot(found, moment, using, with_facets=False) as taken:
            return write_difference(found, ledger, taken, moment)


def moment_of(partition: Partition, ledger: Ledger, as_of: datetime | None) -> datetime:
    """Return the moment of a comparison: ``as_of``, else now; never before the last one."""
    moment = checked_moment(as_of, "as_of") or timezone.now()
    last = ledger.compared_at
    if last is None or moment >= last:
        return moment
    if as_of is None and last - moment <= CLOCKS_APART:
        return last
    raise ClockError(
        f"{partition.what} cannot be counted as of {moment:%Y-%m-%d %H:%M:%S %Z}: its books go to "
        f"{last:%Y-%m-%d %H:%M:%S %Z} already. "
        + ("The clock was set back." if as_of is None else "Give a later moment.")
    )


def write_difference(
    partition: Partition, ledger: Ledger, taken: Snapshot, moment: datetime
) -> Difference:
    """Post what the books of ``partition`` lack, on a ledger that is held for ``closing``."""
    find_changes(ledger, taken)
    connection = taken.connection
    not_before = ledger.compared_at
    if not_before is not None:
        tell_causes(connection, partition, not_before, moment)
    numbers = numbers_of(taken)
    if any(numbers):
        write_entries(connection, ledger, partition, moment)
    drop_changes(taken)
    ledger.compared_at = moment
    ledger.save(using=connection.alias, update_fields=["compared_at"])
    return Difference(partition.slug, not_before, moment, *numbers)


def find_changes(ledger: Ledger, taken: Snapshot) -> None:
    """Fill the table of changes: who is elsewhere in ``taken`` than in the books."""
    connection = taken.connection
    lines = connection.ops.quote_name(StockMembership._meta.db_table)
    is_postgresql = connection.vendor == "postgresql"
    # Indexes that hold the key take sorted rows more quickly.
    in_order = "ORDER BY s.object_id" if is_postgresql else ""
    number = "bigint GENERATED ALWAYS AS IDENTITY" if is_postgresql else "integer PRIMARY KEY"
    # An object that the books do not know before their first comparison was there before it.
    cause = Cause.OPENING.value if ledger.compared_at is None else Cause.CHANGED.value
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute(f"SET LOCAL work_mem = '{SORT_MEMORY}'")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {CHANGES} (number {number}, object_id text, source text, "
            "sink text, cause text)"
        )
        cursor.execute(
            f"INSERT INTO {CHANGES} (object_id, source, sink, cause) "
            f"SELECT s.object_id, COALESCE(m.state, %s), s.state, "
            "CASE WHEN m.state IS NULL THEN %s ELSE %s END "
            f"FROM {TABLE} AS s LEFT JOIN {lines} AS m "
            "ON m.ledger_id = %s AND m.object_id = s.object_id "
            f"WHERE m.state IS NULL OR m.state <> s.state {in_order}",
            [OUTSIDE, cause, Cause.CHANGED.value, ledger.pk],
        )
        cursor.execute(
            f"INSERT INTO {CHANGES} (object_id, source, sink, cause) "
            "SELECT m.object_id, m.state, %s, %s "
            f"FROM {lines} AS m LEFT JOIN {TABLE} AS s ON s.object_id = m.object_id "
            "WHERE m.ledger_id = %s AND s.object_id IS NULL",
            [OUTSIDE, Cause.CHANGED.value, ledger.pk],
        )
        if is_postgresql:
            cursor.execute(f"ANALYZE {CHANGES}")


def drop_changes(taken: Snapshot) -> None:
    """Take the table of changes away."""
    with taken.connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {CHANGES}")


def numbers_of(taken: Snapshot) -> tuple[int, int, int, int]:
    """Return how many entered, left, moved, and were relabelled."""
    with taken.connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(CASE WHEN source = '' THEN 1 END), count(CASE WHEN sink = '' THEN 1 END)"
            f", count(*), count(CASE WHEN cause = %s THEN 1 END) FROM {CHANGES}",
            [Cause.RELABELLED.value],
        )
        entered, left, all_, relabelled = cursor.fetchone()
    return entered, left, all_ - entered - left, relabelled
