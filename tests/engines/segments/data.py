"""Data that the tests of groups share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def blobs(
    sizes: tuple[int, ...] = (60, 40, 30), *, apart: float = 6.0, columns: int = 3, seed: int = 1
) -> tuple[Floats, NDArray[np.int64]]:
    """Return normal groups whose centres are ``apart``, and the group of each row, shuffled."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    directions = rng.normal(size=(len(sizes), columns))
    centres = apart * directions / np.linalg.norm(directions, axis=1, keepdims=True)
    return centres[labels] + rng.normal(size=(len(labels), columns)), labels
