"""Cohorts: of those who came in the same period, how many are still there later."""

# ruff: noqa: S608
# Only names that the connection has quoted are put into SQL; values travel as parameters.

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections, router

from headwater.stockandflow.analysis.counts import (
    counts_of,
    held_by,
    intervals_of,
    last_of_each,
)
from headwater.stockandflow.analysis.net_moves import event_columns
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.discover import find_partition
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.models import Cause, Ledger

BEFORE = -1
"""Place of the cohort of those who were there at the first count."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The ``size`` objects that first came in the period from ``start``.

    ``start`` is None for those who were there at the first count. ``remaining``: how many of them
    were there at the end of that period and of each one after it; None where there was no count, or
    not yet.
    """

    start: datetime | None
    size: int
    remaining: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    """The cohorts in order, those of ``period``; periods in which nobody came have none."""

    cohorts: tuple[Cohort, ...]
    period: str


def retention(
    partition: Partition | str,
    *,
    periods: int = 12,
    states: Collection[str] | None = None,
    every: str | None = None,
) -> Retention:
    """Return how many of each cohort are there at the end of its period, and ``periods`` - 1 later.

    To be there is to be in one of ``states``; in any of them where None. To come is to be there for
    the first time, whoever leaves and comes back stays in the cohort. An object came in the period
    that holds the middle between the count that found it and the one before. ``every``: cohorts of
    such a longer period. Objects are told apart by their key, so one that is deleted has left.
    """
    partition = find_partition(partition)
    if periods < 1:
        raise StockAndFlowError(
            f"Retention of {periods} periods was asked for. Ask for one or more."
        )
    recorded, counts = counts_of(partition)
    period = every or recorded
    intervals = intervals_of(recorded, counts, every)
    closed = [intervals[0].opening, *(one.closing for one in intervals)] if intervals else []
    if not closed:
        paged = [one for one in counts if one.page is not None]
        closed = last_of_each(paged, period)[-1:] if paged else []
    if not closed:
        return Retention((), period)
    # The number of the period of each count, missed ones included.
    numbers = [0]
    for interval in intervals:
        numbers.append(numbers[-1] + 1 + interval.missed)
    pages = [one.page or 0 for one in closed]
    sizes: Counter[int] = Counter()
    changes: dict[int, Counter[int]] = {}
    for came, page, change, entered in _changes(partition, pages[-1], states):
        cohort = BEFORE if came == BEFORE else bisect_left(pages, came)
        changes.setdefault(cohort, Counter())[bisect_left(pages, page)] += change
        sizes[cohort] += entered
    starts: dict[int, datetime | None] = {BEFORE: None, 0: closed[0].period_start}
    starts |= {place: held_by(one.ends, period) for place, one in enumerate(intervals, start=1)}
    return Retention(
        cohorts=tuple(
            Cohort(
                start=starts[cohort],
                size=sizes[cohort],
                remaining=tuple(_remaining(changes[cohort], max(cohort, 0), numbers, periods)),
            )
            for cohort in sorted(changes)
        ),
        period=period,
    )


def _remaining(
    changes: Counter[int], first: int, numbers: Sequence[int], periods: int
) -> Iterator[int | None]:
    """Yield how many of a cohort are there from count number ``first`` on, one for each period."""
    there = sum(change for place, change in changes.items() if place < first)
    found: dict[int, int] = {}
    for place in range(first, len(numbers)):
        there += changes[place]
        found[numbers[place] - numbers[first]] = there
        if numbers[place] - numbers[first] >= periods:
            break
    for after in range(periods):
        yield found.get(after)


def _changes(
    partition: Partition, last: int, states: Collection[str] | None
) -> list[tuple[int, int, int, int]]:
    """Return who came and went up to page ``last``, counted by the page on which they first came.

    Rows of that page (BEFORE for those who were there when the books were opened), the page of the
    change, by how many more are there then, and how many of them came for the first time.
    """
    connection = connections[router.db_for_read(Ledger)]
    events = partition.events
    column = event_columns(events, connection)
    values: list[Any] = []

    def there(end: str) -> str:
        if states is None:
            values.append(OUTSIDE)
            return f"CASE WHEN {column[end]} <> %s THEN 1 ELSE 0 END"
        if not states:
            return "0"
        values.extend(states)
        return f"CASE WHEN {column[end]} IN ({', '.join(['%s'] * len(states))}) THEN 1 ELSE 0 END"

    was, now = there("source"), there("sink")
    sql = f"""
        WITH seen AS (
            SELECT {column["subject"]} AS subject, {column["page"]} AS page,
                {column["number"]} AS number, {column["cause"]} AS cause, {was} AS was, {now} AS now
            FROM {connection.ops.quote_name(events._meta.db_table)}
            WHERE {column["partition"]} = %s AND {column["page"]} <= %s
        ), numbered AS (
            SELECT seen.*, ROW_NUMBER() OVER (PARTITION BY subject ORDER BY number) AS nth
            FROM seen WHERE was <> now
        ), told AS (
            SELECT page, now - was AS change, CASE WHEN nth = 1 THEN 1 ELSE 0 END AS entered,
                FIRST_VALUE(CASE WHEN cause = %s THEN {BEFORE} ELSE page END) OVER (
                    PARTITION BY subject ORDER BY number
                ) AS came
            FROM numbered
        )
        SELECT came, page, SUM(change), SUM(entered) FROM told
        GROUP BY came, page ORDER BY came, page
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, partition.slug, last, Cause.OPENING])
        return [(int(a), int(b), int(c), int(d)) for a, b, c, d in cursor.fetchall()]
