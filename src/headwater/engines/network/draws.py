"""Draws: random starts of nodes, from a generator that is passed.

BayesPy's own ``initialize_from_random`` uses the generator that the whole process shares, so two
networks in two threads would change each other's starts; for some distributions (Wishart,
Bernoulli, Binomial) it is missing or fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.errors import NetworkError
from headwater.engines.network.forms import form_of
from headwater.engines.network.observe import trials

Array = NDArray[np.float64]
Draw = Callable[[Any, list[Array], np.random.Generator], list[Array]]


def start_at_random(made: Any, rng: np.random.Generator) -> None:
    """Set a node of BayesPy to a draw from its current distribution, as a known value.

    Raises NetworkError for a point estimate, and where the distribution is so wide that its draws
    are no usable numbers.
    """
    form = form_of(made)
    if form not in _DRAWS or not hasattr(made, "phi"):
        raise NetworkError(
            f"“{made.name}” has no distribution to draw a start from; leave “:ifr” out of it."
        )
    phi = [
        np.broadcast_to(np.asarray(part, dtype=np.float64), tuple(made.plates) + tuple(dims))
        for part, dims in zip(made.phi, made.dims, strict=True)
    ]
    with np.errstate(all="ignore"):
        try:
            moments = _DRAWS[form](made, phi, rng)
        except (ValueError, np.linalg.LinAlgError):
            moments = [np.array(np.nan)]
    if not all(np.isfinite(part).all() for part in moments):
        raise NetworkError(
            f"“{made.name}” cannot start at random: its prior is so wide that draws from it are no "
            "usable numbers. Leave “:ifr” out of it, or state a narrower prior."
        )
    made._set_moments_and_cgf(moments, np.inf, mask=np.logical_not(made.observed))


def _normal(precision: Array, linear: Array, rng: np.random.Generator) -> Array:
    """Return draws (..., N) of Gaussians with ``precision`` (..., N, N) and mean P⁻¹ linear."""
    factor = np.linalg.cholesky(precision)
    mean = np.linalg.solve(precision, linear[..., np.newaxis])
    noise = rng.standard_normal(linear.shape)[..., np.newaxis]
    return np.asarray((mean + np.linalg.solve(factor.mT, noise))[..., 0])


def _gaussian(made: Any, phi: list[Array], rng: np.random.Generator) -> list[Array]:
    shape, plates = tuple(made.dims[0]), tuple(made.plates)
    N = int(np.prod(shape, dtype=int))
    precision = -2 * phi[1].reshape(*plates, N, N)
    x = _normal(precision, phi[0].reshape(*plates, N), rng)
    outer = x[..., :, np.newaxis] * x[..., np.newaxis, :]
    return [x.reshape(*plates, *shape), outer.reshape(*plates, *shape, *shape)]


def _gamma(made: Any, phi: list[Array], rng: np.random.Generator) -> list[Array]:
    x = rng.standard_gamma(phi[1]) / -phi[0]
    return [x, np.log(x)]  # a draw that is numerically zero has no finite logarithm


def _wishart(made: Any, phi: list[Array], rng: np.random.Generator) -> list[Array]:
    """Bartlett's decomposition (1933) of the Wishart with ν degrees of freedom, inverse scale V."""
    dof, V = 2 * phi[1], -2 * phi[0]
    D = V.shape[-1]
    factor = np.linalg.cholesky(np.linalg.inv(V))
    A = np.tril(rng.standard_normal(V.shape), -1)
    i = np.arange(D)
    A[..., i, i] = np.sqrt(rng.chisquare(dof[..., np.newaxis] - i))
    root = factor @ A
    log_det = 2 * np.log(np.abs(np.diagonal(root, axis1=-2, axis2=-1))).sum(axis=-1)
    return [root @ root.mT, np.asarray(log_det)]


def _dirichlet(made: Any, phi: list[Array], rng: np.random.Generator) -> list[Array]:
    """Gammas on a log scale: ``G(a) = G(a + 1) U^(1/a)``, so that small counts do not underflow."""
    a = phi[0]
    log_gamma = np.log(rng.standard_gamma(a + 1)) + np.log1p(-rng.random(a.shape)) / a
    top = log_gamma.max(axis=-1, keepdims=True)
    total = top + np.log(np.exp(log_gamma - top).sum(axis=-1, keepdims=True))
    return [log_gamma - total]


def _categorical(made: Any, phi: list[Array], rng: np.random.Generator) -> list[Array]:
    weights = _shares(phi[0])
    below = rng.random(weights.shape[:-1])[..., np.newaxis] > weights.cumsum(axis=-1)[..., :-1]
    chosen = below.sum(axis=-1)[..., np.newaxis] == np.arange(weights.shape[-1])
    return [chosen.astype(np.float64)]


def _multinomial(made: Any, phi: list[Array], rng: np.random.Generator) -> list[Array]:
    counts = np.broadcast_to(trials(made), phi[0].shape[:-1])
    return [rng.multinomial(counts, _shares(phi[0])).astype(np.float64)]


def _binomial(made: Any, phi: list[Array], rng: np.random.Generator) -> list[Array]:
    counts = np.broadcast_to(trials(made), phi[0].shape)
    return [rng.binomial(counts, 1 / (1 + np.exp(-phi[0]))).astype(np.float64)]


def _poisson(made: Any, phi: list[Array], rng: np.random.Generator) -> list[Array]:
    return [rng.poisson(np.exp(phi[0])).astype(np.float64)]


def _gaussian_gamma(made: Any, phi: list[Array], rng: np.random.Generator) -> list[Array]:
    """Draw τ from its marginal, then x given τ."""
    shape, plates = tuple(made.dims[0]), tuple(made.plates)
    N = int(np.prod(shape, dtype=int))
    linear = phi[0].reshape(*plates, N)
    precision = -2 * phi[1].reshape(*plates, N, N)
    mean = np.linalg.solve(precision, linear[..., np.newaxis])[..., 0]
    tau = rng.standard_gamma(phi[3]) / (-phi[2] - 0.5 * (mean * linear).sum(axis=-1))
    vector, matrix = tau[..., np.newaxis], tau[..., np.newaxis, np.newaxis]
    x = _normal(matrix * precision, vector * linear, rng)
    outer = matrix * x[..., :, np.newaxis] * x[..., np.newaxis, :]
    return [
        (vector * x).reshape(*plates, *shape),
        outer.reshape(*plates, *shape, *shape),
        tau,
        np.log(tau),
    ]


def _shares(logits: Array) -> Array:
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Array = weights / weights.sum(axis=-1, keepdims=True)
    return shares


_DRAWS: dict[str, Draw] = {
    "gaussian": _gaussian,
    "gamma": _gamma,
    "wishart": _wishart,
    "dirichlet": _dirichlet,
    "beta": _dirichlet,
    "categorical": _categorical,
    "multinomial": _multinomial,
    "binomial": _binomial,
    "bernoulli": _binomial,
    "poisson": _poisson,
    "gaussian_gamma": _gaussian_gamma,
}
