"""The pictures of the three analyses: the console's own charts, along what a menu is read by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from headwater.console.charts.chart import Chart, Option
from headwater.console.charts.segments_biplot import segments_biplot
from headwater.console.rights import may_see_rows
from headwater.console.segments.picture import picture_of
from headwater.console.segments.plane import plane_of
from headwater.console.segments.shown import shown_of
from headwater.learning.models import Fit
from headwater.words import percent
from headwater_demo.restaurant.columns import label
from headwater_demo.restaurant.models import MenuItem

DRAWN = 0.2
"""Loading from which a column has an arrow."""


def groups_picture(
    fit: Fit,
    user: Any,
    *,
    key: str,
    title: str,
    x: str,
    y: str,
    behind: bool = False,
    names: Mapping[str, str] | None = None,
) -> Chart | None:
    """Return the dishes along two columns, with the groups of ``fit``; None with nothing to draw.

    Dishes are drawn as they are now; ``behind`` says that some were others when ``fit`` learned
    from them. ``names``: letter -> what the group is called; without it, as the console does.
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
        subtitle=f"Each dish by {label(x)} and {label(y)}"
        + (", as they are now" if behind else ""),
        option=_with_names(chart.option, _axis(x), _axis(y)),
    )


def factors_picture(fit: Fit, user: Any, *, key: str) -> Chart | None:
    """Return the dishes along the first two factors, with an arrow for each weighty column.

    None where the run found fewer than two, or the person may not see dishes.
    """
    found = (fit.summary or {}).get("decomposition") or {}
    explained = [float(share) for share in found.get("explained") or ()]
    if len(explained) < 2 or not may_see_rows(user, fit):
        return None
    names = fit.summary.get("names") or {}
    chart = segments_biplot(
        [
            (float(at[0]), float(at[1]), str(names.get(str(row), row)))
            for at, row in found["points"]
        ],
        {
            label(column): (float(weights[0]), float(weights[1]))
            for column, weights in found["loadings"].items()
            if max(abs(float(weight)) for weight in weights[:2]) >= DRAWN
        },
        axes=(0, 1),
        explained=(explained[0], explained[1]),
        n_rows=fit.n_rows,
        name=key,
    )
    return replace(
        chart,
        key=key,
        title="The dishes along the two factors",
        subtitle="Each dish, and an arrow for each column that weighs on a factor",
        option=_with_names(
            chart.option,
            *(f"Factor {at + 1} ({percent(explained[at])} of the differences)" for at in (0, 1)),
        ),
        headings=("Column", "Factor 1", "Factor 2"),
    )


def _axis(column: str) -> str:
    name = str(MenuItem._meta.get_field(column).verbose_name)  # type: ignore[union-attr]
    return name[:1].upper() + name[1:]


def _with_names(option: Option, x: str, y: str) -> Option:
    """Return ``option`` with other names of the axes, and room for names of dishes at the right."""
    return {
        **option,
        "grid": {**option["grid"], "right": 56},
        "xAxis": {**option["xAxis"], "name": x},
        "yAxis": {**option["yAxis"], "name": y},
    }
