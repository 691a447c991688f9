"""From the same responsibilities each update and its bound are BayesPy's."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from headwater.engines.mixture import VariationalMixture
from tests.engines.mixture.draws import Array, blobs, hard, soft, usage

UPDATES = 20


def matrix(given: Any, D: int) -> Array:
    """Return a matrix (D, D) as given, or a number times the identity."""
    return np.asarray(given) if np.ndim(given) else given * np.eye(D)


class BayesPy:
    """BayesPy's mixture of K Gaussians on rows X (n, D), started from responsibilities R (n, K)."""

    def __init__(self, X: Array, R: Array, **prior: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its imports
            from bayespy.inference import VB
            from bayespy.nodes import Categorical, Dirichlet, Gaussian, Mixture, Wishart
        (n, D), K = X.shape, R.shape[1]
        mean = np.asarray(prior.get("mean_prior", np.zeros(D)))
        precision = matrix(prior.get("mean_precision_prior", 1e-5), D)
        scale = matrix(prior.get("scale_prior", 1e-5), D)
        concentration = np.full(K, prior.get("concentration_prior", 1e-5))
        self.weights = Dirichlet(concentration, name="weights")
        self.group = Categorical(self.weights, plates=(n,), name="group")
        self.mean = Gaussian(mean, precision, plates=(K,), name="mean")
        self.precision = Wishart(prior.get("dof_prior", D), scale, plates=(K,), name="precision")
        rows = Mixture(self.group, Gaussian, self.mean, self.precision, name="rows")
        rows.observe(X)
        self.group.u = [R.copy()]
        self.inference = VB(rows, self.mean, self.precision, self.group, self.weights)

    def bounds(self, updates: int) -> Array:
        """Return the lower bound after each update."""
        out = []
        for _ in range(updates):
            self.inference.update(verbose=False)
            out.append(self.inference.compute_lowerbound())
        return np.array(out)


def ours(X: Array, R: Array, *, updates: int = UPDATES, **prior: Any) -> VariationalMixture:
    model = VariationalMixture(R.shape[1], moves=False, tol=0, max_iter=updates, **prior)
    return model.fit(X, responsibilities=R)


@pytest.mark.parametrize("start", [hard, soft])
@pytest.mark.parametrize("D", [1, 2, 5])
def test_every_bound_and_the_posterior_are_bayespys(D: int, start: Any) -> None:
    X = blobs(240, D, 3, seed=D, apart=3.0)
    R = start(len(X), 8, seed=D)
    peer = BayesPy(X, R)
    expected = peer.bounds(UPDATES)
    model = ours(X, R)
    assert model.n_iter_ == UPDATES
    assert not model.converged_
    np.testing.assert_allclose(model.lower_bounds_, expected, rtol=1e-8)
    assert model.lower_bound_ == model.lower_bounds_[-1]

    # BayesPy keeps moments: E[μ], E[μμᵀ]; E[Λ], E[log|Λ|]; E[log π].
    np.testing.assert_allclose(model.means_, peer.mean.u[0], rtol=1e-5, atol=1e-6)
    second = model.mean_covariances_ + model.means_[:, :, None] * model.means_[:, None, :]
    np.testing.assert_allclose(second, peer.mean.u[1], rtol=1e-5, atol=1e-5)
    alive = model.concentration_ > 1  # E[Λ] of the others is about 1e5 and hardly known
    np.testing.assert_allclose(
        model.precisions_[alive], peer.precision.u[0][alive], rtol=1e-5, atol=1e-6
    )
    np.testing.assert_allclose(model.concentration_, peer.weights.phi[0], rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(model.dof_, 2 * peer.precision.phi[1], rtol=1e-7)
    np.testing.assert_allclose(model.scales_, -2 * peer.precision.phi[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("n", [200, 800])
def test_the_bounds_on_the_usage_data_are_bayespys(n: int) -> None:
    X = usage(n)
    R = hard(n, 10, seed=n)
    np.testing.assert_allclose(ours(X, R).lower_bounds_, BayesPy(X, R).bounds(20), rtol=1e-8)


def test_other_priors_are_bayespys_too() -> None:
    X = blobs(150, 2, 3, seed=4, apart=4.0)
    R = soft(150, 5, seed=4)
    prior = {
        "concentration_prior": 0.3,
        "mean_prior": np.array([1.0, -2.0]),
        "mean_precision_prior": 0.05,
        "dof_prior": 4.5,
        "scale_prior": 0.7,
    }
    model, peer = ours(X, R, **prior), BayesPy(X, R, **prior)
    np.testing.assert_allclose(model.lower_bounds_, peer.bounds(20), rtol=1e-10)
    np.testing.assert_allclose(model.precisions_, peer.precision.u[0], rtol=1e-9)
    np.testing.assert_allclose(model.concentration_, peer.weights.phi[0], rtol=1e-9)


def definite(D: int, seed: int) -> Array:
    """Return a full positive definite matrix (D, D)."""
    A = np.random.default_rng(seed).normal(size=(D, D))
    return np.asarray(A @ A.T + 0.3 * np.eye(D))


@pytest.mark.parametrize("D", [1, 2, 4])
def test_matrix_priors_are_bayespys_too(D: int) -> None:
    X = blobs(150, D, 3, seed=D, apart=4.0)
    R = soft(150, 5, seed=D)
    prior = {
        "concentration_prior": 0.3,
        "mean_prior": np.linspace(-2, 1, D),
        "mean_precision_prior": 0.05 * definite(D, 1),
        "dof_prior": D + 1.5,
        "scale_prior": definite(D, 2),
    }
    model, peer = ours(X, R, **prior), BayesPy(X, R, **prior)
    np.testing.assert_allclose(model.lower_bounds_, peer.bounds(20), rtol=1e-10)
    np.testing.assert_allclose(model.means_, peer.mean.u[0], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(model.precisions_, peer.precision.u[0], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(model.concentration_, peer.weights.phi[0], rtol=1e-9)


def test_one_matrix_of_the_priors_at_a_time_matters_as_in_bayespy() -> None:
    X, R = blobs(90, 2, 2, seed=3, apart=3.0), soft(90, 3, seed=3)
    plain = ours(X, R, mean_precision_prior=0.4, scale_prior=0.7).lower_bound_
    for name in ("mean_precision_prior", "scale_prior"):
        prior: dict[str, Any] = {"mean_precision_prior": 0.4, "scale_prior": 0.7}
        prior[name] = definite(2, 5)
        bound = ours(X, R, **prior).lower_bound_
        assert bound == pytest.approx(BayesPy(X, R, **prior).bounds(20)[-1], rel=1e-10)
        assert abs(bound - plain) > 0.1
