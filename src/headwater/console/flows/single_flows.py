"""The flows between single stocks, from their records, as a partition's flows are given."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from headwater.console.flows.part import Part
from headwater.console.flows.section import Asked
from headwater.engines.periods import DAILY, period_start
from headwater.stockandflow.analysis.series import FlowSeries
from headwater.stockandflow.models import FlowFacetRecord, FlowRecord

Ends = tuple[str, str]


def single_flow_series(part: Part, asked: Asked) -> FlowSeries:
    """Return the events of the flows of ``part`` between counts, as its records have them.

    What stands in for a stock in a flow, such as a number, counts as outside here.
    """
    slugs = {stock.slug for stock in part.stocks}
    records = FlowRecord.objects.filter(partition="", flow__in=[flow.slug for flow in part.flows])
    if asked.since is not None:
        records = records.filter(started_at__gte=asked.since)
    if asked.until is not None:
        records = records.filter(ended_at__lte=asked.until)
    facets = _of_facet(records.values_list("pk", flat=True), asked) if asked.facet else None
    zone = timezone.get_default_timezone()
    spans: dict[datetime, list[datetime]] = {}
    events: dict[Ends, dict[datetime, int]] = defaultdict(lambda: defaultdict(int))
    period = DAILY
    for row in records.order_by("period_start"):
        period = asked.every or row.period
        start = (
            period_start(asked.every, row.period_start, zone) if asked.every else row.period_start
        )
        spans.setdefault(start, []).extend((row.started_at, row.ended_at))
        source = row.source if row.source in slugs else ""
        sink = row.sink if row.sink in slugs else ""
        number = facets.get(row.pk, 0) if facets is not None else row.events
        if facets is None and not asked.with_relabelled:
            number -= row.relabelled
        events[source, sink][start] += number
    starts = sorted(spans)
    moves = {ends: tuple(line[start] for start in starts) for ends, line in sorted(events.items())}
    names = {stock.slug: stock.name for stock in part.stocks}
    nothing = (0,) * len(starts)

    def along(place: int, slug: str) -> tuple[int, ...]:
        lines = [line for ends, line in moves.items() if ends[place] == slug]
        return tuple(map(sum, zip(*lines, strict=True))) if lines else nothing

    return FlowSeries(
        intervals=tuple((min(spans[start]), max(spans[start])) for start in starts),
        period=period,
        inflow={slug: along(1, slug) for slug in names},
        outflow={slug: along(0, slug) for slug in names},
        moves=moves,
        names=names,
    )


def _of_facet(records: QuerySet[Any, int], asked: Asked) -> dict[int, int]:
    """Return record -> events of objects with the value that is asked for."""
    rows = FlowFacetRecord.objects.filter(facet=asked.facet, value=asked.value)
    rows = rows.filter(record_id__in=records)
    return dict(rows.values_list("record_id", "events"))
