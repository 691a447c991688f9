"""Neighbourhoods: which rows of a radius are dense, and which dense rows hang together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.neighbors import NearestNeighbors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PAIRS = 5_000_000
"""Pairs of neighbours that are held at a time, at most (but those of one row at least)."""


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """The groups of dense rows, and of those at their borders."""

    labels: Ints
    """(n,) group of each row, -1 for those in none; numbered by their first dense row."""
    core: NDArray[np.bool_]
    """(n,) rows with enough neighbours."""
    n_groups: int


def dense_groups(
    X: Floats,
    radius: float,
    least: int,
    *,
    n_threads: int | None = None,
    told: Callable[[int], None] | None = None,
) -> Dense:
    """Return the groups of rows ``X`` (n, d) that DBSCAN finds (Ester et al. 1996).

    A row with at least ``least`` rows within ``radius``, itself counted, is dense; dense rows
    within the radius of each other are of one group, and so are other rows within it, of the
    first group where there are several. Pairs of neighbours are never all held at once, so memory
    grows with the rows only. ``told`` gets the number of the part that begins.
    """
    n = len(X)
    near = NearestNeighbors(radius=radius, n_jobs=n_threads).fit(X)
    width = max(1, min(n, PAIRS // n))
    tell = told or (lambda part: None)
    n_parts = -(-n // width)
    core = np.zeros(n, dtype=np.bool_)
    for part, (start, neighbours) in enumerate(_parts(near, X, width)):
        tell(part)
        counts = np.array([len(found) for found in neighbours])
        core[start : start + len(counts)] = counts >= least
    group = np.arange(n)
    border_rows, border_cores = [], []
    for part, (start, neighbours) in enumerate(_parts(near, X, width)):
        tell(n_parts + part)
        rows = np.repeat(np.arange(start, start + len(neighbours)), [len(f) for f in neighbours])
        others = np.concatenate(neighbours)
        rows, others = rows[core[others]], others[core[others]]
        border_rows.append(rows[~core[rows]])
        border_cores.append(others[~core[rows]])
        group = _joined(group, rows[core[rows]], others[core[rows]])
    labels = np.full(n, -1, dtype=np.int64)
    found, first, index = np.unique(group[core], return_index=True, return_inverse=True)
    place = np.empty(len(found), dtype=np.int64)
    place[first.argsort()] = np.arange(len(found))
    labels[core] = place[index]
    # A row that is not dense has few neighbours, so these lists are short.
    rows, cores = np.concatenate(border_rows), np.concatenate(border_cores)
    at_border = np.full(n, len(found))
    np.minimum.at(at_border, rows, labels[cores])
    labels[rows] = at_border[rows]
    return Dense(labels, core, len(found))


def _parts(
    near: NearestNeighbors, X: Floats, width: int
) -> Iterator[tuple[int, NDArray[np.object_]]]:
    """Yield for ``width`` rows at a time the first of them, and the neighbours of each."""
    for start in range(0, len(X), width):
        yield start, near.radius_neighbors(X[start : start + width], return_distance=False)


def _joined(group: Ints, a: Ints, b: Ints) -> Ints:
    """Return the group (n,) of each row after the rows ``a`` were joined with the rows ``b``."""
    left, right = group[a], group[b]
    different = left != right
    if not different.any():
        return group
    n = len(group)
    pairs = np.unique(left[different] * n + right[different])
    edges = coo_array((np.ones(len(pairs)), (pairs // n, pairs % n)), shape=(n, n))
    joined: Ints = connected_components(edges, directed=False)[1].astype(np.int64)[group]
    return joined
