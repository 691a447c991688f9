"""K-means keeps the house's estimator contract and scikit-learn's."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans as Reference
from sklearn.utils.estimator_checks import check_estimator

from headwater.engines.clustering import k_means
from headwater.engines.clustering.k_means import KMeans
from headwater.engines.progress import Step
from tests.engines.samples import SAMPLES, SPICES, same_groups
from tests.engines.samples import blobs as generated


def blobs(n: int = 200) -> Any:
    rng = np.random.default_rng(3)
    return np.concatenate([rng.normal(c, 0.3, size=(n // 4, 2)) for c in (0, 5, 10, 15)])


def test_scikit_learns_contract() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's own notes on skipped checks
        check_estimator(KMeans(n_clusters=3, random_state=0))


def test_separated_groups_are_found_as_by_the_reference() -> None:
    X = blobs()
    ours = KMeans(4, n_init=5, random_state=0).fit(X)
    reference = Reference(4, n_init=10, random_state=0).fit(X)
    assert ours.objective_ == pytest.approx(reference.inertia_)
    assert ours.n_groups_ == 4
    np.testing.assert_allclose(ours.weights_, 0.25)
    np.testing.assert_allclose(
        np.sort(ours.means_, axis=0), np.sort(reference.cluster_centers_, axis=0), rtol=1e-6
    )
    assert ours.predict(X).tolist() == ours.labels_.tolist()


def test_the_trace_falls_and_the_best_restart_is_kept() -> None:
    model = KMeans(4, n_init=4, random_state=1).fit(blobs())
    assert (np.diff(model.objectives_) <= 1e-9).all()
    assert len(model.restart_objectives_) == 4
    assert model.objective_ == min(model.restart_objectives_) == model.objectives_[-1]
    assert model.converged_
    assert not KMeans(4, max_iter=1, tol=0, random_state=1).fit(blobs()).converged_


def test_progress_is_told_and_an_exception_stops_the_fit() -> None:
    steps: list[Step] = []
    KMeans(3, n_init=2, random_state=0).fit(blobs(), callback=steps.append)
    assert {step.restart for step in steps} == {1, 2}
    assert [s.iteration for s in steps if s.restart == 1][:1] == [1]

    def stop(step: Step) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        KMeans(3, random_state=0).fit(blobs(), callback=stop)


def test_compiled_rows_get_the_group_of_predict() -> None:
    X = blobs() + 1e6
    model = KMeans(4, n_init=3, random_state=0).fit(X)
    group = model.compile()
    assert [group(row) for row in X] == model.predict(X).tolist()


def test_fewer_distinct_rows_than_groups_give_fewer_groups() -> None:
    model = KMeans(4, random_state=0).fit(np.repeat([[0.0], [1.0]], 10, axis=0))
    assert model.n_groups_ == 2
    assert set(model.labels_) == {0, 1}
    assert model.objective_ == 0


@pytest.mark.parametrize(
    ("X", "options", "sentence"),
    [
        (np.zeros((3, 2)), {"n_clusters": 4}, "4 groups are asked for and there are 3 rows"),
        (np.array([[1.0], [np.nan]]), {"n_clusters": 1}, "contains NaN"),
        (np.array([[1.0], [np.inf]]), {"n_clusters": 1}, "contains infinity"),
        (np.zeros((5, 1)), {"n_clusters": 1, "n_init": 0}, "n_init was 0"),
        (np.zeros((5, 1)), {"n_clusters": 1, "max_iter": 0}, "max_iter was 0"),
    ],
)
def test_bad_input_gets_a_sentence(X: Any, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        KMeans(**options).fit(X)


def test_the_spices_are_divided_as_in_the_seed() -> None:
    scaled = (SPICES - SPICES.mean(axis=0)) / SPICES.std(axis=0)
    ours = KMeans(3, n_init=10, random_state=42).fit(scaled)
    reference = Reference(3, n_init=10, random_state=42).fit(scaled)
    assert ours.objective_ == pytest.approx(reference.inertia_, rel=1e-12)
    assert same_groups(ours.labels_, reference.labels_)
    # Sweet ones, hot ones, precious ones.
    assert same_groups(ours.labels_, [0, 0, 1, 1, 2, 2, 0, 0])


@pytest.mark.parametrize("sample", SAMPLES)
def test_ten_restarts_find_what_the_reference_finds(sample: str) -> None:
    X = SAMPLES[sample]
    for rows in (X, (X - X.mean(axis=0)) / X.std(axis=0)):
        for k in (2, 3, 5):
            ours = KMeans(k, n_init=10, random_state=42).fit(rows)
            reference = Reference(k, n_init=10, random_state=42).fit(rows)
            assert ours.objective_ == pytest.approx(reference.inertia_, rel=1e-9)
            assert same_groups(ours.labels_, reference.labels_)


@pytest.mark.parametrize("few", [0, 10_000])
@pytest.mark.parametrize("cuts", [[], [1], [7, 8, 300]])
def test_blocks_give_what_all_rows_give(
    cuts: list[int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(k_means, "FEW_ROWS", few)
    X = generated(600, d=3, k=7, spread=2.5, seed=9) + 1e4
    options: dict[str, Any] = {"n_init": 3, "random_state": 5}
    whole = KMeans(6, **options).fit(X)
    steps: list[Step] = []
    blocks = KMeans(6, **options).fit_blocks(np.split(X, cuts), callback=steps.append)
    np.testing.assert_allclose(blocks.means_, whole.means_, rtol=1e-12)
    np.testing.assert_allclose(blocks.objectives_, whole.objectives_, rtol=1e-9)
    np.testing.assert_array_equal(blocks.weights_, whole.weights_)
    np.testing.assert_allclose(blocks.restart_objectives_, whole.restart_objectives_, rtol=1e-9)
    assert (blocks.n_iter_, blocks.converged_) == (whole.n_iter_, whole.converged_)
    assert blocks.predict(X).tolist() == whole.labels_.tolist()
    assert not hasattr(blocks, "labels_")
    assert {step.restart for step in steps} == {1, 2, 3}


def test_many_rows_start_from_a_sample_in_blocks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(k_means, "START_ROWS", 50)
    X = generated(2000, k=5, spread=2.0)
    whole = KMeans(5, n_init=2, random_state=1).fit(X)
    blocks = KMeans(5, n_init=2, random_state=1).fit_blocks([X[:10], X[10:1500], X[1500:]])
    np.testing.assert_allclose(blocks.means_, whole.means_, rtol=1e-12)
    assert whole.objective_ == pytest.approx(
        Reference(5, n_init=10, random_state=0).fit(X).inertia_, rel=1e-3
    )


def test_a_centre_without_rows_moves_to_the_farthest_row_in_blocks_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(k_means, "FEW_ROWS", 0)
    monkeypatch.setattr(k_means, "kmeans_plusplus", lambda X, k, random_state: (far[:k], None))
    far = np.array([[0.0], [100.0], [200.0], [1.0]])
    X = generated(30, d=1, k=3)
    for k in (2, 3, 4):
        whole = KMeans(k, tol=0).fit(X)
        blocks = KMeans(k, tol=0).fit_blocks([X[:11], X[11:]])
        np.testing.assert_allclose(blocks.objectives_, whole.objectives_, rtol=1e-9)
        np.testing.assert_allclose(blocks.means_, whole.means_, rtol=1e-9)
        assert whole.n_groups_ == k


def test_fewer_distinct_rows_than_groups_in_blocks() -> None:
    X = np.repeat([[0.0], [1.0]], 10, axis=0)
    model = KMeans(4, random_state=0).fit_blocks([X[:5], X[5:]])
    assert model.n_groups_ == 2
    assert sorted(model.means_.ravel().tolist()) == [0, 1]
    assert model.objective_ == 0


def test_blocks_that_cannot_be_learned_from_get_a_sentence() -> None:
    X = generated(20)
    with pytest.raises(ValueError, match="reads the blocks more than once"):
        KMeans(2).fit_blocks(iter([X]))
    with pytest.raises(ValueError, match="30 groups are asked for and there are 20 rows"):
        KMeans(30).fit_blocks([X])
    with pytest.raises(ValueError, match="Block 1 has 2 columns, and those before it have 3"):
        KMeans(2).fit_blocks([X, X[:, :2]])
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match="Input contains NaN: row 3, column 1"):
        KMeans(2).fit_blocks([X])
