"""Sample: rows to learn from where there are too many for a technique that compares all pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def sample_rows(n: int, limit: int, random: np.random.RandomState) -> Ints:
    """Return the places, in order, of at most ``limit`` of ``n`` rows drawn without repetition."""
    if n <= limit:
        return np.arange(n)
    return np.sort(random.choice(n, size=limit, replace=False)).astype(np.int64)
