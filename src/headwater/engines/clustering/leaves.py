"""Leaves: the points that a tree is grown from, one for each row or, of many rows, one for some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from sklearn.cluster import KMeans, kmeans_plusplus

from headwater.engines.clustering.groups import describe_groups
from headwater.engines.clustering.sample import sample_rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_ROWS = 5_000
"""Rows that a tree is grown from one by one: 0.6 s and 200 MB on the machine it was chosen on."""
PROTOTYPES = 2_000
"""Points that stand for more rows than those."""
SAMPLE = 30_000
"""Rows that the prototypes are placed by."""
ROUNDS = 20
"""Of k-means, which places them, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaves:
    """Points, and the rows that each stands for."""

    points: Floats
    """(L, d); a row is of the leaf whose point is nearest."""
    means: Floats
    """(L, d) of the rows of each."""
    sizes: Ints
    """(L,) rows of each."""
    inertias: Floats
    """(L,) sums of the rows' squared distances to the mean."""
    radii: Floats
    """(L,) distance of the farthest row to the point."""
    of_row: NDArray[np.int32]
    """(n,) leaf of each row."""
    note: str
    """What a reader should know of them; empty where they are the rows."""


def leaves_of(
    X: Floats,
    random: np.random.RandomState,
    *,
    n_threads: int | None = None,
    told: Callable[[int], None] | None = None,
) -> Leaves:
    """Return the leaves of rows ``X`` (n, d): the rows, the distinct rows, or prototypes.

    Up to ``MAX_ROWS`` rows are leaves themselves. Of more the distinct ones are, where these are
    no more than that. Else k-means on a sample places ``PROTOTYPES``, and all rows go to the
    nearest. ``told`` gets the number of the step that begins.
    """
    n = len(X)
    if n <= MAX_ROWS:
        return _of_points(X, np.ones(n, dtype=np.int64), np.arange(n, dtype=np.int32), "")
    distinct, of_row, sizes = np.unique(X, axis=0, return_inverse=True, return_counts=True)
    if len(distinct) <= MAX_ROWS:
        note = (
            f"The tree is grown from the {len(distinct):,} different rows; equal ones merge first."
        )
        return _of_points(distinct, sizes, of_row.ravel().astype(np.int32), note)
    tell = told or (lambda step: None)
    tell(1)
    rows = np.ascontiguousarray(X[sample_rows(n, SAMPLE, random)])
    start, _ = kmeans_plusplus(rows, PROTOTYPES, random_state=random, n_local_trials=1)
    points = KMeans(PROTOTYPES, init=start, n_init=1, max_iter=ROUNDS).fit(rows).cluster_centers_
    tell(2)
    # One round with all rows: the prototypes go to the middle of those that they stand for.
    of_row, _ = _assign(X, points, n_threads)
    kept, of_row = np.unique(of_row, return_inverse=True)
    points = describe_groups(X, of_row, len(kept)).means
    tell(3)
    of_row, distances = _assign(X, points, n_threads)
    kept, of_row = np.unique(of_row, return_inverse=True)
    groups = describe_groups(X, of_row, len(kept))
    radii = np.zeros(len(kept))
    np.maximum.at(radii, of_row, distances)
    return Leaves(
        points=points[kept],
        means=groups.means,
        sizes=groups.sizes,
        inertias=groups.inertias,
        radii=radii,
        of_row=of_row.astype(np.int32),
        note=(
            f"There are more than {MAX_ROWS:,} rows, so the tree is grown from {len(kept):,} "
            f"points, each of which stands for the rows nearest to it, {n / len(kept):,.0f} in "
            "the mean."
        ),
    )


def _of_points(points: Floats, sizes: Ints, of_row: NDArray[np.int32], note: str) -> Leaves:
    zeros = np.zeros(len(points))
    return Leaves(points, points, sizes, zeros, zeros, of_row, note)


def _assign(X: Floats, points: Floats, n_threads: int | None) -> tuple[Ints, Floats]:
    distances, at = cKDTree(points).query(X, workers=n_threads or -1)
    return at, distances
