"""Predictive: mean and spread of the next value of an observed node, in closed form.

For ``y ~ N(μ, Λ⁻¹)`` with independent ``q(μ)`` and ``q(Λ)`` the next value has mean ``E[μ]`` and
covariance ``E[Λ⁻¹] + Cov[μ]`` (law of total covariance). With ``q(τ) = Gamma(a, b)`` that is
``E[1/τ] = b / (a - 1)``, with ``q(Λ) = Wishart(ν, V)`` (V an inverse scale) it is
``E[Λ⁻¹] = V / (ν - D - 1)``; both are infinite where the denominator is not above 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.errors import NetworkError
from headwater.engines.network.given import Functions, Given
from headwater.engines.network.language import NodeName
from headwater.engines.network.posterior import NodePosterior, Posterior

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Predictive:
    """What is expected of the next value of ``node``."""

    node: str
    columns: tuple[str, ...]
    mean: Array
    """() of one column, (D,) of several."""
    standard_deviation: Array
    """As ``mean``; infinite where the posterior of the precision is too wide for one."""

    def typical_interval(self, deviations: float = 2.0) -> tuple[Array, Array]:
        """Return mean ∓ ``deviations`` standard deviations, for each column."""
        reach = deviations * self.standard_deviation
        return np.asarray(self.mean - reach), np.asarray(self.mean + reach)


def predictive(posterior: Posterior, name: str, *, functions: Functions = None) -> Predictive:
    """Return the predictive of the observed node ``name``, a GaussianARD or a Gaussian.

    Raises NetworkError, as a sentence, where it has none in closed form.
    """
    definition = posterior.definition
    if name not in definition.by_name:
        raise NetworkError(f"There is no node “{name}”; there are {', '.join(posterior)}.")
    node, made = definition.by_name[name], posterior[name]
    if not node.is_observed or node.type not in ("GaussianARD", "Gaussian"):
        raise NetworkError(
            f"“{name}” is {'' if node.is_observed else 'not observed, and '}{node.type}; the "
            "spread of the next value is known of observed GaussianARD and Gaussian nodes."
        )
    given = Given(definition, posterior.rows, functions)
    positional, _ = given.of(name)
    if len(positional) != 2:
        raise NetworkError(f"“{name}” has no mean and precision of its own.")
    row = (*made.plates[1:], *made.dims[0])
    mean, variance = _mean(posterior, made, positional[0], row)
    if node.type == "GaussianARD":
        variance = variance + _inverse_precision(posterior, made, positional[1], row)
    else:
        variance = variance + _diagonal_of_inverse(posterior, made, positional[1], row)
    return Predictive(name, node.columns, mean, np.sqrt(variance))


def of_one_metric(posterior: Posterior, *, functions: Functions = None) -> Predictive | None:
    """Return the predictive of a network that observes one column only; None where it has none."""
    observed = posterior.definition.observed
    if len(observed) != 1 or len(observed[0].columns) != 1:
        return None
    try:
        found = predictive(posterior, observed[0].name, functions=functions)
    except NetworkError:
        return None
    if found.mean.size != 1:
        return None
    return Predictive(
        found.node, found.columns, found.mean.reshape(()), found.standard_deviation.reshape(())
    )


def _mean(
    posterior: Posterior, made: NodePosterior, value: Any, row: tuple[int, ...]
) -> tuple[Array, Array]:
    """Return mean and variance of the mean, each of the shape of a row."""
    if not isinstance(value, NodeName):
        mean = _constant(made, value)
        return _fit(made, "mean", mean, row), np.zeros(row)
    parent = posterior[value.name]
    if parent.form != "gaussian":
        raise NetworkError(
            f"The mean of “{made.name}” is “{parent.name}” ({parent.type}), of which the spread of "
            "the next value is not known in closed form."
        )
    _same_for_all_rows(made, parent)
    mean, deviation = parent.mean, parent.standard_deviation
    return _fit(made, "mean", mean, row), _fit(made, "mean", deviation**2, row)


def _inverse_precision(
    posterior: Posterior, made: NodePosterior, value: Any, row: tuple[int, ...]
) -> Array:
    """Return E[1/τ], of the shape of a row."""
    if not isinstance(value, NodeName):
        return _fit(made, "precision", 1 / _constant(made, value), row)
    parent = posterior[value.name]
    if parent.form != "gamma" or not parent.phi:
        raise _unknown_precision(made, parent)
    _same_for_all_rows(made, parent)
    shape, rate = parent.phi[1], -parent.phi[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(shape > 1, rate / (shape - 1), np.inf)
    return _fit(made, "precision", expected, row)


def _diagonal_of_inverse(
    posterior: Posterior, made: NodePosterior, value: Any, row: tuple[int, ...]
) -> Array:
    """Return the diagonal of E[Λ⁻¹], of the shape of a row."""
    if not isinstance(value, NodeName):
        inverse = np.linalg.inv(_constant(made, value))
        return _fit(made, "precision", np.diagonal(inverse, axis1=-2, axis2=-1), row)
    parent = posterior[value.name]
    if parent.form != "wishart" or not parent.phi:
        raise _unknown_precision(made, parent)
    _same_for_all_rows(made, parent)
    V, dof = -2 * parent.phi[0], 2 * parent.phi[1]
    left = dof - V.shape[-1] - 1
    diagonal = np.diagonal(V, axis1=-2, axis2=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(left[..., np.newaxis] > 0, diagonal / left[..., np.newaxis], np.inf)
    return _fit(made, "precision", expected, row)


def _constant(made: NodePosterior, value: Any) -> Array:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise NetworkError(f"A parameter of “{made.name}” is no array of numbers.") from None


def _same_for_all_rows(made: NodePosterior, parent: NodePosterior) -> None:
    if len(parent.plates) >= len(made.plates) and parent.plates[-len(made.plates)] != 1:
        raise NetworkError(
            f"“{parent.name}” differs from row to row of “{made.name}”, so there is no one "
            "expectation of the next value."
        )


def _fit(made: NodePosterior, what: str, values: Array, row: tuple[int, ...]) -> Array:
    """Return ``values`` of the shape of a row, without a leading plate for the rows."""
    values = np.asarray(values, dtype=np.float64)
    while values.ndim > len(row) and values.shape[0] == 1:
        values = values[0]
    try:
        return np.array(np.broadcast_to(values, row))
    except ValueError:
        raise NetworkError(
            f"The {what} of “{made.name}” has the shape {values.shape}, and a row {row}."
        ) from None


def _unknown_precision(made: NodePosterior, parent: NodePosterior) -> NetworkError:
    return NetworkError(
        f"The precision of “{made.name}” is “{parent.name}” ({parent.type}), of which the spread "
        "of the next value is not known in closed form."
    )
