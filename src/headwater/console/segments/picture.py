"""Where the rows of each segment lie, with rows that are chosen by a lasso."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from headwater.console.charts.chart import Chart
from headwater.console.charts.histogram import histogram_chart
from headwater.console.charts.segments_scatter import segments_scatter
from headwater.console.flows.section import Section
from headwater.console.segments.plane import Plane, plane_of
from headwater.console.segments.shown import Shown

KEY = "picture"
LABEL = "Picture"


def picture_section(shown: Shown) -> Section | None:
    """Return the scatter plot or histogram, as far as the person may see it."""
    if shown.is_decomposition or not shown.groups:
        return None
    plane = plane_of(shown)
    context: dict[str, Any] = {
        "plane": plane,
        "picture": picture_of(shown, plane),
        "picture_address": reverse("headwater:segmentation-picture", args=[shown.fit.pk]),
    }
    return Section(
        KEY,
        LABEL,
        template="headwater/parts/segment_picture.html",
        context=context,
        note="" if shown.sees_rows else shown.sees_rows.reason,
        scripts=("headwater/lasso.js",),
    )


def picture_of(shown: Shown, plane: Plane) -> Chart | None:
    """Return the picture of ``plane``; None for who may not see rows, and with nothing to draw."""
    scatter = plane.scatter
    if not shown.sees_rows or not scatter:
        return None
    if scatter.get("kind") == "histogram":
        return histogram_chart(dict(scatter), name=shown.file_name, dates=shown.dates)
    if not scatter.get("points"):
        return None
    points = reverse("headwater:segmentation-points", args=[shown.fit.pk])
    return segments_scatter(
        scatter,
        names=shown.names,
        row_names=shown.summary.get("names") or {},
        name=shown.file_name,
        n_rows=shown.fit.n_rows,
        points_address=points if shown.cut is None else "",
        dates=shown.dates,
    )
