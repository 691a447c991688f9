"""Groups: centres, sizes and spread of groups of rows, some of which are in none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """What the rows of each group come to."""

    means: Floats
    """(K, d)."""
    sizes: Ints
    """(K,)."""
    inertias: Floats
    """(K,) sums of squared distances to the means."""


def sums_of(X: Floats, labels: Ints, n_groups: int) -> Floats:
    """Return (K, d) sums of the rows ``X`` (n, d) of each group; -1 is in none."""
    rows = np.flatnonzero(labels >= 0)
    chosen = csr_array((np.ones(len(rows)), (labels[rows], rows)), shape=(n_groups, len(X)))
    return np.asarray(chosen @ X)


def describe_groups(X: Floats, labels: Ints, n_groups: int) -> Groups:
    """Return the groups 0 to ``n_groups`` - 1 of rows ``X`` (n, d); each has a row at least."""
    sizes = np.bincount(labels[labels >= 0], minlength=n_groups)
    # Differences from one row keep the digits of data far from zero.
    origin = X[0] if len(X) else np.zeros(X.shape[1])
    means = origin + sums_of(X - origin, labels, n_groups) / sizes[:, np.newaxis]
    inside = labels >= 0
    squares = ((X[inside] - means[labels[inside]]) ** 2).sum(axis=1)
    inertias: Floats = np.bincount(labels[inside], weights=squares, minlength=n_groups).astype(
        np.float64
    )
    return Groups(means, sizes, inertias)
