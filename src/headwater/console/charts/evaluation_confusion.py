"""The confusion matrix: which class rows are of, and which one they were taken for."""

from __future__ import annotations

from collections.abc import Sequence

from headwater.console.charts.chart import Chart, Option, grid
from headwater.console.words import counted, figure, percent

SHORT = 18
"""Characters of the name of a class on an axis."""
ROOMY = 8
"""Classes up to which each cell has its number written in it."""


def confusion_chart(
    matrix: Sequence[Sequence[int]],
    classes: Sequence[str],
    *,
    name: str,
    key: str = "confusion",
    measured_on: str = "rows that were held out",
) -> Chart:
    """Return the picture of ``matrix``: true class down, predicted class across, in counts.

    A cell is shaded by its share of the rows of its true class. ``name`` begins the name of the
    file that it is saved as; ``measured_on`` says in the subtitle which rows were counted.
    """
    totals = [sum(row) for row in matrix]
    shares = [
        [n / total if total else 0.0 for n in row]
        for row, total in zip(matrix, totals, strict=True)
    ]
    right = sum(matrix[at][at] for at in range(len(classes)))
    total = sum(totals)
    short = [_short(one) for one in classes]
    return Chart(
        key=key,
        title=_title(matrix, classes, right, total),
        subtitle=f"Rows by their class (down) and the class they were taken for (across), "
        f"counted on {measured_on}",
        summary=_summary(matrix, classes, totals),
        reading=(
            "Go along a row: all rows that are truly of that class, by what they were taken for. "
            "What is on the diagonal from the upper left was taken for what it is.",
            "The darker a cell, the larger its share of the rows of that class.",
            "Arrow keys or the pointer give each cell in words.",
        ),
        option={
            "animation": False,
            "grid": grid(top=8, right=16),
            "tooltip": {"trigger": "item"},
            "xAxis": _axis("Taken for", short),
            "yAxis": _axis("Truly", short, inverse=True),
            "visualMap": {
                "show": False,
                "min": 0,
                "max": 1,
                "dimension": 3,
                "inRange": {"color": ["$track", "$accent"]},
            },
            "series": [
                {
                    "type": "heatmap",
                    "name": "",
                    "itemStyle": {"borderColor": "$surface", "borderWidth": 2, "borderRadius": 3},
                    "emphasis": {"itemStyle": {"borderColor": "$ink", "borderWidth": 2}},
                    "data": [
                        {
                            "value": [to, of, n, round(shares[of][to], 4)],
                            "told": _told(classes[of], classes[to], n, shares[of][to]),
                            "label": _label(n, shares[of][to], roomy=len(classes) <= ROOMY),
                        }
                        for of, row in enumerate(matrix)
                        for to, n in enumerate(row)
                    ],
                }
            ],
        },
        headings=("Truly", *(f"Taken for {one}" for one in classes), "Rows", "Found"),
        rows=[
            (
                classes[at],
                *(figure(n) for n in row),
                figure(totals[at]),
                percent(shares[at][at] if totals[at] else None),
            )
            for at, row in enumerate(matrix)
        ],
        height="medium" if len(classes) < 9 else "large",
        file_name=f"{name}-confusion",
    )


def _label(n: int, share: float, *, roomy: bool) -> Option:
    return {
        "show": roomy,
        "formatter": f"{n:,}",
        "color": "$surface" if share > 0.55 else "$ink",
        "fontSize": 13,
        "fontWeight": 600,
    }


def _axis(name: str, classes: list[str], *, inverse: bool = False) -> Option:
    return {
        "type": "category",
        "data": classes,
        "inverse": inverse,
        "name": name,
        "nameLocation": "middle",
        "nameGap": 10,
        "nameMoveOverlap": True,
        "nameTextStyle": {"color": "$muted", "fontSize": 12, "padding": 6},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "axisLabel": {"color": "$ink", "fontSize": 12, "hideOverlap": True},
        "splitArea": {"show": False},
    }


def _short(name: str) -> str:
    return name if len(name) <= SHORT else f"{name[: SHORT - 1]}…"


def _told(truly: str, taken_for: str, n: int, share: float) -> str:
    rows = counted(n, "row")
    if truly == taken_for:
        return f"{truly}: {rows} rightly taken for it, {percent(share)} of its rows"
    return f"{rows} of {truly} taken for {taken_for}, {percent(share)} of its rows"


def _title(matrix: Sequence[Sequence[int]], classes: Sequence[str], right: int, total: int) -> str:
    if not total:
        return "No row was judged"
    worst = max(
        (
            (n, classes[of], classes[to])
            for of, row in enumerate(matrix)
            for to, n in enumerate(row)
            if of != to
        ),
        default=(0, "", ""),
    )
    if not worst[0]:
        return f"All {counted(total, 'row')} were taken for what they are"
    return (
        f"{percent(right / total)} of the rows were taken for what they are; most often "
        f"{worst[1]} was taken for {worst[2]}"
    )


def _summary(matrix: Sequence[Sequence[int]], classes: Sequence[str], totals: Sequence[int]) -> str:
    told = [
        f"{one} {figure(matrix[at][at])} of {figure(totals[at])}"
        for at, one in enumerate(classes[:6])
    ]
    rest = f"; {len(classes) - 6} more in the table" if len(classes) > 6 else ""
    return f"Found of each class: {'; '.join(told)}{rest}."
