"""Levels: how many are where, as of the last count, and since the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from headwater.stockandflow.analysis.counts import (
    Count,
    due_after,
    names_of,
    read,
    recorded_period,
    states_of,
)
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.discover import find_partition
from headwater.stockandflow.models import StockRecord


@dataclass(frozen=True, slots=True)
class Level:
    """How many a stock held at the last count and at the one before; None where there is none.

    ``is_retired``: neither stated in code any more, nor is anybody in it.
    """

    state: str
    name: str
    count: int | None
    previous: int | None
    change: int | None
    is_retired: bool


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of a partition.

    ``next_due`` is the start of the first period without a count, which may be over; None for a
    partition that is counted only where code asks for it.
    """

    counted_at: datetime | None
    previous_at: datetime | None
    next_due: datetime | None
    lines: tuple[Level, ...]


def levels(partition: Partition | str) -> Levels:
    """Return the levels of the last two counts, those of stated states first. Four queries."""
    partition = find_partition(partition)
    records = StockRecord.objects.filter(partition=partition.slug)
    records = records.filter(period=recorded_period(records, partition.every))
    last, before = _last_two(records)
    kept = records.order_by().values_list("stock", flat=True).distinct()
    stated = partition.state_names()
    names = names_of(partition, states_of(partition, kept))
    return Levels(
        counted_at=last.counted_at if last else None,
        previous_at=before.counted_at if before else None,
        next_due=due_after(partition.every, last.counted_at if last else None),
        lines=tuple(
            _level(state, name, state in stated, last, before) for state, name in names.items()
        ),
    )


def _last_two(records: QuerySet[StockRecord]) -> tuple[Count | None, Count | None]:
    starts = records.order_by("-period_start").values_list("period_start", flat=True).distinct()
    counts = read(records.filter(period_start__in=list(starts[:2])), since=None, until=None)
    newest = [*reversed(counts), None, None]
    return newest[0], newest[1]


def _level(
    state: str, name: str, is_stated: bool, last: Count | None, before: Count | None
) -> Level:
    count = last.levels.get(state, 0) if last else None
    previous = before.levels.get(state, 0) if before else None
    change = count - previous if count is not None and previous is not None else None
    return Level(state, name, count, previous, change, is_retired=not is_stated and not count)
