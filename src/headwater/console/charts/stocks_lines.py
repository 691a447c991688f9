"""Lines over time: what the charts of levels and flows have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format

from headwater.console.charts.chart import Option, axis
from headwater.console.flows.period_words import day
from headwater.console.letters import Mark
from headwater.console.words import counted, figure, listed

if TYPE_CHECKING:
    from headwater.stockandflow.analysis.series import LevelSeries

TABLE_ROWS = 60
"""As many of the newest counts stand in the table on the page; the export has all."""
_MARKERS = 8
"""Markers along a line, so that it is told by its shape too."""
_UTC = dt.UTC


@dataclass(frozen=True, slots=True)
class Point:
    """The level of one stock at one moment; ``count`` None: not counted."""

    moment: dt.datetime
    count: int | None
    is_backfilled: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The levels of one stock."""

    state: str
    name: str
    mark: Mark
    points: tuple[Point, ...]

    @property
    def known(self) -> list[Point]:
        """The moments at which it was counted."""
        return [point for point in self.points if point.count is not None]


def lines_of(series: Iterable[LevelSeries], marks: Mapping[str, Mark]) -> list[Line]:
    """Return the lines of ``series`` that have a mark, in the order of the marks."""
    found = {}
    for one in series:
        for state, levels in one.lines.items():
            if state in marks:
                points = zip(one.moments, levels, one.backfilled, strict=True)
                found[state] = Line(
                    state,
                    one.names[state],
                    marks[state],
                    tuple(Point(moment, count, late) for moment, count, late in points),
                )
    return [found[state] for state in marks if state in found]


def moments_of(lines: Iterable[Line]) -> list[dt.datetime]:
    """Return the moments of all lines, in order."""
    return sorted({point.moment for line in lines for point in line.points})


def at(moment: dt.datetime) -> int:
    """Return the milliseconds at which a chart draws ``moment``, as clocks of the project show it.

    A chart with ``useUTC`` then writes the project's own time on its axis.
    """
    wall = timezone.localtime(moment).replace(tzinfo=_UTC)
    return int(wall.timestamp() * 1000)


def told_moment(moment: dt.datetime) -> str:
    """Return the date and time of ``moment``, as clocks of the project show it."""
    return date_format(timezone.localtime(moment), "j M Y, H:i")


def time_axis() -> Option:
    """Return the axis of time."""
    return {
        "type": "time",
        "axisLine": {"lineStyle": {"color": "$line"}},
        "axisTick": {"show": False},
        "splitLine": {"show": False},
        "axisLabel": {
            "color": "$muted",
            "hideOverlap": True,
            "formatter": {
                "year": "{yyyy}",
                "month": "{MMM} {yyyy}",
                "day": "{d} {MMM}",
                "hour": "{HH}:{mm}",
                "minute": "{HH}:{mm}",
                "second": "{HH}:{mm}",
                "millisecond": "{HH}:{mm}",
                "none": "{HH}:{mm}",
            },
        },
    }


def count_axis() -> Option:
    """Return the axis of how many objects; it begins at 0."""
    return axis("Objects", scale=False, min=0, minInterval=1)


def legend(items: Iterable[tuple[str, Mark]]) -> Option:
    """Return the legend: each name with its shape and colour."""
    return {
        "type": "scroll",
        "top": 0,
        "left": 4,
        "itemWidth": 12,
        "itemHeight": 12,
        "itemGap": 16,
        "textStyle": {"color": "$ink", "fontSize": 12},
        "pageIconColor": "$muted",
        "pageIconInactiveColor": "$line",
        "pageTextStyle": {"color": "$muted"},
        "inactiveColor": "$line",
        "data": [{"name": name, "icon": mark.symbol} for name, mark in items],
    }


def carrier(points: Iterable[tuple[Any, float, str]], **options: Any) -> Option:
    """Return a series that is not seen and says the words of each (place, height, words).

    One stop of the keyboard, and one tooltip, for all that is drawn at that place.
    """
    return {
        "type": "line",
        "name": "",
        "symbol": "none",
        "lineStyle": {"opacity": 0},
        "itemStyle": {"opacity": 0},
        "emphasis": {"disabled": True},
        "z": 1,
        "data": [{"value": [place, height], "told": told} for place, height, told in points],
        **options,
    }


