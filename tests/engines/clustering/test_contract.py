"""What every technique that may leave rows in no group, or cuts a tree, has in common."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.utils.estimator_checks import check_estimator

from headwater.engines.clustering.dbscan import DBSCAN
from headwater.engines.clustering.hdbscan import HDBSCAN
from headwater.engines.clustering.hierarchical import Hierarchical
from headwater.engines.progress import Step
from tests.engines.samples import blobs

MADE = [
    Hierarchical(4),
    Hierarchical(4, linkage="single"),
    DBSCAN(1.0),
    HDBSCAN(10),
]
EVERY = pytest.mark.parametrize("made", MADE, ids=["ward", "single", "dbscan", "hdbscan"])
X = blobs(400, spread=0.7)


def fitted(made: Any) -> Any:
    return type(made)(**made.get_params()).fit(X)


@pytest.mark.parametrize(
    "made", [Hierarchical(3), DBSCAN(), HDBSCAN()], ids=lambda e: type(e).__name__
)
def test_scikit_learns_contract(made: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's own notes on skipped checks
        check_estimator(made)


@EVERY
def test_the_figures_are_those_of_the_labels(made: Any) -> None:
    model = fitted(made)
    labels = model.labels_
    assert labels.dtype == np.int64
    assert set(labels) - {-1} == set(range(model.n_groups_))
    for group in range(model.n_groups_):
        np.testing.assert_allclose(model.means_[group], X[labels == group].mean(axis=0))
        assert model.weights_[group] == pytest.approx((labels == group).mean())
    assert model.objectives_ == model.restart_objectives_ == [model.objective_]
    assert model.converged_


@EVERY
def test_rows_learned_from_are_in_their_own_group(made: Any) -> None:
    model = fitted(made)
    group = model.compile()
    assert model.predict(X).tolist() == model.labels_.tolist()
    assert [group(row) for row in X] == model.labels_.tolist()


@EVERY
def test_rows_far_from_all_are_outside_and_near_ones_are_not(made: Any) -> None:
    model = fitted(made)
    group = model.compile()
    assert model.predict(X + 1000).tolist() == [-1] * len(X)
    assert group(X[0] + 1000) == -1
    nudged = X + 1e-7
    assert model.predict(nudged).tolist() == model.labels_.tolist()
    assert [group(row) for row in nudged] == model.labels_.tolist()


@EVERY
def test_new_rows_get_the_same_group_alone_and_together(made: Any) -> None:
    model = fitted(made)
    group = model.compile()
    new = np.random.default_rng(5).uniform(-12, 12, size=(300, X.shape[1]))
    together = model.predict(new)
    assert together.tolist() == [group(row) for row in new]
    assert -1 in together


@EVERY
def test_far_from_zero_the_groups_are_the_same(made: Any) -> None:
    moved = type(made)(**made.get_params()).fit(X + 1e6)
    assert moved.labels_.tolist() == fitted(made).labels_.tolist()
    assert moved.predict(X + 1e6).tolist() == moved.labels_.tolist()
    np.testing.assert_allclose(moved.means_ - 1e6, fitted(made).means_, atol=1e-6)


@EVERY
def test_progress_is_told_and_an_exception_stops_the_fit(made: Any) -> None:
    steps: list[Step] = []
    made.fit(X, callback=steps.append)
    assert [step.iteration for step in steps] == sorted(step.iteration for step in steps)
    assert {step.restart for step in steps} == {1}

    def stop(step: Step) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        made.fit(X, callback=stop)


@pytest.mark.parametrize(
    ("made", "rows", "sentence"),
    [
        (Hierarchical(4), X[:3], "4 groups are asked for and there are 3 rows"),
        (Hierarchical(0), X, "0 groups are asked for; ask for 1 or more"),
        (Hierarchical(1), X[:1], "at least 2 rows, and there is only 1 sample"),
        (Hierarchical(2, linkage="far"), X, "linkage was 'far'; it takes one of “ward”, “comp"),  # type: ignore[arg-type]
        (DBSCAN(0), X, "eps was 0; it takes a number above 0"),
        (DBSCAN(float("nan")), X, "eps was nan"),
        (DBSCAN(1, min_samples=0), X, "min_samples was 0; it takes 1 or more"),
        (HDBSCAN(1), X, "min_cluster_size was 1; it takes 2 or more"),
        (HDBSCAN(5, min_samples=0), X, "min_samples was 0; it takes 1 or more, or nothing"),
        (HDBSCAN(50), X[:9], "measured by 50 rows and there are 9"),
        (HDBSCAN(5), np.array([[1.0], [np.nan]] * 9), "contains NaN"),
    ],
)
def test_what_does_not_fit_gets_a_sentence(made: Any, rows: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        made.fit(rows)
