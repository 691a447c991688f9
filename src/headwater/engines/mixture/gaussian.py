"""Gaussian components: the variational posterior of mean and precision, and its evidence.

The model is ``μ_k ~ N(m0, B0⁻¹)`` and ``Λ_k ~ Wishart(ν0, V0)``, independent (V0 an inverse scale:
``E[Λ] = ν V⁻¹``), with ``q(μ) q(Λ)`` factorised; Bishop (2006) section 10.2 gives the bound for
the coupled prior, the factorised one follows the same way and is BayesPy's ``Mixture(Gaussian)``.
All functions work on K components at once; arrays have K as their first axis.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from headwater.engines.mixture.kernel import unpack, upper

Array = NDArray[np.float64]
LOG_2PI = float(np.log(2 * np.pi))
LOG_2 = float(np.log(2))
LOG_PI = float(np.log(np.pi))
TINY = 1e-12
"""A count below which a component has no centre of its own."""


@dataclass(frozen=True)
class Prior:
    """Prior of the components and weights, in the coordinates of the data of the pass."""

    concentration: float
    mean: Array
    """(D,) m0."""
    mean_precision: Array
    """(D, D) B0."""
    dof: float
    scale: Array
    """(D, D) V0, an inverse scale."""

    @property
    def dimension(self) -> int:
        return len(self.mean)

    @cached_property
    def least(self) -> float:
        """Smallest eigenvalue of V0: what a component's V cannot be below."""
        return float(np.linalg.eigvalsh(self.scale)[0])

    @cached_property
    def log_det_scale(self) -> float:
        """log |V0|."""
        return float(_positive(self.scale[None], 0.0)[1][0])

    @cached_property
    def log_det_mean_precision(self) -> float:
        """log |B0|."""
        return float(_positive(self.mean_precision[None], 0.0)[1][0])

    @cached_property
    def log_normaliser(self) -> float:
        """What the prior alone adds to the divergences of one component."""
        return (
            -0.5 * self.log_det_mean_precision
            - 0.5 * self.dof * self.log_det_scale
            + float(log_multigamma(np.array([0.5 * self.dof]), self.dimension)[0])
        )


@dataclass(frozen=True, slots=True)
class Components:
    """Posterior of K components."""

    mean: Array
    """(K, D) m."""
    mean_covariance: Array
    """(K, D, D) S."""
    dof: Array
    """(K,) ν."""
    scale: Array
    """(K, D, D) V, an inverse scale."""
    precision: Array
    """(K, D, D) E[Λ] = ν V⁻¹."""
    log_det: Array
    """(K,) E[log |Λ|]."""
    log_det_scale: Array
    """(K,) log |V|."""
    log_det_mean: Array
    """(K,) log |S|."""

    def __len__(self) -> int:
        return len(self.dof)

    def take(self, index: NDArray[np.bool_] | NDArray[np.intp]) -> Components:
        """Return the components at ``index`` (a mask or an index array)."""
        return Components(*(getattr(self, field.name)[index] for field in fields(self)))

    @staticmethod
    def join(parts: list[Components]) -> Components:
        """Return the components of all ``parts``, one after the other."""
        return Components(
            *(
                np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(Components)
            )
        )


def _symmetric(M: NDArray[Any]) -> Array:
    return np.asarray(0.5 * (M + M.swapaxes(-1, -2)))


def _log_det(M: Array) -> Array:
    """Log determinants of positive definite matrices (K, D, D); raises LinAlgError if not."""
    diagonal = np.diagonal(np.linalg.cholesky(M), axis1=-2, axis2=-1)
    return np.asarray(2.0 * np.log(diagonal).sum(axis=-1))


def _positive(V: Array, least: float) -> tuple[Array, Array]:
    """Return ``V`` and its log determinants.

    Where rounding has made one indefinite, eigenvalues are raised to what the prior ensures.
    """
    try:
        return V, _log_det(V)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(V)
        values = np.maximum(values, np.maximum(1e-14 * values[:, -1:], least))
        V = _symmetric((vectors * values[:, None, :]) @ vectors.mT)
        return V, np.asarray(np.log(values).sum(axis=1))


def _inverse(M: Array) -> Array:
    """Return the inverses of positive definite matrices (K, D, D), symmetric.

    Where rounding has made one singular, eigenvalues are raised to its last digit.
    """
    try:
        return _symmetric(np.linalg.inv(M))
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(M)
        values = np.maximum(values, 1e-15 * values[:, -1:])
        return _symmetric((vectors / values[:, None, :]) @ vectors.mT)


def multidigamma(a: Array, D: int) -> Array:
    """Return the derivative of ``log_multigamma`` at ``a`` (K,)."""
    return np.asarray(digamma(a[:, None] - 0.5 * np.arange(D)).sum(axis=1))