def drawn_points(line: Line) -> list[Any]:
    """Return the points of ``line`` as ECharts takes them: plain ones, and those with a marker.

    A back-filled point is hollow. A point without a neighbour has a marker: no line leads to it.
    """
    every = max(1, ceil(len(line.points) / _MARKERS))
    drawn: list[Any] = []
    for number, point in enumerate(line.points):
        value = [at(point.moment), point.count]
        around = (*line.points[max(0, number - 1) : number], *line.points[number + 1 : number + 2])
        is_alone = all(other.count is None for other in around)
        if point.count is None:
            drawn.append(value)
        elif point.is_backfilled:
            hollow = {"color": "$surface", "borderColor": line.mark.line, "borderWidth": 1.5}
            drawn.append({"value": value, "symbol": "circle", "symbolSize": 7, "itemStyle": hollow})
        elif is_alone or number % every == every // 2 or number == len(line.points) - 1:
            drawn.append({"value": value, "symbol": line.mark.symbol, "symbolSize": 9})
        else:
            drawn.append(value)
    return drawn


def what_is_told(lines: Sequence[Line]) -> list[tuple[int, float, str]]:
    """Return for each moment its place, the highest level, and what is said of it."""
    by_moment: dict[dt.datetime, list[tuple[Line, Point]]] = {}
    for line in lines:
        for point in line.points:
            by_moment.setdefault(point.moment, []).append((line, point))
    told = []
    for moment in sorted(by_moment):
        here = by_moment[moment]
        known = [(line, point) for line, point in here if point.count is not None]
        if not known:
            told.append((at(moment), 0.0, f"{day(moment)}\nNot counted"))
            continue
        late = ", worked out from events" if any(point.is_backfilled for _, point in known) else ""
        rows = [f"{line.name}: {figure(point.count)}" for line, point in known]
        top = max(float(point.count or 0) for _, point in known)
        told.append((at(moment), top, "\n".join([f"{told_moment(moment)}{late}", *rows])))
    return told


def table_rows(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """Return the rows of the table, the newest count first."""
    levels = [{point.moment: point for point in line.points} for line in lines]
    rows = []
    for moment in reversed(moments_of(lines)[-TABLE_ROWS:]):
        points = [by_moment.get(moment) for by_moment in levels]
        known = [point for point in points if point is not None and point.count is not None]
        remark = (
            "not counted"
            if not known
            else "worked out from events"
            if any(point.is_backfilled for point in known)
            else ""
        )
        cells = [figure(None if point is None else point.count) for point in points]
        rows.append((told_moment(moment) if known else day(moment), *cells, remark))
    return rows


def gaps_and_late(lines: Sequence[Line]) -> str:
    """Return sentences on periods that were not counted, and on counts from events."""
    known: dict[dt.datetime, bool] = {}
    late: set[dt.datetime] = set()
    for line in lines:
        for point in line.points:
            is_known = point.count is not None
            known[point.moment] = known.get(point.moment, False) or is_known
            if point.is_backfilled and is_known:
                late.add(point.moment)
    missed = sum(not one for one in known.values())
    said = []
    if missed:
        verb = "was" if missed == 1 else "were"
        said.append(f"{counted(missed, 'period')} {verb} not counted: the lines stop there.")
    if late:
        verb = "was" if len(late) == 1 else "were"
        told = counted(len(late), "count")
        said.append(f"{told} {verb} worked out from events afterwards: hollow points.")
    return " ".join(said)


def last_levels(lines: Sequence[Line]) -> str:
    """Return “On trial 12, Paying 40 and Lapsed 3”: each stock at its last count."""
    known = [(line.name, line.known[-1].count) for line in lines if line.known]
    return listed([f"{name} {figure(count)}" for name, count in known])
