"""Shares and probabilities of a node, as bars with their credible intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.words import percent


def bars_chart(
    bars: Sequence[dict[str, Any]], *, node: str, key: str, level: float, name: str
) -> Chart:
    """Return the chart of ``bars``, as in ``Fit.summary["network"]``, of the node ``node``."""
    known = [bar for bar in bars if bar["mean"] is not None]
    probability = percent(level).replace("%", " %")
    labels = [str(bar["label"]) for bar in known]
    has_intervals = any(bar["low"] is not None for bar in known)
    whiskers: list[list[Any]] = []
    for number, bar in enumerate(known):
        if bar["low"] is not None and bar["high"] is not None:
            whiskers += [[bar["low"], number], [bar["high"], number], [None, None]]
    series: list[dict[str, Any]] = [
        {
            "type": "bar",
            "name": "",
            "dimensions": ["Number", "Mean"],
            "barMaxWidth": 22,
            "itemStyle": {"color": "$accent", "opacity": 0.75, "borderRadius": [0, 3, 3, 0]},
            "data": [{"name": bar["label"], "value": bar["mean"]} for bar in known],
        }
    ]
    if whiskers:
        series.append(
            {
                "type": "line",
                "name": f"{probability} interval",
                "silent": True,
                "symbol": "rect",
                "symbolSize": [2, 11],
                "showSymbol": True,
                "showAllSymbol": True,
                "connectNulls": False,
                "z": 4,
                "lineStyle": {"color": "$ink", "width": 2},
                "itemStyle": {"color": "$ink"},
                "tooltip": {"show": False},
                "data": whiskers,
            }
        )
    return Chart(
        key=key,
        title=_title(known, node, probability),
        subtitle=f"Posterior mean of {node}"
        + (f"; the lines are {probability} credible intervals" if has_intervals else ""),
        summary=_summary(known),
        reading=(
            "The longer the bar, the larger the share or the probability.",
            *(
                ("A short line over the end of a bar means that the value is known well.",)
                if has_intervals
                else ()
            ),
        ),
        option={
            "animation": False,
            "grid": grid(top=8, right=24),
            "tooltip": {"trigger": "item"},
            "xAxis": axis("Share or probability", min=0, max=_end(known), scale=False),
            "yAxis": {
                "type": "category",
                "inverse": True,
                "data": labels,
                "axisLine": {"lineStyle": {"color": "$line"}},
                "axisTick": {"show": False},
                "axisLabel": {"color": "$ink", "fontSize": 12},
            },
            "series": series,
        },
        headings=("Number", "Mean", "From", "To") if has_intervals else ("Number", "Mean"),
        rows=[
            (
                bar["label"],
                percent(bar["mean"]),
                *((percent(bar["low"]), percent(bar["high"])) if has_intervals else ()),
            )
            for bar in known
        ],
        height="small" if len(known) < 4 else "medium" if len(known) < 12 else "large",
        file_name=f"{name}-{node}",
    )


def _end(bars: Sequence[dict[str, Any]]) -> float:
    """Return where the axis ends: a tenth above what is drawn, and at most at 1."""
    top = max(float(bar["high"] if bar["high"] is not None else bar["mean"]) for bar in bars)
    for end in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8):
        if top <= end * 0.98:
            return end
    return 1.0


def _title(bars: Sequence[dict[str, Any]], node: str, probability: str) -> str:
    if len(bars) == 1:
        (bar,) = bars
        if bar["low"] is None or bar["high"] is None:
            return f"{bar['label']} is about {percent(bar['mean'])}"
        return (
            f"{bar['label']} lies between {percent(bar['low'])} and {percent(bar['high'])} with "
            f"{probability} probability"
        )
    largest = max(bars, key=lambda bar: float(bar["mean"]))
    if float(largest["mean"]) <= 1.15 * min(float(bar["mean"]) for bar in bars):
        about = percent(largest["mean"])
        return f"The {len(bars)} shares of {node} are nearly the same, about {about}"
    return f"{largest['label']} is the largest share of {node} with {percent(largest['mean'])}"


def _summary(bars: Sequence[dict[str, Any]]) -> str:
    ordered = sorted(bars, key=lambda bar: -float(bar["mean"]))
    told = [f"{bar['label']} {percent(bar['mean'])}" for bar in ordered[:6]]
    rest = f"; {len(bars) - 6} smaller ones in the table" if len(bars) > 6 else ""
    return f"{'; '.join(told)}{rest}."
