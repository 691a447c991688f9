"""The typical row of a group, and the one that almost belongs elsewhere."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from headwater.engines.segments.examples import examples_as_json, find_examples
from tests.engines.segments.data import blobs


def test_examples_by_brute_force() -> None:
    X, labels = blobs(apart=3.0)
    labels[::11] = -1
    centres = np.array([X[labels == group].mean(axis=0) for group in range(3)])
    distances = pairwise_distances(X, centres)
    for example in find_examples(X, labels):
        mine = np.flatnonzero(labels == example.group)
        assert example.typical == min(mine, key=lambda row: distances[row, example.group])
        ratio = {
            row: distances[row, example.group]
            / min(distances[row, other] for other in range(3) if other != example.group)
            for row in mine
        }
        assert example.counter == max(ratio, key=ratio.__getitem__)
        others = np.delete(np.arange(3), example.group)
        assert example.towards == others[distances[example.counter, others].argmin()]
        share = ratio[example.counter]
        expected = 1 - share if share < 1 else 1 / share - 1
        assert example.margin == pytest.approx(expected)


def test_points_on_a_line() -> None:
    X = np.array([[0.0], [1.0], [2.0], [4.0], [10.0], [11.0], [12.0]])
    labels = np.array([0, 0, 0, 0, 1, 1, 1])
    first, second = find_examples(X, labels)
    assert (first.typical, first.counter, first.towards) == (2, 3, 1)
    assert first.margin == pytest.approx((7 - 2.25) / 7)
    assert (second.typical, second.counter, second.towards) == (5, 4, 0)


def test_as_json_by_id_and_letter() -> None:
    X = np.array([[0.0], [1.0], [3.0], [10.0], [99.0]])
    found = find_examples(X, np.array([2, 2, 2, 0, -1]))
    shown = examples_as_json(found, np.array(["p", "q", "r", "s", "t"]), ("B", "C", "A"))
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown
    assert shown["A"] == {
        "typical": "q", "counter": "r", "towards": "B", "margin": pytest.approx((7 - 5 / 3) / 7),
    }  # fmt: skip
    assert shown["B"] == {"typical": "s", "counter": None, "towards": None, "margin": None}
    assert set(shown) == {"A", "B"}


def test_no_counter_example_without_another_group() -> None:
    X, _ = blobs()
    (only,) = find_examples(X, np.zeros(len(X), dtype=int))
    assert (only.counter, only.towards, only.margin) == (None, None, None)


def test_rows_that_are_all_alike() -> None:
    first, second = find_examples(np.ones((4, 2)), np.array([0, 0, 1, 1]))
    assert (first.typical, first.counter, second.typical) == (0, None, 2)


def test_nothing_but_noise() -> None:
    assert find_examples(np.ones((3, 2)), np.full(3, -1)) == ()
