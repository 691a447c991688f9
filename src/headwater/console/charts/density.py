"""What is known of the numbers of a node: their posterior densities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.charts.trace import round_ends
from headwater.console.letters import mark
from headwater.console.words import figure, near, percent

DASHES: tuple[Any, ...] = ("solid", [7, 4], [2, 3])
"""So that curves differ in more than their colour."""
NOTHING_SEEN = 1e-4
"""A density below this share of its height lies on the axis in the eyes of a reader."""
FEW_POINTS = 60
"""A curve of no more points keeps all of them, also beside others."""
TABLE_ROWS = 33
"""Points of a single curve in its table, at most."""


def _ends(curves: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return round ends of the axis around all curves."""
    return round_ends(
        min(float(curve["x"][0]) for curve in curves),
        max(float(curve["x"][-1]) for curve in curves),
    )


def _interval(curve: dict[str, Any], *, is_single: bool) -> list[list[float]]:
    """Return the points of ``curve`` within its credible interval, for the filled part."""
    low, high = curve["low"], curve["high"]
    if low is None or high is None:
        return []
    return [[x, y] for x, y in _drawn(curve, is_single=is_single) if low <= x <= high]


def _drawn(curve: dict[str, Any], *, is_single: bool) -> list[list[float]]:
    """Return the points to draw: four digits, and of a flat tail at zero only its ends.

    Of several wide curves every second point is left out, so that the page stays small.
    """
    flat = NOTHING_SEEN * max(curve["y"])
    seen = [index for index, y in enumerate(curve["y"]) if y > flat]
    first, last = max(0, seen[0] - 1), min(len(curve["y"]) - 1, seen[-1] + 1)
    if not seen:
        first, last = 0, len(curve["y"]) - 1
    step = 1 if is_single or last - first < FEW_POINTS else 2
    top = curve["y"].index(max(curve["y"]))
    kept = sorted({0, *range(first, last + 1, step), top, last, len(curve["y"]) - 1})
    return [[float(f"{curve['x'][i]:.6g}"), float(f"{curve['y'][i]:.4g}")] for i in kept]


def _spread(curve: dict[str, Any]) -> float:
    """Return how exactly numbers of ``curve`` are told: a quarter of the interval."""
    if curve["low"] is None or curve["high"] is None:
        return 0.0
    return (float(curve["high"]) - float(curve["low"])) / 4


def _height(curve: dict[str, Any], at: float) -> float:
    """Return the density of ``curve`` at the point drawn that is nearest to ``at``."""
    nearest = min(range(len(curve["x"])), key=lambda i: abs(curve["x"][i] - at))
    return float(curve["y"][nearest])


