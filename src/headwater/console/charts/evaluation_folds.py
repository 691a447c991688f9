"""Fold scores: how one measure differs from part to part."""

from __future__ import annotations

from collections.abc import Sequence

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.words import NOTHING, counted, figure


def folds_chart(
    scores: Sequence[float | None],
    names: Sequence[str],
    *,
    metric: str,
    name: str,
    in_time: bool = False,
    key: str = "folds",
) -> Chart:
    """Return the score of each part, with their mean.

    ``names`` of the parts; ``metric`` in words; ``in_time``: the parts follow one another in time.
    A part without a score (None) has no point.
    """
    known = [score for score in scores if score is not None]
    mean = sum(known) / len(known) if known else 0.0
    deviation = (sum((score - mean) ** 2 for score in known) / len(known)) ** 0.5 if known else 0.0
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    return Chart(
        key=key,
        title=f"{metric} lies between {figure(low, 3)} and {figure(high, 3)}"
        if high > low
        else f"{metric} is {figure(low, 3)} in every part",
        subtitle=f"{metric} of each part, judged by what was learned from "
        + ("the rows before it" if in_time else "the others"),
        summary=f"Mean {figure(mean, 3)}, two standard deviations {figure(2 * deviation, 2)}, over "
        f"{counted(len(known), 'part')}.",
        reading=(
            "Each point is one part of the labelled rows, none of which was learned from for it.",
            "Points close together: the figure can be relied on. Far apart: it depends on which "
            "rows there are; more labelled rows would tell.",
            *(
                (
                    "The parts are in the order of time: points that fall mean that what is "
                    "learned grows old.",
                )
                if in_time
                else ()
            ),
        ),
        option={
            "animation": False,
            "grid": grid(top=16),
            "tooltip": {"trigger": "item"},
            "xAxis": {
                "type": "category",
                "data": [str(one) for one in names],
                "name": "Part",
                "nameLocation": "middle",
                "nameGap": 10,
                "nameTextStyle": {"color": "$muted", "padding": 6},
                "axisLine": {"lineStyle": {"color": "$line"}},
                "axisTick": {"show": False},
                "axisLabel": {"color": "$muted", "hideOverlap": True},
            },
            "yAxis": axis(metric),
            "series": [
                {
                    "type": "line" if in_time else "scatter",
                    "name": "",
                    "dimensions": ["Part", metric],
                    "symbol": "circle",
                    "symbolSize": 11,
                    "lineStyle": {"color": "$accent", "width": 1.5},
                    "itemStyle": {"color": "$accent"},
                    "data": [
                        {
                            "value": [str(part), score],
                            "told": f"Part {part}: {metric} {figure(score, 3)}",
                        }
                        for part, score in zip(names, scores, strict=True)
                        if score is not None
                    ],
                    "markLine": {
                        "silent": True,
                        "symbol": "none",
                        "animation": False,
                        "label": {"show": False},
                        "lineStyle": {"color": "$ink", "type": "dashed", "width": 1.2},
                        "data": [{"yAxis": mean}],
                    },
                }
            ],
        },
        headings=("Part", metric),
        rows=[
            (str(part), NOTHING if score is None else figure(score, 4))
            for part, score in zip(names, scores, strict=True)
        ],
        file_name=f"{name}-parts",
    )
