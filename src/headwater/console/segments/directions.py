"""What a decomposition found: how much each component shows, of what it is made, where rows lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from headwater.console.charts.segments_biplot import segments_biplot
from headwater.console.charts.segments_heat import off_css
from headwater.console.charts.segments_scree import segments_scree
from headwater.console.flows.section import Section
from headwater.console.segments.shown import Shown
from headwater.console.words import figure, listed, percent

ROWS = 50
"""Rows whose coordinates are listed on the page; the export has all."""
WEIGHTY = 0.3
"""A loading that is told in the words of a component."""


@dataclass(frozen=True, slots=True)
class Loading:
    """How much a column weighs on one component."""

    text: str
    css: str


@dataclass(frozen=True, slots=True)
class Component:
    """One component, in words."""

    number: int
    share: str
    made_of: str


def _found(shown: Shown) -> dict[str, Any]:
    return dict(shown.summary.get("decomposition") or {})


def explained_section(shown: Shown) -> Section | None:
    """Return how much each component shows; None where the run is no decomposition."""
    from headwater.engines.segments.components import suggest_components

    found = _found(shown)
    if not found:
        return None
    spectrum = [float(share) for share in found.get("spectrum") or found["explained"]]
    suggested = suggest_components(spectrum)
    chart = segments_scree(
        spectrum,
        kept=len(found["explained"]),
        suggested=suggested.suggested,
        sentence=suggested.sentence,
        name=shown.file_name,
    )
    return Section("explained", "Explained", charts=(chart,), term="explained-variance")


def axes_of(shown: Shown) -> tuple[int, int]:
    """Return the two components that the address asks for, else the first two; from 0."""
    n = len(_found(shown).get("explained", []))
    chosen = []
    for name, usual in (("x", 0), ("y", 1)):
        given = shown.data.get(name, "")
        at = int(given) - 1 if given.isascii() and given.isdecimal() else usual
        chosen.append(at if 0 <= at < n else min(usual, n - 1))
    x, y = chosen
    return (x, y) if x != y else (0, min(1, n - 1))


def biplot_section(shown: Shown) -> Section | None:
    """Return the rows and the columns along two components."""
    found = _found(shown)
    if not found or not found.get("points"):
        return None
    x, y = axes_of(shown)
    explained = found["explained"]
    points = [
        (float(at[x]), float(at[y]) if y < len(at) and y != x else 0.0, shown.row_name(key))
        for at, key in found["points"]
    ]
    loadings = {
        column: (float(weights[x]), float(weights[y]) if y != x else 0.0)
        for column, weights in found["loadings"].items()
    }
    chart = segments_biplot(
        points if shown.sees_rows else [],
        loadings,
        axes=(x, y),
        explained=(float(explained[x]), float(explained[y]) if y != x else 0.0),
        n_rows=shown.fit.n_rows,
        name=shown.file_name,
    )
    return Section(
        "biplot",
        "Biplot",
        template="headwater/parts/segment_biplot.html",
        context={
            "chart": chart,
            "components": range(1, len(explained) + 1),
            "chosen": (x + 1, y + 1),
            "picture_address": reverse("headwater:segmentation-picture", args=[shown.fit.pk]),
        },
        note="" if shown.sees_rows else shown.sees_rows.reason,
        term="biplot",
    )


def loadings_section(shown: Shown) -> Section | None:
    """Return of what each component is made."""
    found = _found(shown)
    if not found:
        return None
    explained = found["explained"]
    rows = [
        (
            column,
            [Loading(_two(float(weight)), off_css(float(weight), 0.16)) for weight in weights],
        )
        for column, weights in found["loadings"].items()
    ]
    return Section(
        "loadings",
        "Loadings",
        template="headwater/parts/segment_loadings.html",
        context={
            "components": [
                Component(number + 1, percent(float(share)), _made_of(found["loadings"], number))
                for number, share in enumerate(explained)
            ],
            "loadings": rows,
        },
        term="loading",
    )


def _two(weight: float) -> str:
    """Return a weight with two decimals, which is all that is worth telling."""
    return f"{weight + 0.0:.2f}".replace("-", "−")


def _made_of(loadings: dict[str, list[float]], number: int) -> str:
    """Return which columns weigh on a component, in words."""
    ordered = sorted(loadings.items(), key=lambda one: -abs(one[1][number]))
    weighty = [(column, w[number]) for column, w in ordered if abs(w[number]) >= WEIGHTY][:6]
    if not weighty:
        weighty = [(column, w[number]) for column, w in ordered[:2]]
    more = [column for column, weight in weighty if weight > 0]
    less = [column for column, weight in weighty if weight < 0]
    told = f"more {listed(more)}" if more else ""
    if less:
        told += f"{', ' if told else ''}less {listed(less)}"
    return told


def coordinates_section(shown: Shown) -> Section | None:
    """Return where single rows lie; None for who may not see rows."""
    found = _found(shown)
    if not found or not found.get("points") or not shown.sees_rows:
        return None
    points = found["points"]
    return Section(
        "coordinates",
        "Coordinates",
        template="headwater/parts/segment_coordinates.html",
        context={
            "numbers": range(1, len(found["explained"]) + 1),
            "rows": [
                (shown.row_name(key), [figure(float(value), 3) for value in at])
                for at, key in points[:ROWS]
            ],
            "n_kept": len(points),
        },
    )
