"""fit_sigmoid, calibration_curve: scores as probabilities, and how far those are true."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from headwater.engines.classification.intervals import clopper_pearson

Floats = NDArray[np.float64]

STEPS = 200
"""Newton steps at most; some ten are enough."""


def fit_sigmoid(
    scores: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None = None
) -> tuple[float, float]:
    """Return (slope, intercept) such that 1 / (1 + exp(-(slope * score + intercept))) is the
    probability of the class 1.

    ``scores`` (n,) are of rows that were not learned from, ``y`` (n,) is 0 or 1 (or False, True),
    ``weights`` (n,) at least 0. Platt (2000), with his targets (n1 + 1) / (n1 + 2) and
    1 / (n0 + 2) instead of 1 and 0, by Newton steps with halving as Lin, Lin & Weng (2007). The
    numbers are those of scikit-learn's ``CalibratedClassifierCV(method="sigmoid")``, whose slope
    and intercept have the other sign. Raises ValueError with one class only.
    """
    scores = np.asarray(scores, dtype=np.float64)
    positive = np.asarray(y) > 0
    w = np.ones(len(scores)) if weights is None else np.asarray(weights, dtype=np.float64)
    n1, n0 = float(w[positive].sum()), float(w[~positive].sum())
    if n0 <= 0 or n1 <= 0:
        raise ValueError("Scores become probabilities only where rows of both classes have some.")
    if not np.isfinite(scores).all():
        raise ValueError("Scores become probabilities only where all of them are finite.")
    targets = np.where(positive, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))
    # Centred and scaled, so that the steps do not hang on the unit of the scores.
    middle = float(scores.mean())
    unit = float(np.abs(scores - middle).max()) or 1.0
    x = (scores - middle) / unit
    slope, intercept = 0.0, math.log((n1 + 1) / (n0 + 1))
    loss = _loss(x, targets, w, slope, intercept)
    for _ in range(STEPS):
        p = expit(slope * x + intercept)
        rest = w * (p - targets)
        bend = w * p * (1 - p)
        g = np.array([rest @ x, rest.sum()])
        ridge = 1e-12 * (n0 + n1)
        h = np.array([[bend @ (x * x) + ridge, bend @ x], [bend @ x, bend.sum() + ridge]])
        step = np.linalg.solve(h, g)
        length = 1.0
        while length > 1e-10:
            tried = slope - length * step[0], intercept - length * step[1]
            lower = _loss(x, targets, w, *tried)
            if lower <= loss:
                break
            length /= 2
        else:
            break
        (slope, intercept), loss = tried, lower
        if np.abs(step).max() < 1e-11 * max(1.0, abs(slope), abs(intercept)):
            break
    return float(slope / unit), float(intercept - slope * middle / unit)


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows of about the same probability."""

    low: float
    high: float
    n: int
    probability: float
    """Mean of what was said."""
    share: float
    """How many of them are of the class."""
    share_low: float
    """The 95 % interval of the share by Clopper & Pearson."""
    share_high: float


@dataclass(frozen=True, slots=True)
class CalibrationCurve:
    """How far probabilities are true."""

    bins: tuple[Bin, ...]
    """Those with rows, rising."""
    expected_error: float
    """Mean distance of what was said from what was so, by rows (expected calibration error)."""
    brier: float
    """Mean squared distance of the probability from 0 or 1 (Brier 1950); less is better."""
    n: int

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "bins": [
                {
                    "low": each.low,
                    "high": each.high,
                    "n": each.n,
                    "probability": each.probability,
                    "share": each.share,
                    "share_low": each.share_low,
                    "share_high": each.share_high,
                }
                for each in self.bins
            ],
            "expected_error": self.expected_error,
            "brier": self.brier,
            "n": self.n,
        }


def calibration_curve(
    probabilities: NDArray[Any],
    y: NDArray[Any],
    *,
    bins: int = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
) -> CalibrationCurve:
    """Return the share of the class 1 among rows of about the same probability.

    ``probabilities`` (n,) are of the class 1, ``y`` (n,) is 0 or 1. “uniform”: bins of one width
    from 0 to 1, as scikit-learn's ``calibration_curve``; “quantile”: of about as many rows each.
    """
    p, truth = np.asarray(probabilities, dtype=np.float64), np.asarray(y) > 0
    if not len(p):
        raise ValueError("There are no rows to judge probabilities by.")
    edges = np.linspace(0.0, 1.0, bins + 1)
    if strategy == "quantile":
        edges = np.unique(np.quantile(p, edges))
        edges = edges if len(edges) > 1 else np.array([edges[0], edges[0]])
    at = np.searchsorted(edges[1:-1], p)
    n = np.bincount(at, minlength=len(edges) - 1)
    some = np.flatnonzero(n)
    said = np.bincount(at, weights=p, minlength=len(n))[some] / n[some]
    hits = np.bincount(at, weights=truth, minlength=len(n))[some]
    shares = hits / n[some]
    low, high = clopper_pearson(hits, n[some])
    return CalibrationCurve(
        bins=tuple(
            Bin(
                low=float(edges[place]),
                high=float(edges[place + 1]),
                n=int(n[place]),
                probability=float(said[i]),
                share=float(shares[i]),
                share_low=float(low[i]),
                share_high=float(high[i]),
            )
            for i, place in enumerate(some.tolist())
        ),
        expected_error=float(n[some] @ np.abs(said - shares)) / len(p),
        brier=float(((p - truth) ** 2).mean()),
        n=len(p),
    )


def _loss(x: Floats, targets: Floats, w: Floats, slope: float, intercept: float) -> float:
    raw = slope * x + intercept
    return float(w @ (np.logaddexp(0.0, raw) - targets * raw))
