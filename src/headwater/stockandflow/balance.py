"""Balance: opening + inflow − outflow = closing, for each stock and each page of the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.discover import all_partitions, find_partition
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.models import FlowEventModel, Ledger, StockRecord
from headwater.stockandflow.moments import checked_moment


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One stock: what it held, what came and went, and what it was counted to hold."""

    stock: str
    name: str
    opening: int
    inflow: int
    outflow: int
    closing: int

    @property
    def gap(self) -> int:
        """What is in the stock and no event explains; 0 in books that balance."""
        return self.closing - (self.opening + self.inflow - self.outflow)


@dataclass(frozen=True, slots=True)
class Balance:
    """The books of a partition between two counts."""

    partition: str
    opened_at: datetime | None
    """The moment of the count that it begins after; None: from the very beginning."""
    closed_at: datetime | None
    """The moment of the last count; None: nothing was counted."""
    lines: tuple[BalanceLine, ...]
    pages: int
    """How many counts it covers."""

    @property
    def is_exact(self) -> bool:
        """Return whether events explain every level."""
        return not any(line.gap for line in self.lines)


@dataclass(frozen=True, slots=True)
class BalancePage:
    """One page of the cash book: what one count closed."""

    page: int
    opened_at: datetime | None
    closed_at: datetime
    lines: tuple[BalanceLine, ...]

    @property
    def is_exact(self) -> bool:
        """Return whether events explain every level."""
        return not any(line.gap for line in self.lines)


def balance(partition: Partition | str, since: datetime | None = None) -> Balance:
    """Return the books of ``partition`` from its last count at or before ``since`` to its last.

    Without ``since``, or where nothing was counted by then, from the very beginning: then the
    openings are inflow. A slug whose definition is gone has its books still. Raises DefinitionError
    for one that there never was, and ClockError for a moment in no time zone.
    """
    since = checked_moment(since, "since")
    slug, words = _named(partition)
    counts = _counts(slug)
    if not counts:
        return Balance(slug, None, None, (), 0)
    earlier = [page for page, at in counts.items() if since is not None and at <= since]
    first, last = max(earlier, default=0), max(counts)
    opening = _levels(slug, first) if earlier else {}
    lines = _lines(words, opening, _moved(slug, first + 1, last), _levels(slug, last))
    covered = sum(page > first for page in counts)
    return Balance(slug, counts.get(first), counts[last], lines, covered)


def pages(partition: Partition | str, *, last: int | None = None) -> list[BalancePage]:
    """Return the pages of the cash book of ``partition`` that are closed, the oldest first.

    With ``last``, only so many of the newest.
    """
    slug, words = _named(partition)
    counts = _counts(slug)
    wanted = sorted(counts)
    before = None
    if last is not None and last < len(wanted):
        before = wanted[len(wanted) - last - 1]
        wanted = wanted[len(wanted) - last :]
    if not wanted:
        return []
    levels = _levels_by_page(slug, before or 0)
    moves = _moves_by_page(slug, wanted[0], wanted[-1])
    found = []
    for page in wanted:
        opening = levels.get(before, {}) if before is not None else {}
        lines = _lines(words, opening, moves.get(page, Counter()), levels[page])
        opened_at = None if before is None else counts[before]
        found.append(BalancePage(page, opened_at, counts[page], lines))
        before = page
    return found


def event_tables() -> list[type[FlowEventModel]]:
    """Return all event models: a partition may have had another one before."""
    known = [model for model in apps.get_models() if issubclass(model, FlowEventModel)]
    return [model for model in known if not model._meta.proxy]


def _named(partition: Partition | str) -> tuple[str, Mapping[str, str]]:
    """Return the slug and the words for states, in their order; none for a retired partition."""
    if isinstance(partition, str):
        known = {one.slug: one for one in all_partitions()}
        if partition not in known and Ledger.objects.filter(partition=partition).exists():
            return partition, {}
    found = find_partition(partition)
    try:
        return found.slug, found.state_names()
    except (DefinitionError, FieldDoesNotExist):  # what it divides is gone; its books are not
        return found.slug, {}


def _counts(slug: str) -> dict[int, datetime]:
    """Return page -> the moment of the count that closed it."""
    records: Any = StockRecord.objects.filter(partition=slug, page__isnull=False)
    return dict(records.order_by("page").values_list("page", "counted_at").distinct())


def _levels(slug: str, page: int) -> dict[str, int]:
    records = StockRecord.objects.filter(partition=slug, page=page)
    return dict(records.values_list("stock", "count"))


def _levels_by_page(slug: str, first: int) -> dict[int, dict[str, int]]:
    records: Any = StockRecord.objects.filter(partition=slug, page__gte=first)
    found: dict[int, dict[str, int]] = {}
    for page, stock, count in records.values_list("page", "stock", "count"):
        found.setdefault(page, {})[stock] = count
    return found


def _moved(slug: str, first: int, last: int) -> Counter[tuple[str, str]]:
    """Return (source, sink) -> events on the pages from ``first`` to ``last``."""
    found: Counter[tuple[str, str]] = Counter()
    for source, sink, number in _grouped(slug, first, last, "source", "sink"):
        found[source, sink] += number
    return found


def _moves_by_page(slug: str, first: int, last: int) -> dict[int, Counter[tuple[str, str]]]:
    found: dict[int, Counter[tuple[str, str]]] = {}
    for page, source, sink, number in _grouped(slug, first, last, "page", "source", "sink"):
        found.setdefault(page, Counter())[source, sink] += number
    return found


def _grouped(slug: str, first: int, last: int, *names: str) -> Iterator[tuple[Any, ...]]:
    for model in event_tables():
        events: Any = model._default_manager
        on_pages = events.filter(partition=slug, page__gte=first, page__lte=last)
        yield from on_pages.order_by().values_list(*names).annotate(number=Count("pk"))


def _lines(
    words: Mapping[str, str],
    opening: Mapping[str, int],
    moved: Counter[tuple[str, str]],
    closing: Mapping[str, int],
) -> tuple[BalanceLine, ...]:
    inflow: Counter[str] = Counter()
    outflow: Counter[str] = Counter()
    for (source, sink), number in moved.items():
        outflow[source] += number
        inflow[sink] += number
    others = sorted({*opening, *closing, *inflow, *outflow} - {*words, OUTSIDE})
    return tuple(
        BalanceLine(
            stock,
            words.get(stock, stock),
            opening.get(stock, 0),
            inflow[stock],
            outflow[stock],
            closing.get(stock, 0),
        )
        for stock in (*words, *others)
    )
