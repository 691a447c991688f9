"""threshold_table: what is right and wrong at each threshold, for a slider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEPS = 100
"""Steps of a slider from 0 to 1."""
MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """Rows by what they are and what they count as, from one probability on."""

    threshold: float
    tn: int
    fp: int
    fn: int
    tp: int


def threshold_table(
    probabilities: NDArray[Any], y: NDArray[Any], *, steps: int = STEPS
) -> tuple[AtThreshold, ...]:
    """Return the exact counts at 0, 1 / steps, ..., 1: a row counts from the threshold on.

    ``probabilities`` (n,) are of the class, ``y`` (n,) says whether a row is of it.

    >>> threshold_table(np.array([0.2, 0.5, 0.9]), np.array([0, 1, 1]), steps=2)[1]
    AtThreshold(threshold=0.5, tn=1, fp=0, fn=0, tp=2)
    """
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"“steps” was {steps}; it takes a whole number from 1 to {MOST_STEPS}.")
    p, truth = np.asarray(probabilities, dtype=np.float64), np.asarray(y).astype(np.bool_)
    thresholds = np.arange(steps + 1) / steps
    fn = np.searchsorted(np.sort(p[truth]), thresholds, side="left")
    tn = np.searchsorted(np.sort(p[~truth]), thresholds, side="left")
    n_of, n_other = int(truth.sum()), int((~truth).sum())
    return tuple(
        AtThreshold(threshold, below_other, n_other - below_other, below_of, n_of - below_of)
        for threshold, below_other, below_of in zip(
            thresholds.tolist(), tn.tolist(), fn.tolist(), strict=True
        )
    )


def as_json(table: tuple[AtThreshold, ...]) -> list[list[float]]:
    """Return [threshold, tn, fp, fn, tp] of each step."""
    return [[each.threshold, each.tn, each.fp, each.fn, each.tp] for each in table]
