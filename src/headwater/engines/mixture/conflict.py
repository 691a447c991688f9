"""When the prior and the data conflict: a sentence instead of a result nobody would expect."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headwater.engines.mixture.coordinates import Coordinates
from headwater.engines.mixture.gaussian import Components, Prior
from headwater.engines.mixture.kernel import unpack

Array = NDArray[np.float64]

FAR = 50.0
"""Cost in nats of a usual group's distance from the prior mean above which to warn."""
PULLED = 1.0
"""Standard deviations of a group that the prior may move its mean before the user is warned."""
TORN = 10.0
"""The same, before the result is refused."""
REMEDY = "Standardise the columns, or set mean_prior near the data, or lower mean_precision_prior."


class PriorConflictWarning(UserWarning):
    """The prior of the means has a say that its user will hardly have meant."""


def lost_digits(prior: Prior, coordinates: Coordinates) -> str:
    """Return what to say when a matrix of the fit is singular; ``prior`` as the user gave it."""
    spread = np.sqrt((coordinates.inverse**2).sum(axis=1))
    away = np.abs(coordinates.centre - prior.mean)
    column = int(np.argmax(np.maximum(spread, away)))
    expected = np.linalg.inv(prior.mean_precision)[column, column] ** 0.5
    return (
        f"The arithmetic does not suffice for these data and priors: column {column} has a "
        f"standard deviation of {spread[column]:.3g} and lies {away[column]:.3g} from mean_prior, "
        f"and the prior expects about {expected:.3g} for either. "
        f"{REMEDY}"
    )


def check_prior(
    prior: Prior, components: Components, statistics: Array, coordinates: Coordinates
) -> str | None:
    """Return what to warn of in a result that the prior of the means has bent, or None.

    That is where it has moved a group of at least a hundredth of the rows, or makes each group so
    dear that fewer are found. Raises ValueError where it has torn such a group away from its rows.
    """
    N, first, second = unpack(statistics, prior.dimension)
    for k in np.flatnonzero(max(prior.dimension + 1, 0.01 * N.sum()) < N):
        centre = first[k] / N[k]
        spread = (prior.scale + second[k]) / N[k] - np.outer(centre, centre)
        shift = components.mean[k] - centre
        values, vectors = np.linalg.eigh(spread)
        values = np.maximum(values, 1e-12 * values[-1])
        deviations = float(np.sqrt((((shift @ vectors) ** 2) / values).sum()))
        if deviations < PULLED:
            continue
        moved = np.abs(coordinates.inverse @ shift)
        covariance = coordinates.inverse @ spread @ coordinates.inverse.T
        column = int(np.argmax(moved / np.sqrt(np.maximum(np.diag(covariance), 1e-300))))
        sentence = (
            f"The prior of the means pulls a group of about {N[k]:,.0f} rows away from them by "
            f"{moved[column]:.3g} in column {column}, because the data lie far from mean_prior "
            f"for their scale. {REMEDY}"
        )
        if deviations > TORN:
            raise ValueError(sentence)
        return sentence
    # In these coordinates the rows have mean zero and covariance one.
    B0 = prior.mean_precision
    cost = 0.5 * float(prior.mean @ B0 @ prior.mean + np.trace(B0))
    if cost <= FAR:
        return None
    shown = f"{cost:,.0f}" if cost < 1e6 else f"{cost:.3g}"
    return (
        f"The data lie so far from mean_prior that each group costs {shown} nats: fewer groups "
        f"are found than there may be. {REMEDY}"
    )
