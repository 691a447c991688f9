"""Series: levels and flows over time, as they were counted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When

from headwater.stockandflow.analysis.counts import (
    Count,
    counted_states,
    counts_of,
    intervals_of,
    last_of_each,
    missed_starts,
    names_of,
    read,
    recorded_period,
    states_of,
)
from headwater.stockandflow.definitions import Facet, Partition, Stock
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.discover import all_stocks, find_partition
from headwater.stockandflow.errors import DefinitionError, StockAndFlowError
from headwater.stockandflow.models import FlowRecord, StockRecord
from headwater.stockandflow.split import value_text


@dataclass(frozen=True, slots=True)
class LevelSeries:
    """The levels of stocks at ``moments``: those of counts, and the starts of missed periods.

    ``period`` is empty where nothing was counted.
    ``lines``: state -> a level for each moment, None in a missed period, and where the facet was
    not counted.
    """

    moments: tuple[datetime, ...]
    period: str
    lines: dict[str, tuple[int | None, ...]]
    names: dict[str, str]
    backfilled: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class FlowSeries:
    """The moves in ``intervals`` between counts: all of them, there and back too.

    ``inflow`` and ``outflow``: state -> a number for each interval. ``moves``: (source, sink), ""
    being outside, -> a number for each interval.
    """

    intervals: tuple[tuple[datetime, datetime], ...]
    period: str
    inflow: dict[str, tuple[int, ...]]
    outflow: dict[str, tuple[int, ...]]
    moves: dict[tuple[str, str], tuple[int, ...]]
    names: dict[str, str]


def level_series(
    partition: Partition | str,
    *,
    facet: Facet | str | None = None,
    value: Any = None,
    since: datetime | None = None,
    until: datetime | None = None,
    every: str | None = None,
) -> LevelSeries:
    """Return the levels of the partition's stocks, of objects with ``value`` of ``facet``.

    ``every``: of each such period only the last count. Two queries, whatever the number of values.
    """
    partition = find_partition(partition)
    records = StockRecord.objects.filter(partition=partition.slug)
    period, counts = _counts(
        records,
        partition.every,
        since,
        until,
        facet,
        value,
        [use.facet.slug for use in partition.facet_uses],
    )
    states = states_of(partition, counted_states(counts))
    return _series(period, counts, names_of(partition, states), every)


def stock_series(
    stock: Stock | str,
    *,
    facet: Facet | str | None = None,
    value: Any = None,
    since: datetime | None = None,
    until: datetime | None = None,
    every: str | None = None,
) -> LevelSeries:
    """Return the levels of one stock of no partition, by the stock or its slug.

    A slug of a stock that is not in code any more has its records still.
    """
    slug = stock if isinstance(stock, str) else stock.slug
    found = next((one for one in all_stocks() if one.slug == slug), None)
    given = found if isinstance(stock, str) else stock
    records = StockRecord.objects.filter(partition="", stock=slug)
    often = given.every if given else None
    period, counts = _counts(
        records,
        often,
        since,
        until,
        facet,
        value,
        [use.facet.slug for use in given.facet_uses] if given else [],
    )
    return _series(period, counts, {slug: str(given) if given else slug}, every)


def _facet_of(facet: Facet | str) -> str:
    return facet if isinstance(facet, str) else facet.slug


def _counts(
    records: QuerySet[StockRecord],
    often: str | None,
    since: datetime | None,
    until: datetime | None,
    facet: Facet | str | None,
    value: Any,
    stated: Sequence[str],
) -> tuple[str, list[Count]]:
    """Return the period and the counts of ``records``, by facet: no levels where it is not."""
    period = recorded_period(records, often)
    records = records.filter(period=period)
    counts = read(records, since=since, until=until)
    if facet is None:
        return period, counts
    listed = Case(When(facets__value=value_text(value), then=F("facets__count")), default=0)
    of_facet = records.filter(facets__facet=_facet_of(facet)).order_by()
    rows: Any = of_facet.values_list("period_start", "stock").annotate(number=Sum(listed))
    found: dict[datetime, dict[str, int]] = {}
    for start, stock, count in rows.iterator():
        found.setdefault(start, {})[stock] = count
    if counts and not found and _facet_of(facet) not in stated:
        raise DefinitionError(
            f"There is no facet “{_facet_of(facet)}”, and nothing was counted by one. There are: "
            f"{', '.join(f'“{one}”' for one in stated) or 'none'}."
        )
    return period, [replace(one, levels=found.get(one.period_start, {})) for one in counts]


def _series(
    period: str,
    counts: list[Count],
    names: dict[str, str],
    every: str | None,
) -> LevelSeries:
    if every is not None and every != period:
        period, counts = every, last_of_each(counts, every)
    moments: list[datetime] = []
    rows: list[Mapping[str, int] | None] = []
    backfilled: list[bool] = []
    for place, one in enumerate(counts):
        if place:
            for start in missed_starts(period, counts[place - 1].period_start, one.period_start):
                moments.append(start)
                rows.append(None)
                backfilled.append(False)
        moments.append(one.counted_at)
        # A count has records of all states, so one without any has not counted the facet.
        rows.append(one.levels or None)
        backfilled.append(one.is_backfilled)
    lines = {
        state: tuple(None if row is None else row.get(state, 0) for row in rows) for state in names
    }
    return LevelSeries(tuple(moments), period, lines, names, tuple(backfilled))


def flow_series(
    partition: Partition | str,
    *,
    include_relabelled: bool = True,
    facet: Facet | str | None = None,
    value: Any = None,
    since: datetime | None = None,
    until: datetime | None = None,
    every: str | None = None,
) -> FlowSeries:
    """Return the moves between counts from ``since`` to ``until``; of objects with ``value``.

    Openings are no moves. Records of a facet do not tell relabelled moves from others: raises
    StockAndFlowError where ``include_relabelled`` is False, ``facet`` is given and there are some.
    """
    partition = find_partition(partition)
    period, counts = counts_of(partition, since=since, until=until)
    intervals = intervals_of(period, counts, every)
    rows = FlowRecord.objects.filter(partition=partition.slug)
    if intervals:
        rows = rows.filter(page__gt=intervals[0].opening.page, page__lte=intervals[-1].closing.page)
    else:
        rows = rows.none()
    place_of = _places([one.closing.page or 0 for one in intervals])
    moves: dict[tuple[str, str], list[int]] = {}
    for source, sink, page, events in _events(rows, include_relabelled, facet, value):
        line = moves.setdefault((source, sink), [0] * len(intervals))
        line[place_of(page)] += events
    seen = counted_states(counts) | {end for ends in moves for end in ends}
    states = states_of(partition, seen)
    return FlowSeries(
        intervals=tuple(one.ends for one in intervals),
        period=every or period,
        inflow={state: _sum(moves, 1, state, len(intervals)) for state in states},
        outflow={state: _sum(moves, 0, state, len(intervals)) for state in states},
        moves={ends: tuple(line) for ends, line in sorted(moves.items())},
        names=names_of(partition, states),
    )


def _events(
    rows: QuerySet[FlowRecord], include_relabelled: bool, facet: Facet | str | None, value: Any
) -> Iterator[tuple[str, str, int, int]]:
    """Yield source, sink, page and number of each flow record."""
    rows = rows.order_by("page", "source", "sink")
    if facet is None:
        number = F("events") if include_relabelled else F("events") - F("relabelled")
        plain: Any = rows.values_list("source", "sink", "page").annotate(number=number)
        yield from plain.iterator()
        return
    slug = _facet_of(facet)
    if not include_relabelled and rows.filter(relabelled__gt=0).exists():
        raise StockAndFlowError(
            f"The moves of the facet “{slug}” are recorded without telling relabelled ones from "
            "others, and there are some. Leave out the facet, or include relabelled moves."
        )
    listed = Q(facets__facet=slug, facets__value=value_text(value))
    of_value: Any = rows.filter(listed).values_list("source", "sink", "page", "facets__events")
    yield from of_value.iterator()


def _places(pages: list[int]) -> Callable[[int], int]:
    return lambda page: bisect_left(pages, page)


def _sum(
    moves: Mapping[tuple[str, str], list[int]], end: int, state: str, intervals: int
) -> tuple[int, ...]:
    lines = [line for ends, line in moves.items() if ends[end] == state and state != OUTSIDE]
    return tuple(sum(column) for column in zip(*lines, strict=True)) if lines else (0,) * intervals
