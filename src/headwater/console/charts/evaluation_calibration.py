"""The calibration plot: whether of rows with a probability of 80% eight in ten are of the class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headwater.console.charts.chart import Chart, Option, axis, grid, legend
from headwater.console.words import counted, figure, percent

CHANCE = 0.25
"""Share of the rows below which a single interval that fails is put down to chance."""


def calibration_chart(
    curve: Mapping[str, Any], *, positive: str, name: str, key: str = "calibration"
) -> Chart:
    """Return the plot of ``curve``, as ``CalibrationCurve.as_json`` has it, of ``positive``."""
    bins: Sequence[Mapping[str, Any]] = curve["bins"]
    whiskers: list[list[float | None]] = []
    for one in bins:
        said = round(one["probability"], 4)
        whiskers += [[said, one["share_low"]], [said, one["share_high"]], [None, None]]
    series: list[Option] = [
        {
            "type": "line",
            "name": "Exactly true",
            "silent": True,
            "showSymbol": False,
            "lineStyle": {"color": "$muted", "type": "dashed", "width": 1.5},
            "itemStyle": {"color": "$muted"},
            "data": [[0, 0], [1, 1]],
        },
        {
            "type": "line",
            "name": "95% interval",
            "silent": True,
            "symbol": "rect",
            "symbolSize": [9, 2],
            "showSymbol": True,
            "showAllSymbol": True,
            "connectNulls": False,
            "lineStyle": {"color": "$muted", "width": 1.5},
            "itemStyle": {"color": "$muted"},
            "data": whiskers,
        },
        {
            "type": "line",
            "name": "Rows held out",
            "dimensions": ["Said", "Was so"],
            "symbol": "circle",
            "symbolSize": 9,
            "z": 4,
            "lineStyle": {"color": "$accent", "width": 2},
            "itemStyle": {"color": "$accent"},
            "data": [
                {
                    "value": [round(one["probability"], 4), round(one["share"], 4)],
                    "told": _told(one, positive),
                }
                for one in bins
            ],
        },
    ]
    return Chart(
        key=key,
        title=_title(bins, float(curve["expected_error"])),
        subtitle=f"How many rows were {positive}, over the probability that was said; lines are "
        "95% intervals",
        summary=f"Over {counted(int(curve['n']), 'row')} the probability is off by "
        f"{figure(100 * float(curve['expected_error']), 2)} percentage points on average. "
        f"Brier score {figure(float(curve['brier']), 3)}.",
        reading=(
            "Each point stands for rows that were given about the same probability. On the dashed "
            "line, as many of them were of the class as was said.",
            "Below the line the probability is too high, above it too low.",
            "A long line through a point: few rows, so its place is not known well.",
        ),
        option={
            "grid": grid(top=40),
            "legend": legend(),
            "tooltip": {"trigger": "item"},
            "xAxis": axis("Probability that was said", min=0, max=1, interval=0.25, scale=False),
            "yAxis": axis("Share that was so", min=0, max=1, interval=0.25, scale=False),
            "series": series,
        },
        headings=("Said", "Rows", "Was so", "From", "To"),
        rows=[
            (
                percent(one["probability"]),
                figure(int(one["n"])),
                percent(one["share"]),
                percent(one["share_low"]),
                percent(one["share_high"]),
            )
            for one in bins
        ],
        file_name=f"{name}-calibration",
    )


def _told(one: Mapping[str, Any], positive: str) -> str:
    return (
        f"Said {percent(one['probability'])}: of {counted(int(one['n']), 'row')} "
        f"{percent(one['share'])} were {positive} (95% interval {percent(one['share_low'])} to "
        f"{percent(one['share_high'])})"
    )


def _title(bins: Sequence[Mapping[str, Any]], error: float) -> str:
    off = [one for one in bins if not one["share_low"] <= one["probability"] <= one["share_high"]]
    rows = sum(int(one["n"]) for one in off)
    # Of ten 95% intervals, one or more fails by chance alone in four cases of ten.
    if not off or (len(off) == 1 and rows < CHANCE * sum(int(one["n"]) for one in bins)):
        return "The probabilities can be taken at their word"
    high = sum(int(one["n"]) for one in off if one["probability"] > one["share"])
    if error < 0.02:
        return "The probabilities are nearly right"
    side = "too high" if high > 0.8 * rows else "too low" if high < 0.2 * rows else "off"
    return f"The probabilities of {counted(rows, 'row')} are {side}"
