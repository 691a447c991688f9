"""The row of figures at the top of a run's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater.console.segments.shown import Shown
from headwater.console.words import counted, figure, percent


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure with its name, and what it means."""

    label: str
    value: str
    note: str = ""
    term: str = ""
    """Key of the glossary entry."""


def metrics_of(shown: Shown) -> list[Metric]:
    """Return the figures of ``shown``; without what is not defined for it."""
    return _of_components(shown) if shown.is_decomposition else _of_segments(shown)


def _of_segments(shown: Shown) -> list[Metric]:
    quality: dict[str, Any] = shown.summary.get("quality") or {}
    n_rows = shown.fit.n_rows or 0
    metrics = [Metric("Segments", figure(len(shown.groups)), term="group")]
    if quality.get("silhouette") is not None:
        note = "of −1 to 1; outside left out" if shown.n_outside else "of −1 to 1; more is better"
        if quality.get("sampled"):
            note = f"estimated on {counted(int(quality['sampled']), 'row')}"
        told = figure(float(quality["silhouette"]), 2)
        metrics.append(Metric("Silhouette", told, note, "silhouette"))
    objective = (shown.fit.scores or {}).get("objective_name")
    if objective == "inertia" and shown.cut is None:
        told = figure((shown.fit.scores or {}).get("objective"), 4)
        metrics.append(Metric("Inertia", told, "less is closer together", "inertia"))
    elif quality.get("inertia") is not None:
        told = figure(float(quality["inertia"]), 4)
        metrics.append(Metric("Inertia", told, "less is closer together", "inertia"))
    metrics.append(Metric("Rows", figure(n_rows)))
    if shown.summary.get("outside") is not None:
        share = shown.n_outside / max(n_rows, 1)
        note = f"{percent(share)} of the rows" if shown.n_outside else "every row is in a segment"
        metrics.append(Metric("Outside", figure(shown.n_outside), note, "noise"))
    if quality.get("davies_bouldin") is not None:
        told = figure(float(quality["davies_bouldin"]), 3)
        metrics.append(Metric("Davies-Bouldin", told, "less is better apart", "davies-bouldin"))
    return metrics


def _of_components(shown: Shown) -> list[Metric]:
    found = shown.summary.get("decomposition") or {}
    explained = [float(share) for share in found.get("explained", [])]
    metrics = [
        Metric("Components", figure(len(explained)), term="component"),
        Metric(
            "Explained",
            percent(min(1.0, sum(explained))),
            "of all differences",
            "explained-variance",
        ),
        Metric("Columns", figure(len(found.get("loadings", {})))),
        Metric("Rows", figure(shown.fit.n_rows)),
    ]
    if explained:
        metrics.insert(2, Metric("The first alone", percent(explained[0])))
    return metrics
