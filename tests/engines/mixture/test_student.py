"""Student-t components: the bound is the model's own, and its limit is the Gaussian one."""

from __future__ import annotations

from itertools import pairwise, product
from math import lgamma, log
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, t
from sklearn.metrics import adjusted_rand_score

from headwater.engines.mixture import VariationalMixture, student
from headwater.engines.mixture.climb import Problem
from headwater.engines.mixture.gaussian import Prior, prior_precision
from headwater.engines.mixture.kernel import summed
from headwater.engines.mixture.student import StudentProblem, ahead, matched
from tests.engines.mixture import plain
from tests.engines.mixture.draws import Array, blobs, hard, heavy, soft
from tests.engines.mixture.plain_student import RATE, Belief, belief, bound, squared

PRIOR = {
    "concentration_prior": 0.7,
    "mean_precision_prior": 0.1,
    "dof_prior": 4.0,
    "scale_prior": 0.8,
}
PULLED = pytest.mark.filterwarnings("ignore::headwater.engines.mixture.PriorConflictWarning")
"""Rows with such tails may lie far away for the prior of their centres; so be it."""
TINY = np.array([[-1.3], [-0.9], [1.6], [9.0]])


def converged(X: Array, K: int) -> VariationalMixture:
    """Return a fit that is stationary to about 1e-10 in each parameter, from K equal parts."""
    model = VariationalMixture(K, family="student_t", moves=False, tol=0, max_iter=1000, **PRIOR)
    R = 0.8 * np.eye(K)[np.sort(np.arange(len(X)) % K)] + 0.2 * soft(len(X), K, seed=2)
    return model.fit(X, responsibilities=R)


@PULLED
@pytest.mark.parametrize(("D", "K"), [(1, 1), (1, 3), (2, 2), (3, 3)])
def test_the_bound_is_that_of_plain_loops(D: int, K: int) -> None:
    X = heavy(50 * K, D, K, seed=D, tail=1.2)
    model = converged(X, K)
    assert model.tail_.min() < 50
    assert model.lower_bound_ == pytest.approx(bound(belief(model, X)), rel=1e-10)


def test_the_bound_counts_components_that_have_left() -> None:
    X = heavy(80, 2, 2, seed=1)
    model = VariationalMixture(6, family="student_t", random_state=0, tol=1e-12).fit(X)
    assert model.n_groups_ == 2
    assert model.lower_bound_ == pytest.approx(bound(belief(model, X)), rel=1e-9)


@pytest.mark.parametrize(("D", "K", "tail"), [(1, 1, 3.0), (1, 2, 2.0), (2, 2, 2.0)])
def test_any_change_of_the_posterior_lowers_the_bound(D: int, K: int, tail: float) -> None:
    X = heavy(70 * K, D, K, seed=3, tail=tail)
    b = belief(converged(X, K), X)
    assert (b.tail > 1.001).all()
    assert (b.tail < 999).all()
    best = bound(b)
    rng = np.random.default_rng(0)

    def changed(name: str, sign: float) -> Belief:
        c = Belief(**vars(b))
        old = getattr(b, name)
        if name == "R":
            new = old * np.exp(sign * 1e-3 * direction)
            new /= new.sum(axis=1, keepdims=True)
        elif name in ("S", "V"):
            factor = np.eye(D) + sign * 1e-3 * direction
            new = factor @ old @ factor.swapaxes(1, 2)
        elif name in ("A", "B", "tail"):
            new = old * np.exp(sign * 1e-2 * direction)
        else:
            new = old + sign * 1e-3 * direction
        setattr(c, name, new)
        return c

    for name in ("R", "a", "m", "S", "nu", "V", "A", "B", "tail"):
        if name in ("R", "a") and K == 1:
            continue  # there is nothing to choose
        for _ in range(5):
            direction = rng.normal(size=getattr(b, name).shape)
            up, down = bound(changed(name, 1)), bound(changed(name, -1))
            assert max(up, down) < best, name
            # a maximum, not a slope: first-order terms cancel
            assert abs(up - down) < 0.1 * (2 * best - up - down), name


def start(X: Array, R: Array, tails: tuple[float, float], K: int) -> tuple[Prior, Array, Any]:
    """Return prior, sums of the responsibilities R (n, K), and a problem with these tails."""
    D = X.shape[1]
    prior = Prior(1e-2, np.zeros(D), 1e-3 * np.eye(D), D + 1.0, 1e-2 * np.eye(D))
    Y = np.ascontiguousarray(X.T)
    sums = summed(Y, np.ascontiguousarray(R.T))
    return prior, sums, StudentProblem(Y, prior, K, keep_all=True, tail_bounds=tails)


