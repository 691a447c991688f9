"""Conjugate: parameters of a distribution to natural parameters as BayesPy's, and back.

Natural parameters add up: those of a conjugate posterior are those of its prior plus what the rows
say, so a share of what the rows said can be added to a prior.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Arrays = Sequence[Array]


@dataclass(frozen=True, slots=True)
class Conjugate:
    """One distribution whose parameters are constants."""

    axes: tuple[int, ...]
    """Axes of one value of each parameter, without plates."""
    natural: Callable[[Arrays], list[Array]]
    standard: Callable[[Arrays], list[Array]]
    natural_axes: tuple[int, ...]
    """Axes of each natural parameter, without plates."""
    type: str
    """The distribution that ``standard`` gives the parameters of."""


def _ard(p: Arrays) -> list[Array]:
    return [p[1] * p[0], -0.5 * p[1] + 0 * p[0]]


def _from_ard(phi: Arrays) -> list[Array]:
    return [phi[0] / (-2 * phi[1]), -2 * phi[1]]


def _gaussian(p: Arrays) -> list[Array]:
    return [(p[1] @ p[0][..., np.newaxis])[..., 0], -0.5 * p[1]]


def _from_gaussian(phi: Arrays) -> list[Array]:
    precision = -2 * phi[1]
    precision = 0.5 * (precision + precision.mT)
    mean = np.linalg.solve(precision, phi[0][..., np.newaxis])[..., 0]
    return [np.asarray(mean), precision]


def _gamma(p: Arrays) -> list[Array]:
    return [-p[1] + 0 * p[0], p[0] + 0 * p[1]]


def _from_gamma(phi: Arrays) -> list[Array]:
    return [phi[1], -phi[0]]


def _exponential(p: Arrays) -> list[Array]:
    return [-p[0], np.ones_like(p[0])]


def _wishart(p: Arrays) -> list[Array]:
    return [-0.5 * p[1], 0.5 * p[0]]


def _from_wishart(phi: Arrays) -> list[Array]:
    V = -2 * phi[0]
    return [2 * phi[1], 0.5 * (V + V.mT)]


def _counts(p: Arrays) -> list[Array]:
    return [p[0]]


CONJUGATE: dict[str, Conjugate] = {
    "GaussianARD": Conjugate((0, 0), _ard, _from_ard, (0, 0), "GaussianARD"),
    "Gaussian": Conjugate((1, 2), _gaussian, _from_gaussian, (1, 2), "Gaussian"),
    "Gamma": Conjugate((0, 0), _gamma, _from_gamma, (0, 0), "Gamma"),
    "Exponential": Conjugate((0,), _exponential, _from_gamma, (0, 0), "Gamma"),
    "Wishart": Conjugate((0, 2), _wishart, _from_wishart, (2, 0), "Wishart"),
    "Beta": Conjugate((1,), _counts, _counts, (1,), "Beta"),
    "Dirichlet": Conjugate((1,), _counts, _counts, (1,), "Dirichlet"),
}


def diagonal_as_matrix(mean: Array, precision: Array, D: int) -> list[Array]:
    """Return mean (..., D) and precision matrix (..., D, D) of a vector of independent numbers."""
    plates = np.broadcast_shapes(mean.shape[:-1], precision.shape[:-1])
    mean = np.broadcast_to(mean, (*plates, D))
    precision = np.broadcast_to(precision, (*plates, D))
    return [np.array(mean), precision[..., np.newaxis] * np.identity(D)]
