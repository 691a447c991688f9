"""Tree: which groups merge at which height, of points that stand for one row or for many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import pdist, squareform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Method = Literal["ward", "complete", "average", "single"]

TELL_EVERY = 100
"""Merges between two calls of ``told``."""


def grow_tree(
    points: Floats, sizes: Ints, method: Method, *, told: Callable[[int], None] | None = None
) -> Floats:
    """Return SciPy's linkage (L - 1, 4) of ``points`` (L, d) that stand for ``sizes`` (L,) rows.

    The fourth column counts rows. Ward and average linkage weigh each point by its rows, so that
    the tree is that of all rows, had those of a point merged first and lain where it lies. In
    complete and single linkage only distances count. ``told`` gets the number of merges done.
    """
    if method in ("complete", "single") or (sizes == 1).all():
        tree = linkage(pdist(points), method)
    else:
        tree = _chain(points, sizes, method, told)
    return _with_rows(np.asarray(tree), sizes)


def cut_tree(tree: Floats, sizes: Ints, n_groups: int) -> Ints:
    """Return the group (L,) of each point when the tree is cut into ``n_groups``.

    Groups are numbered by their rows, most first, and by their first point where these are equal.
    Points at no distance are never divided, so fewer groups may come out.
    """
    n = len(sizes)
    merged = max(n - n_groups, int((tree[:, 2] <= 0).sum()))
    nodes = np.arange(n, n + merged)
    children = tree[:merged, :2].astype(np.int64)
    edges = coo_array(
        (np.ones(2 * merged), (np.repeat(nodes, 2), children.ravel())), shape=(2 * n - 1,) * 2
    )
    labels = connected_components(edges, directed=False)[1][:n]
    found, first, groups = np.unique(labels, return_index=True, return_inverse=True)
    rows = np.bincount(groups, weights=sizes)
    place = np.empty(len(found), dtype=np.int64)
    place[np.lexsort((first, -rows))] = np.arange(len(found))
    return place[groups]


def _chain(
    points: Floats, sizes: Ints, method: Method, told: Callable[[int], None] | None
) -> Floats:
    """Return the merges by the nearest-neighbour chain, each point weighing as many rows.

    Source: Murtagh (1983), A survey of recent advances in hierarchical clustering algorithms. The
    distances are updated after Lance & Williams (1967), Ward's as squares.
    """
    ward = method == "ward"
    weights = sizes.astype(np.float64)
    D = squareform(pdist(points, "sqeuclidean" if ward else "euclidean"))
    if ward:
        D *= 2 / (1 / weights[:, np.newaxis] + 1 / weights)
    np.fill_diagonal(D, np.inf)
    alive = np.ones(len(points), dtype=np.bool_)
    chain: list[int] = []
    merges = np.empty((len(points) - 1, 3))
    for step in range(len(merges)):
        if told is not None and step % TELL_EVERY == 0:
            told(step)
        if not chain:
            chain.append(int(alive.argmax()))
        while True:
            row = D[chain[-1]]
            nearest = int(row.argmin())
            if len(chain) > 1 and row[chain[-2]] <= row[nearest]:
                break
            chain.append(nearest)
        a, b = chain.pop(), chain.pop()
        merges[step] = a, b, D[a, b]
        wa, wb = weights[a], weights[b]
        if ward:
            joined = (wa + weights) * D[a] + (wb + weights) * D[b] - weights * D[a, b]
            joined /= wa + wb + weights
        else:
            joined = (wa * D[a] + wb * D[b]) / (wa + wb)
        joined[[a, b]] = np.inf
        D[b], D[:, b] = joined, joined
        D[a], D[:, a] = np.inf, np.inf
        weights[b] = wa + wb
        alive[a] = False
    if ward:
        merges[:, 2] = np.sqrt(np.maximum(merges[:, 2], 0))
    return _in_order(merges)


def _in_order(merges: Floats) -> Floats:
    """Return SciPy's linkage of ``merges`` (point, point, height), lowest first."""
    merges = merges[merges[:, 2].argsort(kind="stable")]
    n = len(merges) + 1
    above = np.arange(2 * n - 1)

    def top(node: int) -> int:
        while above[node] != node:
            above[node] = above[above[node]]
            node = int(above[node])
        return node

    tree = np.zeros((n - 1, 4))
    for i, (a, b, height) in enumerate(merges):
        left, right = sorted((top(int(a)), top(int(b))))
        above[left] = above[right] = n + i
        tree[i] = left, right, height, 0
    return tree


def _with_rows(tree: Floats, sizes: Ints) -> Floats:
    """Return ``tree`` with the number of rows below each merge in its fourth column."""
    rows = np.append(sizes.astype(np.float64), np.zeros(len(tree)))
    for i, (left, right) in enumerate(tree[:, :2].astype(np.int64)):
        rows[len(sizes) + i] = rows[left] + rows[right]
    return np.column_stack([tree[:, :3], rows[len(sizes) :]])
