"""K-means keeps the house's estimator contract and scikit-learn's."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans as Reference
from sklearn.utils.estimator_checks import check_estimator

from headwater.engines.clustering.k_means import KMeans
from headwater.engines.progress import Step


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
