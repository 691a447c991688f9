"""Count: how many objects are where, once in each period, and who moved since the count before."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import router, transaction
from django.utils import timezone

from headwater.engines.periods import DAILY, PERIODS, period_start
from headwater.stockandflow.backfill import backfill
from headwater.stockandflow.counted import Counted
from headwater.stockandflow.definitions import Partition, Stock
from headwater.stockandflow.diff import Difference, moment_of, write_difference
from headwater.stockandflow.discover import all_flows, all_partitions, all_stocks
from headwater.stockandflow.errors import ClockError, DefinitionError
from headwater.stockandflow.ledger import books, closing
from headwater.stockandflow.models import Ledger, StockRecord
from headwater.stockandflow.moments import checked_moment
from headwater.stockandflow.page import Page, write_page
from headwater.stockandflow.snapshot import Tally, snapshot

logger = logging.getLogger("headwater.stockandflow")


def count_stocks(
    as_of: datetime | None = None, *, only: Sequence[str] = (), every: str | None = None
) -> list[Counted]:
    """Count partitions and single stocks that were not counted in this period; say what came of it.

    Without ``only`` (slugs), all that state a period are counted, and the events of flows that are
    of no partition. Those that state none are counted where ``only`` names them, once in each
    period of ``every``, else of their last count, else of a day. ``as_of`` is the moment of the
    count, now where None. What is counted already is left as it is. One definition that fails is
    said and logged, and does not stop the others.

    Raises DefinitionError for a slug that there is not, and ClockError where ``as_of`` is no moment
    in a time zone, or before the last count of a partition that is due.
    """
    as_of = checked_moment(as_of, "as_of")
    partitions, stocks = _chosen(only, every)
    if as_of is not None:
        _refuse_earlier(partitions, as_of, every)
    counted = [_attempt(partition, as_of, every) for partition in partitions]
    if stocks:
        from headwater.stockandflow.count_single import count_single

        counted += count_single(stocks, as_of, every)
    if not only and (flows := all_flows()):
        from headwater.stockandflow.count_flows import count_flows

        counted += count_flows(flows, as_of, every)
    return counted


def _chosen(only: Sequence[str], every: str | None) -> tuple[list[Partition], list[Stock]]:
    if isinstance(only, str):
        raise DefinitionError(f"“only” is {only!r}. Give a list of slugs.")
    if every is not None and every not in PERIODS:
        raise DefinitionError(f"{every!r} is no period. There are {', '.join(PERIODS)}.")
    partitions, stocks = all_partitions(), all_stocks()
    if not only:
        return (
            [one for one in partitions if one.every is not None],
            [one for one in stocks if one.every is not None],
        )
    known = [*(one.slug for one in partitions), *(one.slug for one in stocks)]
    for slug in only:
        if slug not in known:
            raise DefinitionError(
                f"There is no partition and no stock “{slug}” to count. There are: "
                f"{', '.join(f'“{one}”' for one in known) or 'none'}."
            )
    return (
        [one for one in partitions if one.slug in only],
        [one for one in stocks if one.slug in only],
    )


def _refuse_earlier(partitions: Iterable[Partition], as_of: datetime, every: str | None) -> None:
    ledgers = {ledger.partition: ledger for ledger in Ledger.objects.all()}
    for partition in partitions:
        if (ledger := ledgers.get(partition.slug)) is not None:
            due = _Due.at(partition, as_of, every)
            if not due.levels():
                moment_of(partition, ledger, as_of)


@dataclass(frozen=True, slots=True)
class _Due:
    """A partition and the period that it is to be counted in."""

    partition: Partition
    period: str
    period_start: datetime
    as_of: datetime

    @classmethod
    def at(cls, partition: Partition, moment: datetime, every: str | None) -> _Due:
        period = partition.every or every or _last_period(partition) or DAILY
        start = period_start(period, moment, timezone.get_default_timezone())
        return cls(partition, period, start, moment)

    def levels(self) -> dict[str, int]:
        """Return what was counted in this period; nothing where it was not counted."""
        # Not from a replica, which may not know yet what was counted.
        records = StockRecord.objects.using(router.db_for_write(StockRecord)).filter(
            partition=self.partition.slug, period=self.period, period_start=self.period_start
        )
        return dict(records.values_list("stock", "count"))

    def counted(self) -> Counted:
        """Return a result with nothing in it yet."""
        return Counted(
            self.partition.slug,
            str(self.partition),
            self.period,
            self.period_start,
            self.as_of,
        )

    def skipped(self, levels: dict[str, int]) -> Counted:
        """Return the result where it was counted before."""
        return replace(
            self.counted(),
            levels=levels,
            skipped=True,
            sentence=f"“{self.partition}” was counted already in this period.",
        )


def _attempt(partition: Partition, as_of: datetime | None, every: str | None) -> Counted:
    due = None
    try:
        due = _Due.at(partition, as_of or timezone.now(), every)
        return _count(due, as_of, every)
    except Exception as error:
        logger.exception("%s could not be counted.", partition.what)
        moment = as_of or timezone.now()
        counted = due.counted() if due else _nothing(partition, moment)
        sentence = f"“{partition}” could not be counted. {error}"
        return replace(counted, failed=True, sentence=sentence)


def _count(due: _Due, as_of: datetime | None, every: str | None) -> Counted:
    if levels := due.levels():
        return due.skipped(levels)
    partition = due.partition
    using = books(partition)
    with transaction.atomic(using=using):
        ledger = closing(partition, using)
        # The clock may say less than the books, and somebody else may have counted meanwhile.
        due = _Due.at(partition, moment_of(partition, ledger, as_of), every)
        if levels := due.levels():
            return due.skipped(levels)
        with snapshot(partition, due.as_of, using) as taken:
            difference = write_difference(partition, ledger, taken, due.as_of)
            page = Page(partition, ledger.page, due.period, due.period_start, due.as_of)
            backfill(page, ledger.counted_at)
            tally = taken.tally()
            events = write_page(page, ledger.counted_at, taken, tally)
        if due.levels():  # without any state there is nothing on the page
            ledger.page += 1
        ledger.counted_at = due.as_of
        ledger.save(using=using, update_fields=["page", "counted_at"])
    return _told(due, tally, events, difference)


def _last_period(partition: Partition) -> str | None:
    """Return the period of the last count of a partition that states none."""
    records = StockRecord.objects.using(router.db_for_write(StockRecord))
    last = records.filter(partition=partition.slug).order_by("-counted_at", "-pk")
    return last.values_list("period", flat=True).first()


def _told(due: _Due, tally: Tally, events: int, difference: Difference) -> Counted:
    objects = sum(tally.levels.values())
    inside = len([number for number in tally.levels.values() if number])
    said = f"“{due.partition}”: {objects:,} objects in {inside:,} stocks"
    if difference.not_before is None:
        said += "; the books are open"
    else:
        said += f", {events:,} moves since the count before"
        if difference.events:
            said += f", {difference.events:,} of them found by comparing"
    return replace(due.counted(), levels=tally.levels, events=events, sentence=f"{said}.")


def _nothing(partition: Partition, moment: datetime) -> Counted:
    return Counted(partition.slug, str(partition), partition.every or DAILY, moment, moment)


__all__ = ["ClockError", "Counted", "count_stocks"]
