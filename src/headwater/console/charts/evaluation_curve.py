"""Precision over recall: what is found of a class, and how much of what is found is right."""

from __future__ import annotations

from collections.abc import Sequence

from headwater.console.charts.chart import Chart, Option, axis, grid, legend
from headwater.console.words import figure, percent

TABLE_ROWS = 21
"""Points in the table, about evenly spread over recall."""

Point = tuple[float, float, float | None]
"""Recall, precision, and the threshold from which on rows count as of the class."""


def precision_recall_chart(
    points: Sequence[Point],
    *,
    average_precision: float | None,
    share: float,
    positive: str,
    name: str,
    key: str = "precision-recall",
) -> Chart:
    """Return the curve of ``points`` of the class ``positive``, which ``share`` of the rows are of.

    Points may come in either order of recall.
    """
    ordered = sorted(points, key=lambda point: (point[0], -point[1]))
    at_90 = max((recall for recall, precision, _ in ordered if precision >= 0.9), default=None)
    series: list[Option] = [
        {
            "type": "line",
            "name": positive,
            "dimensions": ["Recall", "Precision"],
            "step": "start",
            "showSymbol": True,
            "symbol": "circle",
            "symbolSize": 3 if len(ordered) > 40 else 6,
            "lineStyle": {"color": "$accent", "width": 2},
            "itemStyle": {"color": "$accent"},
            "areaStyle": {"color": "$accent", "opacity": 0.08},
            "data": [
                {
                    "value": [round(recall, 4), round(precision, 4)],
                    "told": _told(recall, precision, threshold),
                }
                for recall, precision, threshold in ordered
            ],
        },
        {
            "type": "line",
            "name": "Drawn at random",
            "silent": True,
            "showSymbol": False,
            "lineStyle": {"color": "$muted", "type": "dashed", "width": 1.5},
            "itemStyle": {"color": "$muted"},
            "data": [[0, round(share, 4)], [1, round(share, 4)]],
        },
    ]
    told = (
        "" if average_precision is None else f" Average precision {figure(average_precision, 3)}."
    )
    if at_90 is None:
        title = f"At no threshold are nine of ten of those taken for {positive} really that"
    else:
        title = (
            f"{percent(at_90)} of {positive} can be found with at most one in ten wrongly taken "
            "for it"
        )
    return Chart(
        key=key,
        title=title,
        subtitle=f"Precision over recall of the class {positive}, as the threshold falls",
        summary=f"{percent(share)} of the rows are {positive}, so that share of rows drawn at "
        f"random would be right.{told}",
        reading=(
            f"Recall: how much of all {positive} is found. Precision: how much of what is taken "
            f"for {positive} really is.",
            "The further to the upper right the curve goes, the better. Going to the right, more "
            "is found and more of it is wrong.",
            "The dashed line is what drawing rows at random would give.",
        ),
        option={
            "grid": grid(top=40),
            "legend": legend(),
            "tooltip": {"trigger": "item"},
            "xAxis": axis("Recall", min=0, max=1, interval=0.25, scale=False),
            "yAxis": axis("Precision", min=0, max=1, interval=0.25, scale=False),
            "series": series,
        },
        headings=("Threshold", "Recall", "Precision"),
        rows=[
            (
                figure(threshold, 3) if threshold is not None else "above all",
                percent(recall),
                percent(precision),
            )
            for recall, precision, threshold in _some(ordered)
        ],
        file_name=f"{name}-precision-recall",
    )


def _told(recall: float, precision: float, threshold: float | None) -> str:
    text = f"Recall {percent(recall)}, precision {percent(precision)}"
    return text if threshold is None else f"{text} at threshold {figure(threshold, 3)}"


def _some(points: Sequence[Point]) -> list[Point]:
    if len(points) <= TABLE_ROWS:
        return list(points)
    last = len(points) - 1
    return [points[round(at * last / (TABLE_ROWS - 1))] for at in range(TABLE_ROWS)]
