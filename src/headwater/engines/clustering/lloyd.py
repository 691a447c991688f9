"""Lloyd: one pass of k-means over rows that come in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headwater.engines.clustering.groups import sums_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """What all rows come to when each is given to the nearest centre."""

    sums: Floats
    """(K, d)."""
    counts: Ints
    """(K,)."""
    inertia: float
    """Sum of the squared distances to the nearest centre."""
    far: Floats
    """(at most K, d) rows that lie farthest from their centres, the farthest first."""
    far_groups: Ints
    """Group of each of those."""


def read_rows(chunks: Callable[[], Iterator[Floats]], origin: Floats, means: Floats) -> Pass:
    """Return the pass over the rows (n_c, d) of ``chunks``, with ``origin`` (d,) taken from them.

    ``means`` are (K, d) centres in the same coordinates.
    """
    n_groups, d = means.shape
    sums, counts, inertia = np.zeros((n_groups, d)), np.zeros(n_groups, dtype=np.int64), 0.0
    far, far_groups, far_squares = np.zeros((0, d)), np.zeros(0, dtype=np.int64), np.zeros(0)
    for chunk in chunks():
        X = chunk - origin
        labels = nearest(X, means)
        squares = ((X - means[labels]) ** 2).sum(axis=1)
        sums += sums_of(X, labels, n_groups)
        counts += np.bincount(labels, minlength=n_groups)
        inertia += float(squares.sum())
        if counts.all():
            continue
        # There may be an empty group, which will get the row farthest from its centre.
        last = np.argsort(-squares, kind="stable")[:n_groups]
        far = np.concatenate([far, X[last]])
        far_groups = np.concatenate([far_groups, labels[last]])
        far_squares = np.concatenate([far_squares, squares[last]])
        best = np.argsort(-far_squares, kind="stable")[:n_groups]
        far, far_groups, far_squares = far[best], far_groups[best], far_squares[best]
    apart = far_squares > 0
    return Pass(sums, counts, inertia, far[apart], far_groups[apart])


def nearest(X: Floats, means: Floats) -> Ints:
    """Return the group (n,) of the nearest of ``means`` (K, d) for rows ``X`` (n, d) about zero."""
    # Half of a squared distance, less what is the same for all centres.
    halves = (means**2).sum(axis=1)[:, np.newaxis] / 2
    return np.asarray((halves - means @ X.T).argmin(axis=0))


def next_means(done: Pass) -> Floats:
    """Return the (K, d) centres after a pass: the means of the rows that each was given.

    A centre that was given none goes to the row farthest from its own centre, as in scikit-learn;
    where there is none, to the centre with the most rows.
    """
    sums, counts = done.sums.copy(), done.counts.copy()
    for empty, row, group in zip(
        np.flatnonzero(counts == 0), done.far, done.far_groups, strict=False
    ):
        sums[group] -= row
        counts[group] -= 1
        sums[empty], counts[empty] = row, 1
    means: Floats = sums / np.maximum(counts, 1)[:, np.newaxis]
    means[counts == 0] = means[counts.argmax()]
    return means