def log_multigamma(a: Array, D: int) -> Array:
    """Return the logarithm of the multivariate gamma function of dimension D at ``a`` (K,)."""
    return np.asarray(
        0.25 * D * (D - 1) * LOG_PI + gammaln(a[:, None] - 0.5 * np.arange(D)).sum(axis=1)
    )


def update(
    prior: Prior,
    statistics: Array,
    precision: Array | None,
    *,
    counts: Array | None = None,
    sweeps: int = 1,
) -> Components:
    """Return q(μ), then q(Λ), each set to its best given the other, ``sweeps`` times.

    ``statistics`` (K, D') as from the pass; ``precision`` (K, D, D) is E[Λ] to begin with, or
    None: the empirical one of the statistics. ``counts`` (K,) are the numbers of rows where the
    statistics weigh each row otherwise than by one.
    """
    D = prior.dimension
    N, first, second = unpack(statistics, D)
    weight = N[:, None, None]
    dof = prior.dof + (N if counts is None else counts)
    centre = first / np.maximum(N, 1e-300)[:, None]
    centre[N <= TINY] = 0.0
    base = prior.scale + _symmetric(second - weight * (centre[:, :, None] * centre[:, None, :]))
    if precision is None:
        precision = dof[:, None, None] * _inverse(_positive(base, prior.least)[0])
    # m = S (B0 m0 + N E[Λ] x̄), written about x̄ so that a far prior mean costs no digits
    pull = (prior.mean - centre) @ prior.mean_precision
    for _ in range(sweeps):
        P = prior.mean_precision + weight * precision
        S = _inverse(P)
        shift = (S @ pull[:, :, None])[:, :, 0]
        V = base + weight * (shift[:, :, None] * shift[:, None, :] + S)
        V, log_det_scale = _positive(V, prior.least)
        precision = dof[:, None, None] * _inverse(V)
    log_det = multidigamma(0.5 * dof, D) + D * LOG_2 - log_det_scale
    log_det_mean = -_positive(P, 0.0)[1]
    return Components(centre + shift, S, dof, V, precision, log_det, log_det_scale, log_det_mean)


def divergence(prior: Prior, components: Components) -> Array:
    """Return KL(q(μ)‖p(μ)) + KL(q(Λ)‖p(Λ)) of each component, (K,), in nats."""
    D = prior.dimension
    c = components
    away = c.mean - prior.mean
    more = c.dof - prior.dof
    spread = c.mean_covariance + away[:, :, None] * away[:, None, :]
    return np.asarray(
        0.5 * (np.einsum("ij,kij->k", prior.mean_precision, spread) - D - c.log_det_mean)
        + 0.5 * c.dof * c.log_det_scale
        - 0.5 * more * D * LOG_2
        - log_multigamma(0.5 * c.dof, D)
        + 0.5 * more * c.log_det
        - 0.5 * c.dof * D
        + 0.5 * np.einsum("ij,kij->k", prior.scale, c.precision)
        + prior.log_normaliser
    )


def prior_precision(prior: Prior, K: int) -> Array:
    """Return E[Λ] under the prior, (K, D, D)."""
    one = prior.dof * np.linalg.inv(prior.scale)
    return np.repeat(one[None], K, axis=0)


def natural(components: Components, log_weights: Array) -> Array:
    """Return expected natural parameters W (K, D'): the logit of a row is ``W @ T``."""
    D = components.mean.shape[1]
    i, j = upper(D)
    linear = (components.precision @ components.mean[:, :, None])[:, :, 0]
    moment = (components.precision * components.mean_covariance).sum(axis=(1, 2))
    moment += (linear * components.mean).sum(axis=1)
    W = np.empty((len(components), 1 + D + len(i)))
    W[:, 0] = log_weights + 0.5 * (components.log_det - D * LOG_2PI - moment)
    W[:, 1 : D + 1] = linear
    W[:, D + 1 :] = components.precision[:, i, j] * np.where(i == j, -0.5, -1.0)
    return W


def evidence(prior: Prior, components: Components, statistics: Array) -> Array:
    """Return per component the expected log likelihood of its statistics less its divergence."""
    W = natural(components, np.zeros(len(components)))
    return np.asarray((W * statistics).sum(axis=1) - divergence(prior, components))


def expected_log_weights(counts: Array, concentration: float, n_components: int) -> Array:
    """Return E[log π_k] of the counted components of a Dirichlet over ``n_components``."""
    total = float(counts.sum()) + n_components * concentration
    return np.asarray(digamma(concentration + counts) - digamma(total))


def weights_evidence(counts: Array, concentration: float, n_components: int) -> float:
    """Return log of the Dirichlet's normaliser ratio: E[log p(Z|π)] - KL(π) at the best q(π).

    Components that are not counted (the rest of ``n_components``) add nothing.
    """
    total = n_components * concentration
    return float(
        gammaln(total)
        - gammaln(total + counts.sum())
        + (gammaln(concentration + counts) - gammaln(concentration)).sum()
    )
