"""BayesPy's mixture of Gaussians, as the peer that makes the same updates."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def bayespy_mixture(X: Array, R: Array) -> Any:
    """Return BayesPy's inference on rows ``X`` (n, D), started from responsibilities ``R`` (n, K).

    The priors are those that VariationalMixture has by default.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bayespy.inference import VB
        from bayespy.nodes import Categorical, Dirichlet, Gaussian, Mixture, Wishart
    (n, D), K = X.shape, R.shape[1]
    weights = Dirichlet(np.full(K, 1e-5), name="weights")
    group = Categorical(weights, plates=(n,), name="group")
    mean = Gaussian(np.zeros(D), 1e-5 * np.eye(D), plates=(K,), name="mean")
    precision = Wishart(D, 1e-5 * np.eye(D), plates=(K,), name="precision")
    rows = Mixture(group, Gaussian, mean, precision, name="rows")
    rows.observe(X)
    group.u = [R.copy()]
    return VB(rows, mean, precision, group, weights)


def random_responsibilities(n: int, K: int, seed: int) -> Array:
    """Return rows of ``K`` shares that add up to one, (n, K): BayesPy's usual random start."""
    return np.random.default_rng(seed).dirichlet(np.ones(K), size=n)


def hard_responsibilities(n: int, K: int, seed: int) -> Array:
    """Return each of ``n`` rows in one of ``K`` groups at random, (n, K)."""
    return np.eye(K)[np.random.default_rng(seed).integers(K, size=n)]
