"""The lower bound term by term, with plain loops: an implementation that shares nothing with ours.

``q(Z)`` are responsibilities R (n, K), ``q(π)`` a Dirichlet a (K,), ``q(μ_k)`` Gaussian with mean
m and covariance S, ``q(Λ_k)`` Wishart with ν degrees of freedom and inverse scale V.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log, pi

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from headwater.engines.mixture import VariationalMixture

Array = NDArray[np.float64]


@dataclass
class Belief:
    """Prior and posterior of a mixture of K components in D dimensions."""

    X: Array
    concentration: float
    mean: Array
    mean_precision: float
    dof: float
    scale: float
    R: Array
    a: Array
    m: Array
    S: Array
    nu: Array
    V: Array


def belief(model: VariationalMixture, X: Array) -> Belief:
    """Return what a converged fit believes; components without rows are as the prior has them."""
    n, D = X.shape
    K, found = model.n_components, len(model.means_)
    dof = float(D if model.dof_prior is None else model.dof_prior)
    mean = np.zeros(D) if model.mean_prior is None else np.asarray(model.mean_prior, dtype=float)
    R = np.zeros((n, K))
    R[:, :found] = model.predict_proba(X)
    rest = K - found

    def with_rest(fitted: Array, of_prior: object) -> Array:
        return np.concatenate([fitted, np.repeat(np.asarray(of_prior, float)[None], rest, axis=0)])

    return Belief(
        X,
        model.concentration_prior,
        mean,
        model.mean_precision_prior,
        dof,
        model.scale_prior,
        R,
        with_rest(model.concentration_, model.concentration_prior),
        with_rest(model.means_, mean),
        with_rest(model.mean_covariances_, np.eye(D) / model.mean_precision_prior),
        with_rest(model.dof_, dof),
        with_rest(model.scales_, model.scale_prior * np.eye(D)),
    )


def log_wishart_normaliser(nu: float, V: Array) -> float:
    """Return log of the factor before ``|Λ|^((ν-D-1)/2) exp(-tr(VΛ)/2)``."""
    D = len(V)
    out = 0.5 * nu * np.linalg.slogdet(V)[1] - 0.5 * nu * D * log(2) - 0.25 * D * (D - 1) * log(pi)
    for i in range(D):
        out -= lgamma(0.5 * (nu - i))
    return float(out)


def expected_log_det(nu: float, V: Array) -> float:
    """Return E[log |Λ|]."""
    D = len(V)
    out = D * log(2) - np.linalg.slogdet(V)[1]
    for i in range(D):
        out += digamma(0.5 * (nu - i))
    return float(out)


def log_likelihood(b: Belief, i: int, k: int) -> float:
    """Return E[log p(x_i | μ_k, Λ_k)]."""
    D = b.X.shape[1]
    precision = b.nu[k] * np.linalg.inv(b.V[k])
    away = b.X[i] - b.m[k]
    square = away @ precision @ away + np.trace(precision @ b.S[k])
    return float(0.5 * (expected_log_det(b.nu[k], b.V[k]) - D * log(2 * pi) - square))


def bound(b: Belief) -> float:
    """Return the lower bound in nats."""
    n, D = b.X.shape
    K = len(b.a)
    log_weight = [float(digamma(b.a[k]) - digamma(b.a.sum())) for k in range(K)]
    total = 0.0
    for i in range(n):
        for k in range(K):
            r = b.R[i, k]
            if r > 0:
                total += r * (log_likelihood(b, i, k) + log_weight[k] - log(r))
    total += lgamma(K * b.concentration) - K * lgamma(b.concentration) - lgamma(b.a.sum())
    for k in range(K):
        total += lgamma(b.a[k]) + (b.concentration - b.a[k]) * log_weight[k]
        # E[log p(μ)] - E[log q(μ)]
        away = b.m[k] - b.mean
        total += 0.5 * D * log(b.mean_precision) + 0.5 * np.linalg.slogdet(b.S[k])[1]
        total += 0.5 * D - 0.5 * b.mean_precision * (away @ away + np.trace(b.S[k]))
        # E[log p(Λ)] - E[log q(Λ)]
        log_det = expected_log_det(b.nu[k], b.V[k])
        precision = b.nu[k] * np.linalg.inv(b.V[k])
        total += log_wishart_normaliser(b.dof, b.scale * np.eye(D))
        total -= log_wishart_normaliser(b.nu[k], b.V[k])
        total += 0.5 * (b.dof - b.nu[k]) * log_det
        total += 0.5 * b.nu[k] * D - 0.5 * b.scale * np.trace(precision)
    return float(total)
