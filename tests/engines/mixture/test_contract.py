"""scikit-learn's contract, the parameters, and what bad input is told."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import check_estimator

from headwater.engines.artifact import Pipeline, pack, unpack
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.encoding import Encoder
from headwater.engines.mixture import VariationalMixture
from headwater.engines.table import Table
from tests.engines.mixture.draws import Array, blobs, usage, with_outliers


@pytest.mark.parametrize("family", ["gaussian", "student_t"])
def test_scikit_learns_contract(family: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's own notes on skipped checks
        check_estimator(VariationalMixture(family=family))


def test_matrix_priors_are_kept_by_a_clone() -> None:
    model = VariationalMixture(
        scale_prior=np.eye(2), mean_precision_prior=[[2e-4, 0.0], [0.0, 1e-4]]
    )
    again = clone(model.fit(blobs(50)))
    np.testing.assert_array_equal(again.scale_prior, np.eye(2))
    assert again.mean_precision_prior == [[2e-4, 0.0], [0.0, 1e-4]]


def test_a_clone_is_unfitted_and_the_same() -> None:
    model = VariationalMixture(7, tol=1e-3, mean_prior=[1.0, 2.0]).fit(blobs(50))
    again = clone(model)
    assert again.get_params() == model.get_params()
    assert not hasattr(again, "means_")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"n_components": 0}, "'n_components'.* must be an int in the range"),
        ({"n_components": 2.5}, "'n_components'.* must be an int"),
        ({"n_init": 0}, "'n_init'"),
        ({"max_iter": 0}, "'max_iter'"),
        ({"tol": -1.0}, "'tol'"),
        ({"concentration_prior": 0.0}, "'concentration_prior'"),
        ({"mean_precision_prior": 0.0}, "'mean_precision_prior'"),
        ({"scale_prior": 0.0}, "'scale_prior'"),
        ({"scale_prior": -1.0}, "'scale_prior'"),
        ({"dof_prior": 1.0}, r"dof_prior must be above the number of columns less one \(1\)"),
        ({"mean_prior": [1.0, 2.0, 3.0]}, "mean_prior must hold 2 finite numbers"),
        ({"mean_prior": [1.0, np.nan]}, "mean_prior must hold 2 finite numbers"),
        ({"scale_prior": np.eye(3)}, r"scale_prior must be .* matrix \(2, 2\).*shape \(3, 3\)"),
        ({"mean_precision_prior": [1.0, 2.0]}, r"mean_precision_prior must be .* shape \(2,\)"),
        ({"scale_prior": [[1.0, 0.5], [0.2, 1.0]]}, "scale_prior must be symmetric: row 0, col"),
        ({"scale_prior": [[1.0, 2.0], [2.0, 1.0]]}, "scale_prior must be positive def.* is -1"),
        ({"mean_precision_prior": [[1.0, 0.0], [0.0, 0.0]]}, "mean_precision_prior must be pos"),
        ({"scale_prior": [[1.0, np.nan], [0.0, 1.0]]}, "scale_prior must be finite: row 0, col"),
        ({"scale_prior": [["a", "b"], ["c", "d"]]}, "scale_prior must be a number above 0 or a m"),
        ({"init": "guess"}, "'init'.* among"),
        ({"moves": "yes"}, "'moves'"),
        ({"family": "cauchy"}, "'family'.* among"),
        ({"n_threads": 0}, "'n_threads'"),
        ({"random_state": "x"}, "'random_state'"),
        ({"n_components": 51}, r"fewer rows \(50\) than there may be groups \(n_components=51\)"),
    ],
)
def test_a_bad_parameter_is_named(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        VariationalMixture(**options).fit(blobs(50))


def spoilt(value: float) -> Array:
    X = blobs(50)
    X[7, 1] = value
    return X


@pytest.mark.parametrize(
    ("X", "sentence"),
    [
        (spoilt(np.nan), "NaN"),
        (spoilt(np.inf), "infinity"),
        (spoilt(-np.inf), "infinity"),
        (np.zeros((1, 2)), "1 sample"),
        (np.zeros((0, 2)), "0 sample"),
        (np.zeros((5, 0)), "0 feature"),
        (np.zeros(5), "Expected 2D array"),
        (np.full((20, 2), "a"), "could not convert string to float"),
        (np.full((20, 2), 1j), "Complex data not supported"),
    ],
)
def test_rows_that_cannot_be_learned_from_are_refused(X: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        VariationalMixture(2).fit(X)


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        ([blobs(50), spoilt(np.nan)], "NaN: row 57, column 1"),
        ([spoilt(-np.inf)], "infinity: row 7, column 1"),
        ([], "no rows to learn from"),
        ([np.zeros((0, 2))], "no rows to learn from"),
        ([blobs(50)[:1]], "at least 2 rows"),
        ([blobs(50)[:2], blobs(50)[:2]], r"fewer rows \(4\)"),
        ([np.full((20, 2), "a")], "holds something that is no number"),
        (iter([blobs(50)]), "this iterator can be read only once"),
    ],
)
def test_blocks_that_cannot_be_learned_from_are_refused(blocks: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        VariationalMixture().fit_blocks(blocks)


@pytest.mark.parametrize(
    ("R", "sentence"),
    [
        (np.ones((50, 2)), r"must have the shape \(rows, n_components\) = \(50, 3\)"),
        (np.ones((50, 3)), "add up to 1"),
        (np.full((50, 3), np.nan), "add up to 1"),
        (np.tile([2.0, -1.0, 0.0], (50, 1)), "0 or more"),
    ],
)
def test_responsibilities_that_are_none_are_refused(R: Array, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        VariationalMixture(3).fit(blobs(50), responsibilities=R)


def test_an_unfitted_model_answers_nothing() -> None:
    model = VariationalMixture()
    for ask in (
        lambda: model.predict(blobs(5)),
        lambda: model.predict_proba(blobs(5)),
        lambda: model.score_samples(blobs(5)),
        model.sample,
        model.compile,
        lambda: model.outlier_scores(blobs(5)),
        lambda: model.is_outlier(blobs(5)),
    ):
        with pytest.raises(NotFittedError):
            ask()


def test_new_rows_must_be_like_those_of_the_fit() -> None:
    model = VariationalMixture(random_state=0).fit(usage(200))
    with pytest.raises(ValueError, match="X has 1 features, but VariationalMixture is expecting 2"):
        model.predict([[1.0]])
    with pytest.raises(ValueError, match="NaN"):
        model.predict([[np.nan, 1.0]])
    with pytest.raises(ValueError, match="n_samples must be 1 or more, and is 0"):
        model.sample(0)


def test_a_fit_of_one_family_leaves_nothing_of_the_other() -> None:
    X = usage(200)
    model = VariationalMixture(4, family="student_t", random_state=0).fit(X)
    model.set_params(family="gaussian").fit(X)
    expected = VariationalMixture(4, random_state=0).fit(X)
    assert set(vars(model)) == set(vars(expected))
    np.testing.assert_array_equal(model.predict_proba(X), expected.predict_proba(X))
    np.testing.assert_array_equal(model.outlier_scores(X), expected.outlier_scores(X))


def test_heavy_tails_survive_as_an_artifact() -> None:
    X = with_outliers(200, 3)
    columns = {"a": X[:, 0], "b": X[:, 1]}
    table = Table(np.arange(len(X)), columns, {"a": "numeric", "b": "numeric"})
    encoder = Encoder()
    rows = encoder.fit_transform(table).X
    technique = TECHNIQUES["variational_mixture"]
    model = technique.build({"family": "student_t"}, restarts=1, iterations=500).fit(rows)
    letters = tuple("ABCDEFGHIJ"[: model.n_groups_])
    packed = pack(Pipeline("variational_mixture", encoder, model, letters, ("a", "b")))
    back = unpack(packed.data, packed.digest)
    assert back.predict(table) == [letters[g] for g in model.labels_]
    np.testing.assert_array_equal(back.estimator.outlier_scores(rows), model.outlier_scores(rows))
    assert back.estimator.notes_ == model.notes_
    assert back.compile()({"a": X[0, 0], "b": X[0, 1]}) == letters[model.labels_[0]]
