"""How the score of the best restart rose or fell until it settled."""

from __future__ import annotations

import math

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.words import counted, figure

MOST_POINTS = 400
STILL = 1e-6
"""A score that varies by less than this share is drawn as what it is: a flat line."""
TALL = 8
"""The picture is at most so many times as high as the range of the last two thirds."""


def _thinned(values: list[float]) -> list[int]:
    """Return which of ``values`` to draw: all, or evenly spaced ones with both ends."""
    if len(values) <= MOST_POINTS:
        return list(range(len(values)))
    step = (len(values) - 1) / (MOST_POINTS - 1)
    return sorted({round(step * number) for number in range(MOST_POINTS)})


def _edge(values: list[float], rises: bool) -> float | None:
    """Return where the axis is cut off, so that the first jump does not flatten the rest."""
    if len(values) < 8:
        return None
    later = values[len(values) // 3 :]
    usual = max(later) - min(later)
    for start in range(len(values) // 3):
        low, high = min(values[start:]), max(values[start:])
        if high - low <= TALL * usual:
            margin = 0.05 * (high - low)
            edge = low - margin if rises else high + margin
            return float(f"{edge:.4g}") if start else None
    return None


def _flat(values: list[float]) -> tuple[float, float] | None:
    """Return the ends of the axis where all ``values`` are the same in the eyes of a reader."""
    middle = (min(values) + max(values)) / 2
    if max(values) - min(values) > STILL * abs(middle):
        return None
    margin = 50 * STILL * abs(middle) or 1.0
    return float(f"{middle - margin:.6g}"), float(f"{middle + margin:.6g}")


def round_ends(low: float, high: float) -> dict[str, float]:
    """Return ends and step of an axis around ``low`` to ``high`` whose marks are round numbers.

    So the marks at the ends are as far from their neighbours as all others.
    """
    span = high - low
    if span <= 0:
        span = abs(high) or 1.0
    size = 10.0 ** math.floor(math.log10(span / 4))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= span / 4.001)
    decimals = max(0, 1 - math.floor(math.log10(step)))
    first, last = math.floor(low / step + 1e-6), math.ceil(high / step - 1e-6)
    return {
        "min": round(first * step, decimals),
        "max": round(max(last, first + 1) * step, decimals),
        "interval": round(step, decimals),
    }


def trace_chart(
    objectives: list[float],
    *,
    objective: str,
    rises: bool,
    converged: bool,
    name: str,
    has_groups: bool = True,
) -> Chart:
    """Return the chart of the score after each iteration."""
    settled = (
        f"The {objective} settled after {counted(len(objectives), 'iteration')}"
        if converged
        else f"The {objective} had not settled when the limit of "
        f"{counted(len(objectives), 'iteration')} was reached"
    )
    kept = _thinned(objectives)
    cut = _edge(objectives, rises)
    hidden = 0
    low, high = min(objectives), max(objectives)
    if cut is not None:
        low, high = (cut, high) if rises else (low, cut)
    if flat := _flat(objectives):
        low, high = flat
    bounds = round_ends(low, high)
    if cut is not None:
        low, high = bounds["min"], bounds["max"]
        hidden = sum(value < low if rises else value > high for value in objectives)
    better = "higher" if rises else "lower"
    note = f"; the first {counted(hidden, 'iteration')} outside the picture" if hidden else ""
    return Chart(
        key="trace",
        title=settled,
        subtitle=f"{objective.capitalize()} after each iteration of the best restart; "
        f"{better} is better{note}",
        summary=f"It stayed at {figure(objectives[-1], 6)} all along"
        + (": the search before this had found the groups." if has_groups else ".")
        if flat
        else f"It started at {figure(objectives[0], 6)} and ended at {figure(objectives[-1], 6)}.",
        reading=(
            f"The line shows how good the {'groups were' if has_groups else 'description was'} "
            f"after each round; {better} is better.",
            "A flat end means that more rounds would not have helped.",
            *(
                ("Steps in the line come from groups that were merged, deleted or split.",)
                if has_groups
                else ()
            ),
        ),
        option={
            "grid": grid(),
            "tooltip": {"trigger": "axis"},
            "xAxis": axis("Iteration", min=1, minInterval=1, scale=False),
            "yAxis": axis(objective.capitalize(), **bounds),
            "series": [
                {
                    "type": "line",
                    "name": "",
                    "dimensions": ["Iteration", objective.capitalize()],
                    "showSymbol": len(kept) < 3,
                    "symbol": "circle",
                    "symbolSize": 7,
                    "lineStyle": {"width": 2, "color": "$accent"},
                    "itemStyle": {"color": "$accent"},
                    "data": [[index + 1, objectives[index]] for index in kept],
                    "clip": True,
                }
            ],
        },
        headings=("Iteration", objective.capitalize()),
        rows=[(figure(index + 1), figure(objectives[index], 8)) for index in kept],
        file_name=f"{name}-{objective.replace(' ', '-')}",
    )
