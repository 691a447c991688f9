"""A partition of 1,000,000 objects: the first count, and who moved since the count before."""

from __future__ import annotations

import datetime as dt

from benchmarks.row import Row, best_of, within
from benchmarks.visits.members import members, move_every
from benchmarks.visits.models import Member
from benchmarks.visits.stocks import stage
from benchmarks.visits.table import database, settle
from headwater.stockandflow.balance import balance
from headwater.stockandflow.count import count_stocks
from headwater.stockandflow.diff import diff_partition

N = 1_000_000
GOALS = {"PostgreSQL": 10.0}
"""Seconds, by database; what has no goal is only shown."""
FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def count(day: int) -> None:
    (counted,) = count_stocks(FIRST + day * DAY, only=[stage.slug])
    assert not counted.failed, counted.sentence
    assert sum(counted.levels.values()) == Member.objects.count() == N


def rows() -> list[Row]:
    limit = GOALS.get(database().split()[0])
    with members(N):
        first = best_of(1, lambda: count(0))
        settle()
        moved = move_every(100)
        second = best_of(1, lambda: count(1))
        settle()
        assert move_every(100) == moved
        found = []
        alone = best_of(1, lambda: found.append(diff_partition(stage, FIRST + 2 * DAY)))
        assert found[0].moved == moved == N // 100
        count(3)
        assert balance(stage).is_exact
    return [
        within(
            f"membership difference, {N:,} objects of which 1 % moved, {database()}",
            alone,
            limit=limit,
            how=f"Once: all objects compared with the books, {moved:,} events written and as many "
            "lines of the books moved. The rows were changed by one SQL statement; the balance is "
            "exact afterwards.",
        ),
        within(
            f"count of a partition with 3 facets, {N:,} objects of which 1 % moved, {database()}",
            second,
            limit=limit,
            how="Once: the difference as above, and the records of levels and flows by facet.",
        ),
        within(
            f"first count of a partition with 3 facets, {N:,} objects, {database()}",
            first,
            limit=None,
            how="Once: an opening event and a line in the books for each object, and the records.",
        ),
    ]
