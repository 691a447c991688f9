"""The generated users are those of the published example, and the same everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from headwater_demo.smartdjango.generate import GROUPS, generate_users, group_sizes


def test_times_are_the_first_draws_of_the_legacy_generator() -> None:
    users = generate_users(200)

    random = np.random.RandomState(123456)
    expected = np.concatenate(
        [
            random.multivariate_normal([20, 20], [[2, 0], [0, 0.1]], 50),
            random.multivariate_normal([20, 20], [[0.1, 0], [0, 2]], 50),
            random.multivariate_normal([25, 25], [[2, -1.5], [-1.5, 2]], 50),
            random.multivariate_normal([16, 16], [[0.5, 0], [0, 0.5]], 50),
        ]
    )
    np.testing.assert_array_equal(users["avg_time_pages_a"], expected[:, 0])
    np.testing.assert_array_equal(users["avg_time_pages"], expected[:, 1])


def test_people_are_the_first_draws_of_another_legacy_generator() -> None:
    users = generate_users(200)

    random = np.random.RandomState(123456)
    np.testing.assert_array_equal(users["sex"], random.binomial(1, 0.7, 200))
    np.testing.assert_array_equal(users["age"], np.floor(random.normal(30, 2, 200)))
    np.testing.assert_array_equal(users["avg1"], random.normal(10, 5, 200))
    # The published posterior means of Example 1 are those of these numbers.
    assert round(users["avg1"].mean(), 4) == 9.8093
    assert round(1 / users["avg1"].var(ddof=1), 5) == 0.03916


def test_same_users_every_time() -> None:
    first, second = generate_users(60), generate_users(60)
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])


@pytest.mark.parametrize("n", [4, 5, 199, 200, 202, 203])
def test_remainder_is_spread(n: int) -> None:
    sizes = group_sizes(n)
    assert sum(sizes) == n
    assert max(sizes) - min(sizes) <= 1
    assert all(len(column) == n for column in generate_users(n).values())


def test_columns_look_like_people() -> None:
    users = generate_users(20_000)
    assert abs(users["sex"].mean() - 0.7) < 0.02
    assert abs(users["age"].mean() - 29.5) < 0.1
    assert (users["age"] >= 16).all()
    assert abs(users["avg1"].mean() - 10) < 0.2
    assert abs(users["avg1"].std() - 5) < 0.2
    assert abs(users["avg_time_logged"].mean() - 180) < 5
    visits = {letter: users[f"visits_pages_{letter}"].mean() for letter in "abcdefghij"}
    assert max(visits, key=lambda letter: visits[letter]) == "a"
    total = sum(users[f"visits_pages_{letter}"] for letter in "abcdefghij")
    np.testing.assert_array_equal(users["visits_pages"], total)
    start = 0
    for (mean, _), size in zip(GROUPS, group_sizes(20_000), strict=True):
        part = slice(start, start + size)
        assert abs(users["avg_time_pages_a"][part].mean() - mean[0]) < 0.1
        start += size
