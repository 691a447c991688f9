"""How much of what differs between rows each component tells, and all up to it together."""

from __future__ import annotations

from collections.abc import Sequence

from headwater.console.charts.chart import Chart, axis, bins_axis, grid
from headwater.console.words import counted, percent

DRAWN = 20
"""Components that are drawn, at most."""


def choose_components_chart(shares: Sequence[float], suggested: int) -> Chart:
    """Return the scree: share of the variance along each component, and their sum."""
    sums, total = [], 0.0
    for share in shares:
        total += share
        sums.append(min(1.0, total))
    drawn = list(shares[:DRAWN])
    names = [str(i + 1) for i in range(len(drawn))]
    enough = sums[suggested - 1]
    of = f"; the first {DRAWN} are drawn" if len(shares) > DRAWN else ""
    return Chart(
        key="choose-components",
        title=f"{counted(suggested, 'component')} of {len(shares)} "
        f"{'tells' if suggested == 1 else 'tell'} {percent(enough)}",
        subtitle=f"Share of the variance that each component tells, and all up to it{of}",
        summary=f"The first tells {percent(shares[0])}, the last {percent(shares[-1])}.",
        reading=(
            "A bar is how much of the differences between rows one component tells; the line adds "
            "them up.",
            "Where the bars become low and even, further components tell little but noise.",
        ),
        option={
            "grid": grid(),
            "tooltip": {"trigger": "item"},
            "xAxis": bins_axis("Component", names),
            "yAxis": axis("Share (%)", min=0, max=100, scale=False),
            "series": [
                {
                    "type": "bar",
                    "name": "Component alone",
                    "barMaxWidth": 36,
                    "itemStyle": {"color": "$accent", "borderRadius": [3, 3, 0, 0]},
                    "data": [
                        {
                            "value": round(100 * share, 2),
                            "told": f"Component {i + 1}\nalone: {percent(share)}",
                            **(
                                {"itemStyle": {"color": "$muted", "opacity": 0.55}}
                                if i >= suggested
                                else {}
                            ),
                        }
                        for i, share in enumerate(drawn)
                    ],
                },
                {
                    "type": "line",
                    "name": "All up to it",
                    "symbol": "circle",
                    "symbolSize": 7,
                    "lineStyle": {"width": 2, "color": "$group-line-4"},
                    "itemStyle": {"color": "$group-line-4"},
                    "data": [
                        {
                            "value": round(100 * sums[i], 2),
                            "told": f"Components 1 to {i + 1}\ntogether: {percent(sums[i])}",
                        }
                        for i in range(len(drawn))
                    ],
                },
            ],
        },
        headings=("Component", "Alone", "All up to it"),
        rows=[(str(i + 1), percent(share), percent(sums[i])) for i, share in enumerate(shares)],
        file_name="components",
    )
