"""Sections: levels over time, the cumulative flow diagram, inflow and outflow."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from headwater.console.charts.stocks_cumulative import cumulative_chart
from headwater.console.charts.stocks_flows import flows_chart
from headwater.console.charts.stocks_lines import Line, lines_of, moments_of
from headwater.console.charts.stocks_series import series_chart
from headwater.console.flows.asked import period_of
from headwater.console.flows.exports import address_of
from headwater.console.flows.needs import needs_counts
from headwater.console.flows.only import ANY_OTHER
from headwater.console.flows.part import Part, counted_things
from headwater.console.flows.period_words import period_noun
from headwater.console.flows.section import Asked, Section, Table
from headwater.stockandflow.errors import StockAndFlowError

if TYPE_CHECKING:
    from headwater.stockandflow.analysis.series import FlowSeries, LevelSeries


def series_section(part: Part, asked: Asked) -> Section:
    """Return the section of levels over time: a line for each stock."""
    lines = _lines(part, asked)
    if not any(line.known for line in lines):
        return Section("series", "Over time", note=_nothing(part, asked, 1))
    chart = series_chart(
        lines,
        when=_when(part, asked),
        narrowed_to=_narrowed_to(part, asked),
        name=part.process.slug,
        all_rows=address_of(part, "series", "csv", asked.data),
    )
    is_late = any(point.is_backfilled for line in lines for point in line.known)
    return Section(
        "series",
        "Over time",
        charts=(chart,),
        term="back-filled" if is_late else "",
        table=lambda: _levels_table(lines),
    )


def cumulative_section(part: Part, asked: Asked) -> Section | None:
    """Return the section of the cumulative flow diagram; single stocks may overlap: none."""
    if part.partition is None:
        return None
    lines = _lines(part, asked)
    if len(moments_of(line for line in lines if line.known)) < 2:
        return Section("cumulative", "Cumulative flow", note=_nothing(part, asked, 2))
    chart = cumulative_chart(
        lines,
        when=_when(part, asked),
        narrowed_to=_narrowed_to(part, asked),
        name=part.process.slug,
        all_rows=address_of(part, "cumulative", "csv", asked.data),
    )
    return Section(
        "cumulative",
        "Cumulative flow",
        charts=(chart,),
        term="cumulative-flow",
        table=lambda: _levels_table(lines),
    )


def flows_section(part: Part, asked: Asked) -> Section | None:
    """Return the section of inflow and outflow; None for single stocks without flows."""
    if part.partition is None and not part.flows:
        return None
    try:
        series = flows_of(part, asked)
    except StockAndFlowError as refused:
        return Section("flows", "In and out", note=str(refused))
    if not series.intervals:
        return Section("flows", "In and out", note=_nothing(part, asked, 2))
    every = asked.every or series.period
    chart = flows_chart(
        series,
        marks=asked.marks,
        per=f"the {period_noun(every)}",
        narrowed_to=_narrowed_to(part, asked),
        name=part.process.slug,
        all_rows=address_of(part, "flows", "csv", asked.data),
    )
    return Section("flows", "In and out", charts=(chart,), table=lambda: _moves_table(series))


def flows_of(part: Part, asked: Asked) -> FlowSeries:
    """Return the moves that are asked for; raise StockAndFlowError where they are not known."""
    from headwater.console.flows.single_flows import single_flow_series
    from headwater.stockandflow.analysis.series import flow_series

    if part.partition is None:
        return single_flow_series(part, asked)
    return flow_series(
        part.partition,
        include_relabelled=asked.with_relabelled,
        facet=asked.facet or None,
        value=asked.value,
        since=asked.since,
        until=asked.until,
        every=asked.every,
    )


def levels_of(part: Part, asked: Asked) -> list[LevelSeries]:
    """Return the levels that are asked for: one series, or one of each single stock."""
    from headwater.stockandflow.analysis.series import level_series, stock_series

    if part.partition is not None:
        return [
            level_series(
                part.partition,
                facet=asked.facet or None,
                value=asked.value,
                since=asked.since,
                until=asked.until,
                every=asked.every,
            )
        ]
    return [
        stock_series(
            stock,
            facet=asked.facet or None,
            value=asked.value,
            since=asked.since,
            until=asked.until,
            every=asked.every,
        )
        for stock in part.stocks
    ]


def _lines(part: Part, asked: Asked) -> list[Line]:
    return [line for line in lines_of(levels_of(part, asked), asked.marks) if line.points]


def _when(part: Part, asked: Asked) -> str:
    if asked.every is None:
        return "at each count"
    return f"at the last count of each {period_noun(asked.every)}"


def _narrowed_to(part: Part, asked: Asked) -> str:
    for counted in counted_things(part):
        for use in counted.facet_uses:
            if asked.facet == use.facet.slug:
                return f"{use.facet.name}: {asked.value or ANY_OTHER}"
    return ""


def _nothing(part: Part, asked: Asked, counts: int) -> str:
    if period_of(part) is not None and (asked.since or asked.until or asked.facet):
        return (
            f"In the days and objects chosen there {'is' if counts == 1 else 'are'} not "
            f"{'one count' if counts == 1 else 'two counts'}. Choose more of them above."
        )
    return needs_counts(part, counts)


def _levels_table(lines: list[Line]) -> Table:
    moments: list[datetime] = moments_of(lines)
    levels = [{point.moment: point for point in line.points} for line in lines]
    return Table(
        ("counted_at", *(line.state for line in lines), "worked_out_from_events"),
        [
            (
                moment,
                *(one[moment].count if moment in one else None for one in levels),
                any(one[moment].is_backfilled for one in levels if moment in one),
            )
            for moment in moments
        ],
    )


def _moves_table(series: FlowSeries) -> Table:
    return Table(
        ("from_count", "to_count", "source", "sink", "moves"),
        [
            (begin, end, source or None, sink or None, line[place])
            for place, (begin, end) in enumerate(series.intervals)
            for (source, sink), line in series.moves.items()
            if line[place]
        ],
    )
