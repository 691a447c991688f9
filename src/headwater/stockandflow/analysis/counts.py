"""Counts: the records of a partition or stock, one count after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Max, QuerySet
from django.utils import timezone

from headwater.engines import periods
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.models import StockRecord

_ABOUT = {
    periods.HOURLY: timedelta(hours=1),
    periods.DAILY: timedelta(days=1),
    periods.WEEKLY: timedelta(days=7),
    periods.MONTHLY: timedelta(days=28),
    periods.QUARTERLY: timedelta(days=90),
    periods.YEARLY: timedelta(days=365),
}


@dataclass(frozen=True, slots=True)
class Count:
    """How many were in each state at one count; a state that is not in ``levels`` held nobody.

    ``page`` is the page of the ledger that it closed: None for one that was back-filled, and for
    stocks of no partition.
    """

    period_start: datetime
    counted_at: datetime
    page: int | None
    is_backfilled: bool
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Interval:
    """The time between two counts that closed pages, one after the other.

    ``missed``: how many periods passed in it without a count.
    """

    opening: Count
    closing: Count
    missed: int

    @property
    def ends(self) -> tuple[datetime, datetime]:
        """The moments of its counts."""
        return self.opening.counted_at, self.closing.counted_at


def recorded_period(records: QuerySet[StockRecord], every: str | None) -> str:
    """Return the period of ``records``: ``every`` if there are any of it, else the latest one's.

    Empty where there are no records.
    """
    rows = records.order_by().values_list("period").annotate(last=Max("counted_at"))
    last = dict(rows)
    if every is not None and every in last:
        return every
    return max(last, key=last.__getitem__, default="")


def counts_of(
    partition: Partition,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[str, list[Count]]:
    """Return the period of the partition's counts, and those from ``since`` to ``until``, in order.

    The period is empty where nothing was counted. Two queries.
    """
    records = StockRecord.objects.filter(partition=partition.slug)
    period = recorded_period(records, partition.every)
    return period, read(records.filter(period=period), since=since, until=until)


def read(
    records: QuerySet[StockRecord], *, since: datetime | None, until: datetime | None
) -> list[Count]:
    """Return the counts that ``records`` of one period are of, in order. One query."""
    if since is not None:
        records = records.filter(counted_at__gte=since)
    if until is not None:
        records = records.filter(counted_at__lte=until)
    rows = records.order_by("period_start").values_list(
        "period_start", "counted_at", "page", "is_backfilled", "stock", "count"
    )
    found: dict[datetime, tuple[datetime, int | None, bool, dict[str, int]]] = {}
    for start, counted_at, page, is_backfilled, stock, count in rows.iterator():
        if start not in found:
            found[start] = (counted_at, page, is_backfilled, {})
        found[start][3][stock] = count
    return [Count(start, *values) for start, values in found.items()]


def last_of_each(counts: Iterable[Count], every: str) -> list[Count]:
    """Return the last count in each period of ``every``, with the start of that period."""
    zone = timezone.get_default_timezone()
    found: dict[datetime, Count] = {}
    for one in counts:
        start = periods.period_start(every, one.period_start, zone)
        found[start] = Count(start, one.counted_at, one.page, one.is_backfilled, one.levels)
    return list(found.values())


def missed_starts(period: str, before: datetime, after: datetime) -> list[datetime]:
    """Return the starts of the periods that lie wholly between those of two counts."""
    if after - before < 1.5 * _ABOUT[period]:
        return []
    zone = timezone.get_default_timezone()
    found = []
    start = periods.next_period_start(period, before, zone)
    # By whole periods: where the project's time zone has changed, starts do not meet any more.
    while (following := periods.next_period_start(period, start, zone)) <= after:
        found.append(start)
        start = following
    return found


def intervals_of(period: str, counts: Sequence[Count], every: str | None = None) -> list[Interval]:
    """Return the intervals between counts of ``period`` that closed a page.

    ``every``: between the last ones of each such period.
    """
    closed = [one for one in counts if one.page is not None]
    if every is not None and every != period:
        period, closed = every, last_of_each(closed, every)
    return [
        Interval(one, other, len(missed_starts(period, one.period_start, other.period_start)))
        for one, other in pairwise(closed)
    ]


def due_after(every: str | None, counted_at: datetime | None) -> datetime | None:
    """Return the start of the first period of ``every`` without a count; None where none is due.

    ``counted_at`` is the moment of the last count, None where nothing was counted yet.
    """
    if every is None:
        return None
    zone = timezone.get_default_timezone()
    if counted_at is None:
        return periods.period_start(every, timezone.now(), zone)
    return periods.next_period_start(every, counted_at, zone)


def held_by(ends: tuple[datetime, datetime], period: str) -> datetime:
    """Return the start of the period that an interval is of: the one that holds its middle.

    So what came between a count at the beginning of March and one at the beginning of April came in
    March, as did what came between the last count in February and the last one in March.
    """
    begin, end = ends
    return periods.period_start(period, begin + (end - begin) / 2, timezone.get_default_timezone())


def pages_of(intervals: Sequence[Interval]) -> list[int]:
    """Return the pages at the edges of intervals that follow one another."""
    counts = [one.opening for one in intervals[:1]] + [one.closing for one in intervals]
    return [one.page for one in counts if one.page is not None]


def states_of(partition: Partition, seen: Iterable[str]) -> tuple[str, ...]:
    """Return the states that are stated, in their order, then others that were ``seen``."""
    stated = partition.state_names()
    return (*stated, *sorted(set(seen) - stated.keys() - {OUTSIDE}, key=_natural))


def counted_states(counts: Iterable[Count]) -> set[str]:
    """Return the states that ``counts`` have."""
    return {state for one in counts for state in one.levels}


def names_of(partition: Partition, states: Iterable[str]) -> dict[str, str]:
    """Return state -> words, in the order of ``states``."""
    stated = partition.state_names()
    return {state: stated.get(state, state) for state in states}


def _natural(state: str) -> tuple[bool, int, str]:
    """Sort numbers by size, before texts."""
    is_number = state.isdecimal()
    return (not is_number, int(state) if is_number else 0, state)
