"""What a fitted mixture says of rows: groups, responsibilities, densities, samples."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_t

from headwater.engines.mixture import VariationalMixture
from tests.engines.mixture.draws import Array, blobs, heavy, usage


@pytest.fixture(scope="module")
def usual() -> VariationalMixture:
    return VariationalMixture(random_state=0).fit(usage(800))


def test_the_density_of_one_column_integrates_to_one() -> None:
    model = VariationalMixture(4, random_state=0).fit(blobs(60, 1, 2, seed=1, apart=5.0))

    def density(x: float) -> float:
        return float(np.exp(model.score_samples([[x]])[0]))

    total = sum(quad(density, a, b, limit=200)[0] for a, b in [(-80, 2.5), (2.5, 80)])
    assert total == pytest.approx(1, abs=1e-6)


def test_the_density_of_two_columns_integrates_to_one(usual: VariationalMixture) -> None:
    step = 0.05
    axis = np.arange(0, 40, step)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    assert np.exp(usual.score_samples(grid)).sum() * step**2 == pytest.approx(1, abs=1e-4)


def test_the_density_is_scipys_student_t() -> None:
    X = blobs(40, 3, 2, seed=1)
    model = VariationalMixture(3, random_state=0, mean_precision_prior=0.01).fit(X)
    D = 3
    expected = np.zeros(len(X))
    for k in range(model.n_groups_):
        dof = model.dof_[k] - D + 1
        scale = (model.scales_[k] + model.dof_[k] * model.mean_covariances_[k]) / dof
        expected += model.weights_[k] * multivariate_t(model.means_[k], scale, df=dof).pdf(X)
    np.testing.assert_allclose(model.score_samples(X), np.log(expected), rtol=1e-9)
    assert model.score(X) == pytest.approx(np.log(expected).mean())


def test_a_component_without_rows_adds_no_density() -> None:
    X = blobs(40, 2, 1)
    R = np.repeat([[1.0, 0.0, 0.0]], 40, axis=0)
    kept = VariationalMixture(3, moves=False).fit(X, responsibilities=R)
    alone = VariationalMixture(1).fit(X)
    assert kept.n_groups_ == 1
    assert kept.weights_.tolist() == [1.0, 0.0, 0.0]
    np.testing.assert_allclose(kept.score_samples(X), alone.score_samples(X), rtol=1e-6)
    np.testing.assert_allclose(kept.predict_proba(X), R, atol=1e-6)


def test_samples_have_the_moments_of_the_predictive(usual: VariationalMixture) -> None:
    X, labels = usual.sample(200_000)
    assert X.shape == (200_000, 2)
    shares = np.bincount(labels) / len(labels)
    np.testing.assert_allclose(shares, usual.weights_, atol=0.005)
    np.testing.assert_allclose(X.mean(axis=0), usual.weights_ @ usual.means_, atol=0.05)
    for k in range(4):
        rows = X[labels == k]
        dof = usual.dof_[k] - 1
        variance = (usual.scales_[k] + usual.dof_[k] * usual.mean_covariances_[k]) / (dof - 2)
        np.testing.assert_allclose(rows.mean(axis=0), usual.means_[k], atol=0.04)
        np.testing.assert_allclose(np.cov(rows.T), variance, atol=0.05)
    assert usual.score(X) == pytest.approx(usual.score(usage(800)), abs=0.05)


def test_responsibilities_add_up_and_the_largest_is_the_group(usual: VariationalMixture) -> None:
    X = usage(800)
    R = usual.predict_proba(X)
    assert R.shape == (800, 4)
    np.testing.assert_allclose(R.sum(axis=1), 1)
    assert (R >= 0).all()
    np.testing.assert_array_equal(R.argmax(axis=1), usual.predict(X))
    np.testing.assert_array_equal(usual.labels_, usual.predict(X))
    np.testing.assert_array_equal(usual.fit_predict(X), usual.labels_)


@pytest.mark.parametrize("family", ["gaussian", "student_t"])
@pytest.mark.parametrize("D", [1, 2, 7])
def test_a_compiled_model_gives_the_group_of_each_row(D: int, family: str) -> None:
    X = blobs(300, D, 4, seed=D, apart=2.0)
    model = VariationalMixture(family=family, random_state=0).fit(X)
    group = model.compile()
    assert [group(row) for row in X] == model.predict(X).tolist()
    assert isinstance(group(X[0]), int)


def test_rows_very_far_away_still_have_a_group(usual: VariationalMixture) -> None:
    far: Array = np.array([[1e6, -1e6], [1e12, 1e12]])
    assert set(usual.predict(far)) <= {0, 1, 2, 3}
    assert np.isfinite(usual.predict_proba(far)).all()
    assert np.isfinite(usual.score_samples(far)).all()


def test_covariances_invert_precisions_and_are_near_those_of_the_rows() -> None:
    X = blobs(600, 3, 2, seed=5)
    model = VariationalMixture(random_state=0).fit(X)
    for k in range(2):
        np.testing.assert_allclose(
            model.covariances_[k] @ model.precisions_[k], np.eye(3), atol=1e-8
        )
        rows = X[model.labels_ == k]
        np.testing.assert_allclose(model.means_[k], rows.mean(axis=0), atol=1e-3)
        np.testing.assert_allclose(model.covariances_[k], np.cov(rows.T), atol=0.02)
    assert model.weights_.sum() == pytest.approx(1)


@pytest.fixture(scope="module", name="heavy_tailed")
def with_heavy_tails() -> VariationalMixture:
    return VariationalMixture(4, family="student_t", random_state=0).fit(
        heavy(900, 2, 3, tail=5.0, seed=1)
    )


def test_the_density_of_heavy_tails_is_scipys_student_t(heavy_tailed: VariationalMixture) -> None:
    model = heavy_tailed
    X = heavy(50, 2, 3, tail=2.0, seed=2)
    expected = np.zeros(len(X))
    for k in range(model.n_groups_):
        own = model.dof_[k] - 1
        scale = (model.scales_[k] + model.dof_[k] * model.mean_covariances_[k]) / own
        # the variance of a product of two Gamma factors of mean 1
        variance = (1 + 2 / own) * (1 + 2 / model.tail_[k]) - 1
        part = multivariate_t(model.means_[k], scale, df=2 / variance).pdf(X)
        expected += model.weights_[k] * part
    assert model.tail_.max() < 50
    np.testing.assert_allclose(model.score_samples(X), np.log(expected), rtol=1e-9)


def test_the_density_of_heavy_tails_integrates_to_one() -> None:
    model = VariationalMixture(2, family="student_t").fit(heavy(300, 1, 1, tail=4.0))

    def density(x: float) -> float:
        return float(np.exp(model.score_samples([[x]])[0]))

    ends = [-np.inf, -3, 3, np.inf]
    total = sum(quad(density, a, b)[0] for a, b in pairwise(ends))
    assert total == pytest.approx(1, abs=1e-6)


def test_samples_of_heavy_tails_have_the_density_that_is_said(
    heavy_tailed: VariationalMixture,
) -> None:
    X, labels = heavy_tailed.sample(100_000)
    np.testing.assert_allclose(np.bincount(labels) / len(labels), heavy_tailed.weights_, atol=0.006)
    # the share of rows within a circle is the integral of the density over it
    step = 0.05
    axis = np.arange(-3, 3, step) + step / 2
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    grid = grid[(grid**2).sum(axis=1) < 4] + heavy_tailed.means_[0]
    expected = np.exp(heavy_tailed.score_samples(grid)).sum() * step**2
    within = (((X - heavy_tailed.means_[0]) ** 2).sum(axis=1) < 4).mean()
    assert within == pytest.approx(expected, abs=0.006)
    # tails of five degrees of freedom: beyond 6 deviations, where a Gaussian has nothing
    beyond = ((X[labels == 0] - heavy_tailed.means_[0]) ** 2).sum(axis=1) > 36
    assert 0.003 < beyond.mean() < 0.03


def test_responsibilities_of_heavy_tails_add_up(heavy_tailed: VariationalMixture) -> None:
    X = heavy(900, 2, 3, tail=5.0, seed=1)
    R = heavy_tailed.predict_proba(X)
    np.testing.assert_allclose(R.sum(axis=1), 1)
    np.testing.assert_array_equal(R.argmax(axis=1), heavy_tailed.predict(X))
    np.testing.assert_array_equal(heavy_tailed.labels_, heavy_tailed.predict(X))