@pytest.mark.parametrize("D", [1, 3])
def test_with_ever_lighter_tails_each_bound_becomes_that_of_gaussian_components(D: int) -> None:
    X, K = blobs(120, D, 3, seed=D, apart=3.0), 4
    R = soft(120, K, seed=1)
    log_weights = np.full(K, -1.0)
    gaps = []
    for tail in (1e4, 1e5, 1e6):
        prior, sums, problem = start(X, R, (tail, tail), K)
        peer = Problem(np.ascontiguousarray(X.T), prior, K, keep_all=True)
        precision = prior_precision(prior, K)
        a = problem.begin(sums, sums[:, 0], precision=precision, log_weights=log_weights, sweeps=1)
        b = peer.step(sums, precision, log_weights)
        gap = []
        for _ in range(12):
            gap.append(abs(a.bound - b.bound))
            a, b = problem.next(a), peer.next(b)
        gaps.append(max(gap))
        np.testing.assert_allclose(a.components.mean, b.components.mean, atol=3e4 / tail)
        np.testing.assert_allclose(a.counts, b.counts, atol=3e5 / tail)
    # what remains falls in proportion to 1 / tail
    assert gaps[0] < 0.5
    assert gaps[1] == pytest.approx(gaps[0] / 10, rel=0.1)
    assert gaps[2] == pytest.approx(gaps[1] / 10, rel=0.1)


@PULLED
def test_responsibilities_are_those_of_factors_integrated_numerically() -> None:
    X = heavy(120, 2, 2, seed=5, tail=1.5)
    model = converged(X, 2)
    assert model.tail_.min() < 50
    b = belief(model, X)
    log_weights = plain.digamma(b.a) - plain.digamma(b.a.sum())
    for i in (0, 11, 119):
        logs = []
        for k in range(2):
            half = b.tail[k] / 2
            delta = squared(b, i, k)
            log_det = plain.expected_log_det(b.nu[k], b.V[k])

            def density(u: float, half: float = half, delta: float = delta) -> float:
                log_p = half * log(half) - lgamma(half) + (half - 1) * log(u) - half * u
                return float(np.exp(log_p + log(u) - 0.5 * u * delta))

            mass = sum(quad(density, *ends)[0] for ends in ((0, 0.5), (0.5, 3), (3, np.inf)))
            logs.append(log_weights[k] + 0.5 * log_det + log(mass))
        expected = np.exp(logs - logsumexp(logs))
        np.testing.assert_allclose(model.predict_proba(X[[i]])[0], expected, rtol=1e-6, atol=1e-9)


def evidence(X: Array, tails: Array) -> float:
    """Return log p(X) given the tails, by all assignments and a grid over μ and Λ (1-D)."""
    b0, nu, v = (PRIOR[name] for name in ("mean_precision_prior", "dof_prior", "scale_prior"))
    alpha, K = PRIOR["concentration_prior"], len(tails)
    mu = np.linspace(-30, 30, 2401)
    log_lam = np.linspace(log(1e-5), log(60), 1201)
    lam = np.exp(log_lam)[:, None]
    prior = multivariate_normal(0, 1 / b0).logpdf(mu)[None, :]
    prior = prior + 0.5 * nu * log(v / 2) - lgamma(nu / 2) + 0.5 * nu * np.log(lam) - v * lam / 2
    cell = log(mu[1] - mu[0]) + log(log_lam[1] - log_lam[0])
    logs = []
    rows = [[t(tail).logpdf((x - mu) * np.sqrt(lam)) + 0.5 * np.log(lam) for x in X[:, 0]]
            for tail in tails]  # fmt: skip
    for z in product(range(K), repeat=len(X)):
        one = lgamma(K * alpha) - lgamma(K * alpha + len(X))
        for k in range(K):
            mine = [i for i in range(len(X)) if z[i] == k]
            one += lgamma(alpha + len(mine)) - lgamma(alpha)
            one += logsumexp(sum((rows[k][i] for i in mine), prior)) + cell
        logs.append(one)
    return float(logsumexp(logs))


@pytest.mark.parametrize("K", [1, 2])
def test_the_bound_is_below_the_exact_evidence_and_near_it(K: int) -> None:
    model = converged(TINY, K)
    gap = evidence(TINY, model.tail_) - RATE * (1 / model.tail_).sum() - model.lower_bound_
    # mean field cannot say that the K! names of the groups are exchangeable
    assert 0 < gap < lgamma(K + 1) + 2.0


