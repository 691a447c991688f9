"""The result does not depend on what should not matter: seeds, order, units, blocks, threads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from headwater.engines.mixture import VariationalMixture
from tests.engines.mixture.draws import Array, blobs, soft, usage, with_outliers

FITTED = (
    "weights_",
    "means_",
    "covariances_",
    "precisions_",
    "concentration_",
    "mean_covariances_",
    "dof_",
    "scales_",
    "lower_bounds_",
)


HEAVY = ("tail_", "core_scales_")
"""Fitted besides under heavy tails."""


def assert_same(a: VariationalMixture, b: VariationalMixture) -> None:
    """Check that two fits are equal bit for bit."""
    assert (a.n_groups_, a.n_iter_, a.converged_) == (b.n_groups_, b.n_iter_, b.converged_)
    for name in FITTED + (HEAVY if a.family == "student_t" else ()):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


class Blocks:
    """Rows in blocks that can be read again."""

    def __init__(self, X: Array, size: int) -> None:
        self.X, self.size, self.read = X, size, 0

    def __iter__(self) -> Iterator[Array]:
        self.read += 1
        for start in range(0, len(self.X), self.size):
            yield self.X[start : start + self.size]


def large() -> Array:
    """Return more rows than one task sums up, and than the first search looks at."""
    return blobs(45_000, 2, 4, seed=2, apart=5.0)


def test_a_seed_gives_one_result() -> None:
    X = usage(200)
    assert_same(
        VariationalMixture(random_state=1).fit(X), VariationalMixture(random_state=1).fit(X)
    )


def test_an_array_and_blocks_of_any_size_give_the_same_bits() -> None:
    X = large()
    whole = VariationalMixture(6, random_state=0).fit(X)
    assert whole.n_groups_ == 4
    for size in (7_777, 60_000):
        blocks = Blocks(X, size)
        model = VariationalMixture(6, random_state=0).fit_blocks(blocks)
        assert_same(whole, model)
        assert blocks.read > 2
        assert not hasattr(model, "labels_")
        np.testing.assert_array_equal(model.predict(X), whole.labels_)


@pytest.mark.parametrize("size", [1, 13])
def test_small_blocks_give_the_same_bits(size: int) -> None:
    X = usage(200)
    model = VariationalMixture(random_state=0).fit_blocks(Blocks(X, size))
    assert_same(VariationalMixture(random_state=0).fit(X), model)


def test_the_number_of_threads_does_not_matter() -> None:
    X = large()
    fits = [VariationalMixture(6, random_state=0, n_threads=n).fit(X) for n in (1, 2)]
    assert_same(*fits)


def test_memory_layout_and_lists_do_not_matter() -> None:
    X = usage(200)
    fitted = VariationalMixture(random_state=0).fit(X)
    other = VariationalMixture(random_state=0).fit(np.asfortranarray(X))  # rounds otherwise
    assert other.lower_bound_ == pytest.approx(fitted.lower_bound_, rel=1e-10)
    np.testing.assert_array_equal(other.labels_, fitted.labels_)
    assert_same(fitted, VariationalMixture(random_state=0).fit(X.tolist()))


def test_the_rows_given_are_left_as_they_are() -> None:
    X, R = usage(200), soft(200, 10)
    before = X.copy(), R.copy()
    VariationalMixture(random_state=0).fit(X, responsibilities=R)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(R, before[1])


def test_groups_are_named_by_size_and_rows_keep_theirs_in_any_order() -> None:
    X = np.concatenate([blobs(90, 2, 1), 30 + blobs(60, 2, 1), 60 + blobs(30, 2, 1)])
    order = np.random.default_rng(0).permutation(len(X))
    model = VariationalMixture(random_state=0).fit(X)
    shuffled = VariationalMixture(random_state=0).fit(X[order])
    assert model.labels_.tolist() == [0] * 90 + [1] * 60 + [2] * 30
    assert shuffled.labels_.tolist() == model.labels_[order].tolist()
    assert shuffled.lower_bound_ == pytest.approx(model.lower_bound_, rel=1e-9)
    np.testing.assert_allclose(shuffled.means_, model.means_, rtol=1e-6)


def test_the_order_of_columns_does_not_matter() -> None:
    X = blobs(240, 3, 3, seed=6) * [1, 2, 3]
    order = [2, 0, 1]
    model = VariationalMixture(random_state=0).fit(X)
    other = VariationalMixture(random_state=0).fit(X[:, order])
    assert other.lower_bound_ == pytest.approx(model.lower_bound_, rel=1e-9)
    assert adjusted_rand_score(model.labels_, other.labels_) == 1.0


@pytest.mark.parametrize("scale", [1e-3, 0.2, 40.0])
def test_rows_and_prior_moved_turned_and_scaled_together_give_the_same_groups(
    scale: float,
) -> None:
    X = blobs(200, 2, 3, seed=8, apart=5.0)
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    shift = np.array([3.0, -11.0])
    model = VariationalMixture(random_state=0).fit(X)
    other = VariationalMixture(
        random_state=0,
        mean_prior=shift,
        mean_precision_prior=1e-5 / scale**2,
        scale_prior=1e-5 * scale**2,
    ).fit(scale * X @ turn.T + shift)
    n, D = X.shape
    assert other.n_groups_ == model.n_groups_ == 3
    assert adjusted_rand_score(model.labels_, other.labels_) == 1.0
    expected = model.lower_bound_ - n * D * np.log(scale)
    assert other.lower_bound_ == pytest.approx(expected, abs=1e-5)
    match = [int(np.bincount(other.labels_[model.labels_ == k]).argmax()) for k in range(3)]
    np.testing.assert_allclose(
        other.means_[match], scale * model.means_ @ turn.T + shift, rtol=1e-5, atol=1e-6 * scale
    )
    np.testing.assert_allclose(
        other.covariances_[match],
        scale**2 * turn @ model.covariances_ @ turn.T,
        rtol=1e-4,
        atol=1e-6 * scale**2,
    )


def test_a_number_and_that_number_times_the_identity_are_one_prior() -> None:
    X = usage(200)
    number = VariationalMixture(random_state=0, mean_precision_prior=1e-4, scale_prior=0.3)
    matrices = VariationalMixture(
        random_state=0,
        mean_precision_prior=1e-4 * np.eye(2),
        scale_prior=(0.3 * np.eye(2)).tolist(),
    )
    assert_same(number.fit(X), matrices.fit(X))


def test_matrix_priors_are_turned_with_the_columns() -> None:
    X = blobs(200, 2, 3, seed=8, apart=5.0)
    B, V = np.array([[2e-3, 1e-3], [1e-3, 4e-3]]), np.array([[1.5, -0.4], [-0.4, 0.3]])
    M = np.array([[1.0, 0.4], [-2.0, 3.0]])
    inverse = np.linalg.inv(M)
    model = VariationalMixture(random_state=0, mean_precision_prior=B, scale_prior=V).fit(X)
    other = VariationalMixture(
        random_state=0,
        mean_precision_prior=inverse.T @ B @ inverse,
        scale_prior=M @ V @ M.T,
    ).fit(X @ M.T)
    expected = model.lower_bound_ - len(X) * np.linalg.slogdet(M)[1]
    assert other.lower_bound_ == pytest.approx(expected, abs=1e-5)
    assert adjusted_rand_score(model.labels_, other.labels_) == 1.0


def far_and_near() -> Array:
    """Return more rows than one task sums up, some of them far away."""
    X = large()[:40_000]
    return np.concatenate([X, np.random.default_rng(0).uniform(-300, 300, size=(800, 2))])


def heavy_tailed(**options: int) -> VariationalMixture:
    return VariationalMixture(5, family="student_t", random_state=0, **options)


def test_heavy_tails_are_the_same_bits_with_any_number_of_threads_and_blocks() -> None:
    X = far_and_near()
    whole = heavy_tailed(n_threads=1).fit(X)
    assert whole.n_groups_ == 4
    assert whole.is_outlier(X)[40_000:].mean() > 0.9
    assert_same(whole, heavy_tailed(n_threads=2).fit(X))
    blocks = heavy_tailed(n_threads=2).fit_blocks(Blocks(X, 7_777))
    assert_same(whole, blocks)
    np.testing.assert_array_equal(blocks.predict(X), whole.labels_)
    np.testing.assert_array_equal(blocks.is_outlier(X), whole.is_outlier(X))


def test_heavy_tails_move_turn_and_scale_with_rows_and_prior() -> None:
    X = with_outliers(200, 3)
    M, shift = np.array([[1.0, 0.4], [-2.0, 3.0]]), np.array([3.0, -11.0])
    inverse = np.linalg.inv(M)
    model = VariationalMixture(6, family="student_t", random_state=0).fit(X)
    other = VariationalMixture(
        6,
        family="student_t",
        random_state=0,
        mean_prior=shift,
        mean_precision_prior=1e-5 * inverse.T @ inverse,
        scale_prior=1e-5 * M @ M.T,
    ).fit(X @ M.T + shift)
    assert adjusted_rand_score(model.labels_, other.labels_) == 1.0
    expected = model.lower_bound_ - len(X) * np.linalg.slogdet(M)[1]
    assert other.lower_bound_ == pytest.approx(expected, abs=1e-4)
    np.testing.assert_array_equal(other.is_outlier(X @ M.T + shift), model.is_outlier(X))
