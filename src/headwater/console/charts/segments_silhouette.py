"""How well each row fits its segment: one bar for each row, sorted within its segment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.charts.segments_labels import shortened
from headwater.console.letters import mark
from headwater.console.words import NOTHING, counted, figure, listed, percent

GAP = 0.02
"""Empty space between two segments, as a share of all bars."""


def segments_silhouette(
    quality: Mapping[str, Any],
    groups: Sequence[Mapping[str, Any]],
    *,
    label: Callable[[str], str],
    name: str,
) -> Chart | None:
    """Return the silhouette plot of ``quality``, as in ``Fit.summary``; None where it has none."""
    kept = {
        group["letter"]: (quality.get("silhouettes") or {}).get(str(group["index"]), [])
        for group in groups
    }
    n_bars = sum(len(values) for values in kept.values())
    if not n_bars or quality.get("silhouette") is None:
        return None
    gap = max(1, round(GAP * n_bars))
    series: list[dict[str, Any]] = []
    rows: list[tuple[str, ...]] = []
    worst: list[tuple[float, str]] = []
    at = 0
    n_places = n_bars + gap * (len(kept) - 1)
    means = {g["letter"]: (quality.get("by_group") or {}).get(str(g["index"])) for g in groups}
    for letter, values in kept.items():
        if not values:
            continue
        drawn, title = mark(letter), label(letter)
        below = sum(value < 0 for value in values) / len(values)
        series.append(
            {
                "type": "bar",
                "name": shortened(title),
                "dimensions": ["Place", "Silhouette"],
                "barWidth": "100%" if n_bars > 60 else "84%",
                "barGap": "-100%",
                "itemStyle": {"color": drawn.fill},
                "data": [
                    {"value": [at + place, value], "told": f"{title}\n{figure(float(value), 2)}"}
                    for place, value in enumerate(values)
                ],
            }
        )
        at += len(values) + gap
        mean = means[letter]
        rows.append(
            (
                letter,
                NOTHING if mean is None else figure(float(mean), 2),
                figure(float(values[0]), 2),
                figure(float(values[-1]), 2),
                percent(below),
            )
        )
        worst.append((below, title))
    overall = float(quality["silhouette"])
    series[0]["markLine"] = {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": "$ink", "type": "dashed", "width": 1.5},
        "label": {
            "formatter": f"mean {figure(overall, 2)}",
            "color": "$ink",
            "position": "insideEndTop",
        },
        "data": [{"yAxis": overall}],
    }
    return Chart(
        key="silhouette",
        title=_title(worst, means, label),
        subtitle=_subtitle(quality),
        summary=f"The mean silhouette is {figure(overall, 2)}; by segment: "
        + listed([f"{label(row[0])} {row[1]}" for row in rows])
        + ".",
        reading=(
            "Each bar is a row, the best fitting one of its segment first.",
            "Near 1, the row is much closer to its own segment than to the next one. Near 0 it "
            "lies between two. Below 0 it lies closer to another segment.",
            "A segment whose bars are all high holds together; one with many low bars may be two "
            "segments, or none.",
        ),
        option={
            "animation": False,
            "grid": grid(top=40, right=24),
            "tooltip": {"trigger": "item"},
            "legend": {
                "type": "scroll",
                "top": 4,
                "left": 8,
                "data": [
                    {"name": shortened(label(letter)), "icon": mark(letter).symbol}
                    for letter, values in kept.items()
                    if values
                ],
                "itemWidth": 13,
                "itemHeight": 13,
                "textStyle": {"color": "$ink"},
                "inactiveColor": "$line",
                "pageTextStyle": {"color": "$muted"},
            },
            "xAxis": {
                "type": "category",
                "data": [str(place) for place in range(n_places)],
                "axisLabel": {"show": False},
                "axisTick": {"show": False},
                "axisLine": {"lineStyle": {"color": "$line"}},
                "name": "Rows, by segment",
                "nameLocation": "middle",
                "nameGap": 10,
                "nameTextStyle": {"color": "$muted", "padding": 6},
            },
            "yAxis": axis("Silhouette", scale=False, max=1),
            "series": series,
        },
        headings=("Segment", "Mean", "Best", "Worst", "Below 0"),
        rows=rows,
        height="medium",
        file_name=f"{name}-silhouette",
        letters=True,
    )


def _subtitle(quality: Mapping[str, Any]) -> str:
    if quality.get("sampled"):
        return (
            f"Silhouette of rows, worked out on {counted(int(quality['sampled']), 'row')} drawn "
            "from every segment; rows outside are left out"
        )
    return "Silhouette of each row; rows outside of every segment are left out"


def _title(
    worst: list[tuple[float, str]],
    means: Mapping[str, float | None],
    label: Callable[[str], str],
) -> str:
    share, segment = max(worst)
    if share >= 0.05:
        return f"{percent(share)} of {segment} lie closer to another segment"
    known = {letter: mean for letter, mean in means.items() if mean is not None}
    if len(known) < 2:
        return "How well rows fit their segment"
    best = max(known, key=lambda letter: known[letter])
    least = min(known, key=lambda letter: known[letter])
    if known[best] - known[least] < 0.05:
        return "All segments hold together about as well"
    return f"{label(best)} holds together best, {label(least)} least"
