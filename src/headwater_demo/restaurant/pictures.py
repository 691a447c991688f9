"""The pictures of the three analyses: the console's own charts, along what a menu is read by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from headwater.console.charts.chart import Chart
from headwater.console.segments.directions import biplot_section
from headwater.console.segments.picture import picture_of
from headwater.console.segments.plane import plane_of
from headwater.console.segments.shown import shown_of
from headwater.learning.models import Fit
from headwater_demo.restaurant.columns import label
from headwater_demo.restaurant.models import MenuItem


def groups_picture(
    fit: Fit,
    user: Any,
    *,
    key: str,
    title: str,
    x: str,
    y: str,
    names: Mapping[str, str] | None = None,
) -> Chart | None:
    """Return the dishes along two columns, with the groups of ``fit``; None with nothing to draw.

    ``names``: letter -> what the group is called; without it, as the console calls it.
    """
    shown = shown_of(fit, user, data={"x": x, "y": y})
    if names is not None:
        called = tuple(
            segment
            if segment.named_by_person
            else replace(segment, name=names.get(segment.letter, segment.name))
            for segment in shown.segments
        )
        shown = replace(shown, segments=called)
    plane = plane_of(shown)
    chart = picture_of(shown, plane)
    if chart is None:
        return None
    if not plane.x:  # the run has learned from other columns, and is drawn as it drew itself
        return replace(chart, key=key)
    return replace(
        chart,
        key=key,
        title=title,
        subtitle=f"Each dish by {label(x)} and {label(y)}",
        option={
            **chart.option,
            "xAxis": {**chart.option["xAxis"], "name": _axis(x)},
            "yAxis": {**chart.option["yAxis"], "name": _axis(y)},
        },
    )


def _axis(column: str) -> str:
    name = str(MenuItem._meta.get_field(column).verbose_name)  # type: ignore[union-attr]
    return name[:1].upper() + name[1:]


def factors_picture(fit: Fit, user: Any, *, key: str) -> Chart | None:
    """Return the dishes along two factors, with an arrow for each column."""
    section = biplot_section(shown_of(fit, user))
    if section is None:
        return None
    chart: Chart = section.context["chart"]
    return replace(chart, key=key)
