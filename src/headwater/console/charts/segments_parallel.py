"""Each segment along all columns at once: its middle as a line, its usual range as a band."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.charts.segments_labels import shortened
from headwater.console.letters import mark
from headwater.console.words import NOTHING, counted, figure, listed

REACH = 4.0
"""Spreads from the mean that the picture shows to either side, at most."""


def segments_parallel(
    parallel: Mapping[str, Any],
    *,
    label: Callable[[str], str],
    value: Callable[[str, float | None], str],
    name: str,
) -> Chart:
    """Return the parallel coordinates of ``parallel``, as ``engines.segments.parallel`` has it.

    ``label``: of a letter; ``value``: a value of a column in words.
    """
    levels = list(parallel["levels"])
    low, middle, high = (levels.index(level) for level in (0.25, 0.5, 0.75))
    columns = parallel["columns"]
    labels = [str(column["column"]).replace("_", " ") for column in columns]
    series: list[dict[str, Any]] = []
    rows: list[tuple[str, ...]] = []
    for group in parallel["groups"]:
        letter = group["letter"]
        drawn = mark(letter)
        title = shortened(label(letter))
        quantiles = group["quantiles"]
        lows = [None if one is None else _cut(one[low]) for one in quantiles]
        highs = [None if one is None else _cut(one[high]) for one in quantiles]
        series += _band(title, drawn.fill, lows, highs)
        series.append(
            {
                "type": "line",
                "name": title,
                "dimensions": ["Column", "Spreads from the mean"],
                "symbol": drawn.symbol,
                "symbolSize": 11,
                "showAllSymbol": True,
                "lineStyle": {"color": drawn.line, "width": 2.2},
                "itemStyle": {"color": drawn.fill, "borderColor": drawn.line},
                "z": 4,
                "data": [
                    {
                        "value": None if one is None else _cut(one[middle]),
                        "told": _told(label(letter), column, one, low, middle, high, value),
                    }
                    for column, one in zip(columns, quantiles, strict=True)
                ],
            }
        )
        rows.append(
            (
                letter,
                *(
                    _table_cell(column, one, low, middle, high, value)
                    for column, one in zip(columns, quantiles, strict=True)
                ),
            )
        )
    return Chart(
        key="parallel",
        title=_title(parallel, label, middle),
        subtitle="Median of each segment in every column, and the range of its middle half, in "
        "spreads from the mean of all rows in segments",
        summary=f"{counted(len(rows), 'segment')} over {counted(len(columns), 'column')}: "
        f"{listed(labels)}.",
        reading=(
            "Follow one line: where it is high, half of the segment's rows lie above there; the "
            "band around it holds the middle half of its rows.",
            "Where lines are far from each other, the column tells the segments apart; where "
            "bands cover each other, it does not.",
            "All columns are measured in spreads, so that they can stand side by side. The table "
            "has their own units.",
        ),
        option={
            "animation": False,
            "grid": grid(top=48, right=24),
            "tooltip": {"trigger": "item"},
            "legend": {
                "type": "scroll",
                "top": 4,
                "left": 8,
                "data": [
                    {"name": shortened(label(g["letter"])), "icon": mark(g["letter"]).symbol}
                    for g in parallel["groups"]
                ],
                "itemWidth": 13,
                "itemHeight": 13,
                "textStyle": {"color": "$ink"},
                "inactiveColor": "$line",
                "pageTextStyle": {"color": "$muted"},
            },
            "xAxis": {
                "type": "category",
                "data": labels,
                "boundaryGap": ["5%", "5%"],
                "axisLine": {"lineStyle": {"color": "$line"}},
                "axisTick": {"show": False},
                "splitLine": {"show": True, "lineStyle": {"color": "$line"}},
                "axisLabel": {
                    "color": "$ink",
                    "interval": 0,
                    "width": 110,
                    "lineHeight": 14,
                    "overflow": "break",
                    "rotate": 0 if len(labels) <= 8 else 40,
                },
            },
            "yAxis": axis("Spreads from the mean", splitNumber=5),
            "series": series,
        },
        headings=("Segment", *(f"{column}: median (middle half)" for column in labels)),
        rows=rows,
        height="large",
        file_name=f"{name}-parallel",
        letters=True,
    )


def _cut(value: float) -> float:
    """Return ``value`` with the digits that a picture can show, within its reach."""
    return round(max(-REACH, min(REACH, float(value))), 3)


def _band(
    title: str, fill: str, lows: list[float | None], highs: list[float | None]
) -> list[dict[str, Any]]:
    """Return the two series that fill the space between ``lows`` and ``highs``."""
    plain = {
        "type": "line",
        "name": title,
        "silent": True,
        "showSymbol": False,
        "stack": f"band {title}",
        "stackStrategy": "all",
        "lineStyle": {"opacity": 0},
        "itemStyle": {"color": fill},
        "z": 2,
    }
    widths = [
        None if low is None or high is None else round(high - low, 3)
        for low, high in zip(lows, highs, strict=True)
    ]
    return [
        {**plain, "data": lows},
        {**plain, "areaStyle": {"color": fill, "opacity": 0.2}, "data": widths},
    ]


def _own(column: Mapping[str, Any], standard: float) -> float:
    return float(column["mean"]) + standard * float(column["std"])


def _told(
    title: str,
    column: Mapping[str, Any],
    quantiles: list[float] | None,
    low: int,
    middle: int,
    high: int,
    value: Callable[[str, float | None], str],
) -> str:
    name = str(column["column"])
    if quantiles is None:
        return f"{title}\n{name}: no value"
    return (
        f"{title}\n{name}: median {value(name, _own(column, quantiles[middle]))}\n"
        f"middle half: {value(name, _own(column, quantiles[low]))} to "
        f"{value(name, _own(column, quantiles[high]))}"
    )


def _table_cell(
    column: Mapping[str, Any],
    quantiles: list[float] | None,
    low: int,
    middle: int,
    high: int,
    value: Callable[[str, float | None], str],
) -> str:
    if quantiles is None:
        return NOTHING
    name = str(column["column"])
    at = [value(name, _own(column, quantiles[place])) for place in (middle, low, high)]
    return f"{at[0]} ({at[1]} to {at[2]})"


def _title(parallel: Mapping[str, Any], label: Callable[[str], str], middle: int) -> str:
    """Return the segment that lies farthest out, and where."""
    far: tuple[float, str] = (0.0, "")
    for group in parallel["groups"]:
        for column, quantiles in zip(parallel["columns"], group["quantiles"], strict=True):
            if quantiles is not None and abs(quantiles[middle]) > abs(far[0]):
                side = "high" if quantiles[middle] > 0 else "low"
                far = (
                    quantiles[middle],
                    f"{label(group['letter'])} is {side} in {column['column']}: half of it lies "
                    f"more than {figure(abs(float(quantiles[middle])), 2)} spreads "
                    f"{'above' if quantiles[middle] > 0 else 'below'} the mean",
                )
    return far[1] or "No segment lies far from the mean in any column"
