"""DBSCAN: groups of any shape where rows lie dense, and rows that are in none."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import validate_data
from threadpoolctl import threadpool_limits

from headwater.engines.clustering.assigned import GroupsAndRest
from headwater.engines.clustering.nearest import Nearest
from headwater.engines.clustering.neighbourhood import dense_groups
from headwater.engines.clustering.sample import sample_rows
from headwater.engines.progress import Callback, Step

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_ROWS = 50_000
"""Rows that are learned from; of more, so many that are drawn."""


class DBSCAN(GroupsAndRest, ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Find groups of rows that have ``min_samples`` rows within the distance ``eps``.

    The groups are scikit-learn's, and in its order. Of more than 50,000 rows so many are drawn
    and learned from; the others are assigned by the rule, and ``notes_`` says so.

    A new row joins the group of the nearest core row (one that has enough neighbours) if that is
    within ``eps``; else it lies outside (-1). Core rows and rows in no group are assigned as they
    were learned. A row at the border of two groups may be learned as of the one that was found
    first, and assigned to the one that is nearer.

    After ``fit``: ``labels_`` (n,), -1 for rows in no group; ``means_`` (K, d), ``weights_`` (K,),
    ``n_groups_``, ``objective_`` (share of the rows that are in a group), ``notes_``,
    ``core_points_`` (C, d) and ``core_groups_`` (C,).
    """

    def __init__(
        self,
        eps: float = 0.5,
        *,
        min_samples: int = 5,
        random_state: int | np.random.RandomState | None = 0,
        n_threads: int | None = None,
    ) -> None:
        self.eps = eps
        self.min_samples = min_samples
        self.random_state = random_state
        self.n_threads = n_threads

    def fit(self, X: Any, y: Any = None, *, callback: Callback | None = None) -> Self:
        """Find the groups of ``X`` (n, d); ``callback`` is called for each part of the rows."""
        X = validate_data(self, X, dtype=np.float64)
        if not 0 < self.eps < math.inf:
            raise ValueError(f"eps was {self.eps:g}; it takes a number above 0.")
        if self.min_samples < 1:
            raise ValueError(f"min_samples was {self.min_samples}; it takes 1 or more.")
        n = len(X)
        rows = sample_rows(n, MAX_ROWS, check_random_state(self.random_state))

        def told(part: int) -> None:
            if callback is not None:
                callback(Step("search", 1, 1, part, math.nan, 0))

        learned = X if len(rows) == n else X[rows]
        with threadpool_limits(limits=self.n_threads):
            dense = dense_groups(
                learned, self.eps, self.min_samples, n_threads=self.n_threads, told=told
            )
        self.core_points_: Floats = np.ascontiguousarray(learned[dense.core])
        self.core_groups_: Ints = dense.labels[dense.core]
        self.n_groups_ = dense.n_groups
        self.labels_: Ints = dense.labels
        self.notes_: list[str] = []
        if len(rows) < n:
            self.labels_ = self._nearest().predict(X, n_threads=self.n_threads)
            self.labels_[rows] = dense.labels
            self.notes_.append(
                f"The groups were found in {len(rows):,} of {n:,} rows, drawn at random, and the "
                "distance and the number of neighbours were judged among these; the other rows "
                "were assigned to the group of the nearest core row within the distance."
            )
        if not self.n_groups_:
            self.notes_.append(
                f"No row has {self.min_samples} rows within {self.eps:g}, itself counted, so "
                "there is no group. A greater distance or fewer rows would make some."
            )
        self._keep_groups(X)
        return self

    def _nearest(self) -> Nearest:
        reach = np.full(self.n_groups_, float(self.eps))
        return Nearest(self.core_points_, self.core_groups_, reach)
