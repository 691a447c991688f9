"""Marginal: means, spreads and SciPy distributions of what a node's moments say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class NoDistribution(ValueError):  # noqa: N818
    """The moments say nothing of this; the message is the rest of a sentence about the node."""


def mean(form: str, u: Sequence[Array], phi: Sequence[Array] | None) -> Array:
    """Return the expected value, (plates..., shape of one value...)."""
    if form in ("dirichlet", "beta"):
        counts = _natural(phi)[0]
        shares = counts / counts.sum(axis=-1, keepdims=True)
        return np.asarray(shares if form == "dirichlet" else shares[..., 0])
    if form == "gaussian_gamma":
        return _location(_natural(phi), u)[0]
    return np.asarray(u[0], dtype=np.float64)


def standard_deviation(
    form: str, u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None
) -> Array:
    """Return the standard deviation of each number of ``mean``; infinite where there is none."""
    if form == "gaussian":
        return np.sqrt(np.maximum(_variances(u), 0.0))
    if form in ("point", "concentration", "gamma_shape"):
        return np.zeros(np.shape(u[0]))
    if form == "wishart":
        half_v, half = _natural(phi)
        return _wishart_deviation(2 * half, _inverse(-2 * half_v))
    if form == "categorical":
        return np.sqrt(np.maximum(u[0] * (1 - u[0]), 0.0))
    if form == "multinomial":
        count = np.asarray(trials)[..., np.newaxis]
        return np.asarray(np.sqrt(np.maximum(u[0] * (1 - u[0] / count), 0.0)))
    deviation: Array = np.asarray(distribution(form, u, phi, trials).std(), dtype=np.float64)
    return deviation


def distribution(
    form: str, u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None
) -> Any:
    """Return the SciPy distribution of each single number, with arrays of parameters.

    Of a Dirichlet these are the shares, of a Wishart the numbers on the diagonal, of a
    Gaussian-gamma the locations. Raises NoDistribution where there is none.
    """
    if form not in _DISTRIBUTIONS:
        raise NoDistribution(_WITHOUT.get(form, "has no distribution of single numbers"))
    return _DISTRIBUTIONS[form](u, phi, trials)


_WITHOUT = {
    "point": "is a point estimate, which has a value and no distribution",
    "concentration": "is a point estimate, which has a value and no distribution",
    "gamma_shape": "is a point estimate, which has a value and no distribution",
}


def _natural(phi: Sequence[Array] | None) -> Sequence[Array]:
    if phi is None:
        raise NoDistribution("is a function of other nodes: it has moments and no distribution")
    return phi


def _variances(u: Sequence[Array]) -> Array:
    """Return the variance of each number, of Gaussian moments E[x], E[xxᵀ]."""
    x = np.asarray(u[0])
    axes = (np.ndim(u[1]) - x.ndim) if np.ndim(u[1]) > x.ndim else 0
    axes = max(axes, 0)
    if axes == 0:
        return np.asarray(u[1] - x**2)
    shape = x.shape[x.ndim - axes :]
    size = int(np.prod(shape, dtype=int))
    square = np.asarray(u[1])
    square = square.reshape(*square.shape[: square.ndim - 2 * axes], size, size)
    diagonal = np.diagonal(square, axis1=-2, axis2=-1)
    return np.asarray(diagonal.reshape(*diagonal.shape[:-1], *shape) - x**2)


def _location(phi: Sequence[Array], u: Sequence[Array]) -> tuple[Array, Array, Array, Array]:
    """Return location, variances of V⁻¹, shape and rate of a Gaussian-gamma."""
    linear = np.asarray(phi[0])
    axes = np.ndim(phi[1]) - linear.ndim
    precision = -2 * np.asarray(phi[1])
    if axes == 0:
        inverse = 1 / precision
        location = linear * inverse
        square = location * linear
        return location, inverse, np.asarray(phi[3]), -phi[2] - 0.5 * square
    shape = linear.shape[linear.ndim - axes :]
    size = int(np.prod(shape, dtype=int))
    flat = linear.reshape(*linear.shape[: linear.ndim - axes], size)
    inverse = _inverse(precision.reshape(*precision.shape[: -2 * axes], size, size))
    location = (inverse @ flat[..., np.newaxis])[..., 0]
    rate = -np.asarray(phi[2]) - 0.5 * (location * flat).sum(axis=-1)
    variances = np.diagonal(inverse, axis1=-2, axis2=-1)
    return (
        location.reshape(*location.shape[:-1], *shape),
        variances.reshape(*variances.shape[:-1], *shape),
        np.asarray(phi[3]),
        rate,
    )


def _inverse(M: Array) -> Array:
    return np.asarray(np.linalg.inv(M), dtype=np.float64)


def _wishart_deviation(dof: Array, scale: Array) -> Array:
    """Return sqrt(Var Λ_ij) = sqrt(ν (S_ij² + S_ii S_jj)) of a Wishart with scale matrix S."""
    diagonal = np.diagonal(scale, axis1=-2, axis2=-1)
    products = diagonal[..., :, np.newaxis] * diagonal[..., np.newaxis, :]
    return np.asarray(np.sqrt(np.asarray(dof)[..., np.newaxis, np.newaxis] * (scale**2 + products)))


def _gaussian(u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None) -> Any:
    from scipy.stats import norm

    _natural(phi)
    return norm(np.asarray(u[0]), np.sqrt(np.maximum(_variances(u), 0.0)))


def _gamma(u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None) -> Any:
    from scipy.stats import gamma

    negative_rate, shape = _natural(phi)
    return gamma(shape, scale=-1 / negative_rate)


def _wishart(u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None) -> Any:
    """Λ_ii / S_ii is a χ² with ν degrees of freedom."""
    from scipy.stats import gamma

    half_v, half = _natural(phi)
    scale = np.diagonal(_inverse(-2 * half_v), axis1=-2, axis2=-1)
    return gamma(np.asarray(half)[..., np.newaxis], scale=2 * scale)


def _dirichlet(u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None) -> Any:
    from scipy.stats import beta

    counts = _natural(phi)[0]
    return beta(counts, counts.sum(axis=-1, keepdims=True) - counts)


def _beta(u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None) -> Any:
    from scipy.stats import beta

    counts = _natural(phi)[0]
    return beta(counts[..., 0], counts[..., 1])


def _gaussian_gamma(u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None) -> Any:
    """Integrating τ out of N(x | m, (τ V)⁻¹) Gamma(τ | a, b) leaves a Student-t."""
    from scipy.stats import t

    location, inverse, shape, rate = _location(_natural(phi), u)
    axes = location.ndim - np.ndim(shape)
    ratio = np.reshape(rate / shape, np.shape(shape) + (1,) * axes)
    return t(np.reshape(2 * shape, ratio.shape), location, np.sqrt(ratio * inverse))


def _bernoulli(u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None) -> Any:
    from scipy.stats import bernoulli

    return bernoulli(np.asarray(u[0]))


def _binomial(u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None) -> Any:
    from scipy.stats import binom

    return binom(trials, np.asarray(u[0]) / np.asarray(trials))


def _poisson(u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None) -> Any:
    from scipy.stats import poisson

    return poisson(np.asarray(u[0]))


def _categorical(u: Sequence[Array], phi: Sequence[Array] | None, trials: Array | None) -> Any:
    from scipy.stats import rv_discrete

    shares = np.asarray(u[0])
    if shares.ndim > 1:
        raise NoDistribution("has many values; ask for one of them by its place")
    return rv_discrete(values=(np.arange(len(shares)), shares / shares.sum()))


_DISTRIBUTIONS: dict[str, Callable[..., Any]] = {
    "gaussian": _gaussian,
    "gamma": _gamma,
    "wishart": _wishart,
    "dirichlet": _dirichlet,
    "beta": _beta,
    "gaussian_gamma": _gaussian_gamma,
    "bernoulli": _bernoulli,
    "binomial": _binomial,
    "poisson": _poisson,
    "categorical": _categorical,
}
