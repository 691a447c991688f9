"""How the groups divide one column: a histogram, stacked by group."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from headwater.console.charts.chart import Chart, axis, bins_axis, grid
from headwater.console.dates import Dates, as_date
from headwater.console.letters import mark
from headwater.console.words import figure, listed
from headwater.engines.letters import index_of


def _middle(edges: list[float], counts: list[int]) -> float | None:
    """Return the mean of the bars' middles, weighted by their height."""
    total = sum(counts)
    if not total:
        return None
    return sum((a + b) / 2 * n for (a, b), n in zip(pairwise(edges), counts, strict=True)) / total


def histogram_chart(drawn: dict[str, Any], *, name: str, dates: Dates | None = None) -> Chart:
    """Return the histogram of the only column; ``drawn`` as in ``Fit.summary["scatter"]``.

    ``dates`` names the columns whose numbers are days since 1970-01-01.
    """
    date = (dates or {}).get(drawn["x"])

    def told(value: float | None, digits: int = 4) -> str:
        return figure(value, digits) if value is None or not date else as_date(value, date)

    letters: list[str] = drawn["letters"]
    edges: list[float] = drawn["edges"]
    column: str = drawn["x"]
    order = sorted(range(len(letters)), key=lambda index: index_of(letters[index]))
    middles = {letters[index]: _middle(edges, drawn["counts"][index]) for index in order}
    along = sorted(
        (letter for letter, middle in middles.items() if middle is not None),
        key=lambda letter: middles[letter] or 0.0,
    )
    title = (
        f"From low to high {column}: {listed(along)}"
        if len(along) > 1
        else f"All rows form one group over {column}"
    )
    ranges = [f"{told(low, 5)} to {told(high, 5)}" for low, high in pairwise(edges)]
    return Chart(
        key="histogram",
        title=title,
        subtitle=f"Rows by {column}, stacked by group",
        summary="Middle of each group: "
        + "; ".join(f"{letter} {told(middle)}" for letter, middle in middles.items())
        + ".",
        reading=(
            f"Each bar counts the rows whose {column} lies in its range.",
            "The colours of a bar divide its rows by group.",
        ),
        option={
            "grid": grid(top=44),
            "tooltip": {"trigger": "item"},
            "legend": {
                "type": "scroll",
                "top": 4,
                "left": 8,
                "data": [
                    {"name": f"Group {letters[index]}", "icon": mark(letters[index]).symbol}
                    for index in order
                ],
                "itemWidth": 13,
                "itemHeight": 13,
                "textStyle": {"color": "$ink"},
                "inactiveColor": "$line",
            },
            "xAxis": bins_axis(column, [told((low + high) / 2) for low, high in pairwise(edges)]),
            "yAxis": axis("Rows", min=0, minInterval=1, scale=False),
            "series": [
                {
                    "type": "bar",
                    "stack": "rows",
                    "name": f"Group {letters[index]}",
                    "dimensions": [column, "Rows"],
                    "barCategoryGap": "4%",
                    "itemStyle": {
                        "color": mark(letters[index]).fill,
                        "borderColor": mark(letters[index]).line,
                        "borderWidth": 0.5,
                    },
                    "data": [
                        {"name": where, "value": count}
                        for where, count in zip(ranges, drawn["counts"][index], strict=True)
                    ],
                }
                for index in order
            ],
        },
        headings=(column, *(f"Group {letters[index]}" for index in order)),
        rows=[
            (where, *(figure(drawn["counts"][index][bar]) for index in order))
            for bar, where in enumerate(ranges)
        ],
        height="large",
        file_name=f"{name}-histogram",
    )
