"""The tree is SciPy's, each cut scikit-learn's, and prototypes stand for many rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score

from headwater.engines.clustering import leaves
from headwater.engines.clustering.hierarchical import METHODS, Hierarchical
from headwater.engines.clustering.tree import grow_tree
from tests.engines.samples import CUSTOMERS, RECIPES, SAMPLES, blobs, same_groups

EVERY_METHOD = pytest.mark.parametrize("method", METHODS)


def test_the_recipes_tree() -> None:
    model = Hierarchical(3).fit(RECIPES)
    np.testing.assert_allclose(model.linkage_, linkage(RECIPES, "ward"))
    # Wellington is alone, then curry and tacos; the quick ones are the most.
    assert model.labels_.tolist() == [0, 0, 0, 1, 1, 0, 2, 0]
    assert model.weights_.tolist() == [5 / 8, 2 / 8, 1 / 8]


def test_four_kinds_of_customers() -> None:
    scaled = (CUSTOMERS - CUSTOMERS.mean(axis=0)) / CUSTOMERS.std(axis=0)
    for rows in (CUSTOMERS, scaled):
        model = Hierarchical(4).fit(rows)
        assert same_groups(model.labels_, fcluster(linkage(rows, "ward"), 4, "maxclust"))
        assert model.n_groups_ == 4


@EVERY_METHOD
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_cut_of_every_sample_is_the_references(sample: str, method: Any) -> None:
    X = SAMPLES[sample]
    model = Hierarchical(2, linkage=method).fit(X)
    np.testing.assert_allclose(model.linkage_, linkage(X, method))
    for k in range(1, len(X) + 1):
        reference = AgglomerativeClustering(k, linkage=method).fit_predict(X)
        assert same_groups(model.cut(k), reference)
        assert same_groups(Hierarchical(k, linkage=method).fit(X).labels_, reference)


@EVERY_METHOD
def test_generated_rows_too(method: Any) -> None:
    X = blobs(600, d=4, k=5, spread=2.0)
    model = Hierarchical(5, linkage=method).fit(X)
    np.testing.assert_allclose(model.linkage_, linkage(X, method))
    for k in (2, 5, 17):
        assert same_groups(model.cut(k), fcluster(linkage(X, method), k, "maxclust"))


def test_a_cut_is_a_fit_with_another_number_of_groups() -> None:
    X = blobs(300, k=6)
    model = Hierarchical(6).fit(X)
    three, fresh = model.with_cut(3), Hierarchical(3).fit(X)
    assert (model.n_clusters, model.n_groups_, three.n_clusters) == (6, 6, 3)
    assert three.labels_.tolist() == fresh.labels_.tolist() == model.cut(3).tolist()
    np.testing.assert_allclose(three.means_, fresh.means_)
    np.testing.assert_allclose(three.reach_, fresh.reach_)
    assert three.objective_ == pytest.approx(fresh.objective_)
    inertia = sum(((X[three.labels_ == g] - m) ** 2).sum() for g, m in enumerate(three.means_))
    assert three.objective_ == pytest.approx(inertia)
    assert (np.diff(three.weights_) <= 0).all()
    with pytest.raises(ValueError, match="301 groups are asked for and there are 300 rows"):
        model.with_cut(301)


@given(
    arrays(np.float64, st.tuples(st.integers(2, 12), st.just(2)), elements=st.integers(-3, 3)),
    st.integers(1, 12),
    st.sampled_from(METHODS),
)
def test_equal_rows_stay_together_and_groups_are_nested(X: Any, k: int, method: Any) -> None:
    k = min(k, len(X))
    model = Hierarchical(k, linkage=method).fit(X)
    distinct = len(np.unique(X, axis=0))
    assert model.n_groups_ == min(k, distinct)
    assert bool(model.notes_) == (distinct < k)
    for row, label in zip(X, model.labels_, strict=True):
        assert set(model.labels_[(row == X).all(axis=1)]) == {label}
    assert model.predict(X).tolist() == model.labels_.tolist()
    if k > 1:
        pairs = set(zip(model.labels_.tolist(), model.cut(k - 1).tolist(), strict=True))
        assert len(pairs) == model.n_groups_  # each group lies in one of the coarser cut


@EVERY_METHOD
@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_a_point_weighs_as_many_rows_as_it_stands_for(method: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points, sizes = rng.normal(size=(25, 3)), rng.integers(1, 6, 25)
    all_rows = linkage(np.repeat(points, sizes, axis=0), method)
    later = all_rows[all_rows[:, 2] > 1e-9]
    ours = grow_tree(points, sizes, method)
    np.testing.assert_allclose(ours[:, 2], later[:, 2])
    np.testing.assert_array_equal(ours[:, 3], later[:, 3])


def test_where_a_row_lies_outside() -> None:
    X = np.array([[0.0], [1.0], [3.0], [10.0], [10.5], [50.0]])
    model = Hierarchical(3).fit(X)
    assert model.labels_.tolist() == [0, 0, 0, 1, 1, 2]
    # The first reaches as far as 3 is from 1, the second half a step; one row alone reaches as
    # far as the widest group.
    assert model.reach_.tolist() == [2.0, 0.5, 2.0]
    new = np.array([[-2.0], [-2.1], [5.0], [6.0], [9.5], [9.4], [48.0], [47.9], [52.0]])
    assert model.predict(new).tolist() == [0, -1, 0, -1, 1, -1, 2, -1, 2]
    alone = model.with_cut(6)
    assert alone.reach_.tolist() == [0.25] * 6


@pytest.fixture
def few_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaves, "MAX_ROWS", 200)
    monkeypatch.setattr(leaves, "PROTOTYPES", 100)
    monkeypatch.setattr(leaves, "SAMPLE", 500)


@pytest.mark.usefixtures("few_leaves")
@pytest.mark.parametrize("method", ["ward", "average", "complete"])
def test_many_rows_are_merged_by_points_that_stand_for_them(method: Any) -> None:
    X = blobs(3000, d=2, k=5, spread=0.3, seed=1)
    steps: list[int] = []
    model = Hierarchical(5, linkage=method).fit(
        X, callback=lambda step: steps.append(step.iteration)
    )
    assert len(model.leaf_sizes_) == 100
    assert model.notes_ == [
        "There are more than 200 rows, so the tree is grown from 100 points, each of which stands "
        "for the rows nearest to it, 30 in the mean."
    ]
    assert model.linkage_[-1, 3] == model.leaf_sizes_.sum() == len(X)
    assert len(steps) > 3
    reference = AgglomerativeClustering(5, linkage=method).fit_predict(X)
    assert adjusted_rand_score(reference, model.labels_) == 1
    assert model.predict(X).tolist() == model.labels_.tolist()
    group = model.compile()
    assert [group(row) for row in X[:200]] == model.labels_[:200].tolist()
    for cut in (model, model.with_cut(3)):
        for g, mean in enumerate(cut.means_):
            np.testing.assert_allclose(mean, X[cut.labels_ == g].mean(axis=0))
        inertia = sum(((X[cut.labels_ == g] - m) ** 2).sum() for g, m in enumerate(cut.means_))
        assert cut.objective_ == pytest.approx(inertia)
    with pytest.raises(ValueError, match="101 groups are asked for, and the tree has 100 leaves"):
        model.cut(101)


@pytest.mark.usefixtures("few_leaves")
def test_many_equal_rows_are_merged_exactly() -> None:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(60, 2))[rng.integers(0, 60, 1000)]
    for method in METHODS:
        model = Hierarchical(4, linkage=method).fit(X)
        reference = linkage(X, method)
        assert same_groups(model.labels_, fcluster(reference, 4, "maxclust"))
        heights = reference[reference[:, 2] > 1e-9]
        np.testing.assert_allclose(model.linkage_[:, 2:], heights[:, 2:])
        assert model.notes_ == [
            "The tree is grown from the 60 different rows; equal ones merge first."
        ]
    with pytest.raises(ValueError, match="1001 groups"):
        model.cut(1001)
    assert len(np.unique(model.cut(80))) == 60


@pytest.mark.usefixtures("few_leaves")
def test_the_same_seed_gives_the_same_tree() -> None:
    X = blobs(1000)
    one, two = (Hierarchical(4, random_state=3).fit(X) for _ in range(2))
    np.testing.assert_array_equal(one.linkage_, two.linkage_)
