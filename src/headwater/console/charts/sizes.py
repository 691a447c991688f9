"""How many rows each group holds."""

from __future__ import annotations

from typing import Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.letters import mark
from headwater.console.words import figure, listed, percent

FEW = 4
"""Of more groups than these, the summary tells only the largest and the smallest."""


def sizes_chart(groups: list[dict[str, Any]], *, name: str) -> Chart:
    """Return the chart of group sizes; ``groups`` as in ``Fit.summary``."""
    ordered = sorted(groups, key=lambda group: -group["size"])
    largest, smallest = ordered[0], ordered[-1]
    if len(ordered) == 1:
        title = f"All rows are in group {largest['letter']}"
    elif largest["size"] <= 1.15 * smallest["size"]:
        title = f"The {len(ordered)} groups are of nearly the same size"
    else:
        title = (
            f"Group {largest['letter']} is the largest with {percent(largest['share'])}, "
            f"{smallest['letter']} the smallest with {percent(smallest['share'])}"
        )
    told = [
        f"{group['letter']} holds {figure(group['size'])} rows ({percent(group['share'])})"
        for group in (ordered if len(ordered) <= FEW else (largest, smallest))
    ]
    summary = listed(told, "and" if len(ordered) <= FEW else "down to")
    drawn = [mark(group["letter"]) for group in groups]
    option = {
        "grid": grid(top=8, right=56),
        "tooltip": {"trigger": "item"},
        "xAxis": axis("Rows", min=0, minInterval=1, splitNumber=4),
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [group["letter"] for group in groups],
            "axisLine": {"lineStyle": {"color": "$line"}},
            "axisTick": {"show": False},
            "axisLabel": {"color": "$ink", "fontWeight": 600, "fontSize": 13},
        },
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 26,
                "dimensions": ["Group", "Rows"],
                "label": {"show": True, "position": "right", "color": "$ink"},
                "data": [
                    {
                        "name": group["letter"],
                        "value": group["size"],
                        "itemStyle": {
                            "color": one.fill,
                            "borderColor": one.line,
                            "borderRadius": [0, 3, 3, 0],
                        },
                        "label": {"formatter": percent(group["share"])},
                    }
                    for group, one in zip(groups, drawn, strict=True)
                ],
            }
        ],
    }
    return Chart(
        key="sizes",
        title=title,
        subtitle="Rows in each group, and their share of all rows",
        summary=f"{summary}.",
        reading=(
            "The longer the bar, the more rows are in the group.",
            "Letters are kept from run to run, so A is not always the largest.",
        ),
        option=option,
        headings=("Group", "Rows", "Share"),
        rows=[(g["letter"], figure(g["size"]), percent(g["share"])) for g in groups],
        height="large",
        file_name=f"{name}-sizes",
        letters=True,
    )
