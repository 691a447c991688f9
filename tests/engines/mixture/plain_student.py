"""The lower bound of Student-t components term by term, with plain loops and q(u) spelled out.

``q(u_i | z_i = k)`` is Gamma with shape A[i, k] and rate B[i, k]; all else is as in ``plain``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log, pi

import numpy as np
from scipy.special import digamma

from headwater.engines.mixture import VariationalMixture
from tests.engines.mixture import plain
from tests.engines.mixture.plain import Array, expected_log_det

RATE = 10.0
"""Of the exponential prior of 1 / tail, whose density counts relative to its mode."""


@dataclass
class Belief(plain.Belief):
    """Prior and posterior of a mixture of K Student-t components in D dimensions."""

    tail: Array
    A: Array
    B: Array


def squared(b: plain.Belief, i: int, k: int) -> float:
    """Return the expected squared distance of row i from the centre of component k."""
    precision = b.nu[k] * np.linalg.inv(b.V[k])
    away = b.X[i] - b.m[k]
    return float(away @ precision @ away + np.trace(precision @ b.S[k]))


def belief(model: VariationalMixture, X: Array) -> Belief:
    """Return what a converged fit believes."""
    b = plain.belief(model, X)
    n, D = X.shape
    K = len(b.a)
    tail = np.concatenate([model.tail_, np.full(K - len(model.tail_), np.inf)])
    A, B = np.ones((n, K)), np.ones((n, K))
    for k in range(len(model.tail_)):
        for i in range(n):
            A[i, k] = (tail[k] + D) / 2
            B[i, k] = (tail[k] + squared(b, i, k)) / 2
    return Belief(**vars(b), tail=tail, A=A, B=B)


def row(b: Belief, i: int, k: int) -> float:
    """Return E[log p(x, u)] - E[log q(u)] of row i in component k."""
    D, tail, a, rate = b.X.shape[1], b.tail[k], b.A[i, k], b.B[i, k]
    u, log_u = a / rate, float(digamma(a)) - log(rate)
    out = 0.5 * (D * log_u + expected_log_det(b.nu[k], b.V[k]) - D * log(2 * pi))
    out -= 0.5 * u * squared(b, i, k)
    out += 0.5 * tail * log(tail / 2) - lgamma(tail / 2) + (tail / 2 - 1) * log_u - tail / 2 * u
    return float(out + a - log(rate) + lgamma(a) + (1 - a) * digamma(a))


def bound(b: Belief) -> float:
    """Return the lower bound in nats."""
    n, K = b.R.shape
    gaussian = sum(
        b.R[i, k] * plain.log_likelihood(b, i, k)
        for i in range(n)
        for k in range(K)
        if b.R[i, k] > 0
    )
    rows = sum(b.R[i, k] * row(b, i, k) for i in range(n) for k in range(K) if b.R[i, k] > 0)
    return float(plain.bound(b) - gaussian + rows - RATE * (1 / b.tail).sum())
