"""Scatter: rows that lie thinly around and among all groups, and are no group themselves.

The bound alone often gives gross outliers a component of their own, wide and thin, as soon as
there are some tens of them: a bell over them describes them better than the far tails of the
groups. Who asks for heavy tails does not take it for a group. So components of this kind are
dissolved: few rows together, around the centres of all others, and several times as wide as each
of them in every direction. Other robust methods exclude them by limits on the spread of groups
(García-Escudero et al. 2008, TCLUST); the limits here do not change with the units or mixtures of
columns, and leave alone a wide group that lies beside the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from headwater.engines.mixture.gaussian import Components

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SHARE = 0.15
"""Share of the rows that scatter may hold."""
WIDER = 3.0
"""Times that scatter is as wide as each group, in every direction."""
WITHIN = 0.99
"""Share of the scatter within the ellipse where the centres of all groups must lie."""


def scattered(components: Components, counts: Array) -> Indices:
    """Return the components that are scatter, or none.

    The widest component is looked at, then the two widest together, and so on: many far rows may
    be held by several.
    """
    K, D = components.mean.shape
    covariance = components.scale / components.dof[:, None, None]
    widest = np.argsort(-(components.log_det_scale - D * np.log(components.dof)), kind="stable")
    total = counts.sum()
    for size in range(1, K):
        some, others = widest[:size], widest[size:]
        share = counts[some].sum() / total
        if share > SHARE:
            break
        weight = counts[some] / counts[some].sum()
        centre = weight @ components.mean[some]
        away = components.mean[some] - centre
        spread = np.einsum("k,kij->ij", weight, covariance[some]) + (away.T * weight) @ away
        factor = np.linalg.inv(np.linalg.cholesky(spread))
        width = np.linalg.eigvalsh(factor @ covariance[others] @ factor.T)[:, -1]
        distance = (((components.mean[others] - centre) @ factor.T) ** 2).sum(axis=1)
        if width.max() <= WIDER**-2 and distance.max() <= chdtri(D, 1 - WITHIN):
            return some
    return np.empty(0, dtype=np.intp)
