"""Users of the pretended site, from pseudo-random numbers that are the same everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

SEED = 123456
PAGE_TYPES = "abcdefghij"

GROUPS: list[tuple[list[float], list[list[float]]]] = [
    ([20.0, 20.0], [[2.0, 0.0], [0.0, 0.1]]),
    ([20.0, 20.0], [[0.1, 0.0], [0.0, 2.0]]),
    ([25.0, 25.0], [[2.0, -1.5], [-1.5, 2.0]]),
    ([16.0, 16.0], [[0.5, 0.0], [0.0, 0.5]]),
]
"""Mean and covariance of (avg_time_pages_a, avg_time_pages) in each group, in seconds."""

_VISITS = [30.0, 12.0, 10.0, 9.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0]
"""Expected visits on pages of type A to J: A is visited most."""


def group_sizes(n: int) -> list[int]:
    """Return the users in each group: equal, a remainder spread over the first ones.

    >>> group_sizes(10)
    [3, 3, 2, 2]
    """
    return [n // len(GROUPS) + (index < n % len(GROUPS)) for index in range(len(GROUPS))]


def generate_users(n: int) -> dict[str, npt.NDArray[Any]]:
    """Return ``n`` users as columns, by name of the field; one group after the other.

    The two columns that show the groups are the first draws of NumPy's legacy generator, seeded
    123456, and so, of another one, are sex, age and average 1: results on them can be compared
    with published ones. All other columns come from generators of their own and can never disturb
    these.
    """
    legacy = np.random.RandomState(SEED)
    times = np.concatenate(
        [
            legacy.multivariate_normal(mean, covariance, size)
            for (mean, covariance), size in zip(GROUPS, group_sizes(n), strict=True)
        ]
    )

    # A fresh generator with the same seed: sex, age and average 1 are published draws as well.
    people = np.random.RandomState(SEED)
    columns: dict[str, npt.NDArray[Any]] = {
        "sex": people.binomial(1, 0.7, n),
        "age": np.floor(people.normal(30, 2, n)).astype(np.int64),
        "avg1": people.normal(10, 5, n),
        "avg_time_pages_a": times[:, 0],
        "avg_time_pages": times[:, 1],
        "avg_time_logged": np.random.default_rng([SEED, 1]).gamma(9, 20, n),
    }

    usage = np.random.default_rng([SEED, 2])
    eagerness = usage.gamma(6, 1 / 6, n)
    for letter, expected in zip(PAGE_TYPES, _VISITS, strict=True):
        columns[f"visits_pages_{letter}"] = usage.poisson(expected * eagerness)
        if letter != "a":
            columns[f"avg_time_pages_{letter}"] = usage.gamma(25, times[:, 1] / 25)
    columns["visits_pages"] = np.sum(
        [columns[f"visits_pages_{letter}"] for letter in PAGE_TYPES], axis=0
    )
    return columns
