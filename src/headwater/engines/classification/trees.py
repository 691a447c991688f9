"""Trees: decision trees as flat arrays, which can be kept and read without scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int32]

FEW_ROWS = 50
"""Rows up to which the answers of all trees are added up at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """One tree: node 0 is its root, and each child comes after its parent."""

    feature: NDArray[Any]
    """(m,) the column that a node asks about."""
    threshold: Floats
    """(m,) a row whose number is at most this goes left."""
    left: NDArray[Any]
    right: NDArray[Any]
    """(m,) the children of a node; below 0 or 0 where it is a leaf."""
    value: Floats
    """(m, k) what the leaf answers."""


class Trees:
    """Many trees one after the other: ``roots``, then per node ``feature``, ``threshold``, ``left``
    and ``right``, then per leaf ``values`` (leaves, k).

    A leaf has -1 as ``left`` and the number of its answer as ``right``.
    """

    roots: Indices
    feature: Indices
    threshold: Floats
    left: Indices
    right: Indices
    values: Floats

    def __init__(self, trees: Sequence[Tree]) -> None:
        sizes = [len(tree.feature) for tree in trees]
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        leaf = np.concatenate([tree.left <= 0 for tree in trees])
        shift = np.repeat(starts, sizes)
        left = np.concatenate([tree.left for tree in trees]) + shift
        right = np.concatenate([tree.right for tree in trees]) + shift
        left[leaf] = -1
        right[leaf] = np.arange(leaf.sum())
        feature = np.concatenate([tree.feature for tree in trees])
        threshold = np.concatenate([tree.threshold for tree in trees])
        self.roots = starts.astype(np.int32)
        self.feature = np.where(leaf, 0, feature).astype(np.int32)
        self.threshold = np.where(leaf, 0.0, threshold)
        self.left, self.right = left.astype(np.int32), right.astype(np.int32)
        self.values = np.concatenate([tree.value for tree in trees])[leaf]
        self._check()

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._check()

    def leaves(self, X: NDArray[Any]) -> NDArray[np.int64]:
        """Return the number (n, trees) of the answer that each tree has for each row of ``X``."""
        n, n_trees = len(X), len(self.roots)
        node = np.tile(self.roots, n)
        going = np.flatnonzero(self.left[node] >= 0)
        while len(going):
            at = node[going]
            goes_left = X[going // n_trees, self.feature[at]] <= self.threshold[at]
            after = np.where(goes_left, self.left[at], self.right[at])
            node[going] = after
            going = going[self.left[after] >= 0]
        return self.right[node].reshape(n, n_trees).astype(np.int64)

    def total(self, X: NDArray[Any], *, columns: int = 1) -> Floats:
        """Return the sums (n, columns * k) of the answers for each row of ``X`` (n, d).

        With ``columns`` the trees take turns: the first adds to the first column, and so on.
        """
        leaves, k = self.leaves(X), self.values.shape[1]
        if len(X) <= FEW_ROWS:  # a turn for each tree would take longer than the trees
            turns = self.values[leaves].reshape(len(X), -1, columns * k)
            return np.asarray(turns.sum(axis=1))
        sums = np.zeros((len(X), columns * k))
        for tree in range(len(self.roots)):
            start = tree % columns * k
            sums[:, start : start + k] += self.values[leaves[:, tree]]
        return sums

    def _check(self) -> None:
        """Raise ValueError unless every walk from a root ends at a leaf."""
        m, places = len(self.left), np.arange(len(self.left))
        inner = self.left >= 0
        shapes = {len(self.feature), len(self.threshold), len(self.right), m}
        within = (
            len(shapes) == 1
            and self.values.ndim == 2
            and bool(((self.roots >= 0) & (self.roots < m)).all())
            and bool((self.feature >= 0).all())
        )
        if within:
            for child in (self.left[inner], self.right[inner]):
                within = within and bool(((child > places[inner]) & (child < m)).all())
            answers = self.right[~inner]
            within = within and bool(((answers >= 0) & (answers < len(self.values))).all())
        if not within:
            raise ValueError("The arrays are no decision trees: a walk would not end at a leaf.")
