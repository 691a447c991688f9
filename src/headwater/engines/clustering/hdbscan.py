"""HDBSCAN: groups of any shape and of different density, and rows that are in none."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn import cluster
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import validate_data
from threadpoolctl import threadpool_limits

from headwater.engines.clustering.assigned import GroupsAndRest
from headwater.engines.clustering.nearest import Nearest, reaches
from headwater.engines.clustering.sample import sample_rows
from headwater.engines.progress import Callback, Step

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_ROWS = 20_000
"""Rows that are learned from, since time grows with their square; of more, so many are drawn."""


class HDBSCAN(GroupsAndRest, ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Find groups of at least ``min_cluster_size`` rows that stay together at many densities.

    The groups are scikit-learn's, and in its order. ``min_samples`` is how many rows, itself
    counted, a row's density is measured by; None: as many as ``min_cluster_size``. Of more than
    20,000 rows so many are drawn and learned from; the others are assigned by the rule, and
    ``notes_`` says so.

    A new row goes with the nearest row that was learned from: into its group, or into none where
    that is in none. It lies outside (-1) too where it is farther from it than any row of that
    group is from the nearest other one of it. So each row learned from is in its own group.

    After ``fit``: ``labels_`` (n,), -1 for rows in no group; ``means_`` (K, d), ``weights_`` (K,),
    ``n_groups_``, ``objective_`` (share of the rows that are in a group), ``notes_``, ``points_``
    (m, d), the rows learned from, and ``point_groups_`` (m,).
    """

    def __init__(
        self,
        min_cluster_size: int = 5,
        *,
        min_samples: int | None = None,
        random_state: int | np.random.RandomState | None = 0,
        n_threads: int | None = None,
    ) -> None:
        self.min_cluster_size = min_cluster_size
        self.min_samples = min_samples
        self.random_state = random_state
        self.n_threads = n_threads

    def fit(self, X: Any, y: Any = None, *, callback: Callback | None = None) -> Self:
        """Find the groups of ``X`` (n, d); ``callback`` is called before and after."""
        X = validate_data(self, X, dtype=np.float64)
        n = len(X)
        self._check(n)
        rows = sample_rows(n, MAX_ROWS, check_random_state(self.random_state))

        def told(part: int) -> None:
            if callback is not None:
                callback(Step("search", 1, 1, part, math.nan, 0))

        learned = np.ascontiguousarray(X if len(rows) == n else X[rows])
        told(0)
        with threadpool_limits(limits=self.n_threads):
            found = cluster.HDBSCAN(
                min_cluster_size=self.min_cluster_size,
                min_samples=self.min_samples,
                n_jobs=self.n_threads,
                copy=True,
            ).fit(learned)
        told(1)
        self.points_: Floats = learned
        self.point_groups_: Ints = found.labels_.astype(np.int64)
        self.n_groups_ = int(self.point_groups_.max()) + 1
        self.reach_ = reaches(learned, self.point_groups_, self.n_groups_)
        self.labels_: Ints = self.point_groups_
        self.notes_: list[str] = []
        if len(rows) < n:
            self.labels_ = self._nearest().predict(X, n_threads=self.n_threads)
            self.notes_.append(
                f"The groups were found in {len(rows):,} of {n:,} rows, drawn at random; the "
                "others were assigned like the nearest of these."
            )
        if not self.n_groups_:
            self.notes_.append(
                f"No {self.min_cluster_size} rows stay together and apart from the others, so "
                "there is no group. A smaller least size may find some."
            )
        self._keep_groups(X)
        return self

    def _nearest(self) -> Nearest:
        return Nearest(self.points_, self.point_groups_, self.reach_)

    def _check(self, n: int) -> None:
        if self.min_cluster_size < 2:
            raise ValueError(f"min_cluster_size was {self.min_cluster_size}; it takes 2 or more.")
        if self.min_samples is not None and self.min_samples < 1:
            raise ValueError(f"min_samples was {self.min_samples}; it takes 1 or more, or nothing.")
        needed = max(2, self.min_samples or self.min_cluster_size)
        if n < needed:
            raise ValueError(
                f"The density of a row is measured by {needed} rows and there are {n} "
                f"(n_samples={n}); ask for smaller groups or give more rows."
            )
