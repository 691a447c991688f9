"""Data that the tests of the mixture fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

KNOWN = {200: -951.58, 800: -3141.69, 2000: -7477.83, 20_000: -71911.28}
"""Best known lower bounds of ``usage``, by number of rows."""


def usage(n: int) -> Array:
    """Return the usage data (n, 2): four groups, two of which cross at the same centre."""
    rng = np.random.RandomState(123456)
    groups = (
        ([20, 20], [[2, 0], [0, 0.1]]),
        ([20, 20], [[0.1, 0], [0, 2]]),
        ([25, 25], [[2, -1.5], [-1.5, 2]]),
        ([16, 16], [[0.5, 0], [0, 0.5]]),
    )
    return np.concatenate([rng.multivariate_normal(m, C, n // 4) for m, C in groups])


def blobs(n: int, D: int = 2, K: int = 3, *, seed: int = 0, apart: float = 8.0) -> Array:
    """Return ``n`` rows (n, D) in ``K`` groups of unit spread, in random order."""
    rng = np.random.default_rng(seed)
    centres = apart * np.arange(K)[:, None] * np.where(np.arange(D) % 2, -1.0, 1.0)
    return np.asarray(rng.normal(size=(n, D)) + centres[rng.permutation(np.arange(n) % K)])


def soft(n: int, K: int, *, seed: int = 0) -> Array:
    """Return random responsibilities (n, K)."""
    return np.random.default_rng(seed).dirichlet(np.ones(K), size=n)


def hard(n: int, K: int, *, seed: int = 0) -> Array:
    """Return random responsibilities (n, K) of zeros and ones."""
    return np.eye(K)[np.random.default_rng(seed).integers(K, size=n)]


def heavy(n: int, D: int = 2, K: int = 2, *, tail: float = 3.0, seed: int = 0) -> Array:
    """Return ``n`` rows (n, D) in ``K`` groups with Student-t tails, one group after the other."""
    rng = np.random.default_rng(seed)
    factor = np.sqrt(rng.chisquare(tail, size=(n, 1)) / tail)
    centres = 12.0 * np.arange(K)[:, None] * np.where(np.arange(D) % 2, -1.0, 1.0)
    return np.asarray(rng.normal(size=(n, D)) / factor + centres[np.sort(np.arange(n) % K)])


def with_outliers(n: int, seed: int, *, share: float = 0.05, wide: float = 10.0) -> Array:
    """Return the usage data and after them ``share * n`` rows, uniform over a box ``wide`` times
    as wide as the data."""
    X = usage(n)
    low, high = X.min(axis=0), X.max(axis=0)
    centre, reach = (low + high) / 2, wide * (high - low) / 2
    far = np.random.default_rng(seed).uniform(-1, 1, size=(round(share * n), 2))
    return np.concatenate([X, centre + reach * far])


def usage_groups(n: int) -> NDArray[np.intp]:
    """Return the group (n,) that each row of ``usage`` was drawn from."""
    return np.repeat(np.arange(4), n // 4)
