"""Retired: what was counted, and is stated in no ``stocks.py`` and followed by nobody any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from headwater.stockandflow.discover import all_partitions, all_stocks
from headwater.stockandflow.models import StockRecord


@dataclass(frozen=True, slots=True)
class Retired:
    """A partition or a single stock that only its records tell of.

    ``levels`` are those of its last count: state -> objects; of a single stock, its slug is the
    only state.
    """

    slug: str
    is_partition: bool
    counted_at: datetime
    levels: Mapping[str, int]


def retired() -> list[Retired]:
    """Return the partitions that are retired, then the single stocks, both by slug.

    Asks the database five times at most, however many there are. Raises DefinitionError where a
    ``stocks.py`` does not hold, as nobody can tell then what is stated.
    """
    partitions = StockRecord.objects.exclude(partition="").exclude(
        partition__in=[one.slug for one in all_partitions()]
    )
    stocks = StockRecord.objects.filter(partition="").exclude(
        stock__in=[one.slug for one in all_stocks()]
    )
    return [*_last_counts(partitions, "partition"), *_last_counts(stocks, "stock")]


def _last_counts(records: QuerySet[StockRecord], slug: str) -> list[Retired]:
    """Return the last count of each of ``records`` that have the same ``slug``, a field."""
    last = dict(records.order_by(slug).values_list(slug).annotate(last=Max("counted_at")))
    levels: dict[str, dict[str, int]] = {one: {} for one in last}
    if last:
        rows = records.filter(counted_at__in=set(last.values())).order_by("pk")
        for one, counted_at, state, count in rows.values_list(slug, "counted_at", "stock", "count"):
            if counted_at == last[one]:
                levels[one][state] = count
    return [Retired(one, slug == "partition", at, levels[one]) for one, at in last.items()]
