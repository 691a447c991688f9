"""Where the rows of each segment lie: two columns, or two directions that mix all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.charts.scatter import (
    ellipse_series,
    letter_places,
    outline,
    overlapping,
)
from headwater.console.charts.segments_labels import shortened
from headwater.console.dates import DAY, DateKind, Dates, as_date
from headwater.console.letters import mark
from headwater.console.words import counted, figure, listed, percent
from headwater.engines.letters import index_of

CROSS = "path://M2.2 1L8 6.8L13.8 1L15 2.2L9.2 8L15 13.8L13.8 15L8 9.2L2.2 15L1 13.8L6.8 8L1 2.2z"
"""The mark of a row that is in no segment; no segment has it."""
OUTSIDE = "Outside of every segment"
NAMED = 24
"""With no more points than these, the name of each stands beside it."""


def segments_scatter(
    scatter: Mapping[str, Any],
    *,
    names: Mapping[str, str],
    row_names: Mapping[str, str],
    name: str,
    n_rows: int | None,
    points_address: str = "",
    dates: Dates | None = None,
) -> Chart:
    """Return the scatter plot of ``scatter`` (as in ``Fit.summary``) with its ellipses.

    ``names``: letter -> what the segment is called; ``row_names``: key -> what the row is called.
    """
    x_date, y_date = ((dates or {}).get(scatter[side]) for side in ("x", "y"))
    letters: list[str] = scatter["letters"]
    in_order = sorted(letters, key=index_of)
    points: dict[str, list[list[Any]]] = {letter: [] for letter in [*in_order, ""]}
    for x, y, group, row in scatter["points"]:
        letter = letters[group] if group >= 0 else ""
        label = row_names.get(str(row), str(row))
        points[letter].append([_drawn(x, x_date), _drawn(y, y_date), label])
    ellipses = sorted(
        (
            one
            for one in scatter.get("ellipses", [])
            # Around one or two rows it would be a line.
            if one["centre"] is not None and len(points[one["letter"]]) > 2
        ),
        key=lambda one: index_of(one["letter"]),
    )
    whole = {
        letter: f"{letter} · {names[letter]}" if letter in names else f"Segment {letter}"
        for letter in in_order
    }
    titles = {letter: shortened(title) for letter, title in whole.items()}
    n_points = len(scatter["points"])
    size = 11 if n_points <= 100 else 9 if n_points <= 400 else 7 if n_points <= 1200 else 5
    shows_names = n_points <= NAMED
    x_name, y_name = _axis_names(scatter)
    series: list[dict[str, Any]] = []
    for letter in in_order:
        drawn = mark(letter)
        series.append(
            _points(titles[letter], points[letter], scatter, drawn.symbol, size, shows_names)
            | {
                "whole": whole[letter],
                "itemStyle": {
                    "color": drawn.fill,
                    "borderColor": drawn.line,
                    "borderWidth": 0.6,
                    "opacity": 0.8,
                },
            }
        )
    if points[""]:
        series.append(
            _points(OUTSIDE, points[""], scatter, CROSS, size, shows_names)
            | {"itemStyle": {"color": "$ink", "opacity": 0.9}}
        )
    series += _outlines(ellipses, titles, x_date, y_date)
    legend = [{"name": titles[letter], "icon": mark(letter).symbol} for letter in in_order]
    if points[""]:
        legend.append({"name": OUTSIDE, "icon": CROSS})
    return Chart(
        key="scatter",
        title=_title(ellipses, names, len(letters), len(points[""])),
        subtitle=_subtitle(scatter, n_points, n_rows),
        summary=_summary(scatter, points, whole),
        reading=_reading(scatter, bool(points[""])),
        option={
            "animation": False,
            "useUTC": True,
            "grid": grid(top=52, right=24),
            "legend": {
                "type": "scroll",
                "top": 4,
                "left": 8,
                "data": legend,
                "itemWidth": 13,
                "itemHeight": 13,
                "textStyle": {"color": "$ink"},
                "inactiveColor": "$line",
                "pageTextStyle": {"color": "$muted"},
                "pageIconColor": "$ink",
                "pageIconInactiveColor": "$line",
            },
            "xAxis": axis(x_name, splitNumber=6, type="time" if x_date else "value"),
            "yAxis": axis(y_name, splitNumber=6, type="time" if y_date else "value"),
            "series": series,
            # Used by lasso.js; it changes nothing until somebody takes up the lasso.
            "toolbox": {"show": False},
            "brush": {
                "xAxisIndex": 0,
                "brushStyle": {"color": "$brush", "borderColor": "$accent", "borderWidth": 1.5},
                "throttleType": "debounce",
                "throttleDelay": 80,
                "outOfBrush": {"colorAlpha": 0.25},
            },
        },
        headings=(
            "Segment",
            "Called",
            "Points drawn",
            f"Middle: {scatter['x']}",
            f"Middle: {scatter['y']}",
        ),
        rows=_table(in_order, points, ellipses, names, x_date, y_date),
        height="large",
        file_name=f"{name}-picture",
        letters=True,
        all_rows=points_address,
        all_rows_label=f"All {counted(n_points, 'drawn point')}",
    )


def _drawn(value: float, date: DateKind | None) -> float:
    """Return ``value`` with the digits that a picture can show."""
    return round(value * DAY) if date else float(f"{value:.5g}")


def _told(value: float | None, date: DateKind | None) -> str:
    if value is None:
        return figure(None)
    return as_date(value, date) if date else figure(float(value))


def _axis_names(scatter: Mapping[str, Any]) -> tuple[str, str]:
    x, y = str(scatter["x"]), str(scatter["y"])
    explained = scatter.get("explained")
    if scatter.get("axes") != "principal" or not explained:
        return x, y
    return f"{x} ({percent(explained[0])})", f"{y} ({percent(explained[1])})"


def _points(
    name: str,
    data: list[list[Any]],
    scatter: Mapping[str, Any],
    symbol: str,
    size: int,
    shows_names: bool,
) -> dict[str, Any]:
    shown = {
        "show": shows_names,
        "position": "top",
        "formatter": "{@[2]}",
        "color": "$ink",
        "fontSize": 11,
    }
    return {
        "type": "scatter",
        "name": name,
        "dimensions": [scatter["x"], scatter["y"], "Row"],
        "symbol": symbol,
        "symbolSize": size,
        "label": shown,
        "labelLayout": {"hideOverlap": True},
        "emphasis": {"itemStyle": {"opacity": 1, "borderWidth": 2}},
        "data": data,
    }


def _outlines(
    ellipses: list[dict[str, Any]],
    titles: Mapping[str, str],
    x_date: DateKind | None,
    y_date: DateKind | None,
) -> list[dict[str, Any]]:
    """Return the line around each segment and the letter on it."""
    places = letter_places(ellipses)
    series: list[dict[str, Any]] = []
    for ellipse in ellipses:
        letter = ellipse["letter"]
        line = [[_drawn(x, x_date), _drawn(y, y_date)] for x, y in outline(ellipse)]
        x, y = places[letter]
        place = [_drawn(x, x_date), _drawn(y, y_date)]
        series += ellipse_series(letter, line, place, name=titles[letter])
    return series


def _title(
    ellipses: list[dict[str, Any]], names: Mapping[str, str], n_segments: int, n_outside: int
) -> str:
    if not n_segments:
        return "No row is in a segment"
    rest = f"; {counted(n_outside, 'drawn row')} outside" if n_outside else ""
    if n_segments == 1:
        return f"One segment{rest or ' holds all rows'}"
    pairs = overlapping(ellipses)
    if not pairs:
        return f"The {n_segments} segments lie apart{rest}"
    if len(pairs) > 3:
        possible = n_segments * (n_segments - 1) // 2
        return f"{len(pairs)} of {possible} pairs of segments overlap in this picture{rest}"
    told = [f"{one} with {other}" for one, other in pairs]
    return f"Segments overlap here: {listed(told)}{rest}"


def _subtitle(scatter: Mapping[str, Any], n_points: int, n_rows: int | None) -> str:
    all_drawn = n_rows is None or n_points >= n_rows
    which = "Each row" if all_drawn else f"{counted(n_points, 'row')} drawn at random"
    if scatter.get("axes") == "principal":
        return f"{which} by the two directions in which rows differ most"
    return f"{which} by {scatter['x']} and {scatter['y']}"


def _summary(
    scatter: Mapping[str, Any], points: Mapping[str, list[list[Any]]], titles: Mapping[str, str]
) -> str:
    sentences = []
    if scatter.get("axes") == "principal":
        shown = sum(scatter.get("explained") or [0.0])
        sentences.append(f"The two axes show {percent(shown)} of all differences between rows.")
    drawn = [
        f"{titles[letter]}: {listed([str(point[2]) for point in rows])}"
        for letter, rows in points.items()
        if letter and rows
    ]
    if sum(len(rows) for rows in points.values()) <= NAMED:
        sentences.append(f"{'; '.join(drawn)}.")
        if points[""]:
            told = listed([str(point[2]) for point in points[""]])
            sentences.append(f"{OUTSIDE}: {told}.")
    elif points[""]:
        sentences.append(f"{counted(len(points['']), 'cross', 'crosses')} lie outside.")
    return " ".join(sentences) or "Nothing is drawn."


def _reading(scatter: Mapping[str, Any], has_outside: bool) -> tuple[str, ...]:
    told = [
        "Each point is a row; its shape and colour tell its segment. Point at one to see its name.",
        "An ellipse encloses most of a segment: two spreads from its middle.",
        "Segments whose ellipses overlap here may still be apart in another column: choose other "
        "columns for the axes to see.",
    ]
    if has_outside:
        told.append("A cross is a row that is outside of every segment.")
    if scatter.get("axes") == "principal":
        told.append(
            "The axes mix all columns, so that the picture shows as much of the differences as "
            "two directions can; the percentage tells how much."
        )
    return tuple(told)


def _table(
    letters: list[str],
    points: Mapping[str, list[list[Any]]],
    ellipses: list[dict[str, Any]],
    names: Mapping[str, str],
    x_date: DateKind | None,
    y_date: DateKind | None,
) -> list[tuple[str, ...]]:
    centres = {one["letter"]: one["centre"] for one in ellipses}
    return [
        (
            letter,
            names.get(letter, ""),
            figure(len(points[letter])),
            _told(x, x_date),
            _told(y, y_date),
        )
        for letter in letters
        for x, y in [centres.get(letter, (None, None))]
    ]
