"""Levels over time, one line for each stock."""

from __future__ import annotations

from collections.abc import Sequence

from headwater.console.charts.chart import Chart, grid
from headwater.console.charts.stocks_lines import (
    TABLE_ROWS,
    Line,
    carrier,
    count_axis,
    drawn_points,
    gaps_and_late,
    last_levels,
    legend,
    moments_of,
    table_rows,
    time_axis,
    what_is_told,
)
from headwater.console.flows.period_words import day
from headwater.console.words import counted, figure


def series_chart(
    lines: Sequence[Line], *, when: str, narrowed_to: str, name: str, all_rows: str
) -> Chart:
    """Return the chart of ``lines``, of which at least one has been counted.

    ``when`` says which counts are drawn, such as “at each count”; ``narrowed_to`` which objects.
    """
    moments = moments_of(lines)
    return Chart(
        key="series",
        title=_title(lines),
        subtitle=f"Objects in each stock {when}" + (f"; only {narrowed_to}" if narrowed_to else ""),
        summary=f"{_span(lines)} At the last: {last_levels(lines)}. {gaps_and_late(lines)}".strip(),
        reading=(
            "Each line is one stock. It rises where more objects came than left.",
            "A line that stops and goes on later: in between, nothing was counted.",
            "A hollow point was not counted at the time; it was worked out afterwards from events.",
            "A press on a name above the picture takes its line away, and brings it back.",
        ),
        option={
            "useUTC": True,
            "animation": False,
            "grid": grid(top=38, right=22),
            "legend": legend((line.name, line.mark) for line in lines),
            "tooltip": {"trigger": "axis"},
            "xAxis": time_axis(),
            "yAxis": count_axis(),
            "series": [
                carrier(what_is_told(lines)),
                *(
                    {
                        "type": "line",
                        "name": line.name,
                        "silent": True,
                        "symbol": "none",
                        "showSymbol": True,
                        "showAllSymbol": True,
                        "connectNulls": False,
                        "lineStyle": {"color": line.mark.line, "width": 2},
                        "itemStyle": {
                            "color": line.mark.fill,
                            "borderColor": line.mark.line,
                            "borderWidth": 1,
                        },
                        "data": drawn_points(line),
                    }
                    for line in lines
                ),
            ],
        },
        headings=("Counted", *(line.name for line in lines), "Remark"),
        rows=table_rows(lines),
        height="medium",
        file_name=f"{name}-levels",
        all_rows=all_rows if len(moments) > TABLE_ROWS else "",
        all_rows_label=f"All {figure(len(moments))} moments",
    )


def _title(lines: Sequence[Line]) -> str:
    changed = [
        (line, line.known[0].count or 0, line.known[-1].count or 0)
        for line in lines
        if len(line.known) > 1
    ]
    if not changed:
        held = [(line, line.known[-1].count or 0) for line in lines if line.known]
        line, count = max(held, key=lambda one: one[1])
        others = " most of all" if len(held) > 1 else ""
        return f"{line.name} holds {counted(count, 'object')}{others}; one count is no trend yet"
    line, first, last = max(changed, key=lambda one: abs(one[2] - one[1]))
    if first == last:
        return "Every stock holds as many as at the first count shown"
    verb = "grew" if last > first else "shrank"
    most = " most" if len(changed) > 1 else ""
    return f"{line.name} {verb}{most}, from {figure(first)} to {figure(last)}"


def _span(lines: Sequence[Line]) -> str:
    known = sorted({point.moment for line in lines for point in line.known})
    if len(known) == 1:
        return f"One count, on {day(known[0])}."
    return f"{counted(len(known), 'count')} from {day(known[0])} to {day(known[-1])}."
