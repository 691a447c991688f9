"""How much of the differences between rows each direction shows, alone and with those before."""

from __future__ import annotations

from collections.abc import Sequence

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.words import counted, percent

MOST = 20
"""Directions that are drawn, at most; the table has all."""


def segments_scree(
    spectrum: Sequence[float], *, kept: int, suggested: int, sentence: str, name: str
) -> Chart:
    """Return the chart of ``spectrum``, the share of the variance along each direction.

    ``kept``: as many were asked for; ``suggested``: as many are worth keeping, which ``sentence``
    says too.
    """
    sums: list[float] = []
    for share in spectrum:
        sums.append((sums[-1] if sums else 0.0) + float(share))
    shown = min(len(spectrum), MOST)
    labels = [str(number + 1) for number in range(shown)]
    return Chart(
        key="scree",
        title=f"{counted(kept, 'component')} {'shows' if kept == 1 else 'show'} "
        f"{percent(sums[kept - 1])} of the differences between rows",
        subtitle="Share of the variance along each component, and of all up to it",
        summary=sentence,
        reading=(
            "A bar is what one component shows of the differences between rows; the line is what "
            "it shows together with those before it.",
            "Where the line flattens, one more component hardly adds anything.",
            f"Filled bars are the {counted(kept, 'component')} that this run kept.",
        ),
        option={
            "animation": False,
            "grid": grid(top=44, right=24),
            "tooltip": {"trigger": "item"},
            "legend": {
                "top": 4,
                "left": 8,
                "textStyle": {"color": "$ink"},
                "data": ["Each", "All up to it"],
            },
            "xAxis": {
                "type": "category",
                "data": labels,
                "name": "Component",
                "nameLocation": "middle",
                "nameGap": 10,
                "nameMoveOverlap": True,
                "nameTextStyle": {"color": "$muted", "padding": 6},
                "axisLine": {"lineStyle": {"color": "$line"}},
                "axisTick": {"show": False},
                "axisLabel": {"color": "$ink"},
            },
            "yAxis": axis("Percent of the variance", min=0, max=100, scale=False),
            "series": [
                {
                    "type": "bar",
                    "name": "Each",
                    "dimensions": ["Component", "Percent"],
                    "barMaxWidth": 42,
                    "itemStyle": {"color": "$group-0"},
                    "data": [
                        {
                            "value": round(100 * float(share), 3),
                            "told": f"Component {number + 1}\n{percent(float(share))}",
                            "itemStyle": {
                                "color": "$group-0" if number < kept else "$track",
                                "borderColor": "$group-line-0" if number < kept else "$muted",
                                "borderRadius": [3, 3, 0, 0],
                            },
                        }
                        for number, share in enumerate(spectrum[:shown])
                    ],
                },
                {
                    "type": "line",
                    "name": "All up to it",
                    "dimensions": ["Component", "Percent"],
                    "symbol": "circle",
                    "symbolSize": 9,
                    "lineStyle": {"color": "$group-line-4", "width": 2},
                    "itemStyle": {"color": "$group-4", "borderColor": "$group-line-4"},
                    "label": {"show": shown <= 12, "position": "top", "color": "$ink"},
                    "data": [
                        {
                            "value": round(100 * total, 3),
                            "told": f"Up to component {number + 1}\n{percent(min(total, 1.0))}",
                            "label": {"formatter": percent(min(total, 1.0))},
                        }
                        for number, total in enumerate(sums[:shown])
                    ],
                    **_mark(suggested, shown),
                },
            ],
        },
        headings=("Component", "Share", "With those before", "Note"),
        rows=[
            (
                str(number + 1),
                percent(float(share)),
                percent(min(sums[number], 1.0)),
                _note(number + 1, kept, suggested),
            )
            for number, share in enumerate(spectrum)
        ],
        height="medium",
        file_name=f"{name}-variance",
    )


def _mark(suggested: int, shown: int) -> dict[str, object]:
    """Return the line at the suggested number of components."""
    if suggested > shown:
        return {}
    return {
        "markLine": {
            "silent": True,
            "symbol": "none",
            "lineStyle": {"color": "$ink", "type": "dashed", "width": 1.2},
            "label": {"formatter": f"{suggested} suggested", "color": "$ink"},
            "data": [{"xAxis": str(suggested)}],
        }
    }


def _note(number: int, kept: int, suggested: int) -> str:
    notes = [
        word
        for word, holds in (("suggested", number == suggested), ("last kept", number == kept))
        if holds
    ]
    return ", ".join(notes)
