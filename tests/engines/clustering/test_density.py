"""DBSCAN and HDBSCAN are scikit-learn's; new rows follow the rule that is stated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import cluster
from sklearn.preprocessing import StandardScaler

from headwater.engines.clustering import dbscan, hdbscan, neighbourhood
from headwater.engines.clustering.dbscan import DBSCAN
from headwater.engines.clustering.hdbscan import HDBSCAN
from tests.engines.samples import DISHES, MENU, SAMPLES, blobs


def reference_hdbscan(X: Any, **options: Any) -> list[int]:
    labels: list[int] = cluster.HDBSCAN(copy=True, **options).fit_predict(X).tolist()
    return labels


def test_the_unusual_dishes() -> None:
    X = StandardScaler().fit_transform(DISHES)
    model = DBSCAN(0.8, min_samples=2).fit(X)
    # Pasta and salad hang together, meat is apart, and the last three are alone.
    assert model.labels_.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0, -1, -1, -1]
    assert model.labels_.tolist() == cluster.DBSCAN(eps=0.8, min_samples=2).fit_predict(X).tolist()
    assert model.objective_ == 0.75


def test_the_unusual_items_of_the_menu() -> None:
    X = StandardScaler().fit_transform(MENU)
    model = DBSCAN(1.2, min_samples=2).fit(X)
    reference = cluster.DBSCAN(eps=1.2, min_samples=2).fit(X)
    assert model.labels_.tolist() == reference.labels_.tolist()
    assert model.labels_.tolist() == [0, 0, 1, 0, 0, 1, 0, 0, -1, -1, -1]
    np.testing.assert_array_equal(model.core_points_, reference.components_)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_is_divided_as_by_the_reference(sample: str) -> None:
    X = StandardScaler().fit_transform(SAMPLES[sample])
    for least in (1, 2, 4):
        for eps in np.linspace(0.4, 3, 7):
            ours = DBSCAN(float(eps), min_samples=least).fit(X)
            reference = cluster.DBSCAN(eps=eps, min_samples=least).fit(X)
            assert ours.labels_.tolist() == reference.labels_.tolist()
    for least in (2, 3):
        assert HDBSCAN(least).fit(X).labels_.tolist() == reference_hdbscan(
            X, min_cluster_size=least
        )


@pytest.mark.parametrize("pairs", [5_000_000, 20_000, 1])
def test_pairs_in_parts_give_the_same_groups(pairs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbourhood, "PAIRS", pairs)
    X = blobs(500, d=2, k=8, spread=1.5, seed=6)
    for eps, least in ((0.4, 4), (0.8, 12), (30.0, 3)):
        ours = DBSCAN(eps, min_samples=least).fit(X)
        reference = cluster.DBSCAN(eps=eps, min_samples=least).fit(X)
        assert ours.labels_.tolist() == reference.labels_.tolist()


@given(
    arrays(np.float64, st.tuples(st.integers(1, 25), st.just(2)), elements=st.integers(-4, 4)),
    st.sampled_from([0.5, 1.2, 1.5, 2.3]),
    st.integers(1, 6),
)
def test_any_rows_are_divided_as_by_the_reference(X: Any, eps: float, least: int) -> None:
    ours = DBSCAN(eps, min_samples=least).fit(X)
    reference = cluster.DBSCAN(eps=eps, min_samples=least).fit(X)
    assert ours.labels_.tolist() == reference.labels_.tolist()
    # Core rows and rows in no group are assigned as they were learned; a row at a border joins
    # the nearest core row.
    assigned = ours.predict(X)
    surely = np.isin(np.arange(len(X)), reference.core_sample_indices_) | (ours.labels_ == -1)
    assert assigned[surely].tolist() == ours.labels_[surely].tolist()
    for row, group in zip(X[~surely], assigned[~surely], strict=True):
        distances = np.linalg.norm(ours.core_points_ - row, axis=1)
        assert group in ours.core_groups_[distances <= distances.min() + 1e-9]


def test_hdbscan_is_the_references_on_generated_rows() -> None:
    X = blobs(800, d=3, k=5, spread=1.5, seed=1)
    for options in ({"min_cluster_size": 15}, {"min_cluster_size": 30, "min_samples": 3}):
        assert HDBSCAN(**options).fit(X).labels_.tolist() == reference_hdbscan(X, **options)


def test_a_row_near_one_in_no_group_is_in_none() -> None:
    steps = np.arange(6) * 0.2
    square = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    square += np.random.default_rng(0).uniform(0, 0.02, square.shape)
    X = np.concatenate([square, square + 8, [[30.0, 30.0]]])
    model = HDBSCAN(10).fit(X)
    first, second = model.labels_[[0, 36]].tolist()
    assert {first, second} == {0, 1}
    assert model.labels_.tolist() == [first] * 36 + [second] * 36 + [-1]
    assert model.predict([[0.1, 0.1], [8.1, 8.5], [30.0, 29.99]]).tolist() == [first, second, -1]
    # Nearest to the first group, but farther than its rows are from each other.
    assert model.predict([[0.0, -0.15], [0.0, -0.25]]).tolist() == [first, -1]


@pytest.mark.parametrize(
    ("made", "room"), [(DBSCAN(1.0, min_samples=4), dbscan), (HDBSCAN(20), hdbscan)]
)
def test_of_many_rows_some_are_learned_from_and_the_others_assigned(
    made: Any, room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    X = blobs(3000, d=2, k=4, spread=0.5, seed=1)
    X[7] = 500.0
    whole = type(made)(**made.get_params()).fit(X)
    assert whole.notes_ == []
    monkeypatch.setattr(room, "MAX_ROWS", 1000)
    part = type(made)(**made.get_params()).fit(X)
    again = type(made)(**made.get_params()).fit(X)
    assert part.labels_.tolist() == again.labels_.tolist()
    assert part.notes_[0].startswith("The groups were found in 1,000 of 3,000 rows, drawn at ran")
    assert part.labels_.shape == (3000,)
    assert part.labels_[7] == -1
    both = (whole.labels_ >= 0) & (part.labels_ >= 0)
    assert both.mean() > 0.9
    pairs = set(zip(whole.labels_[both].tolist(), part.labels_[both].tolist(), strict=True))
    assert len(pairs) == whole.n_groups_ == part.n_groups_
    np.testing.assert_allclose(part.means_[0], X[part.labels_ == 0].mean(axis=0))
    assert part.predict(X).tolist() == part.labels_.tolist()


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (DBSCAN(0.001), "No row has 5 rows within 0.001, itself counted, so there is no group."),
        (HDBSCAN(30), "No 30 rows stay together and apart from the others, so there is no group."),
    ],
)
def test_there_may_be_no_group_at_all(made: Any, sentence: str) -> None:
    X = np.random.default_rng(0).uniform(size=(40, 2))
    model = made.fit(X)
    assert model.labels_.tolist() == [-1] * 40
    assert (model.n_groups_, model.means_.shape, model.objective_) == (0, (0, 2), 0)
    assert model.notes_[0].startswith(sentence)
    assert model.predict(X).tolist() == [-1] * 40
    assert model.compile()(X[0]) == -1
