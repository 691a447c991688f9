"""Outliers: how far a row lies from the core of every group, as a tail probability.

A row of the core of a group lies at the squared distance δ with ``δ / D ~ F(D, ν - D + 1)``, by the
posterior predictive of a Gaussian component (ν of its Wishart). Under heavy tails the spread of a
group describes core and tail together; how wide its core alone is, is told by the rows: the
factor that makes the median distance that of the law, then the mean distance of the rows within its
97.5 % ellipse, a few times over (as the reweighted estimates of Rousseeuw & Van Driessen 1999 do).
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv

from headwater.engines.mixture.gaussian import Components
from headwater.engines.mixture.kernel import each_chunk
from headwater.engines.mixture.predictive import of_gaussians, squared_distances
from headwater.engines.mixture.weighted import Law, responsibilities

Array = NDArray[np.float64]

BINS = 4096
"""Distances are counted in bins of equal width of their logarithm."""
REACH = 1e5
"""Factor between the dimension and the least and the largest distance told apart."""
WITHIN = 0.975
"""Share of the core that its width is measured by."""
ROUNDS = 20
"""Corrections of a width, at most."""


def tail_probability(distance: Array, dof: Array, D: int) -> Array:
    """Return the probability that a row of the core lies farther than ``distance`` (squared)."""
    return np.asarray(betainc(0.5 * dof, 0.5 * D, dof / (dof + distance)))


def _quantiles(share: Array, dof: float, D: int) -> Array:
    """Return the squared distances within which ``share`` of the core lies."""
    x = betaincinv(0.5 * dof, 0.5 * D, 1.0 - share)
    return np.asarray(dof * (1.0 - x) / x)


def far_rows(Y: Array, components: Components, law: Law, *, level: float) -> NDArray[np.bool_]:
    """Return which of the rows ``Y`` (D, n) lie outside of every group's core, (n,)."""
    dof, scales = of_gaussians(components.dof, components.scale, components.mean_covariance)
    scales = scales * core_scales(Y, components, law)[:, None, None]
    return np.asarray(nearest_tail(Y.T, components.mean, dof, scales) < level)


def nearest_tail(X: Array, means: Array, dof: Array, scales: Array) -> Array:
    """Return of rows ``X`` (n, D) the tail probability in the core where it is largest, (n,)."""
    nearest = np.zeros(len(X))
    for mean, scale, m in zip(means, scales, dof, strict=True):
        distance = squared_distances(X, mean, scale)
        nearest = np.maximum(nearest, tail_probability(distance, m, X.shape[1]))
    return nearest


def core_scales(
    rows: Array | Iterable[Array],
    components: Components,
    law: Law,
    *,
    executor: Executor | None = None,
) -> Array:
    """Return what the scale matrix of each group is to be multiplied by to be that of its core.

    One pass over ``rows``, (D, n) or chunks of it.
    """
    D = components.mean.shape[1]
    dof, scales = of_gaussians(components.dof, components.scale, components.mean_covariance)
    edges = np.linspace(np.log(D / REACH), np.log(D * REACH), BINS + 1)
    counts = np.zeros((len(dof), BINS))
    count = partial(_counted, means=components.mean, scales=scales, law=law, edges=edges)
    for part in each_chunk(rows, count, executor=executor):
        counts += part
    middles = np.exp(0.5 * (edges[1:] + edges[:-1]))
    return np.array([_core(middles, held, m, D) for held, m in zip(counts, dof, strict=True)])


def _counted(Y: Array, *, means: Array, scales: Array, law: Law, edges: Array) -> Array:
    """Return how much of its rows each component holds at each distance, (K, BINS)."""
    R = responsibilities(Y, law)
    step = edges[1] - edges[0]
    X = Y.T
    distance = np.stack(
        [squared_distances(X, mean, scale) for mean, scale in zip(means, scales, strict=True)]
    )
    with np.errstate(divide="ignore"):  # a row at the very centre
        at = (np.log(distance) - edges[0]) / step
    index = np.clip(at, 0, BINS - 1).astype(np.intp)
    return np.stack(
        [np.bincount(i, weights=r, minlength=BINS) for i, r in zip(index, R, strict=True)]
    )


def _core(middles: Array, held: Array, dof: float, D: int) -> float:
    """Return the factor of one group, from the rows held at each distance."""
    total = held.sum()
    if total < D + 2:
        return 1.0
    below = np.cumsum(held)
    median = middles[int(np.searchsorted(below, 0.5 * total))]
    factor = float(median / _quantiles(np.array(0.5), dof, D))
    shares = (np.arange(1000) + 0.5) / 1000 * WITHIN
    expected = float(_quantiles(shares, dof, D).mean())
    reach = float(_quantiles(np.array(WITHIN), dof, D))
    sums = np.cumsum(held * middles)
    for _ in range(ROUNDS):
        last = int(np.searchsorted(middles, factor * reach)) - 1
        if last < 0 or below[last] <= 0:
            return factor
        after = float(sums[last] / below[last] / expected)
        if abs(after / factor - 1) < 1e-3:
            return after
        factor = after
    return factor
