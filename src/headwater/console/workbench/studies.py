"""Studies that help to choose: which one fits what is chosen, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headwater.console.workbench.chosen import Chosen
from headwater.console.workbench.suggest import Suggested
from headwater.segmentation.models import Study, StudyKind, StudyStatus

KINDS = {
    "k_means": StudyKind.CHOICE,
    "hierarchical": StudyKind.CHOICE,
    "dbscan": StudyKind.DISTANCES,
}
"""Technique -> the study that helps to choose its parameter."""
LOOKED_THROUGH = 30


def study_of(user: Any, chosen: Chosen | None, technique: str, min_samples: int) -> Study | None:
    """Return the newest study that ``user`` asked for of just what is ``chosen``."""
    kind = KINDS.get(technique)
    if chosen is None or kind is None or not user.is_authenticated:
        return None
    wanted = _compared(chosen.reads())
    for study in Study.objects.filter(owner=user.pk, kind=kind)[:LOOKED_THROUGH]:
        if _compared(study.source) != wanted or study.encoding != dict(chosen.encoding):
            continue
        asked = study.parameters.get("min_samples", [min_samples])
        if kind == StudyKind.DISTANCES and min_samples not in asked:
            continue
        return study
    return None


def _compared(reads: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a source a study hangs on, columns in any order."""
    kept = {name: value for name, value in reads.items() if name not in ("name", "known")}
    return kept | {"columns": sorted(kept.get("columns", []))}


def said_by(study: Study | None, min_samples: int) -> dict[str, Suggested]:
    """Return what a finished ``study`` suggests: parameter -> suggestion."""
    if study is None or study.status != StudyStatus.SUCCEEDED:
        return {}
    if study.kind == StudyKind.CHOICE:
        k = study.result.get("suggested", {}).get("k")
        if not isinstance(k, int) or k < 2:
            return {}
        return {"n_clusters": Suggested(k, "What the scores over numbers of segments speak for.")}
    curve = curve_of(study, min_samples)
    return {} if curve is None else radius_of(curve)


def curve_of(study: Study | None, min_samples: int) -> Mapping[str, Any] | None:
    """Return the curve of ``study`` for so many neighbours, if it has one."""
    curves = study.result.get("curves", []) if study is not None else []
    return next((one for one in curves if one["min_samples"] == min_samples), None)


def radius_of(curve: Mapping[str, Any]) -> dict[str, Suggested]:
    """Return the radius that a curve of distances suggests."""
    eps = curve.get("eps")
    if not eps:
        return {}
    return {"eps": Suggested(rounded(float(eps)), str(curve["sentence"]))}


def rounded(value: float) -> float:
    """Return ``value`` with three digits, never 0: what a person would type."""
    return float(f"{value:.3g}")
