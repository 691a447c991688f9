"""The cumulative flow diagram: the levels of the stocks of a partition, one upon the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from headwater.console.charts.chart import Chart, grid
from headwater.console.charts.stocks_lines import (
    TABLE_ROWS,
    Line,
    at,
    carrier,
    count_axis,
    gaps_and_late,
    legend,
    moments_of,
    time_axis,
    told_moment,
    what_is_told,
)
from headwater.console.flows.period_words import day
from headwater.console.words import figure, listed, percent


def cumulative_chart(
    lines: Sequence[Line], *, when: str, narrowed_to: str, name: str, all_rows: str
) -> Chart:
    """Return the chart of ``lines``, whose moments are the same; at least one was counted.

    The first stock lies on top, as work enters at the top of such a diagram and sinks.
    """
    totals = _totals(lines)
    told = {place: words for place, _, words in what_is_told(lines)}
    only = f"; only {narrowed_to}" if narrowed_to else ""
    moments = moments_of(lines)
    return Chart(
        key="cumulative",
        title=_title(lines, totals),
        subtitle=f"Objects in all stocks {when}, one stock upon the other{only}",
        summary=f"{_summary(lines, totals)} {gaps_and_late(lines)}".strip(),
        reading=(
            "The upper edge is the number of objects in all stocks together. It rises where more "
            "came from outside than went there.",
            "The height of a band is what one stock holds. A band that grows thicker fills up: "
            "more come in than go on.",
            "The first stock lies on top, the last at the bottom: objects that go on sink.",
            "A step to the right as wide as one period is one count; where the bands are cut, "
            "nothing was counted.",
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
                carrier(
                    (at(moment), total or 0, f"{told[at(moment)]}\nTogether: {figure(total)}")
                    if total is not None
                    else (at(moment), 0, told[at(moment)])
                    for moment, total in totals
                ),
                *(
                    {
                        "type": "line",
                        "name": line.name,
                        "stack": "levels",
                        "silent": True,
                        "symbol": line.mark.symbol if len(line.known) == 1 else "none",
                        "connectNulls": False,
                        "lineStyle": {"color": line.mark.line, "width": 1.2},
                        "itemStyle": {"color": line.mark.fill},
                        "areaStyle": {"color": line.mark.fill, "opacity": 0.72},
                        "data": [[at(point.moment), point.count] for point in line.points],
                    }
                    for line in reversed(lines)
                ),
            ],
        },
        headings=("Counted", *(line.name for line in lines), "Together"),
        rows=_rows(lines, totals),
        height="medium",
        file_name=f"{name}-cumulative-flow",
        all_rows=all_rows if len(moments) > TABLE_ROWS else "",
        all_rows_label=f"All {figure(len(moments))} moments",
    )


Total = tuple[datetime, int | None]


def _totals(lines: Sequence[Line]) -> list[Total]:
    """Return each moment with the number of objects in all stocks; None where not counted."""
    sums: dict[datetime, int | None] = dict.fromkeys(moments_of(lines))
    for line in lines:
        for point in line.known:
            sums[point.moment] = (sums[point.moment] or 0) + (point.count or 0)
    return list(sums.items())


def _title(lines: Sequence[Line], totals: Sequence[Total]) -> str:
    known = [total for _, total in totals if total is not None]
    if len(known) == 1:
        return f"All stocks together hold {figure(known[0])}"
    first, last = known[0], known[-1]
    if first == last:
        return f"All stocks together hold {figure(last)}, as many as at the first count shown"
    verb = "grew" if last > first else "shrank"
    share = f", by {percent(abs(last - first) / first)}" if first else ""
    return f"All stocks together {verb} from {figure(first)} to {figure(last)}{share}"


def _summary(lines: Sequence[Line], totals: Sequence[Total]) -> str:
    moment, total = next(one for one in reversed(totals) if one[1] is not None)
    if not total:
        return f"On {day(moment)}, the stocks are empty."
    shares = [
        f"{line.name} {percent((line.known[-1].count or 0) / total)}"
        for line in lines
        if line.known
    ]
    return f"On {day(moment)}, of {figure(total)}: {listed(shares)}."


def _rows(lines: Sequence[Line], totals: Sequence[Total]) -> list[tuple[str, ...]]:
    levels = [{point.moment: point.count for point in line.points} for line in lines]
    return [
        (
            day(moment) if total is None else told_moment(moment),
            *(figure(one.get(moment)) for one in levels),
            figure(total),
        )
        for moment, total in reversed(totals[-TABLE_ROWS:])
    ]
