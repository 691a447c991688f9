"""Columns that trouble arithmetic: right groups, or a sentence that says what to do."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from headwater.engines.mixture import PriorConflictWarning, VariationalMixture
from tests.engines.mixture.draws import Array, blobs


@pytest.fixture(name="X", scope="module")
def rows() -> Array:
    return blobs(300, 2, 3, seed=1)


@pytest.fixture(name="truth", scope="module")
def groups(X: Array) -> Array:
    labels = VariationalMixture(random_state=0).fit(X).labels_
    assert np.bincount(labels).tolist() == [100, 100, 100]
    return labels


def fit(X: Array, **options: object) -> VariationalMixture:
    model = VariationalMixture(random_state=0, **options).fit(X)
    assert np.isfinite(model.lower_bounds_).all()
    assert np.isfinite(model.means_).all()
    assert np.isfinite(model.covariances_).all()
    np.linalg.cholesky(model.covariances_)
    np.testing.assert_array_equal(model.predict(X), model.labels_)
    return model


@pytest.mark.parametrize("value", [0.0, 0.1, -7.0, 300.0])
def test_a_constant_column_changes_no_group(X: Array, truth: Array, value: float) -> None:
    model = fit(np.column_stack([X, np.full(len(X), value)]))
    assert adjusted_rand_score(truth, model.labels_) == 1.0
    np.testing.assert_allclose(model.means_[:, 2], value, atol=1e-4)


@pytest.mark.parametrize(
    ("factor", "offset", "noise"), [(1, 0, 0), (-3, 7, 0), (1, 0, 1e-7), (1, 0, 1e-10)]
)
def test_a_column_twice_changes_no_group(
    X: Array, truth: Array, factor: float, offset: float, noise: float
) -> None:
    rng = np.random.default_rng(0)
    again = factor * X[:, 0] + offset + noise * rng.normal(size=len(X))
    model = fit(np.column_stack([X, again]))
    assert adjusted_rand_score(truth, model.labels_) == 1.0
    np.testing.assert_allclose(model.means_[:, 2], factor * model.means_[:, 0] + offset, atol=1e-2)


def test_a_column_that_is_the_sum_of_others_changes_no_group(X: Array, truth: Array) -> None:
    assert adjusted_rand_score(truth, fit(np.column_stack([X, X.sum(axis=1)])).labels_) == 1.0


@pytest.mark.parametrize("small", [1e-2, 1e-4])
def test_nearly_dependent_columns_keep_their_groups(X: Array, truth: Array, small: float) -> None:
    mixed = X @ np.diag([1, small]) @ np.array([[1, 1], [1, -1]])
    assert adjusted_rand_score(truth, fit(mixed).labels_) == 1.0


def test_differences_below_the_priors_scale_are_not_taken_for_groups(
    X: Array, truth: Array
) -> None:
    mixed = X @ np.diag([1, 1e-6]) @ np.array([[1, 1], [1, -1]])
    told = VariationalMixture(random_state=0).fit(mixed, responsibilities=np.eye(10)[truth])
    assert told.n_groups_ == 1  # though it is started from the groups
    assert fit(mixed).lower_bound_ == pytest.approx(told.lower_bound_, abs=1e-3)


@pytest.mark.parametrize("spread", [1.0, 1e-3])
def test_a_huge_offset_with_a_prior_there_gives_the_right_answer(
    X: Array, truth: Array, spread: float
) -> None:
    far = 1e9 + spread * X
    model = fit(far, mean_prior=[1e9, 1e9])
    assert adjusted_rand_score(truth, model.labels_) == 1.0
    centres = np.array([far[truth == k].mean(axis=0) for k in range(3)])
    match = [int(np.bincount(model.labels_[truth == k]).argmax()) for k in range(3)]
    np.testing.assert_allclose(model.means_[match] - 1e9, centres - 1e9, rtol=1e-3, atol=1e-5)


def test_a_huge_offset_standardised_gives_the_right_answer(X: Array, truth: Array) -> None:
    far = 1e9 + 1e-3 * X
    model = fit((far - far.mean(axis=0)) / far.std(axis=0))
    assert adjusted_rand_score(truth, model.labels_) == 1.0


@pytest.mark.parametrize(
    "offset",
    [
        1e8,
        1e9,
        1e12,
    ],
)
def test_a_huge_offset_far_from_the_prior_is_refused_with_what_to_do(
    X: Array, offset: float
) -> None:
    with pytest.raises(ValueError, match="Standardise the columns, or set mean_prior"):
        VariationalMixture(random_state=0).fit(X + offset)


def test_a_prior_that_pulls_a_little_is_warned_of() -> None:
    rows = blobs(60, 2, 1) * [2_000, 1] + [10_000, 0]
    with pytest.warns(PriorConflictWarning, match="away from them by .* in column 0"):
        model = VariationalMixture(1).fit(rows)
    assert "Standardise the columns" in model.notes_[0]


def test_data_far_from_the_prior_are_warned_of_since_fewer_groups_are_found(X: Array) -> None:
    with pytest.warns(PriorConflictWarning, match="each group costs 1,0.. nats: fewer"):
        model = VariationalMixture(random_state=0).fit(X + 10_000)
    assert len(model.notes_) == 1
    assert VariationalMixture(random_state=0).fit(X).notes_ == []


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_rows_that_are_all_the_same_are_one_group(value: float) -> None:
    model = fit(np.full((40, 2), value))
    assert model.n_groups_ == 1
    np.testing.assert_allclose(model.means_, value, atol=1e-6)


def test_two_points_many_times_are_two_groups() -> None:
    model = fit(np.repeat([[0.0, 0.0], [1.0, 1.0]], 50, axis=0))
    assert model.n_groups_ == 2
    np.testing.assert_allclose(model.weights_, 0.5)


def test_a_far_row_does_not_take_the_groups_with_it(X: Array, truth: Array) -> None:
    model = fit(np.vstack([X, [[1e4, -1e4]]]))
    assert adjusted_rand_score(truth, model.labels_[:-1]) == 1.0


@pytest.mark.parametrize("scale", [1e-20, 1e-100, 1e-150])
def test_tiny_values_are_one_group_for_the_prior(X: Array, scale: float) -> None:
    assert fit(scale * X).n_groups_ == 1


@pytest.mark.parametrize("scale", [1e155, 1e300])
def test_values_too_large_to_square_are_refused(X: Array, scale: float) -> None:
    refused = pytest.raises(ValueError, match="Column 0 holds values too large to square")
    with np.errstate(over="ignore", invalid="ignore"), refused:
        VariationalMixture(random_state=0).fit(scale * X)


def test_as_many_columns_as_rows_and_more() -> None:
    for D in (6, 12):
        model = fit(np.random.default_rng(0).normal(size=(6, D)), n_components=3)
        assert model.means_.shape == (model.n_groups_, D)


@pytest.mark.parametrize("scales", [[1e-6, 1.0, 1e6], [1e10, 1e10, 1e10]])
def test_columns_of_very_different_scales_are_fitted_with_a_warning(scales: list[float]) -> None:
    rows = np.random.default_rng(0).normal(size=(400, 3)) * scales
    with pytest.warns(PriorConflictWarning, match="each group costs"):
        model = VariationalMixture(random_state=0).fit(rows)
    assert model.n_groups_ == 1


def test_a_spread_beyond_the_priors_is_warned_of(X: Array) -> None:
    with pytest.warns(PriorConflictWarning, match="fewer groups are found"):
        VariationalMixture(random_state=0).fit((X - X.mean(axis=0)) * 1e4)


def test_very_heavy_tails_are_fitted() -> None:
    model = fit(np.random.default_rng(0).standard_cauchy((1000, 3)))
    assert np.isfinite(model.lower_bound_)
    assert np.isfinite(model.means_).all()


def test_values_too_small_to_square_are_one_group() -> None:
    assert fit(np.random.default_rng(0).normal(size=(50, 2)) * 1e-160).n_groups_ == 1
