"""KMeans: scikit-learn's k-means, iteration by iteration, in the house's estimator contract."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans as LloydKMeans
from sklearn.cluster import kmeans_plusplus
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import pairwise_distances_argmin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from headwater.engines.progress import Callback, Step

Floats = NDArray[np.float64]


class KMeans(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Divide rows into ``n_clusters`` groups around centres.

    Each restart begins with k-means++ and runs until the centres move by less than ``tol`` (as a
    share of the mean variance) or for ``max_iter`` iterations; the one with the least inertia, the
    sum of squared distances to the nearest centre, is kept. Fewer groups come out where the data
    have fewer distinct rows than ``n_clusters``.

    After ``fit``: ``means_`` (K, d), ``labels_`` (n,), ``n_groups_``, ``weights_`` (K,),
    ``objective_`` (inertia), ``objectives_`` (after each iteration of the best restart),
    ``restart_objectives_``, ``n_iter_``, ``converged_``.
    """

    def __init__(
        self,
        n_clusters: int = 5,
        *,
        n_init: int = 1,
        max_iter: int = 300,
        tol: float = 1e-4,
        random_state: int | np.random.RandomState | None = None,
        n_threads: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.n_threads = n_threads

    def fit(self, X: Any, y: Any = None, *, callback: Callback | None = None) -> Self:
        """Find the centres of ``X`` (n, d); ``callback`` is called after each iteration."""
        X = validate_data(self, X, dtype=np.float64)
        if self.n_clusters > len(X):
            raise ValueError(
                f"{self.n_clusters} groups are asked for and there are {len(X)} rows "
                f"(n_samples={len(X)}); ask for fewer groups or give more rows."
            )
        random = check_random_state(self.random_state)
        best: _Run | None = None
        self.restart_objectives_: list[float] = []
        with threadpool_limits(limits=self.n_threads), warnings.catch_warnings():
            # Fewer distinct rows than groups: the empty groups are left out below.
            warnings.simplefilter("ignore", ConvergenceWarning)
            for restart in range(1, self.n_init + 1):
                run = self._run(X, restart, random, callback)
                self.restart_objectives_.append(run.objectives[-1])
                if best is None or run.objectives[-1] < best.objectives[-1]:
                    best = run
        if best is None:
            raise ValueError(f"n_init was {self.n_init}; it takes a whole number of at least 1.")
        kept, labels, sizes = np.unique(best.labels, return_inverse=True, return_counts=True)
        self.means_: Floats = best.means[kept]
        self.labels_: NDArray[np.int64] = labels.astype(np.int64)
        self.weights_: Floats = sizes / len(X)
        self.n_groups_ = len(kept)
        self.objectives_ = best.objectives
        self.objective_ = best.objectives[-1]
        self.n_iter_ = len(best.objectives)
        self.converged_ = best.converged
        return self

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return the group (n,) of the nearest centre for each row of ``X``."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        labels: NDArray[np.int64] = pairwise_distances_argmin(X, self.means_).astype(np.int64)
        return labels

    def compile(self) -> Callable[[Floats], int]:
        """Return a function that gives the group of one row (d,) in a few microseconds."""
        check_is_fitted(self)
        middle = self.means_.mean(axis=0)
        centres = self.means_ - middle
        halves = (centres**2).sum(axis=1) / 2

        def nearest(row: Floats) -> int:
            return int((halves - centres @ (row - middle)).argmin())

        return nearest

    def _run(
        self,
        X: Floats,
        restart: int,
        random: np.random.RandomState,
        callback: Callback | None,
    ) -> _Run:
        """Run one restart to its end."""
        means, _ = kmeans_plusplus(X, self.n_clusters, random_state=random)
        enough = self.tol * float(X.var(axis=0).mean())
        objectives: list[float] = []
        for iteration in range(1, self.max_iter + 1):
            lloyd = LloydKMeans(self.n_clusters, init=means, n_init=1, max_iter=1, tol=0).fit(X)
            moved = float(((lloyd.cluster_centers_ - means) ** 2).sum())
            means = lloyd.cluster_centers_
            objectives.append(float(lloyd.inertia_))
            if callback is not None:
                callback(
                    Step(
                        phase="search",
                        restart=restart,
                        restarts=self.n_init,
                        iteration=iteration,
                        objective=objectives[-1],
                        n_groups=self.n_clusters,
                    )
                )
            if moved <= enough:
                return _Run(means, lloyd.labels_, objectives, True)
        if not objectives:
            raise ValueError(
                f"max_iter was {self.max_iter}; it takes a whole number of at least 1."
            )
        return _Run(means, lloyd.labels_, objectives, False)


class _Run:
    """What one restart came to."""

    def __init__(
        self, means: Floats, labels: NDArray[Any], objectives: list[float], converged: bool
    ) -> None:
        self.means = means
        self.labels = labels
        self.objectives = objectives
        self.converged = converged
