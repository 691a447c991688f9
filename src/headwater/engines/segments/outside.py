"""outside_radii: from which radius on DBSCAN takes each row into a group."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import pairwise_distances

from headwater.engines.scales import Floats

MOST_ROWS = 2_000
"""Rows for which it can be told: all pairs of them are looked at."""


def outside_radii(X: Floats, min_samples: int) -> Floats:
    """Return for each row of ``X`` (n, d) the least eps at which DBSCAN has it in a group.

    So the rows outside of every group at an eps are those whose number is above it. A row is in a
    group where it is within eps of a core, and a core is a row with ``min_samples`` rows, itself
    counted, within eps. Infinite where there are fewer rows than that.
    """
    n = len(X)
    if n < min_samples:
        return np.full(n, np.inf)
    distances = pairwise_distances(X)
    core_from = np.partition(distances, min_samples - 1, axis=1)[:, min_samples - 1]
    radii: Floats = np.maximum(distances, core_from[np.newaxis, :]).min(axis=1)
    return radii
