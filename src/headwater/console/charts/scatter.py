"""Where the groups lie: two columns, or the two directions in which the rows differ most."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.dates import DAY, DateKind, Dates, as_date
from headwater.console.letters import mark
from headwater.console.words import counted, figure, listed, percent
from headwater.engines.letters import index_of

N_ELLIPSE = 64
"""Corners of a drawn ellipse."""


def outline(ellipse: dict[str, Any]) -> list[list[float]]:
    """Return the closed line of an ellipse, as points (x, y)."""
    (cx, cy), (long, short) = ellipse["centre"], ellipse["axes"]
    angle = math.radians(ellipse["angle"])
    cosine, sine = math.cos(angle), math.sin(angle)
    points = []
    for step in range(N_ELLIPSE + 1):
        turn = 2 * math.pi * step / N_ELLIPSE
        u, v = long * math.cos(turn), short * math.sin(turn)
        points.append([_fine(cx + u * cosine - v * sine), _fine(cy + u * sine + v * cosine)])
    return points


def ellipse_series(
    letter: str, line: list[list[Any]], place: list[Any], *, name: str
) -> list[dict[str, Any]]:
    """Return the series that draw the ellipse of a group, and its letter in a disc at ``place``."""
    colour = mark(letter).line
    return [
        {
            "type": "line",
            "name": name,
            "silent": True,
            "showSymbol": False,
            "z": 3,
            "lineStyle": {"color": colour, "width": 2},
            "itemStyle": {"color": colour},
            "data": line,
        },
        {
            "type": "scatter",
            "name": name,
            "silent": True,
            "z": 4,
            "symbol": "circle",
            "symbolSize": 22,
            "itemStyle": {
                "color": "$surface",
                "borderColor": colour,
                "borderWidth": 2,
                "opacity": 0.92,
            },
            "label": {
                "show": True,
                "formatter": letter,
                "color": "$ink",
                "fontWeight": 700,
                "fontSize": 12,
            },
            "data": [place],
        },
    ]


def _fine(value: float) -> float:
    """Return ``value`` without the last digits, in which the ends of a closed line may differ."""
    return float(f"{value:.10g}")


@dataclass(frozen=True, slots=True)
class _Scale:
    """One axis: numbers, or days since 1970-01-01 that are drawn and told as dates."""

    date: DateKind | None

    def drawn(self, value: float) -> float:
        """Return ``value`` as the chart takes it."""
        return round(value * DAY) if self.date else _short(value)

    def told(self, value: float, digits: int = 4) -> str:
        """Return ``value`` in words."""
        return as_date(value, self.date) if self.date else figure(float(value), digits)

    def axis(self, name: str) -> dict[str, Any]:
        """Return the axis of the chart."""
        return axis(name, splitNumber=6, type="time" if self.date else "value")


def _short(value: float) -> float:
    """Return ``value`` with the digits that a picture can show."""
    return float(f"{value:.5g}")


def _reach(ellipse: dict[str, Any], dx: float, dy: float) -> float:
    """Return the distance from the centre to the edge of ``ellipse`` towards (dx, dy)."""
    long, short = (max(length, 1e-300) for length in ellipse["axes"])
    towards = math.atan2(dy, dx) - math.radians(ellipse["angle"])
    return 1 / math.hypot(math.cos(towards) / long, math.sin(towards) / short)


def overlapping(ellipses: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the pairs of letters whose ellipses reach into one another on the line between."""
    pairs = []
    for one, other in combinations(ellipses, 2):
        dx = other["centre"][0] - one["centre"][0]
        dy = other["centre"][1] - one["centre"][1]
        if math.hypot(dx, dy) < _reach(one, dx, dy) + _reach(other, -dx, -dy):
            pairs.append((one["letter"], other["letter"]))
    return pairs


