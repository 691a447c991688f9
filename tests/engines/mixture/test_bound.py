"""The bound is the model's own: equal to plain loops, stationary, below the exact evidence."""

from __future__ import annotations

from itertools import product
from math import lgamma, log, pi
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import logsumexp

from headwater.engines.mixture import VariationalMixture
from tests.engines.mixture.draws import Array, blobs, soft
from tests.engines.mixture.plain import Belief, belief, bound, log_likelihood

PRIOR = {
    "concentration_prior": 0.7,
    "mean_precision_prior": 0.1,
    "dof_prior": 3.0,
    "scale_prior": 0.8,
}
TINY = np.array([[-1.3], [-0.9], [1.6], [2.1]])


def converged(X: Array, K: int, **options: Any) -> VariationalMixture:
    """Return a fit that is stationary to about 1e-10 in each parameter."""
    model = VariationalMixture(K, moves=False, tol=0, max_iter=2000, **(PRIOR | options))
    return model.fit(X, responsibilities=soft(len(X), K, seed=2))


@pytest.mark.parametrize(("D", "K"), [(1, 1), (1, 3), (2, 2), (3, 4)])
def test_the_bound_is_that_of_plain_loops(D: int, K: int) -> None:
    X = blobs(30, D, 2, seed=D, apart=3.0)
    model = converged(X, K)
    assert model.lower_bound_ == pytest.approx(bound(belief(model, X)), rel=1e-10)


def test_the_bound_counts_components_that_have_left() -> None:
    X = blobs(40, 2, 2, seed=1)
    model = VariationalMixture(6, random_state=0, tol=1e-12).fit(X)
    assert model.n_groups_ == 2
    assert model.lower_bound_ == pytest.approx(bound(belief(model, X)), rel=1e-9)


@pytest.mark.parametrize(("D", "K"), [(1, 2), (2, 3)])
def test_any_change_of_the_posterior_lowers_the_bound(D: int, K: int) -> None:
    X = blobs(16, D, 2, seed=3, apart=2.0)
    b = belief(converged(X, K), X)
    best = bound(b)
    rng = np.random.default_rng(0)

    def changed(name: str, sign: float) -> Belief:
        c = Belief(**vars(b))
        old = getattr(b, name)
        if name == "R":
            new = old * np.exp(sign * 1e-3 * direction[name])
            new /= new.sum(axis=1, keepdims=True)
        elif name in ("S", "V"):
            factor = np.eye(D) + sign * 1e-3 * direction[name]
            new = factor @ old @ factor.swapaxes(1, 2)
        else:
            new = old + sign * 1e-3 * direction[name]
        setattr(c, name, new)
        return c

    for name in ("R", "a", "m", "S", "nu", "V"):
        for _ in range(5):
            direction = {name: rng.normal(size=getattr(b, name).shape)}
            up, down = bound(changed(name, 1)), bound(changed(name, -1))
            assert max(up, down) < best, name
            # a maximum, not a slope: first-order terms cancel
            assert abs(up - down) < 0.1 * (2 * best - up - down), name


def test_posterior_moments_of_one_group_are_those_of_numerical_mean_field() -> None:
    """K = 1: q(μ) and q(Λ) as tables of numbers, each integrated against the other."""
    x = TINY[:, 0]
    model = VariationalMixture(1, tol=0, max_iter=200, **PRIOR).fit(TINY)
    mu = np.linspace(-15, 15, 20_001)
    lam = np.exp(np.linspace(log(1e-4), log(60), 20_001))
    width = np.gradient(lam)
    square = ((x[:, None] - mu) ** 2).sum(axis=0)
    # 1-D Wishart(ν, V) is Gamma(ν/2, rate V/2).
    of_lambda = (0.5 * PRIOR["dof_prior"] - 1 + 0.5 * len(x)) * np.log(lam)
    of_lambda -= 0.5 * PRIOR["scale_prior"] * lam
    mean_lambda = 1.0
    for _ in range(100):
        q_mu = np.exp(-0.5 * (PRIOR["mean_precision_prior"] * mu**2 + mean_lambda * square))
        q_mu /= q_mu.sum()
        log_q = of_lambda - 0.5 * lam * (q_mu @ square)
        q_lambda = np.exp(log_q - log_q.max()) * width
        q_lambda /= q_lambda.sum()
        mean_lambda = q_lambda @ lam
    mean = q_mu @ mu
    assert model.means_[0, 0] == pytest.approx(mean, rel=1e-6)
    assert model.mean_covariances_[0, 0, 0] == pytest.approx(q_mu @ (mu - mean) ** 2, rel=1e-6)
    assert model.precisions_[0, 0, 0] == pytest.approx(mean_lambda, rel=1e-6)
    variance = q_lambda @ (lam - mean_lambda) ** 2
    assert 2 * model.dof_[0] / model.scales_[0, 0, 0] ** 2 == pytest.approx(variance, rel=1e-5)