def density_chart(
    curves: Sequence[dict[str, Any]], *, node: str, key: str, level: float, name: str
) -> Chart:
    """Return the chart of ``curves``, as in ``Fit.summary["network"]``, of the node ``node``."""
    single = curves[0] if len(curves) == 1 else None
    probability = percent(level).replace("%", " %")
    series: list[dict[str, Any]] = []
    for number, curve in enumerate(curves):
        group = curve.get("group")
        colour = mark(group).line if group else f"$group-line-{number % 8}"
        dash = DASHES[number // 8 % 3]
        if single:
            colour, dash = "$accent", "solid"
        series.append(_line(curve, node, colour, dash, is_single=single is not None))
        series += _marks(curve, colour, is_single=single is not None)
    return Chart(
        key=key,
        title=_title(curves, node, probability),
        subtitle=f"Posterior density of {node}; the dashed line is its mean, the filled part "
        f"holds {probability} of the probability"
        if single
        else f"Posterior density of each number of {node}; the filled parts hold {probability} "
        "of the probability",
        summary=_summary(curves, probability),
        reading=(
            "The higher the curve, the more likely the value, after the data were seen.",
            f"The filled part is the credible interval: the value lies in it with {probability} "
            "probability.",
            "A narrow curve means that the data say much about the value, a wide one that they "
            "say little.",
            "Each value is inferred as if the others were known. Where two stand in for one "
            "another, such as a slope and its start, both are less certain than drawn.",
        ),
        option={
            "animation": False,
            "grid": grid(top=20 if single else 44),
            "tooltip": {"trigger": "item" if not single else "axis"},
            **({} if single else {"legend": _legend(curves)}),
            "xAxis": axis(node, **_ends(curves)),
            "yAxis": axis("Density", min=0, scale=False, splitNumber=4),
            "series": series,
        },
        headings=("Value", "Density") if single else ("Number", "Mean", "From", "To"),
        rows=_points(single)
        if single
        else [
            (
                curve["label"],
                near(curve["mean"], _spread(curve)),
                near(curve["low"], _spread(curve)),
                near(curve["high"], _spread(curve)),
            )
            for curve in curves
        ],
        file_name=f"{name}-{node}",
    )


def _line(
    curve: dict[str, Any], node: str, colour: str, dash: Any, *, is_single: bool
) -> dict[str, Any]:
    return {
        "type": "line",
        "name": curve["label"],
        "dimensions": [node, "Density"],
        "showSymbol": False,
        "symbol": "circle",
        "symbolSize": 7,
        "triggerLineEvent": True,
        "lineStyle": {"width": 2, "color": colour, "type": dash},
        "itemStyle": {"color": colour},
        "data": _drawn(curve, is_single=is_single),
    }


def _marks(curve: dict[str, Any], colour: str, *, is_single: bool) -> list[dict[str, Any]]:
    """Return the filled interval and the mean of ``curve``; of several also their names."""
    marks: list[dict[str, Any]] = [
        {
            "type": "line",
            "name": curve["label"],
            "silent": True,
            "showSymbol": False,
            "lineStyle": {"width": 0, "color": colour},
            "itemStyle": {"color": colour},
            "areaStyle": {"color": colour, "opacity": 0.22 if is_single else 0.12},
            "tooltip": {"show": False},
            "data": _interval(curve, is_single=is_single),
        }
    ]
    if curve["mean"] is None:
        return marks
    top = max(curve["y"])
    peak = curve["x"][curve["y"].index(top)]
    if is_single:
        marks.append(
            {
                "type": "line",
                "name": "Mean",
                "silent": True,
                "showSymbol": False,
                "lineStyle": {"width": 2, "color": "$ink", "type": "dashed"},
                "itemStyle": {"color": "$ink"},
                "tooltip": {"show": False},
                "data": [[curve["mean"], 0], [curve["mean"], _height(curve, curve["mean"])]],
            }
        )
    else:
        marks.append(
            {
                "type": "scatter",
                "name": curve["label"],
                "silent": True,
                "symbolSize": 1,
                "itemStyle": {"color": colour},
                "tooltip": {"show": False},
                "label": {
                    "show": True,
                    "position": "top",
                    "formatter": _short(curve),
                    "color": "$ink",
                    "fontSize": 11,
                },
                "labelLayout": {"hideOverlap": True},
                "data": [[peak, top]],
            }
        )
    return marks


def _short(curve: dict[str, Any]) -> str:
    """Return what is written at a curve: its group, or its place, or its name."""
    label = str(curve["label"])
    return str(curve.get("group") or label.partition("[")[2].rstrip("]") or label)


def _legend(curves: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "scroll",
        "top": 4,
        "left": 8,
        "data": [curve["label"] for curve in curves],
        "textStyle": {"color": "$ink"},
        "inactiveColor": "$line",
        "pageTextStyle": {"color": "$muted"},
        "pageIconColor": "$ink",
        "pageIconInactiveColor": "$line",
    }


def _title(curves: Sequence[dict[str, Any]], node: str, probability: str) -> str:
    known = [curve for curve in curves if curve["low"] is not None and curve["high"] is not None]
    if not known:
        return f"Where {node} lies is known only roughly"
    if len(curves) == 1:
        curve = known[0]
        spread = _spread(curve)
        return (
            f"{curve['label']} lies between {near(curve['low'], spread)} and "
            f"{near(curve['high'], spread)} with {probability} probability"
        )
    spread = min(_spread(curve) for curve in known)
    low = min(float(curve["low"]) for curve in known)
    high = max(float(curve["high"]) for curve in known)
    return f"The numbers of {node} lie between {near(low, spread)} and {near(high, spread)}"


def _summary(curves: Sequence[dict[str, Any]], probability: str) -> str:
    told = [
        f"{curve['label']} {near(curve['mean'], _spread(curve))} "
        f"({near(curve['low'], _spread(curve))} to {near(curve['high'], _spread(curve))})"
        for curve in curves[:6]
        if curve["mean"] is not None
    ]
    rest = f"; {len(curves) - 6} more in the table" if len(curves) > 6 else ""
    return f"Mean and {probability} interval: {'; '.join(told)}{rest}." if told else ""


def _points(curve: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return points of ``curve`` for its table, evenly spaced, with both ends."""
    last = len(curve["x"]) - 1
    steps = min(last, TABLE_ROWS - 1)
    kept = sorted({round(last * step / steps) for step in range(steps + 1)}) if steps else [0]
    return [(figure(float(curve["x"][i]), 5), figure(float(curve["y"][i]), 4)) for i in kept]
