"""Rows along two components, with an arrow for each column that makes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.words import counted, figure, listed, percent

ARROWS = 12
"""Columns that have an arrow: those that weigh most on the two components."""
NAMED = 40
"""With no more rows than these, the name of each stands beside it."""


def segments_biplot(
    points: Sequence[tuple[float, float, str]],
    loadings: Mapping[str, tuple[float, float]],
    *,
    axes: tuple[int, int],
    explained: tuple[float, float],
    n_rows: int | None,
    name: str,
) -> Chart:
    """Return the biplot of ``points`` (x, y, name of the row) and of the columns' ``loadings``.

    ``axes``: the two components, from 0; ``explained``: what each shows.
    """
    x_name, y_name = (
        f"Component {number + 1} ({percent(share)})"
        for number, share in zip(axes, explained, strict=True)
    )
    strongest = sorted(loadings.items(), key=lambda one: -math.hypot(*one[1]))[:ARROWS]
    scale = _scale(points, [weights for _, weights in strongest])
    arrows = [
        {
            "coords": [[0, 0], [_fine(x * scale), _fine(y * scale)]],
            "name": column,
        }
        for column, (x, y) in strongest
    ]
    ends = [
        {
            "value": [_fine(x * scale), _fine(y * scale)],
            "name": column,
            "told": f"{column}\nalong {x_name}: {figure(x, 2)}\nup {y_name}: {figure(y, 2)}",
            "label": {"formatter": column, "position": _side(x, y)},
        }
        for column, (x, y) in strongest
    ]
    size = 9 if len(points) <= 400 else 6
    return Chart(
        key="biplot",
        title=_title(loadings, axes),
        subtitle=f"{_which(len(points), n_rows)} along components {axes[0] + 1} and {axes[1] + 1}; "
        f"an arrow for each column{'' if len(loadings) <= ARROWS else ' that weighs most'}",
        summary=f"The two components show {percent(min(1.0, sum(explained)))} of the differences "
        "between rows.",
        reading=(
            "Rows that lie close together are alike in what these two components tell.",
            "An arrow points to where rows have more of that column; the longer it is, the more "
            "the column weighs on the two components.",
            "Arrows in one direction: the columns rise together. In opposite directions: where "
            "one is high, the other is low. At right angles: neither tells of the other.",
            "The length of arrows is not measured in the units of the axes.",
        ),
        option={
            "animation": False,
            "grid": grid(top=24, right=40),
            "tooltip": {"trigger": "item"},
            "xAxis": axis(x_name, splitNumber=6),
            "yAxis": axis(y_name, splitNumber=6),
            "series": [
                {
                    "type": "scatter",
                    "name": "",
                    "dimensions": [f"Component {axes[0] + 1}", f"Component {axes[1] + 1}", "Row"],
                    "symbolSize": size,
                    "itemStyle": {
                        "color": "$group-0",
                        "borderColor": "$group-line-0",
                        "opacity": 0.8,
                    },
                    "label": {
                        "show": len(points) <= NAMED,
                        "position": "top",
                        "formatter": "{@[2]}",
                        "color": "$ink",
                        "fontSize": 11,
                    },
                    "labelLayout": {"hideOverlap": True},
                    "data": [[_fine(x), _fine(y), label] for x, y, label in points],
                },
                {
                    "type": "lines",
                    "name": "Columns",
                    "coordinateSystem": "cartesian2d",
                    "silent": True,
                    "symbol": ["none", "arrow"],
                    "symbolSize": 9,
                    "z": 4,
                    "lineStyle": {"color": "$group-line-4", "width": 1.8, "opacity": 0.95},
                    "data": arrows,
                },
                {
                    "type": "scatter",
                    "name": "Columns",
                    "symbol": "circle",
                    "symbolSize": 5,
                    "z": 5,
                    "itemStyle": {"color": "$group-line-4"},
                    "label": {
                        "show": True,
                        "color": "$group-line-4",
                        "fontWeight": 600,
                        "fontSize": 12,
                    },
                    "data": ends,
                },
            ],
        },
        headings=("Column", f"Component {axes[0] + 1}", f"Component {axes[1] + 1}"),
        rows=[
            (column, figure(float(x), 3), figure(float(y), 3))
            for column, (x, y) in sorted(loadings.items(), key=lambda one: -math.hypot(*one[1]))
        ],
        height="large",
        file_name=f"{name}-biplot",
    )


def _fine(value: float) -> float:
    return float(f"{float(value):.5g}")


def _scale(
    points: Sequence[tuple[float, float, str]], weights: Sequence[tuple[float, float]]
) -> float:
    """Return by what arrows are drawn longer, so that they reach as far as most rows."""
    reach = max((math.hypot(x, y) for x, y, _ in points), default=1.0)
    longest = max((math.hypot(x, y) for x, y in weights), default=0.0)
    return 0.7 * reach / longest if longest else 1.0


def _side(x: float, y: float) -> str:
    """Return on which side of the end of an arrow its name stands."""
    if abs(x) >= abs(y):
        return "right" if x > 0 else "left"
    return "top" if y > 0 else "bottom"


def _which(n_points: int, n_rows: int | None) -> str:
    if n_rows is None or n_points >= n_rows:
        return "Each row"
    return f"{counted(n_points, 'row')} drawn at random"


def _title(loadings: Mapping[str, tuple[float, float]], axes: tuple[int, int]) -> str:
    """Return which columns make the first of the two components."""
    along = sorted(loadings.items(), key=lambda one: -abs(one[1][0]))[:4]
    more = [column for column, (x, _) in along if x > 0][:2]
    less = [column for column, (x, _) in along if x < 0][:2]
    if more and less:
        return f"Component {axes[0] + 1}: {listed(more)} against {listed(less)}"
    return f"Component {axes[0] + 1}: {listed(more or less)} together"
