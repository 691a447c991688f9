"""KMeans: scikit-learn's k-means, iteration by iteration, in the house's estimator contract."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans as LloydKMeans
from sklearn.cluster import kmeans_plusplus
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import pairwise_distances_argmin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from headwater.engines.clustering.lloyd import nearest, next_means, read_rows
from headwater.engines.clustering.sample import sample_rows
from headwater.engines.mixture.coordinates import moments, rechunk
from headwater.engines.mixture.data import check_finite, checked_blocks
from headwater.engines.progress import Callback, Step

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

START_ROWS = 100_000
"""Rows that a restart's first centres are drawn from; of more, so many that are drawn."""
FEW_ROWS = 10_000
"""Rows up to which a plain pass is quicker than to call scikit-learn for each iteration."""


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """What one restart came to."""

    means: Floats
    sizes: Ints
    """(n_clusters,) rows of each."""
    objectives: list[float]
    converged: bool
    labels: NDArray[Any] | None
    """(n,) None where the rows came in blocks."""


class KMeans(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Divide rows into ``n_clusters`` groups around centres.

    Each restart begins with k-means++ and runs until the centres move by less than ``tol`` (as a
    share of the mean variance) or for ``max_iter`` iterations; the one with the least inertia, the
    sum of squared distances to the nearest centre, is kept. Fewer groups come out where the data
    have fewer distinct rows than ``n_clusters``. Up to 100,000 rows the first centres are those
    that scikit-learn draws from the same seed; of more they are drawn from so many.

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
            raise ValueError(_too_few(self.n_clusters, len(X)))
        random = check_random_state(self.random_state)
        start = X[sample_rows(len(X), START_ROWS, random)] if len(X) > START_ROWS else X
        enough = self.tol * float(X.var(axis=0).mean())
        origin = X.mean(axis=0)

        def run(means: Floats, told: Callable[[list[float]], None]) -> _Run:
            if len(X) > FEW_ROWS:
                return self._run(X, means, enough, told)
            one = self._run_blocks(lambda: iter([X]), origin, means, enough, told)
            return replace(one, labels=nearest(X - origin, one.means - origin))

        best = self._best(start, random, run, callback)
        labels = np.cumsum(best.sizes > 0)[best.labels] - 1
        self.labels_: Ints = labels.astype(np.int64)
        return self

    def fit_blocks(self, blocks: Iterable[ArrayLike], *, callback: Callback | None = None) -> Self:
        """Find the centres of the rows of ``blocks``, arrays (n_b, d) that can be read again.

        The result is that of ``fit`` on all rows together, but for rounding; ``labels_`` is not
        made (call ``predict`` per block). Nothing of the size of the data is kept.
        """
        if iter(blocks) is blocks:
            raise ValueError(
                "fit_blocks reads the blocks more than once, and this iterator can be read only "
                "once: pass a list, or an object whose __iter__ starts anew."
            )

        def chunks() -> Iterator[Floats]:
            return rechunk(checked_blocks(blocks))

        seen = moments(chunks(), check_finite)
        if seen.n < max(self.n_clusters, 1):
            raise ValueError(_too_few(self.n_clusters, seen.n))
        random = check_random_state(self.random_state)
        start = _rows_at(chunks(), sample_rows(seen.n, START_ROWS, random))
        enough = self.tol * float(np.diag(seen.covariance).mean())

        def run(means: Floats, told: Callable[[list[float]], None]) -> _Run:
            return self._run_blocks(chunks, seen.mean, means, enough, told)

        self._best(start, random, run, callback)
        self.n_features_in_ = len(seen.mean)
        if hasattr(self, "labels_"):
            del self.labels_
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

    def _best(
        self,
        start: Floats,
        random: np.random.RandomState,
        run: Callable[[Floats, Callable[[list[float]], None]], _Run],
        callback: Callback | None,
    ) -> _Run:
        """Return the best of all restarts, and set the fitted attributes from it."""
        if self.n_init < 1:
            raise ValueError(f"n_init was {self.n_init}; it takes a whole number of at least 1.")
        if self.max_iter < 1:
            raise ValueError(
                f"max_iter was {self.max_iter}; it takes a whole number of at least 1."
            )
        runs: list[_Run] = []

        def told(objectives: list[float]) -> None:
            if callback is not None:
                callback(
                    Step(
                        phase="search",
                        restart=len(runs) + 1,
                        restarts=self.n_init,
                        iteration=len(objectives),
                        objective=objectives[-1],
                        n_groups=self.n_clusters,
                    )
                )

        with threadpool_limits(limits=self.n_threads), warnings.catch_warnings():
            # Fewer distinct rows than groups: the empty groups are left out below.
            warnings.simplefilter("ignore", ConvergenceWarning)
            for _ in range(self.n_init):
                means, _ = kmeans_plusplus(start, self.n_clusters, random_state=random)
                runs.append(run(means, told))
        best = min(runs, key=lambda one: one.objectives[-1])
        kept = best.sizes > 0
        self.restart_objectives_ = [one.objectives[-1] for one in runs]
        self.means_: Floats = best.means[kept]
        self.weights_: Floats = best.sizes[kept] / best.sizes.sum()
        self.n_groups_ = int(kept.sum())
        self.objectives_ = best.objectives
        self.objective_ = best.objectives[-1]
        self.n_iter_ = len(best.objectives)
        self.converged_ = best.converged
        return best

    def _run(
        self, X: Floats, means: Floats, enough: float, told: Callable[[list[float]], None]
    ) -> _Run:
        """Return what ``means`` come to on the rows ``X``."""
        objectives: list[float] = []
        moved = np.inf
        while moved > enough and len(objectives) < self.max_iter:
            lloyd = LloydKMeans(self.n_clusters, init=means, n_init=1, max_iter=1, tol=0).fit(X)
            moved = float(((lloyd.cluster_centers_ - means) ** 2).sum())
            means = lloyd.cluster_centers_
            objectives.append(float(lloyd.inertia_))
            told(objectives)
        sizes = np.bincount(lloyd.labels_, minlength=self.n_clusters)
        return _Run(means, sizes, objectives, moved <= enough, lloyd.labels_)

    def _run_blocks(
        self,
        chunks: Callable[[], Iterator[Floats]],
        origin: Floats,
        means: Floats,
        enough: float,
        told: Callable[[list[float]], None],
    ) -> _Run:
        """Return what ``means`` come to on the rows of ``chunks``, read once an iteration."""
        objectives: list[float] = []
        moved, means = np.inf, means - origin
        done = read_rows(chunks, origin, means)
        while moved > enough and len(objectives) < self.max_iter:
            later = next_means(done)
            moved, means = float(((later - means) ** 2).sum()), later
            done = read_rows(chunks, origin, means)
            objectives.append(done.inertia)
            told(objectives)
        return _Run(means + origin, done.counts, objectives, moved <= enough, None)


def _too_few(n_clusters: int, n: int) -> str:
    return (
        f"{n_clusters} groups are asked for and there are {n} rows (n_samples={n}); ask for fewer "
        "groups or give more rows."
    )


def _rows_at(chunks: Iterable[Floats], places: Ints) -> Floats:
    """Return the rows (m, d) at ``places``, in their order."""
    found: list[Floats] = []
    start = at = 0
    for chunk in chunks:
        end = at + int(np.searchsorted(places[at:], start + len(chunk)))
        found.append(chunk[places[at:end] - start])
        start, at = start + len(chunk), end
    return np.concatenate(found)
