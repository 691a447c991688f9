"""Scales of one column: the signed log and its inverse, centre and spread without overflow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def signed_log(x: Floats) -> Floats:
    """Return sign(x) log(1 + |x|): a log scale that takes zero and negative numbers too."""
    logs: Floats = np.sign(x) * np.log1p(np.abs(x))
    return logs


def signed_exp(z: Floats) -> Floats:
    """Return the numbers whose ``signed_log`` is ``z``."""
    with np.errstate(over="ignore"):
        numbers: Floats = np.sign(z) * np.expm1(np.abs(z))
    return numbers


def mean_and_spread(x: Floats) -> tuple[float, float]:
    """Return the mean and standard deviation of finite ``x``; exactly 0 where all are equal.

    Works on differences from the middle of the range, so a small spread far from zero keeps its
    digits and numbers near the greatest float do not overflow.
    """
    low, high = float(x.min()), float(x.max())
    if low == high:
        return low, 0.0
    middle = low / 2 + high / 2
    largest = max(high - middle, middle - low)
    shares = (x - middle) / largest
    mean = float(shares.mean())
    return middle + largest * mean, largest * float(np.sqrt(np.mean((shares - mean) ** 2)))


def median(x: Floats) -> float:
    """Return the median of finite ``x``."""
    return 2 * float(np.median(x / 2))


def quartile_distance(x: Floats) -> float:
    """Return the distance between the first and the third quartile of finite ``x``."""
    low, high = np.quantile(x / 2, (0.25, 0.75))
    return 2 * float(high - low)
