"""clopper_pearson, jeffreys: where a share lies that was counted on some rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]


def clopper_pearson(hits: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the exact binomial interval of ``hits`` out of ``n``; 0 to 1 where n is 0.

    Clopper & Pearson (1934): it holds the true share at least as often as ``level`` says.
    """
    hits, n = _counts(hits, n)
    tail = (1 - level) / 2
    misses = n - hits
    # Where there are no hits (no misses) the end is 0 (1) by definition, not by the quantile.
    low = np.where(hits > 0, betaincinv(np.maximum(hits, 1), misses + 1, tail), 0.0)
    high = np.where(misses > 0, betaincinv(hits + 1, np.maximum(misses, 1), 1 - tail), 1.0)
    return low, high


def jeffreys(hits: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the interval of ``hits`` out of ``n`` by Jeffreys' prior; 0 to 1 where n is 0.

    Brown, Cai & DasGupta (2001), with the ends 0 and 1 where nothing or all was hit: it holds the
    true share about as often as ``level`` says, on average over shares.
    """
    hits, n = _counts(hits, n)
    tail = (1 - level) / 2
    low = np.where(hits > 0, betaincinv(hits + 0.5, n - hits + 0.5, tail), 0.0)
    high = np.where(n - hits > 0, betaincinv(hits + 0.5, n - hits + 0.5, 1 - tail), 1.0)
    return low, high


def _counts(hits: Any, n: Any) -> tuple[Floats, Floats]:
    hits, n = np.asarray(hits, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if (hits < 0).any() or (hits > n).any():
        raise ValueError("Hits lie between 0 and the number of rows.")
    return hits, n
