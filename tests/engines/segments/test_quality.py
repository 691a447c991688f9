"""Scores of groups equal scikit-learn's, and are nothing where they are not defined."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from headwater.engines.segments.members import Members
from headwater.engines.segments.quality import quality, silhouettes_of, thinned
from tests.engines.segments.data import blobs

UNDEFINED = {"silhouette": None, "davies_bouldin": None, "calinski_harabasz": None}


def in_json(scores: dict[str, Any]) -> dict[str, Any]:
    """Return the scores, which a file of JSON gives back as they are."""
    assert json.loads(json.dumps(scores, allow_nan=False)) == scores
    return scores


@pytest.mark.parametrize("apart", [0.5, 2.0, 8.0])
@pytest.mark.parametrize("offset", [0.0, 1e7])
def test_scores_are_those_of_scikit_learn(apart: float, offset: float) -> None:
    X, labels = blobs(apart=apart)
    scores = in_json(quality(X + offset, labels))
    assert scores["silhouette"] == pytest.approx(metrics.silhouette_score(X, labels), rel=1e-6)
    assert scores["davies_bouldin"] == pytest.approx(
        metrics.davies_bouldin_score(X, labels), rel=1e-6
    )
    assert scores["calinski_harabasz"] == pytest.approx(
        metrics.calinski_harabasz_score(X, labels), rel=1e-6
    )
    centres = np.array([X[labels == group].mean(axis=0) for group in range(3)])
    assert scores["inertia"] == pytest.approx(((X - centres[labels]) ** 2).sum(), rel=1e-6)
    assert scores["sampled"] is None
    each = metrics.silhouette_samples(X, labels)
    for group in range(3):
        own = each[labels == group]
        assert scores["by_group"][str(group)] == pytest.approx(own.mean(), rel=1e-6)
        assert scores["silhouettes"][str(group)] == pytest.approx(np.sort(own)[::-1], abs=6e-5)


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.floats(-100, 100), st.floats(-100, 100)),
        min_size=3,
        max_size=25,
    )
)
def test_each_silhouette_is_that_of_scikit_learn(rows: list[tuple[int, float, float]]) -> None:
    labels = np.array([group for group, _, _ in rows])
    X = np.array([point for _, *point in rows])
    if not 2 <= len(set(labels)) < len(labels):
        return
    # Given distances: scikit-learn's own lose digits of rows that lie close together.
    distances = np.sqrt(((X[:, np.newaxis] - X[np.newaxis]) ** 2).sum(axis=2))
    expected = metrics.silhouette_samples(distances, labels, metric="precomputed")
    assert silhouettes_of(X, Members.of(labels)) == pytest.approx(expected, abs=1e-9)


def test_rows_outside_of_every_group_only_count() -> None:
    X, labels = blobs()
    outside = np.arange(len(X)) % 7 == 0
    X[outside] *= 50
    labels = np.where(outside, -1, labels)
    scores = in_json(quality(X, labels))
    inside = quality(X[~outside], labels[~outside])
    assert (scores["n_noise"], scores["noise_share"]) == (outside.sum(), outside.mean())
    assert {**scores, "n_noise": 0, "noise_share": 0.0} == inside


def test_a_sample_comes_near_to_all_rows_and_says_so() -> None:
    X, labels = blobs((1800, 700, 40), apart=3.0)
    scores = in_json(quality(X, labels, limit=900))
    assert 850 <= scores["sampled"] <= 900
    assert scores["silhouette"] == pytest.approx(metrics.silhouette_score(X, labels), abs=0.03)
    each = metrics.silhouette_samples(X, labels)
    for group in range(3):
        own = scores["by_group"][str(group)]
        assert own == pytest.approx(each[labels == group].mean(), abs=0.05)
        assert len(scores["silhouettes"][str(group)]) <= 200
    assert scores["davies_bouldin"] == pytest.approx(metrics.davies_bouldin_score(X, labels))
    assert scores == quality(X, labels, limit=900)
    assert scores["silhouette"] != quality(X, labels, limit=900, seed=1)["silhouette"]


def test_a_sample_has_some_of_the_smallest_group() -> None:
    X, labels = blobs((3000, 2, 1), apart=9.0)
    scores = quality(X, labels, limit=300)
    assert [len(scores["silhouettes"][str(group)]) for group in range(3)] == [200, 2, 1]
    assert scores["silhouettes"]["2"] == [0]


def test_groups_keep_the_numbers_of_the_estimator() -> None:
    X, labels = blobs()
    scores = quality(X, labels * 3 + 2)
    assert set(scores["by_group"]) == set(scores["silhouettes"]) == {"2", "5", "8"}
    assert scores["silhouette"] == quality(X, labels)["silhouette"]


@pytest.mark.parametrize(
    "labels",
    [[0, 0, 0, 0], [-1, -1, 0, 0], [-1, -1, -1, -1], [0, 1, 2, 3], [-1, -1, 0, 1]],
    ids=["one group", "one group and noise", "all noise", "rows by themselves", "two rows"],
)
def test_scores_that_are_not_defined_are_none(labels: list[int]) -> None:
    scores = in_json(quality(np.arange(8.0).reshape(4, 2), np.array(labels)))
    assert {key: scores[key] for key in UNDEFINED} == UNDEFINED
    assert scores["silhouettes"] == {}
    assert (scores["inertia"] is None) == (max(labels) < 0)


def test_groups_of_rows_that_are_all_alike() -> None:
    X = np.repeat([[0.0, 0.0], [3.0, 4.0]], 5, axis=0)
    scores = in_json(quality(X, np.repeat([0, 1], 5)))
    assert scores["silhouette"] == 1
    assert scores["inertia"] == 0
    assert scores["calinski_harabasz"] is None
    alike = in_json(quality(np.ones((6, 2)), np.array([0, 0, 0, 1, 1, 1])))
    assert alike["silhouette"] == 0
    assert alike["davies_bouldin"] is None


def test_no_rows_and_numbers_too_large_to_square() -> None:
    assert in_json(quality(np.zeros((0, 2)), np.zeros(0, dtype=int)))["noise_share"] == 0
    X, labels = blobs()
    assert in_json(quality(X * 1e200, labels))["inertia"] is None


def test_more_groups_than_a_sample_holds_have_no_silhouette() -> None:
    X = np.arange(400.0).reshape(200, 2)
    scores = in_json(quality(X, np.arange(200) // 2, limit=100))
    assert scores["silhouette"] is None
    assert scores["davies_bouldin"] is not None


def test_thinning_keeps_the_ends() -> None:
    values = np.arange(1000.0)[::-1]
    kept = thinned(values, 200)
    assert (len(kept), kept[0], kept[-1]) == (200, 999, 0)
    assert np.abs(np.quantile(values, np.linspace(1, 0, 200)) - kept).max() <= 0.5