REACH = 300.0
"""Distance of the farthest row, in usual distances, up to which the bound keeps its digits."""
FAR_PRIOR = "ignore::headwater.engines.mixture.conflict.PriorConflictWarning"
"""Drawn rows may lie anywhere, and a far prior is rightly warned of."""


@st.composite
def small(draw: st.DrawFn) -> tuple[Array, Array]:
    """Draw rows (n, D) and responsibilities (n, K) to start from."""
    n = draw(st.integers(5, 40))
    seed = draw(st.integers(0, 2**20))
    groups, D = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    X = heavy(n, D, groups, seed=seed, tail=draw(st.floats(0.5, 20)))
    away = np.abs(X - np.median(X, axis=0))
    assume(away.max() < REACH * np.median(away))
    given_start = draw(st.sampled_from([hard, soft]))
    return X, given_start(n, draw(st.integers(1, min(n, 6))), seed=seed)


def rises(bounds: list[float]) -> bool:
    """Say whether bounds never fall by more than their rounding: seven digits, of few rows."""
    return all(after - before > -1e-7 * abs(before) for before, after in pairwise(bounds))


@pytest.mark.filterwarnings(FAR_PRIOR)
@given(small())
def test_the_bound_never_falls(drawn: tuple[Array, Array]) -> None:
    X, R = drawn
    model = VariationalMixture(R.shape[1], family="student_t", moves=False)
    assert rises(model.fit(X, responsibilities=R).lower_bounds_)
    assert np.isfinite(model.lower_bounds_).all()


@pytest.mark.filterwarnings(FAR_PRIOR)
@settings(max_examples=25)
@given(small())
def test_the_bound_of_a_search_never_falls(drawn: tuple[Array, Array]) -> None:
    X, R = drawn
    model = VariationalMixture(R.shape[1], family="student_t", random_state=0).fit(X)
    assert rises(model.lower_bounds_)
    assert model.n_groups_ <= R.shape[1]
    assert model.lower_bound_ == model.lower_bounds_[-1]


def test_where_tails_that_went_ahead_lower_the_bound_they_are_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    X = heavy(200, 2, 2, seed=4)
    model = VariationalMixture(2, family="student_t", moves=False, tol=1e-9)
    R = hard(200, 2, seed=4)
    usual = model.fit(X, responsibilities=R).lower_bound_
    wrong = lambda sums, tails, D, bounds: np.where(tails > 100, 1.0, 1000.0)  # noqa: E731
    monkeypatch.setattr(student, "ahead", wrong)
    model.fit(X, responsibilities=R)
    assert rises(model.lower_bounds_)
    assert model.lower_bound_ == pytest.approx(usual, abs=0.05)


@pytest.mark.parametrize("tail", [1.5, 4.0, 40.0])
def test_both_updates_of_the_tails_have_the_same_end(tail: float) -> None:
    X = heavy(3000, 2, 1, seed=7, tail=tail)
    _, sums, problem = start(X, np.ones((3000, 1)), (1.0, 1000.0), 1)
    state = problem.begin(sums, sums[:, 0])
    for _ in range(60):
        state = problem.next(state)
    for update in (ahead, matched):
        after = update(state.sums, state.tails, 2, (1.0, 1000.0))
        np.testing.assert_allclose(after, state.tails, rtol=1e-4)


@pytest.mark.parametrize("tail", [1.5, 4.0])
def test_the_tail_rows_were_drawn_with_is_found(tail: float) -> None:
    X = heavy(2_000, 2, 2, seed=2, tail=tail)
    model = VariationalMixture(6, family="student_t", random_state=0).fit(X)
    assert model.n_groups_ == 2
    np.testing.assert_allclose(model.tail_, tail, rtol=0.2)
    np.testing.assert_allclose(model.covariances_, np.stack([np.eye(2)] * 2), atol=0.2)
    np.testing.assert_allclose(np.sort(model.means_[:, 0]), [0, 12], atol=0.15)


def test_gaussian_groups_have_no_tail_and_are_those_of_the_gaussian_family() -> None:
    X = blobs(900, 2, 3, seed=1)
    model = VariationalMixture(family="student_t", random_state=0).fit(X)
    peer = VariationalMixture(random_state=0).fit(X)
    assert model.tail_.min() > 20
    assert adjusted_rand_score(model.labels_, peer.labels_) == 1.0
    ours, theirs = (m[np.argsort(m[:, 0])] for m in (model.means_, peer.means_))
    np.testing.assert_allclose(ours, theirs, atol=0.02)
    # a tail is free to be light; where chance gave a group one, it gains a little
    assert -0.1 < model.lower_bound_ - peer.lower_bound_ < 2
