"""How far the neighbours of each row are, and the distance of neighbours drawn across it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.words import counted, figure, percent

IN_TABLE = 20


def choose_eps_chart(curve: Mapping[str, Any], eps: float | None) -> Chart:
    """Return the curve of ``KDistances.as_json`` with a line at ``eps``."""
    points = [float(value) for value in curve["curve"]]
    n, neighbours = len(points), curve["min_samples"]
    line: dict[str, Any] = {
        "type": "line",
        "id": "curve",
        "name": "",
        "dimensions": ["Share of the rows", "Distance"],
        "showSymbol": n < 40,
        "symbol": "circle",
        "symbolSize": 6,
        "lineStyle": {"width": 2, "color": "$accent"},
        "itemStyle": {"color": "$accent"},
        "data": [[round(100 * (i + 1) / n, 2), value] for i, value in enumerate(points)],
        "markLine": {
            "silent": True,
            "symbol": "none",
            "animation": False,
            "label": {"show": False},
            "lineStyle": {"color": "$group-line-4", "width": 2.5, "type": "solid"},
            "data": [{"yAxis": eps}] if eps else [],
        },
    }
    suggested = curve.get("eps")
    title = f"The curve bends at {figure(suggested, 3)}" if suggested else "The curve has no bend"
    return Chart(
        key="choose-eps",
        title=title,
        subtitle=f"Distance of each row to its {_ordinal(neighbours)} nearest row (itself "
        "counted), from the least to the greatest",
        summary=curve["sentence"],
        reading=(
            "Rows below the line have enough neighbours within that distance: they hold segments "
            "together. Rows above it are lonely.",
            "A good distance is often where the curve begins to rise steeply: most rows below it, "
            "the odd ones above.",
            "Drag the line, move the slider or type a number; all three are the same setting.",
        ),
        option={
            "grid": grid(),
            "tooltip": {"trigger": "axis"},
            "xAxis": axis("Share of the rows (%)", min=0, max=100, scale=False),
            "yAxis": axis("Distance", min=0, scale=False),
            "series": [line],
        },
        headings=("Share of the rows", "Distance at most"),
        rows=[(percent((i + 1) / n), figure(points[i], 4)) for i in _places(n)],
        file_name="distances-of-neighbours",
    )


def _places(n: int) -> list[int]:
    if n <= IN_TABLE:
        return list(range(n))
    return [round((i + 1) * n / IN_TABLE) - 1 for i in range(IN_TABLE)]


def _ordinal(number: int) -> str:
    """Return “1st”, “2nd”, “11th”.

    >>> [_ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 112)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '21st', '112th']
    """
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def sampled_words(curve: Mapping[str, Any]) -> str:
    """Return that only some rows were looked at; empty where all were."""
    sampled = curve.get("sampled")
    if not sampled:
        return ""
    return f"Looked at {counted(sampled, 'row')} of {curve['n']:,}, drawn at random."