def letter_places(ellipses: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Return letter -> where it is written: the end of its ellipse that is furthest from others."""
    if not ellipses:
        return {}
    spans = []
    for axis_index in (0, 1):
        values = [point[axis_index] for one in ellipses for point in outline(one)]
        spans.append((max(values) - min(values)) or 1.0)
    places: dict[str, list[float]] = {}
    for ellipse in ellipses:
        line = outline(ellipse)
        ends = [line[N_ELLIPSE * quarter // 4] for quarter in range(4)]
        rivals = [one["centre"] for one in ellipses if one is not ellipse] + list(places.values())

        def room(end: list[float], rivals: list[list[float]] = rivals) -> float:
            return min(
                (math.hypot((end[0] - x) / spans[0], (end[1] - y) / spans[1]) for x, y in rivals),
                default=0.0,
            )

        places[ellipse["letter"]] = max(ends, key=room)
    return places


def _title(ellipses: list[dict[str, Any]], n_groups: int) -> str:
    if n_groups == 1:
        return "All rows form one group"
    pairs = overlapping(ellipses)
    if not pairs:
        return f"The {n_groups} groups lie apart"
    if len(pairs) == 1:
        return f"Groups {pairs[0][0]} and {pairs[0][1]} overlap"
    possible = n_groups * (n_groups - 1) // 2
    if len(pairs) > 3:
        return f"{len(pairs)} of {possible} pairs of groups overlap in this picture"
    return f"Overlap: {listed([f'{one} with {other}' for one, other in pairs])}"


def _axis_names(scatter: dict[str, Any]) -> tuple[str, str]:
    names = (scatter["x"], scatter["y"])
    explained = scatter.get("explained")
    if scatter.get("axes") == "principal" and explained:
        return tuple(  # type: ignore[return-value]
            f"{name} ({percent(share)})" for name, share in zip(names, explained, strict=False)
        )
    return names


def scatter_chart(
    scatter: dict[str, Any],
    *,
    name: str,
    n_rows: int | None,
    points_address: str,
    dates: Dates | None = None,
) -> Chart:
    """Return the scatter plot with an ellipse for each group; ``scatter`` as in ``Fit.summary``.

    ``dates`` names the columns whose numbers are days since 1970-01-01.
    """
    along, up = (_Scale((dates or {}).get(scatter[side])) for side in ("x", "y"))
    letters: list[str] = scatter["letters"]
    """By the index of the group, which is not their order."""
    ellipses = sorted(
        (one for one in scatter.get("ellipses", []) if one["centre"] is not None),
        key=lambda one: index_of(one["letter"]),
    )
    points = scatter["points"]
    x_name, y_name = _axis_names(scatter)
    in_order = sorted(letters, key=index_of)
    by_group: dict[str, list[list[Any]]] = {letter: [] for letter in in_order}
    for x, y, group, row in points:
        by_group[letters[group]].append([along.drawn(x), up.drawn(y), row])

    places = letter_places(ellipses)
    series: list[dict[str, Any]] = []
    size = 9 if len(points) <= 400 else 7 if len(points) <= 1200 else 5
    for letter, members in by_group.items():
        drawn = mark(letter)
        series.append(
            {
                "type": "scatter",
                "name": f"Group {letter}",
                "dimensions": [scatter["x"], scatter["y"], "Row"],
                "symbol": drawn.symbol,
                "symbolSize": size,
                "itemStyle": {
                    "color": drawn.fill,
                    "borderColor": drawn.line,
                    "borderWidth": 0.6,
                    "opacity": 0.75,
                },
                "emphasis": {"itemStyle": {"opacity": 1, "borderWidth": 2}},
                "data": members,
            }
        )
    for ellipse in ellipses:
        letter = ellipse["letter"]
        line = [[along.drawn(x), up.drawn(y)] for x, y in outline(ellipse)]
        x, y = places[letter]
        series += ellipse_series(
            letter, line, [along.drawn(x), up.drawn(y)], name=f"Group {letter}"
        )

    all_drawn = n_rows is None or len(points) >= n_rows
    which = "Each row" if all_drawn else f"{counted(len(points), 'row')} drawn at random"
    principal = scatter.get("axes") == "principal"
    subtitle = (
        f"{which} by the two directions in which rows differ most"
        if principal
        else f"{which} by {scatter['x']} and {scatter['y']}"
    )
    centres = [
        f"{one['letter']} around {along.told(one['centre'][0], 3)} and "
        f"{up.told(one['centre'][1], 3)}"
        for one in ellipses
    ]
    reading = [
        "Each point is a row; its shape and colour tell its group. Point at one to see its key.",
        "An ellipse encloses most of a group: two spreads from the centre.",
        "Groups whose ellipses overlap here may still be apart in another column.",
    ]
    if principal:
        reading.append(
            "The axes mix all columns, so that the picture shows as much of the differences as "
            "two directions can; the percentage tells how much."
        )
    return Chart(
        key="scatter",
        title=_title(ellipses, len(letters)),
        subtitle=subtitle,
        summary=_summary(scatter, centres),
        reading=tuple(reading),
        option={
            "animation": False,
            "useUTC": True,
            "grid": grid(top=44),
            "legend": {
                "type": "scroll",
                "top": 4,
                "left": 8,
                "data": [
                    {"name": f"Group {letter}", "icon": mark(letter).symbol} for letter in in_order
                ],
                "itemWidth": 13,
                "itemHeight": 13,
                "textStyle": {"color": "$ink"},
                "inactiveColor": "$line",
                "pageTextStyle": {"color": "$muted"},
                "pageIconColor": "$ink",
                "pageIconInactiveColor": "$line",
            },
            "xAxis": along.axis(x_name),
            "yAxis": up.axis(y_name),
            "series": series,
        },
        headings=("Group", "Points drawn", f"Centre: {scatter['x']}", f"Centre: {scatter['y']}"),
        rows=_table(by_group, ellipses, along, up),
        height="large",
        file_name=f"{name}-groups",
        letters=True,
        all_rows=points_address,
        all_rows_label=f"All {counted(len(points), 'drawn point')}",
    )


def _summary(scatter: dict[str, Any], centres: list[str]) -> str:
    if scatter.get("axes") == "principal":
        shown = sum(scatter.get("explained") or [0.0])
        return (
            f"The two axes show {percent(shown)} of all differences between rows. What sets the "
            "groups apart in each column stands in the table of groups."
        )
    return f"Centres: {'; '.join(centres)}." if centres else "No group has an ellipse."


def _table(
    by_group: dict[str, list[list[Any]]], ellipses: list[dict[str, Any]], along: _Scale, up: _Scale
) -> list[tuple[str, ...]]:
    centres = {one["letter"]: one["centre"] for one in ellipses}
    rows: list[tuple[str, ...]] = []
    for letter, members in by_group.items():
        x, y = centres.get(letter, (None, None))
        rows.append(
            (
                letter,
                figure(len(members)),
                figure(None) if x is None else along.told(x),
                figure(None) if y is None else up.told(y),
            )
        )
    return rows
