"""Count 10 stocks with 3 facets of 5 values, beside one COUNT for each stock and value."""

from __future__ import annotations

import datetime as dt
from itertools import count

from benchmarks.row import Row, best_of, quicker
from benchmarks.visits.members import STAGES, VALUES, members
from benchmarks.visits.models import Member
from benchmarks.visits.stocks import facets
from benchmarks.visits.table import database
from headwater.stockandflow.count_single import count_single
from headwater.stockandflow.definitions import Stock
from headwater.stockandflow.models import StockFacetRecord, StockRecord

N = 1_000_000
GOAL = 5
QUERYSETS = {
    **{stage: Member.objects.filter(stage=stage) for stage in STAGES},
    **{
        f"score-{low}": Member.objects.filter(score__gte=low, score__lt=low + 30)
        for low in range(0, 100, 20)
    },
}
STOCKS = [Stock(slug, slug, rows, facets=facets) for slug, rows in QUERYSETS.items()]

Counts = dict[tuple[str, str, str], int]
"""stock, facet, value -> objects"""


def one_by_one() -> Counts:
    """Return the counts by one query for each, as the original does."""
    found: Counts = {}
    for slug, rows in QUERYSETS.items():
        found[slug, "", ""] = rows.count()
        for name, values in VALUES.items():
            for value in values:
                found[slug, name, value] = rows.filter(**{name: value}).count()
    return found


def recorded() -> Counts:
    """Return what the last count recorded."""
    rows = StockRecord.objects.filter(
        counted_at=StockRecord.objects.latest("counted_at").counted_at
    )
    by_value = StockFacetRecord.objects.filter(record__in=rows).exclude(value="")
    return {(slug, "", ""): number for slug, number in rows.values_list("stock", "count")} | {
        (slug, facet, value): number
        for slug, facet, value, number in by_value.values_list(
            "record__stock", "facet", "value", "count"
        )
    }


def rows() -> list[Row]:
    day = dt.timedelta(days=1)
    days = count()

    def mine() -> None:
        moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + next(days) * day
        assert not any(one.failed or one.skipped for one in count_single(STOCKS, moment))

    with members(N):
        mine()
        assert recorded() == one_by_one()
        ours, theirs = best_of(3, mine), best_of(3, one_by_one)
    return [
        quicker(
            f"counting 10 stocks with 3 facets of 5 values, {N:,} rows, {database()}",
            ours,
            theirs,
            than="one COUNT for each stock and value",
            goal=GOAL,
            how="Best of 3 each. Ours also writes the records, and counts the objects of other "
            "values; the peer asks 160 questions and keeps nothing. The counts are the same.",
        )
    ]
