"""curves: precision over recall, and true over false positives, at every threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

POINTS = 200
"""Points that are kept of a curve, at most."""

Point = tuple[float, float, float | None]
"""Across, up, and the score from which on rows count as of the class (None: no row does)."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Both curves of one class, thinned, with their exact areas."""

    precision_recall: tuple[Point, ...]
    """(recall, precision, threshold), recall rising from (0, 1)."""
    roc: tuple[Point, ...]
    """(false-positive rate, true-positive rate, threshold), from (0, 0) to (1, 1)."""
    average_precision: float | None
    """Sum of precision times the growth of recall, over all points; None without a row of the
    class."""
    roc_auc: float | None
    """Chance that a row of the class has the higher score than another; None with one class."""
    share: float
    """Rows that are of the class, of all: the precision of drawing at random."""
    n: int

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "precision_recall": [list(point) for point in self.precision_recall],
            "roc": [list(point) for point in self.roc],
            "average_precision": self.average_precision,
            "roc_auc": self.roc_auc,
            "share": self.share,
            "n": self.n,
        }


def curves(y: NDArray[Any], scores: NDArray[Any], *, points: int = POINTS) -> Curves:
    """Return the curves of the rows with ``y`` (n,) true, by ``scores`` (n,) that rise with it.

    Scores may be probabilities. The areas are exact; of the points at most ``points`` are kept, the
    ends and others evenly along the curve. A curve that is not defined has no points.
    """
    truth = np.asarray(y).astype(np.bool_)
    scores = np.asarray(scores, dtype=np.float64)
    n, n_of = len(truth), int(truth.sum())
    if not n:
        return Curves((), (), None, None, 0.0, 0)
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    # Rows of one score pass a threshold together.
    last = np.flatnonzero(np.append(np.diff(ordered) != 0, True))
    hits = np.cumsum(truth[order])[last].astype(np.float64)
    taken = last + 1.0
    falls = taken - hits
    thresholds: list[float | None] = [None, *ordered[last].tolist()]
    pairs: tuple[Point, ...] = ()
    area: float | None = None
    if n_of:
        recall, precision = np.append(0.0, hits / n_of), np.append(1.0, hits / taken)
        area = float(np.diff(recall) @ precision[1:])
        pairs = _thinned(recall, precision, thresholds, points)
    rates: tuple[Point, ...] = ()
    chance: float | None = None
    if 0 < n_of < n:
        across, up = np.append(0.0, falls / (n - n_of)), np.append(0.0, hits / n_of)
        chance = float(np.diff(across) @ (up[1:] + up[:-1]) / 2)
        rates = _thinned(across, up, thresholds, points)
    return Curves(pairs, rates, area, chance, n_of / n, n)


def _thinned(
    across: Floats, up: Floats, thresholds: list[float | None], points: int
) -> tuple[Point, ...]:
    """Return at most ``points`` of them: the ends, and others evenly along the curve."""
    kept = np.arange(len(across))
    if len(across) > points:
        along = np.append(0.0, np.cumsum(np.abs(np.diff(across)) + np.abs(np.diff(up))))
        kept = np.searchsorted(along, np.linspace(0.0, along[-1], points))
        kept[0], kept[-1] = 0, len(across) - 1
        kept = np.unique(kept)
    return tuple((float(across[at]), float(up[at]), thresholds[at]) for at in kept.tolist())
