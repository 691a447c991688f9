"""Hierarchical: a tree of merging groups that can be cut into any number of them."""

from __future__ import annotations

import copy
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from headwater.engines.clustering.assigned import AssignsToNearest
from headwater.engines.clustering.groups import sums_of
from headwater.engines.clustering.leaves import leaves_of
from headwater.engines.clustering.nearest import Nearest, of_single, reaches
from headwater.engines.clustering.tree import Method, cut_tree, grow_tree
from headwater.engines.progress import Callback, Step

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
METHODS = ("ward", "complete", "average", "single")


class Hierarchical(AssignsToNearest, ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Merge the two nearest groups again and again, and cut where ``n_clusters`` are left.

    ``linkage`` says how far two groups are apart: “ward” by how much their merging would add to
    the squared distances from the centres, “complete” by their farthest rows, “average” by the
    mean over all pairs of rows, “single” by their nearest rows. Up to 5,000 rows the tree is that
    of SciPy; of more it is grown from points that stand for several rows each (see ``leaves_of``),
    and ``notes_`` says so. Equal rows are never divided.

    A new row joins the group of the nearest row that was learned from, or of the nearest point
    where points stand for rows. It lies outside (-1) where it is farther from it than any row of
    that group is from the nearest other one of it, or from its own point. A group of a single row
    reaches as far as the widest group. So each row learned from is in its own group.

    After ``fit``: ``linkage_`` (L - 1, 4), as SciPy's, where the last column counts rows;
    ``labels_`` (n,), the largest group first; ``means_`` (K, d), ``weights_`` (K,), ``n_groups_``,
    ``objective_`` (inertia), ``notes_``; ``leaf_sizes_`` (L,) and ``leaf_of_row_`` (n,), the rows
    that each leaf of the tree stands for.
    """

    def __init__(
        self,
        n_clusters: int = 4,
        *,
        linkage: Method = "ward",
        random_state: int | np.random.RandomState | None = 0,
        n_threads: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.linkage = linkage
        self.random_state = random_state
        self.n_threads = n_threads

    def fit(self, X: Any, y: Any = None, *, callback: Callback | None = None) -> Self:
        """Grow the tree of ``X`` (n, d) and cut it; ``callback`` is called as it grows."""
        X = validate_data(self, X, dtype=np.float64)
        if self.linkage not in METHODS:
            raise ValueError(
                f"linkage was {self.linkage!r}; it takes one of "
                f"{', '.join(f'“{method}”' for method in METHODS)}."
            )
        if len(X) < 2:
            raise ValueError("A tree needs at least 2 rows, and there is only 1 sample.")
        self._check_groups(self.n_clusters, len(X))

        def told(step: int) -> None:
            if callback is not None:
                callback(Step("search", 1, 1, step, float("nan"), self.n_clusters))

        told(0)
        with threadpool_limits(limits=self.n_threads):
            random = check_random_state(self.random_state)
            leaves = leaves_of(X, random, n_threads=self.n_threads, told=told)
            self.linkage_ = grow_tree(
                leaves.means, leaves.sizes, self.linkage, told=lambda merges: told(4 + merges)
            )
        self.leaf_points_ = leaves.points
        self.leaf_means_ = leaves.means
        self.leaf_sizes_ = leaves.sizes
        self.leaf_inertias_ = leaves.inertias
        self.leaf_radii_ = leaves.radii
        self.leaf_of_row_ = leaves.of_row
        self.leaf_note_ = leaves.note
        self._cut(self.n_clusters)
        return self

    def cut(self, n_clusters: int) -> Ints:
        """Return the group (n,) of each row learned from when the tree is cut into so many.

        The largest group is 0. Nothing is learned anew.
        """
        return self._leaf_groups(n_clusters)[self.leaf_of_row_]

    def with_cut(self, n_clusters: int) -> Self:
        """Return a fitted estimator with the same tree, cut into ``n_clusters``."""
        check_is_fitted(self)
        other = copy.copy(self)
        other.n_clusters = n_clusters
        other._cut(n_clusters)
        return other

    def _nearest(self) -> Nearest:
        return Nearest(self.leaf_points_, self.leaf_groups_, self.reach_)

    def _check_groups(self, n_clusters: int, n: int) -> None:
        if n_clusters < 1:
            raise ValueError(f"{n_clusters} groups are asked for; ask for 1 or more.")
        if n_clusters > n:
            raise ValueError(
                f"{n_clusters} groups are asked for and there are {n} rows (n_samples={n}); ask "
                "for fewer groups or give more rows."
            )

    def _leaf_groups(self, n_clusters: int) -> Ints:
        check_is_fitted(self)
        self._check_groups(n_clusters, len(self.leaf_of_row_))
        if n_clusters > len(self.leaf_sizes_) and not self.leaf_radii_.any():
            n_clusters = len(self.leaf_sizes_)  # the others are equal rows
        if n_clusters > len(self.leaf_sizes_):
            raise ValueError(
                f"{n_clusters} groups are asked for, and the tree has {len(self.leaf_sizes_):,} "
                "leaves; ask for fewer groups."
            )
        return cut_tree(self.linkage_, self.leaf_sizes_, n_clusters)

    def _cut(self, n_clusters: int) -> None:
        """Set what follows from the tree and the number of groups."""
        groups = self._leaf_groups(n_clusters)
        n_groups, n = int(groups.max()) + 1, len(self.leaf_of_row_)
        sizes = np.bincount(groups, weights=self.leaf_sizes_)
        origin = self.leaf_means_[0]
        away = (self.leaf_means_ - origin) * self.leaf_sizes_[:, np.newaxis]
        self.means_: Floats = origin + sums_of(away, groups, n_groups) / sizes[:, np.newaxis]
        squares = ((self.leaf_means_ - self.means_[groups]) ** 2).sum(axis=1)
        self.leaf_groups_ = groups
        self.labels_: Ints = groups[self.leaf_of_row_]
        self.n_groups_ = n_groups
        self.weights_: Floats = sizes / n
        self.reach_ = self._reaches(groups, n_groups)
        self.objective_ = float((self.leaf_inertias_ + self.leaf_sizes_ * squares).sum())
        self.objectives_ = [self.objective_]
        self.restart_objectives_ = [self.objective_]
        self.converged_ = True
        self.notes_ = [self.leaf_note_] if self.leaf_note_ else []
        if n_groups < n_clusters:
            self.notes_.append(
                f"There are only {n_groups} different rows, so there are {n_groups} groups and "
                f"not {n_clusters}."
            )

    def _reaches(self, groups: Ints, n_groups: int) -> Floats:
        if not self.leaf_radii_.any():
            return reaches(self.leaf_points_, groups, n_groups)
        found = np.zeros(n_groups)
        np.maximum.at(found, groups, self.leaf_radii_)
        return of_single(found, self.leaf_points_)
