"""How many rows each segment holds, and how many are outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.charts.segments_labels import shortened
from headwater.console.letters import mark
from headwater.console.words import counted, figure, percent

OUTSIDE = "outside"
LONGEST = 24
"""A longer name is cut short beside its bar; the table has all of it."""


def segment_sizes(
    groups: Sequence[dict[str, Any]],
    *,
    names: Mapping[str, str],
    n_outside: int,
    n_rows: int,
    name: str,
) -> Chart:
    """Return the chart of the sizes of ``groups``, as in ``Fit.summary``."""
    labels = [shortened(_long(group["letter"], names), LONGEST) for group in groups]
    bars = [
        {
            "name": label,
            "value": group["size"],
            "told": f"{_long(group['letter'], names)}\n{counted(group['size'], 'row')}, "
            f"{percent(group['share'])}",
            "itemStyle": {
                "color": mark(group["letter"]).fill,
                "borderColor": mark(group["letter"]).line,
                "borderRadius": [0, 3, 3, 0],
            },
            "label": {"formatter": percent(group["share"])},
        }
        for group, label in zip(groups, labels, strict=True)
    ]
    rows = [
        (g["letter"], names.get(g["letter"], ""), figure(g["size"]), percent(g["share"]))
        for g in groups
    ]
    if n_outside:
        share = n_outside / max(n_rows, 1)
        labels.append(OUTSIDE)
        bars.append(
            {
                "name": OUTSIDE,
                "value": n_outside,
                "told": f"Outside of every segment\n{counted(n_outside, 'row')}, {percent(share)}",
                "itemStyle": {"color": "$track", "borderColor": "$muted", "borderType": "dashed"},
                "label": {"formatter": percent(share)},
            }
        )
        rows.append(("–", "outside of every segment", figure(n_outside), percent(share)))
    return Chart(
        key="sizes",
        title=_title(groups, names, n_outside, n_rows),
        subtitle="Rows in each segment, and their share of all rows",
        summary=f"{counted(len(groups), 'segment')} of {counted(n_rows, 'row')}: "
        + "; ".join(f"{_long(g['letter'], names)} {figure(g['size'])}" for g in groups[:8])
        + ("; more in the table" if len(groups) > 8 else "")
        + ".",
        reading=(
            "The longer the bar, the more rows are in the segment.",
            "Letters are kept from run to run, so A is not always the largest.",
        ),
        option={
            "grid": grid(top=8, right=56),
            "tooltip": {"trigger": "item"},
            "xAxis": axis("Rows", min=0, minInterval=1, splitNumber=4),
            "yAxis": {
                "type": "category",
                "inverse": True,
                "data": labels,
                "axisLine": {"lineStyle": {"color": "$line"}},
                "axisTick": {"show": False},
                "axisLabel": {"color": "$ink", "fontSize": 12, "width": 150, "overflow": "break"},
            },
            "series": [
                {
                    "type": "bar",
                    "barMaxWidth": 26,
                    "dimensions": ["Segment", "Rows"],
                    "label": {"show": True, "position": "right", "color": "$ink"},
                    "data": bars,
                }
            ],
        },
        headings=("Segment", "Called", "Rows", "Share"),
        rows=rows,
        height="medium",
        file_name=f"{name}-sizes",
    )


def _long(letter: str, names: Mapping[str, str]) -> str:
    return f"{letter} · {names[letter]}" if names.get(letter) else f"Segment {letter}"


def _title(
    groups: Sequence[dict[str, Any]], names: Mapping[str, str], n_outside: int, n_rows: int
) -> str:
    if not groups:
        return "No row is in a segment"
    ordered = sorted(groups, key=lambda group: -group["size"])
    largest, smallest = ordered[0], ordered[-1]
    if n_outside > largest["size"]:
        return f"Most rows are outside: {percent(n_outside / max(n_rows, 1))}"
    if len(ordered) == 1:
        return f"Segment {largest['letter']} holds {percent(largest['share'])} of the rows"
    if largest["size"] <= 1.15 * smallest["size"]:
        return f"The {len(ordered)} segments are of nearly the same size"
    return (
        f"{_long(largest['letter'], names)} is the largest with {percent(largest['share'])}, "
        f"{smallest['letter']} the smallest with {percent(smallest['share'])}"
    )
