"""Inflow and outflow: how many came to each stock and left it, from count to count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from headwater.console.charts.chart import Chart, Option, axis, bins_axis, grid
from headwater.console.charts.stocks_lines import TABLE_ROWS, carrier, legend, told_moment
from headwater.console.flows.period_words import day, period_label
from headwater.console.letters import Mark
from headwater.console.words import counted, figure, listed

if TYPE_CHECKING:
    from headwater.stockandflow.analysis.series import FlowSeries

_TOLD = 3


def flows_chart(
    series: FlowSeries,
    *,
    marks: Mapping[str, Mark],
    per: str,
    narrowed_to: str,
    name: str,
    all_rows: str,
) -> Chart:
    """Return the chart of ``series``, which has at least one interval.

    ``per`` says what a bar is, such as “the day”; ``narrowed_to`` which objects.
    """
    states = [state for state in marks if state in series.names]
    inflow = {state: sum(series.inflow[state]) for state in states}
    outflow = {state: sum(series.outflow[state]) for state in states}
    only = f"; only {narrowed_to}" if narrowed_to else ""
    return Chart(
        key="flows",
        title=_title(series, states, inflow, outflow),
        subtitle=f"Objects that came to each stock (above 0) and left it (below 0), by {per}{only}",
        summary=_summary(series, states, inflow, outflow),
        reading=(
            "A bar goes from one count to the next. Above 0 stand the objects that came to a "
            "stock, below 0 those that left one; the colour says which.",
            "An object that moves from one stock to another is counted twice: it leaves one, and "
            "comes to the other.",
            "One that moves there and back between two counts is counted each time, if it was "
            "seen to move; comparing two counts cannot see that.",
        ),
        option={
            "animation": False,
            "grid": grid(top=38, right=16),
            "legend": legend((series.names[state], marks[state]) for state in states),
            "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
            "xAxis": {
                **bins_axis("", [_label(ends, series.period) for ends in series.intervals]),
                "axisLine": {"onZero": True, "lineStyle": {"color": "$ink"}},
                "axisLabel": {"color": "$muted", "hideOverlap": True},
            },
            "yAxis": axis("Objects in and out", scale=False, minInterval=1),
            "series": [
                carrier(
                    (place, 0, _told(series, states, place))
                    for place in range(len(series.intervals))
                ),
                *_bars(series, states, marks, series.inflow, 1),
                *_bars(series, states, marks, series.outflow, -1),
            ],
        },
        headings=(
            "Until",
            *(f"{series.names[state]}{way}" for state in states for way in (" in", " out")),
        ),
        rows=_rows(series, states),
        height="medium",
        file_name=f"{name}-flows",
        all_rows=all_rows if len(series.intervals) > TABLE_ROWS else "",
        all_rows_label=f"All {figure(len(series.intervals))} intervals",
    )


def _bars(
    series: FlowSeries,
    states: Sequence[str],
    marks: Mapping[str, Mark],
    numbers: Mapping[str, Sequence[int]],
    sign: int,
) -> list[Option]:
    bars: list[dict[str, Any]] = []
    for state in states:
        mark = marks[state]
        bars.append(
            {
                "type": "bar",
                "name": series.names[state],
                "stack": "flows",
                "silent": True,
                "barMaxWidth": 26,
                "barCategoryGap": "18%",
                "itemStyle": {
                    "color": mark.fill,
                    "borderColor": mark.line,
                    "borderWidth": 0.6,
                    **({} if sign > 0 else {"opacity": 0.62}),
                },
                "data": [sign * number for number in numbers[state]],
            }
        )
    return bars


def _label(ends: tuple[datetime, datetime], period: str) -> str:
    from headwater.stockandflow.analysis.counts import held_by

    return period_label(held_by(ends, period), period)


def _told(series: FlowSeries, states: Sequence[str], place: int) -> str:
    begin, end = series.intervals[place]
    lines = [f"{told_moment(begin)} to {told_moment(end)}"]
    for state in states:
        came, went = series.inflow[state][place], series.outflow[state][place]
        if came or went:
            lines.append(f"{series.names[state]}: {figure(came)} in, {figure(went)} out")
    return "\n".join(lines if len(lines) > 1 else [*lines, "Nothing moved"])


def _title(
    series: FlowSeries,
    states: Sequence[str],
    inflow: Mapping[str, int],
    outflow: Mapping[str, int],
) -> str:
    if not any(inflow.values()) and not any(outflow.values()):
        return "Nothing moved between the counts shown"
    net = {state: inflow[state] - outflow[state] for state in states}
    gains = max(states, key=lambda state: net[state])
    loses = min(states, key=lambda state: net[state])
    told = []
    if net[gains] > 0:
        told.append(f"{series.names[gains]} gained {figure(net[gains])}")
    if net[loses] < 0:
        told.append(f"{series.names[loses]} lost {figure(-net[loses])}")
    if not told:
        return "Every stock gained as many as it lost"
    return f"{listed(told)}, all counts taken together"


def _summary(
    series: FlowSeries,
    states: Sequence[str],
    inflow: Mapping[str, int],
    outflow: Mapping[str, int],
) -> str:
    total = sum(sum(line) for line in series.moves.values())
    told = [
        f"{series.names[state]} {figure(inflow[state])} in and {figure(outflow[state])} out"
        for state in sorted(states, key=lambda one: -inflow[one] - outflow[one])[:_TOLD]
        if inflow[state] or outflow[state]
    ]
    span = f"{day(series.intervals[0][0])} to {day(series.intervals[-1][1])}"
    most = f" Most: {'; '.join(told)}." if told else ""
    return f"{counted(total, 'move')} from {span}.{most}"


def _rows(series: FlowSeries, states: Sequence[str]) -> list[tuple[str, ...]]:
    places = range(len(series.intervals))[-TABLE_ROWS:]
    return [
        (
            told_moment(series.intervals[place][1]),
            *(
                figure(numbers[state][place])
                for state in states
                for numbers in (series.inflow, series.outflow)
            ),
        )
        for place in reversed(places)
    ]
