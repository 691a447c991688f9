"""Time of one iteration of the mixture: 100,000 rows, 2 columns, 10 components."""

from __future__ import annotations

import time
import warnings

import numpy as np
from sklearn.mixture import BayesianGaussianMixture

from benchmarks.bayespy_mixture import Array, bayespy_mixture, hard_responsibilities
from benchmarks.row import Row, best_of, quicker
from headwater.engines.mixture import VariationalMixture

N, D, K = 100_000, 2, 10


def data() -> Array:
    """Return rows of ten groups that overlap, so that no component leaves."""
    rng = np.random.default_rng(0)
    centres = 3 * rng.normal(size=(K, D))
    return np.asarray(centres[rng.integers(K, size=N)] + rng.normal(size=(N, D)))


def ours(X: Array, R: Array, threads: int | None) -> float:
    """Return seconds per iteration, the difference of a long and a short ascent."""

    def ascend(iterations: int) -> float:
        model = VariationalMixture(K, moves=False, tol=0, max_iter=iterations, n_threads=threads)
        return best_of(3, lambda: model.fit(X, responsibilities=R))

    return (ascend(105) - ascend(5)) / 100


def bayespy(X: Array, R: Array) -> float:
    """Return the least seconds of one of five updates with their bound."""
    inference = bayespy_mixture(X, R)
    inference.update(verbose=False)
    return best_of(5, lambda: inference.update(verbose=False))


def scikit_learn(X: Array) -> float:
    """Return seconds per iteration, the difference of a long and a short fit."""

    def fit(iterations: int) -> float:
        model = BayesianGaussianMixture(
            n_components=K,
            covariance_type="full",
            weight_concentration_prior_type="dirichlet_distribution",
            tol=0,
            max_iter=iterations,
            init_params="random",
            random_state=0,
        )
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it has not converged
            model.fit(X)
        return time.perf_counter() - start

    return (min(fit(12) for _ in range(3)) - min(fit(2) for _ in range(3))) / 10


def rows() -> list[Row]:
    X = data()
    R = hard_responsibilities(N, K, 0)
    mine, alone = ours(X, R, None), ours(X, R, 1)
    work = f"variational mixture, one iteration, {N:,} × {D}, {K} components"
    how = (
        "Ours: a fit of 105 iterations less one of 5, divided by 100, best of 3, on all cores "
        f"(on one thread: {1e3 * alone:.2f} ms). "
    )
    return [
        quicker(
            work,
            mine,
            bayespy(X, R),
            than="BayesPy",
            goal=50,
            how=how + "BayesPy: the quickest of 5 updates.",
        ),
        quicker(
            work,
            mine,
            scikit_learn(X),
            than="scikit-learn, full covariance",
            goal=15,
            how=how + "scikit-learn: a fit of 12 iterations less one of 2, best of 3.",
        ),
    ]
