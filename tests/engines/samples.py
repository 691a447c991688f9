"""The samples of seed 002, as they stand there, and generated data."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SPICES: Floats = np.array(
    [
        [8, 1, 6, 12],
        [9, 0, 8, 15],
        [1, 9, 7, 8],
        [0, 8, 5, 6],
        [2, 0, 9, 25],
        [1, 1, 8, 20],
        [7, 2, 4, 5],
        [8, 1, 5, 3],
    ],
    dtype=np.float64,
)
"""Sweetness, spiciness, aroma, price per gram."""

RECIPES: Floats = np.array(
    [
        [15, 30, 2, 1],
        [20, 25, 3, 2],
        [10, 15, 1, 0],
        [30, 60, 4, 3],
        [25, 45, 3, 2],
        [5, 10, 1, 1],
        [40, 90, 5, 1],
        [20, 30, 2, 2],
    ],
    dtype=np.float64,
)
"""Minutes to prepare, minutes to cook, difficulty, spice level."""

FLAVOURS: Floats = np.array(
    [
        [7, 2, 1, 0, 2, 1, 8, 6, 8],
        [1, 8, 2, 0, 7, 0, 4, 3, 9],
        [2, 6, 8, 1, 3, 2, 6, 4, 2],
        [8, 1, 3, 2, 1, 0, 9, 7, 5],
        [0, 7, 1, 3, 8, 1, 5, 2, 9],
        [1, 5, 0, 4, 6, 8, 3, 1, 9],
        [6, 3, 4, 0, 2, 0, 7, 8, 3],
        [2, 9, 0, 1, 9, 3, 2, 4, 8],
    ],
    dtype=np.float64,
)
"""How much of each of nine flavours a dish has."""

DISHES: Floats = np.array(
    [
        [25, 180, 4.5, 12],
        [30, 175, 4.7, 14],
        [28, 185, 4.3, 13],
        [45, 200, 4.8, 18],
        [50, 195, 4.6, 20],
        [48, 205, 4.9, 19],
        [15, 160, 4.2, 8],
        [12, 155, 4.4, 9],
        [10, 150, 4.1, 7],
        [90, 220, 2.1, 25],
        [5, 300, 1.8, 30],
        [120, 100, 3.8, 5],
    ]
)
"""Minutes, temperature, rating, cost; the last three are unusual."""

MENU: Floats = np.array(
    [
        [15.99, 25, 450, 2, 1],
        [22.50, 35, 650, 3, 2],
        [12.99, 15, 350, 1, 3],
        [28.99, 45, 800, 4, 2],
        [18.75, 30, 500, 2, 1],
        [14.50, 20, 300, 1, 3],
        [25.00, 40, 700, 3, 4],
        [19.99, 25, 450, 2, 1],
        [35.99, 60, 900, 1, 5],
        [8.99, 10, 200, 0, 6],
        [45.00, 90, 1200, 5, 7],
    ]
)
"""Price, minutes, calories, spice, cuisine as a number."""

CUSTOMERS: Floats = np.array(
    [
        [25.50, 8, 3, 19, 2],
        [45.20, 12, 5, 20, 4],
        [15.30, 4, 2, 12, 1],
        [32.80, 6, 4, 13, 3],
        [18.90, 15, 2, 18, 1],
        [52.60, 9, 6, 21, 5],
        [28.40, 7, 3, 19, 2],
        [41.10, 10, 4, 20, 4],
        [12.75, 3, 1, 11, 1],
        [38.20, 14, 3, 18, 3],
    ]
)
"""Order value, orders per month, cuisines, hour, seasonal variation."""

SAMPLES: dict[str, Floats] = {
    "spices": SPICES,
    "recipes": RECIPES,
    "flavours": FLAVOURS,
    "dishes": DISHES,
    "menu": MENU,
    "customers": CUSTOMERS,
}


def blobs(n: int = 400, *, d: int = 3, k: int = 4, spread: float = 1.0, seed: int = 0) -> Floats:
    """Return ``n`` rows around ``k`` centres, in mixed order."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(-10, 10, size=(k, d))
    rows: Floats = centres[rng.integers(0, k, n)] + rng.normal(scale=spread, size=(n, d))
    return rows


def same_groups(one: Any, other: Any) -> bool:
    """Say whether two divisions are the same but for the names of the groups; -1 is one name."""
    one, other = np.asarray(one), np.asarray(other)
    if not np.array_equal(one == -1, other == -1):
        return False
    pairs = len(set(zip(one.tolist(), other.tolist(), strict=True)))
    return pairs == len(set(one.tolist())) == len(set(other.tolist()))
