"""Survival: how long things last, where some have not ended yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_CLOSE = 1e-9
"""Survival is a product of many shares; a quantile does not hang on its last digits."""


def kaplan_meier(
    durations: Floats, ended: NDArray[np.int64], ongoing: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return the durations at which something ended, in order, and the share that outlasts each.

    ``ended`` and ``ongoing`` count the cases of each duration: those that ended after it, and those
    that had not by then (Kaplan and Meier 1958). All three have the shape (n,).
    """
    times, place = np.unique(durations, return_inverse=True)
    ends = np.bincount(place, weights=ended, minlength=len(times))
    all_cases = ends + np.bincount(place, weights=ongoing, minlength=len(times))
    at_risk = np.cumsum(all_cases[::-1])[::-1]
    had = ends > 0
    survival = np.cumprod(1.0 - ends[had] / at_risk[had]).astype(np.float64)
    return times[had].astype(np.float64), survival


def quantiles(times: Floats, survival: Floats, shares: Sequence[float]) -> list[float | None]:
    """Return for each share the first time by which so many have ended; None where too few have."""
    found: list[float | None] = []
    for share in shares:
        passed = np.flatnonzero(survival <= 1.0 - share + _CLOSE)
        found.append(float(times[passed[0]]) if len(passed) else None)
    return found
