"""The columns or words that weigh most, to either side."""

from __future__ import annotations

from collections.abc import Sequence

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.words import figure, listed

SHORT = 32
"""Characters of the name of a column on the axis."""


def weights_chart(
    weights: Sequence[tuple[str, float]],
    *,
    positive: str,
    negative: str,
    name: str,
    what: str = "column",
    key: str = "weights",
) -> Chart:
    """Return the bars of ``weights`` (name, weight): above 0 towards ``positive``, else away.

    ``what`` the names are of: “column” or “word”.
    """
    ordered = sorted(weights, key=lambda pair: pair[1])
    towards = [label for label, weight in reversed(ordered) if weight > 0][:3]
    against = [label for label, weight in ordered if weight < 0][:3]
    title = f"No {what} has any weight"
    if towards:
        title = f"{listed(towards)} speak{'s'[len(towards) > 1 :]} most for {positive}"
    elif against:
        title = f"{listed(against)} speak{'s'[len(against) > 1 :]} most for {negative}"
    return Chart(
        key=key,
        title=title,
        subtitle=f"Weight of each {what} in the decision, the heaviest ones",
        summary=(f"For {positive}: {listed(towards)}. " if towards else "")
        + (f"For {negative}: {listed(against)}." if against else ""),
        reading=(
            f"A bar to the right speaks for {positive}, one to the left for {negative}; the "
            "longer, the more.",
            *(
                (
                    "Numbers are brought to one scale before, so the weights of columns compare: "
                    "each is what one spread more of it adds.",
                    "Columns that say the same share a weight among them.",
                )
                if what == "column"
                else (f"What a {what} adds each time also hangs on how rare it is.",)
            ),
        ),
        option={
            "animation": False,
            "grid": grid(top=8, right=24),
            "tooltip": {"trigger": "item"},
            "xAxis": axis(f"← {negative}      {positive} →", scale=False),
            "yAxis": {
                "type": "category",
                "data": [_short(label) for label, _ in ordered],
                "axisLine": {"show": False},
                "axisTick": {"show": False},
                "axisLabel": {"color": "$ink", "fontSize": 12},
            },
            "series": [
                {
                    "type": "bar",
                    "name": "",
                    "dimensions": [what.capitalize(), "Weight"],
                    "barMaxWidth": 18,
                    "data": [
                        {
                            "name": _short(label),
                            "value": weight,
                            "told": f"{label}: {figure(weight, 3)}, speaks for "
                            f"{positive if weight > 0 else negative}",
                            "itemStyle": {
                                "color": "$group-0" if weight > 0 else "$group-4",
                                "borderColor": "$group-line-0" if weight > 0 else "$group-line-4",
                            },
                        }
                        for label, weight in ordered
                    ],
                }
            ],
        },
        headings=(what.capitalize(), "Weight"),
        rows=[(label, figure(weight, 4)) for label, weight in reversed(ordered)],
        height="small" if len(ordered) < 6 else "medium" if len(ordered) < 13 else "large",
        file_name=f"{name}-weights",
    )


def _short(name: str) -> str:
    return name if len(name) <= SHORT else f"{name[: SHORT - 1]}…"
