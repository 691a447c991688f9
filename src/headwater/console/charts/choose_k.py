"""Scores over numbers of segments: each from its worst to its best, on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headwater.console.charts.chart import Chart, Option, axis, grid, legend
from headwater.console.words import NOTHING, counted, figure

SCORES = (
    ("silhouette", "Silhouette", True, "circle", "$group-line-0", "solid"),
    ("davies_bouldin", "Davies-Bouldin", False, "rect", "$group-line-4", "dashed"),
    ("calinski_harabasz", "Calinski-Harabasz", True, "triangle", "$group-line-2", "solid"),
    ("gap", "Gap", True, "diamond", "$group-line-3", "dotted"),
)
"""Key, name, whether more is better, and how it is drawn."""


def choose_k_chart(
    rows: Sequence[Mapping[str, Any]], suggested: int | None, votes: Mapping[str, int]
) -> Chart:
    """Return the scores of ``KTable.as_json`` over the number of segments.

    ``votes`` are the numbers that the scores speak for, each its own.
    """
    ks = [row["k"] for row in rows]
    series = [s for s in (_line(rows, *score) for score in SCORES) if s is not None]
    if suggested is not None and series:
        series[0]["markLine"] = {
            "silent": True,
            "symbol": "none",
            "animation": False,
            "label": {"formatter": f"suggested: {suggested}", "color": "$ink", "fontSize": 12},
            "lineStyle": {"color": "$ink", "type": "dashed", "width": 1.2},
            "data": [{"xAxis": suggested}],
        }
    if suggested is None:
        title = "The scores name no number of segments"
    elif suggested == 1:
        title = "The rows show no segments"
    else:
        n_for = sum(k == suggested for k in votes.values())
        title = (
            f"{n_for} of {counted(len(votes), 'score')} "
            f"{'speaks' if n_for == 1 else 'speak'} for {counted(suggested, 'segment')}"
        )
    return Chart(
        key="choose-k",
        title=title,
        subtitle="Each score from its worst (0) to its best (1) over the number of segments",
        summary=f"Tried: {ks[0]} to {ks[-1]} segments." if ks else "",
        reading=(
            "Each line is one score of how well the rows divide; the higher, the better. The "
            "numbers themselves stand in the table.",
            "Silhouette: how much nearer a row is to its own segment than to the next one, from "
            "−1 to 1. Davies-Bouldin: how much segments overlap; less is better, so its line is "
            "turned over.",
            "Calinski-Harabasz: how far segments lie apart for their width. Gap: how much better "
            "the rows divide than rows without any segments.",
            "Inertia always falls with more segments, so it only shows where more stop to pay.",
        ),
        option={
            "grid": grid(top=56),
            "legend": legend(itemGap=12),
            "tooltip": {"trigger": "item"},
            "xAxis": axis(
                "Segments", min=min(ks), max=max(ks), minInterval=1, interval=1, scale=False
            ),
            "yAxis": axis("Worst to best", min=0, max=1, interval=0.25, scale=False),
            "series": series,
        },
        headings=("Segments", *(score[1] for score in SCORES), "Inertia"),
        rows=[
            (
                str(row["k"]),
                *(figure(row[key], 3) if row[key] is not None else NOTHING for key, *_ in SCORES),
                figure(float(row["inertia"]), 4),
            )
            for row in rows
        ],
        file_name="number-of-segments",
    )


def _line(
    rows: Sequence[Mapping[str, Any]],
    key: str,
    name: str,
    rises: bool,
    symbol: str,
    colour: str,
    dash: str,
) -> Option | None:
    known = [(row["k"], float(row[key])) for row in rows if row[key] is not None]
    if not known:
        return None
    values = [value for _, value in known]
    low, high = min(values), max(values)
    best = "most" if rises else "least"
    data = []
    for k, value in known:
        share = (value - low) / (high - low) if high > low else 1.0
        words = f"{counted(k, 'segment')}\n{name}: {figure(value, 3)} ({best} is best)"
        data.append({"value": [k, round(share if rises else 1 - share, 4)], "told": words})
    return {
        "type": "line",
        "name": name,
        "dimensions": ["Segments", name],
        "symbol": symbol,
        "symbolSize": 8,
        "showSymbol": True,
        "lineStyle": {"width": 2, "color": colour, "type": dash},
        "itemStyle": {"color": colour},
        "data": data,
    }
