"""gap_statistic: whether k groups divide the rows better than they would rows without groups."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headwater.engines.scales import Floats

Inertia = Callable[[Floats, int, np.random.Generator], float]
"""(rows, k, rng) -> sum of squared distances to the means of k groups."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap of one number of groups."""

    k: int
    gap: float | None
    """Mean log inertia of reference rows less that of the rows; None where the inertia is 0."""
    s: float | None
    """Its standard error, with the error of the simulation: sd * sqrt(1 + 1 / B)."""


class Reference:
    """Rows without groups to compare with: uniform in the box along the principal axes.

    Reference (b) of Tibshirani, Walther & Hastie (2001), Estimating the number of clusters in a
    data set via the gap statistic; J. R. Statist. Soc. B 63.
    """

    def __init__(self, X: Floats) -> None:
        self.middle: Floats = X.mean(axis=0)
        centred = X - self.middle
        _, self.axes = np.linalg.eigh(centred.T @ centred)
        along = centred @ self.axes
        self.low: Floats = along.min(axis=0)
        self.high: Floats = along.max(axis=0)

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Return ``n`` rows."""
        along = rng.uniform(self.low, self.high, size=(n, len(self.low)))
        rows: Floats = self.middle + along @ self.axes.T
        return rows


def gap_of(k: int, inertia: float, references: NDArray[np.float64]) -> Gap:
    """Return the gap of ``k`` groups from the inertia of the rows and those of the references."""
    if inertia <= 0 or (references <= 0).any():
        return Gap(k, None, None)
    logs = np.log(references)
    error = float(logs.std()) * math.sqrt(1 + 1 / len(logs))
    return Gap(k, float(logs.mean()) - math.log(inertia), error)


def gap_choice(gaps: list[Gap]) -> int | None:
    """Return the least k whose gap is at least that of k + 1 less its standard error.

    The rule of the paper. None where no k meets it; k without a gap and those whose next is not
    among ``gaps`` cannot.
    """
    by_k = {gap.k: gap for gap in gaps}
    for k in sorted(by_k):
        mine, following = by_k[k].gap, by_k.get(k + 1)
        if mine is None or following is None or following.gap is None or following.s is None:
            continue
        if mine >= following.gap - following.s:
            return k
    return None


def speaks_for_one(gaps: list[Gap]) -> bool:
    """Return whether no number of groups has a gap beyond that of one group by its error.

    Stricter than ``gap_choice``, which stops at one where two groups are no better but five are.
    """
    one = next((gap.gap for gap in gaps if gap.k == 1), None)
    others = [
        gap.gap - gap.s for gap in gaps if gap.k > 1 and gap.gap is not None and gap.s is not None
    ]
    return one is not None and bool(others) and one >= max(others)
