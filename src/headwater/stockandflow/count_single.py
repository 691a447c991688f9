"""Count single stocks: those that are of no partition, each once a period, with their facets."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, router, transaction
from django.db.models import Max
from django.utils import timezone

from headwater.engines.periods import DAILY, period_start
from headwater.stockandflow.counted import Counted
from headwater.stockandflow.definitions import Stock
from headwater.stockandflow.errors import ClockError
from headwater.stockandflow.models import StockFacetRecord, StockRecord
from headwater.stockandflow.passes import Passed, passes_of

logger = logging.getLogger("headwater.stockandflow")


def count_single(
    stocks: Iterable[Stock], as_of: datetime | None = None, every: str | None = None
) -> list[Counted]:
    """Count ``stocks`` that were not counted in this period, and record it; say what came of each.

    The period is that of the stock; ``every``, else a day, where it states none. Each object counts
    once, whatever the queryset joins. Stocks that cannot be counted are said and logged, and do not
    stop the others. Objects that were changed while a facet over a to-many relation is counted may
    show in it already: it is read in statements of its own.
    """
    moment = as_of or timezone.now()
    zone = timezone.get_default_timezone()
    given = list({stock.slug: stock for stock in stocks}.values())
    found: dict[str, Counted] = {}
    for stock in given:
        period = stock.every or every or DAILY
        start = period_start(period, moment, zone)
        found[stock.slug] = Counted(stock.slug, str(stock), period, start, moment)
    _skip(found)
    _refuse_earlier(found, moment)
    due = [stock for stock in given if not found[stock.slug].sentence]
    for stock, passed in passes_of(due, moment):
        counted = found[stock.slug]
        found[stock.slug] = (
            _failed(counted, passed)
            if isinstance(passed, Exception)
            else _attempt(stock, counted, passed)
        )
    return [found[stock.slug] for stock in given]


def _skip(found: dict[str, Counted]) -> None:
    """Mark what was counted in its period already."""
    starts = {one.period_start for one in found.values()}
    rows = StockRecord.objects.filter(partition="", stock__in=found, period_start__in=starts)
    for row in rows:
        one = found[row.stock]
        if (row.period, row.period_start) == (one.period, one.period_start):
            found[row.stock] = _counted_already(one, row)


def _counted_already(counted: Counted, row: StockRecord) -> Counted:
    sentence = f"“{counted.name}” was counted already in this period: {row.count:,}."
    levels = {counted.slug: row.count}
    return replace(counted, as_of=row.counted_at, levels=levels, skipped=True, sentence=sentence)


def _refuse_earlier(found: dict[str, Counted], moment: datetime) -> None:
    """Mark what was counted for a later moment: objects are counted as they are, not as they were.

    A record of the future was made by a clock that was wrong, and does not stand in the way.
    """
    rows = StockRecord.objects.filter(partition="", stock__in=found, counted_at__lte=timezone.now())
    for slug, last in rows.values_list("stock").annotate(last=Max("counted_at")).order_by():
        if last > moment and not found[slug].skipped:
            error = ClockError(
                f"“{found[slug].name}” was counted as of {last.isoformat()}, which is after "
                f"{moment.isoformat()}. Count it as of a later moment."
            )
            logger.error("%s", error)
            found[slug] = replace(found[slug], failed=True, sentence=str(error))


def _failed(counted: Counted, error: Exception) -> Counted:
    sentence = f"“{counted.name}” could not be counted. {error}"
    return replace(counted, failed=True, sentence=sentence)


def _attempt(stock: Stock, counted: Counted, passed: Passed) -> Counted:
    try:
        return _record(stock, counted, passed)
    except Exception as error:
        logger.exception("The count of %s could not be kept.", stock.slug)
        return _failed(counted, error)


def _record(stock: Stock, counted: Counted, passed: Passed) -> Counted:
    """Keep a count and its facets; where another process was quicker, what that one counted."""
    row = StockRecord(
        stock=stock.slug,
        period=counted.period,
        period_start=counted.period_start,
        counted_at=counted.as_of,
        count=passed.count,
    )
    try:
        with transaction.atomic(using=router.db_for_write(StockRecord)):
            row.save(force_insert=True)
            StockFacetRecord.objects.bulk_create(
                StockFacetRecord(record=row, facet=facet, value=value, count=count)
                for facet, counts in passed.facets.items()
                for value, count in counts.items()
            )
    except IntegrityError:
        key = {"stock": stock.slug, "period": row.period, "period_start": row.period_start}
        if (quicker := StockRecord.objects.filter(partition="", **key).first()) is None:
            raise
        return _counted_already(counted, quicker)
    sentence = f"“{stock}” holds {passed.count:,}."
    return replace(counted, levels={stock.slug: passed.count}, sentence=sentence)
