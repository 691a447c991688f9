"""The principal components are scikit-learn's, of arrays and of blocks."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import decomposition
from sklearn.utils.estimator_checks import check_estimator

from headwater.engines.decomposition.pca import PCA
from headwater.engines.profile import project
from headwater.engines.progress import Step
from tests.engines.samples import FLAVOURS, SAMPLES, blobs


def test_scikit_learns_contract() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's own notes on skipped checks
        check_estimator(PCA(1))


def as_reference(model: PCA, X: Any) -> None:
    """Assert that ``model`` says of ``X`` what scikit-learn says, but for the signs."""
    k = model.n_components
    reference = decomposition.PCA(k, svd_solver="full").fit(X)
    np.testing.assert_allclose(model.mean_, reference.mean_)
    scale = reference.explained_variance_[0]
    np.testing.assert_allclose(
        model.explained_variance_, reference.explained_variance_, atol=1e-12 * scale
    )
    np.testing.assert_allclose(
        model.explained_variance_ratio_, reference.explained_variance_ratio_, atol=1e-12
    )
    signs = np.sign((model.components_ * reference.components_).sum(axis=1))
    np.testing.assert_allclose(
        model.components_, reference.components_ * signs[:, np.newaxis], atol=1e-7
    )
    greatest = np.abs(model.components_).argmax(axis=1)
    assert (model.components_[np.arange(k), greatest] > 0).all()
    np.testing.assert_allclose(
        model.transform(X), reference.transform(X) * signs, atol=1e-6 * np.sqrt(scale)
    )


def test_two_directions_of_the_flavours() -> None:
    model = PCA(2).fit(FLAVOURS)
    as_reference(model, FLAVOURS)
    assert model.objective_ == pytest.approx(model.spectrum_[:2].sum())
    np.testing.assert_allclose(model.spectrum_.sum(), 1)
    assert len(model.spectrum_) == 9


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_is_described_as_by_the_reference(sample: str) -> None:
    X = SAMPLES[sample]
    for k in (1, 2, X.shape[1] - 3):
        as_reference(PCA(k).fit(X), X)


def test_generated_rows_and_rows_far_from_zero() -> None:
    X = blobs(2000, d=6, spread=2.0)
    as_reference(PCA(5).fit(X), X)
    as_reference(PCA(5).fit(X + 1e5), X + 1e5)


@given(st.lists(st.integers(0, 300), max_size=4), st.integers(0, 1000))
def test_blocks_give_what_all_rows_give(cuts: list[int], seed: int) -> None:
    X = blobs(300, d=4, spread=3.0, seed=seed) + 100
    whole = PCA(3).fit(X)
    blocks = PCA(3).fit_blocks(np.split(X, sorted(cuts)))
    np.testing.assert_array_equal(blocks.components_, whole.components_)
    np.testing.assert_array_equal(blocks.spectrum_, whole.spectrum_)
    np.testing.assert_array_equal(blocks.transform(X), whole.transform(X))


def test_blocks_may_be_read_once_only() -> None:
    X = blobs(100_000, d=3)
    once = PCA(2).fit_blocks(iter(np.array_split(X, 7)))
    np.testing.assert_allclose(once.components_, PCA(2).fit(X).components_, atol=1e-12)
    assert once.n_features_in_ == 3


@given(arrays(np.float64, (7, 3), elements=st.floats(-100, 100)))
def test_all_directions_together_lose_nothing(X: Any) -> None:
    model = PCA(3).fit(X)
    np.testing.assert_allclose(model.inverse_transform(model.transform(X)), X, atol=1e-9)
    np.testing.assert_allclose(model.components_ @ model.components_.T, np.eye(3), atol=1e-9)


def test_the_picture_of_the_groups_has_the_same_axes() -> None:
    X = blobs(200, d=5)
    plane, explained, loadings = project(X)
    model = PCA(2).fit(X)
    np.testing.assert_allclose(model.transform(X), plane, atol=1e-9)
    np.testing.assert_allclose(model.components_.T, loadings, atol=1e-9)
    np.testing.assert_allclose(model.explained_variance_ratio_, explained)


def test_one_row_is_projected_as_in_the_table() -> None:
    X = blobs(50, d=5)
    model = PCA(3).fit(X)
    place = model.compile()
    np.testing.assert_allclose([place(row) for row in X], model.transform(X), atol=1e-12)
    assert model.get_feature_names_out().tolist() == ["pca0", "pca1", "pca2"]


def test_rows_that_are_all_the_same_have_no_direction() -> None:
    model = PCA(2).fit(np.full((5, 3), 7.0))
    assert model.explained_variance_ratio_.tolist() == [0, 0]
    assert model.notes_ == ["All rows are the same: there is no direction in which they differ."]
    assert model.transform(np.full((1, 3), 7.0)).tolist() == [[0, 0]]


def test_progress_is_told_and_an_exception_stops_the_fit() -> None:
    steps: list[Step] = []
    PCA(1).fit(blobs(70_000, d=2), callback=steps.append)
    assert [step.iteration for step in steps] == [1, 2, 3]

    def stop(step: Step) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        PCA(1).fit(blobs(100), callback=stop)


@pytest.mark.parametrize(
    ("made", "X", "sentence"),
    [
        (PCA(4), np.eye(3), "n_components was 4; 3 rows of 3 columns take from 1 to 3."),
        (PCA(0), np.eye(3), "n_components was 0"),
        (PCA(2), [[1.0], [2.0], [3.0]], "3 rows of 1 column take from 1 to 1"),
        (PCA(1), [[1.0]], "at least 2 rows, and there is only 1 sample"),
        (PCA(1), [[1.0], [np.nan]], "contains NaN"),
    ],
)
def test_what_does_not_fit_gets_a_sentence(made: PCA, X: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        made.fit(X)


def test_numbers_too_large_to_square_are_refused() -> None:
    with pytest.raises(ValueError, match="too large to square"):
        PCA(1).fit(np.array([[1e200], [-1e200], [0.0]]))
