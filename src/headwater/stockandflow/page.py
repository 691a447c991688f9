"""Page: the records of one count: levels, flows, and both by facet."""

# ruff: noqa: S608
# Only names that the connection has quoted are put into SQL; values travel as parameters.

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.entries import subject_text
from headwater.stockandflow.models import (
    Cause,
    FlowFacetRecord,
    FlowRecord,
    StockFacetRecord,
    StockRecord,
)
from headwater.stockandflow.rows import insert_rows
from headwater.stockandflow.snapshot import TABLE, FacetColumn, Snapshot, Tally
from headwater.stockandflow.split import OTHER

_Move = tuple[str, str, str]
"""flow, source, sink"""
_Totals = dict[_Move, tuple[int, int, int]]
"""events, those inferred, those relabelled"""
_ByFacet = dict[str, dict[tuple[_Move, str], int]]
"""facet -> move and value -> events"""


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a partition that a count closes."""

    partition: Partition
    number: int
    period: str
    period_start: datetime
    as_of: datetime

    @property
    def key(self) -> dict[str, Any]:
        """What its records have in common."""
        return {
            "partition": self.partition.slug,
            "period": self.period,
            "period_start": self.period_start,
        }


def known_states(partition: Partition) -> list[str]:
    """Return the states that are stated, then all others that have a record."""
    recorded = StockRecord.objects.filter(partition=partition.slug).order_by("stock")
    found = recorded.values_list("stock", flat=True).distinct()
    return list(dict.fromkeys((*partition.state_names(), *found)))


def write_page(page: Page, before: datetime | None, taken: Snapshot, tally: Tally) -> int:
    """Write the records of a count; return how many moves (no openings) are on the page.

    ``before`` is the moment of the count before, ``taken`` the snapshot and ``tally`` its numbers.
    """
    totals, facets = _moves(page, taken)
    _write_flows(page, before, taken, totals, facets)
    passed = {end for _, source, sink in totals for end in (source, sink) if end != OUTSIDE}
    _write_levels(page, taken, tally, passed)
    return sum(events for events, _, _ in totals.values())


def _write_levels(page: Page, taken: Snapshot, tally: Tally, passed: set[str]) -> None:
    """Write the level of each state that is known, also where it is 0."""
    using = taken.connection.alias
    states = dict.fromkeys((*known_states(page.partition), *sorted({*tally.levels, *passed})))
    insert_rows(
        StockRecord,
        ["stock", "count"],
        [(state, str(tally.levels.get(state, 0))) for state in states],
        using=using,
        same={**page.key, "counted_at": page.as_of, "page": page.number},
    )
    records = StockRecord.objects.using(using).filter(**page.key)
    insert_rows(
        StockFacetRecord,
        ["record_id", "facet", "value", "count"],
        [
            (str(key), slug, value, str(tally.facets.get(slug, {}).get((state, value), 0)))
            for key, state in records.values_list("pk", "stock")
            for slug, texts in ((one.split.slug, one.split.texts) for one in taken.facets)
            for value in texts
        ],
        using=using,
        same={},
    )


def _write_flows(
    page: Page, before: datetime | None, taken: Snapshot, totals: _Totals, facets: _ByFacet
) -> None:
    if not totals:
        return
    started = before or _began(page)
    using = taken.connection.alias
    insert_rows(
        FlowRecord,
        ["flow", "source", "sink", "events", "inferred", "relabelled"],
        [(*move, *map(str, numbers)) for move, numbers in totals.items()],
        using=using,
        same={
            **page.key,
            "started_at": started,
            "ended_at": page.as_of,
            "page": page.number,
        },
    )
    records = FlowRecord.objects.using(using).filter(**page.key)
    keys = {tuple(move): key for key, *move in records.values_list("pk", "flow", "source", "sink")}
    insert_rows(
        FlowFacetRecord,
        ["record_id", "facet", "value", "events"],
        [
            (str(keys[move]), slug, value, str(number))
            for slug, counts in facets.items()
            for (move, value), number in counts.items()
            if number
        ],
        using=using,
        same={},
    )


def _moves(page: Page, taken: Snapshot) -> tuple[_Totals, _ByFacet]:
    """Return the moves on the page, and how many of them are of objects with which value."""
    totals: _Totals = {}
    facets: _ByFacet = {}
    for part in taken.together():
        totals = {}
        for flow, source, sink, *values, events, inferred, relabelled in _grouped(
            page, taken, part
        ):
            move = (flow, source, sink)
            so_far = totals.get(move, (0, 0, 0))
            totals[move] = (
                so_far[0] + events,
                so_far[1] + inferred,
                so_far[2] + relabelled,
            )
            for facet, value in zip(part, values, strict=True):
                counts = facets.setdefault(facet.split.slug, {})
                key = (move, OTHER if value is None else facet.read(value))
                counts[key] = counts.get(key, 0) + events
    for facet in taken.to_many():
        facets[facet.split.slug] = _by_many(page, taken, facet, totals)
    return totals, facets


def _grouped(page: Page, taken: Snapshot, facets: tuple[FacetColumn, ...]) -> list[tuple[Any, ...]]:
    names = ", ".join(["e.flow", "e.source", "e.sink", *(f"s.{one.column}" for one in facets)])
    join = _joined(page, taken, f"LEFT JOIN {TABLE} AS s ON s.object_id =") if facets else ""
    with taken.connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names}, count(*), count(CASE WHEN e.is_inferred THEN 1 END), "
            f"count(CASE WHEN e.cause = %s THEN 1 END) FROM {_table(page, taken)} AS e {join} "
            f"WHERE e.partition = %s AND e.page = %s AND e.cause <> %s GROUP BY {names}",
            [Cause.RELABELLED.value, page.partition.slug, page.number, Cause.OPENING.value],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _by_many(
    page: Page,
    taken: Snapshot,
    facet: FacetColumn,
    totals: _Totals,
) -> dict[tuple[_Move, str], int]:
    """Return the moves by value of a facet of which an object may have several."""
    inside = f"FROM {_table(page, taken)} AS e " + _joined(
        page, taken, f"JOIN {facet.table} AS f ON f.object_id ="
    )
    where = "WHERE e.partition = %s AND e.page = %s AND e.cause <> %s"
    values: list[Any] = [page.partition.slug, page.number, Cause.OPENING.value]
    pk: Any = page.partition.events._meta.pk
    key = taken.connection.ops.quote_name(pk.column)
    with taken.connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.flow, e.source, e.sink, f.value, count(*) {inside} {where} "
            "GROUP BY 1, 2, 3, 4",
            values,
        )
        counts = {
            ((flow, source, sink), facet.read(value)): number
            for flow, source, sink, value, number in cursor.fetchall()
        }
        cursor.execute(
            f"SELECT e.flow, e.source, e.sink, count(DISTINCT e.{key}) {inside} {where} "
            "GROUP BY 1, 2, 3",
            values,
        )
        some = {(flow, source, sink): number for flow, source, sink, number in cursor.fetchall()}
    none = {(move, OTHER): events - some.get(move, 0) for move, (events, *_) in totals.items()}
    return counts | none


def _began(page: Page) -> datetime:
    """Return when the page of a first count begins: with its period, or its first event."""
    events = page.partition.events.objects.filter(partition=page.partition.slug, page=page.number)
    found = events.exclude(cause=Cause.OPENING).aggregate(first=Min("occurred_at"))
    first: datetime = found["first"]
    return min(page.period_start, first)


def _table(page: Page, taken: Snapshot) -> str:
    return taken.connection.ops.quote_name(page.partition.events._meta.db_table)


def _joined(page: Page, taken: Snapshot, start: str) -> str:
    return f"{start} {subject_text(taken.connection, page.partition.events, 'e')}"