def test_responsibilities_are_the_marginals_of_all_assignments_enumerated() -> None:
    model = converged(TINY, 2)
    b = belief(model, TINY)
    log_weight = model.concentration_  # Dirichlet; E[log π] by numerical integration
    total = log_weight.sum()
    pdf = np.linspace(1e-7, 1 - 1e-7, 200_001)
    density = pdf ** (log_weight[0] - 1) * (1 - pdf) ** (log_weight[1] - 1)
    density /= density.sum()
    expected = [density @ np.log(pdf), density @ np.log1p(-pdf)]
    assert total == pytest.approx(2 * 0.7 + 4)
    assignments = list(product(range(2), repeat=len(TINY)))
    logs = np.array(
        [sum(expected[k] + log_likelihood(b, i, k) for i, k in enumerate(z)) for z in assignments]
    )
    q = np.exp(logs - logsumexp(logs))
    marginal = [
        [sum(p for p, z in zip(q, assignments, strict=True) if z[i] == k) for k in range(2)]
        for i in range(len(TINY))
    ]
    np.testing.assert_allclose(model.predict_proba(TINY), marginal, rtol=1e-5)


def exact_evidence(X: Array, K: int) -> float:
    """Return log p(X) by summing over all assignments and integrating Λ numerically (1-D)."""
    b0, nu, v = (PRIOR[name] for name in ("mean_precision_prior", "dof_prior", "scale_prior"))
    alpha = PRIOR["concentration_prior"]

    def of_group(x: Array) -> float:
        n = len(x)
        if n == 0:
            return 0.0
        spread, mean = float(((x - x.mean()) ** 2).sum()), float(x.mean())

        def density(lam: float) -> float:
            log_p = 0.5 * nu * log(v / 2) - lgamma(nu / 2) + (nu / 2 - 1) * log(lam) - v * lam / 2
            log_p += 0.5 * n * log(lam / (2 * pi)) + 0.5 * log(b0 / (b0 + n * lam))
            log_p -= 0.5 * lam * spread + 0.5 * (b0 * n * lam / (b0 + n * lam)) * mean**2
            return float(np.exp(log_p))

        return log(quad(density, 0, np.inf, epsabs=0, epsrel=1e-10, limit=200)[0])

    groups = {
        rows: of_group(X[list(rows), 0])
        for size in range(len(X) + 1)
        for rows in product(range(len(X)), repeat=size)
        if tuple(sorted(set(rows))) == rows
    }
    logs = []
    for z in product(range(K), repeat=len(X)):
        one = lgamma(K * alpha) - lgamma(K * alpha + len(X))
        for k in range(K):
            rows = tuple(i for i in range(len(X)) if z[i] == k)
            one += lgamma(alpha + len(rows)) - lgamma(alpha) + groups[rows]
        logs.append(one)
    return float(logsumexp(logs))


@pytest.mark.parametrize("K", [1, 2, 3])
def test_the_bound_is_below_the_exact_evidence_and_near_it(K: int) -> None:
    evidence = exact_evidence(TINY, K)
    gap = evidence - converged(TINY, K).lower_bound_
    # mean field cannot say that the K! names of the groups are exchangeable
    assert 0 < gap < lgamma(K + 1) + 1.5
