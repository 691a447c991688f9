"""How long objects stay in each stock of a partition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.flows.spans import span, unit_for
from headwater.console.letters import Mark
from headwater.console.words import counted, figure, listed

if TYPE_CHECKING:
    from headwater.stockandflow.analysis.dwell import Dwell

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def dwell_chart(dwells: Sequence[Dwell], *, marks: dict[str, Mark], name: str) -> Chart:
    """Return the chart of ``dwells``; at least one of them must have a known tenth."""
    drawn = [one for one in dwells if one.quantiles.get(0.1) is not None]
    unit, one_unit = unit_for(value for one in drawn for value in one.quantiles.values())

    def length(value: timedelta | None) -> float | None:
        return None if value is None else round(value / one_unit, 4)

    end = max(
        (length(value) or 0.0 for one in drawn for value in one.quantiles.values()), default=1.0
    )
    hidden, boxes, whiskers, middles = [], [], [], []
    for row, one in enumerate(drawn):
        low, quarter, median, three, high = (length(one.quantiles.get(q)) for q in QUANTILES)
        start = quarter if quarter is not None else end
        stop = three if three is not None else end
        mark = marks.get(one.state)
        hidden.append(start)
        boxes.append(
            {
                "name": one.name,
                "value": max(0.0, stop - start),
                "told": _told(one),
                "itemStyle": {
                    "color": mark.fill if mark else "$muted",
                    "borderColor": mark.line if mark else "$muted",
                    "borderWidth": 1,
                    "borderType": "solid" if three is not None else "dashed",
                    "opacity": 0.8,
                },
            }
        )
        whiskers += [[low, row], [high if high is not None else end, row], [None, None]]
        if median is not None:
            middles.append({"value": [median, row], "told": _told(one), "name": one.name})
    plain: dict[str, Any] = {"tooltip": {"show": False}, "silent": True}
    return Chart(
        key="dwell",
        title=_title(drawn),
        subtitle="Median (line), middle half (bar) and middle four fifths (thin line) of the time "
        f"in each stock, in {unit}",
        summary=" ".join(_sentence(one) for one in drawn),
        reading=(
            "The upright line is the median: half of the objects stay shorter, half longer.",
            "The bar holds the middle half: a quarter of the objects stay shorter than its left "
            "end, a quarter longer than its right end. The thin line goes from the shortest tenth "
            "to the longest tenth.",
            "A bar with a dashed edge reaches to the end of the picture: so many objects are still "
            "there that its right end is not known yet.",
        ),
        option={
            "animation": False,
            "grid": grid(top=8, right=28),
            "tooltip": {"trigger": "item"},
            "xAxis": axis(f"Time in the stock, in {unit}", min=0, scale=False),
            "yAxis": {
                "type": "category",
                "inverse": True,
                "data": [one.name for one in drawn],
                "axisLine": {"lineStyle": {"color": "$line"}},
                "axisTick": {"show": False},
                "axisLabel": {
                    "color": "$ink",
                    "fontSize": 12,
                    "width": 110,
                    "overflow": "truncate",
                },
            },
            "series": [
                {
                    "type": "bar",
                    "stack": "time",
                    "name": "",
                    "itemStyle": {"color": "transparent"},
                    "barMaxWidth": 22,
                    "data": hidden,
                    **plain,
                },
                {"type": "bar", "stack": "time", "name": "", "barMaxWidth": 22, "data": boxes},
                {
                    "type": "line",
                    "name": "",
                    "symbol": "rect",
                    "symbolSize": [2, 12],
                    "showAllSymbol": True,
                    "connectNulls": False,
                    "z": 4,
                    "lineStyle": {"color": "$ink", "width": 1.5},
                    "itemStyle": {"color": "$ink"},
                    "data": whiskers,
                    **plain,
                },
                {
                    "type": "scatter",
                    "name": "",
                    "symbol": "rect",
                    "symbolSize": [4, 26],
                    "z": 5,
                    "itemStyle": {"color": "$ink", "borderColor": "$surface", "borderWidth": 1},
                    "data": middles,
                    **plain,
                },
            ],
        },
        headings=(
            "Stock",
            "Median",
            "Shortest 10%",
            "Shortest 25%",
            "Longest 25%",
            "Longest 10%",
            "Stays that ended",
            "Still there",
        ),
        rows=rows_of(dwells),
        height="small" if len(drawn) < 4 else "medium" if len(drawn) < 9 else "large",
        file_name=f"{name}-time-in-state",
    )


def rows_of(dwells: Sequence[Dwell]) -> list[tuple[str, ...]]:
    """Return the rows of the table: also of stocks that cannot be drawn."""
    return [
        (
            one.name,
            span(one.median),
            f"under {span(one.quantiles[0.1])}" if one.quantiles.get(0.1) is not None else "–",
            f"under {span(one.quantiles[0.25])}" if one.quantiles.get(0.25) is not None else "–",
            f"over {span(one.quantiles[0.75])}" if one.quantiles.get(0.75) is not None else "–",
            f"over {span(one.quantiles[0.9])}" if one.quantiles.get(0.9) is not None else "–",
            figure(one.completed),
            figure(one.ongoing),
        )
        for one in dwells
    ]


def _told(one: Dwell) -> str:
    lines = [one.name, f"Median: {span(one.median) if one.median is not None else 'not known yet'}"]
    quarter, three = one.quantiles.get(0.25), one.quantiles.get(0.75)
    if quarter is not None:
        upper = span(three) if three is not None else "not known yet"
        lines.append(f"Middle half: {span(quarter)} to {upper}")
    lines.append(f"{counted(one.completed, 'stay')} ended, {figure(one.ongoing)} go on")
    return "\n".join(lines)


def _title(drawn: Sequence[Dwell]) -> str:
    known = sorted(
        (one for one in drawn if one.median is not None), key=lambda one: one.median or timedelta()
    )
    if not known:
        return "Most objects are still where they came to, so no median is known yet"
    shortest, longest = known[0], known[-1]
    if len(known) == 1:
        return f"Half of the objects leave {shortest.name} within {span(shortest.median)}"
    return (
        f"Objects stay longest in {longest.name} (median {span(longest.median)}) and shortest in "
        f"{shortest.name} ({span(shortest.median)})"
    )


def _sentence(one: Dwell) -> str:
    if one.median is None:
        return f"{one.name}: more than half are still there, so the median is not known yet."
    quarter, three = one.quantiles.get(0.25), one.quantiles.get(0.75)
    half = [f"a quarter leave within {span(quarter)}"] if quarter is not None else []
    if three is not None:
        half.append(f"a quarter stay longer than {span(three)}")
    more = f"; {listed(half)}" if half else ""
    return f"{one.name}: half leave within {span(one.median)}{more}."
