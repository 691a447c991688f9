"""Random starts: draws of each distribution have its moments, and come from the generator alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from headwater.engines.network.draws import start_at_random
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.graph import bayespy, build
from tests.engines.network.networks import Array, network

MANY = 200_000
MATRIX = "[[2, 0.5], [0.5, 1]]"
COVARIANCE = np.linalg.inv([[2, 0.5], [0.5, 1]])


def drawn(text: str, seed: int = 1, plates: int = MANY) -> list[Array]:
    """Return the moments of a node after a random start, (plates, ...)."""
    stated = network(f"x ~ {text}, plates=({plates}, ), :ifr", "y* ~ Poisson: 1")
    node = build(stated, {"y": np.array([1])}).nodes["x"]
    start_at_random(node, np.random.default_rng(seed))
    return [np.asarray(part) for part in node.u]


NUMBERS = [
    ("GaussianARD: 1, 4", stats.norm(1, 0.5)),
    ("Gamma: 3, 2", stats.gamma(3, scale=0.5)),
    ("Exponential: 2", stats.expon(scale=0.5)),
    ("Poisson: 4", stats.poisson(4)),
    ("Bernoulli: 0.3", stats.bernoulli(0.3)),
    ("Binomial: 7, 0.3", stats.binom(7, 0.3)),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS, ids=[text for text, _ in NUMBERS])
def test_numbers(text: str, expected: object) -> None:
    x = drawn(text)[0]
    distribution: stats.rv_continuous = expected  # type: ignore[assignment]
    spread = distribution.std()
    assert x.mean() == pytest.approx(distribution.mean(), abs=6 * spread / MANY**0.5)
    assert x.std() == pytest.approx(spread, rel=0.02)
    quantiles = np.array([0.1, 0.5, 0.9])
    np.testing.assert_allclose(np.quantile(x, quantiles), distribution.ppf(quantiles), atol=0.03)


def test_the_other_moments_are_those_of_the_value() -> None:
    x, square = drawn("GaussianARD: 1, 4")
    np.testing.assert_allclose(square, x**2)
    x, log = drawn("Gamma: 3, 2")
    np.testing.assert_allclose(log, np.log(x))
    x, outer = drawn(f"Gaussian: [1, 2], {MATRIX}", plates=50)
    np.testing.assert_allclose(outer, x[:, :, None] * x[:, None, :])
    precision, log_det = drawn(f"Wishart: 5, {MATRIX}", plates=50)
    np.testing.assert_allclose(log_det, np.linalg.slogdet(precision)[1])
    (which,) = drawn("Categorical: [0.2, 0.8]", plates=50)
    assert set(map(tuple, which)) == {(0, 1), (1, 0)}
    (counts,) = drawn("Multinomial: 5, [0.2, 0.8]", plates=50)
    assert (counts.sum(axis=1) == 5).all()
    (log_p,) = drawn("Dirichlet: [2, 3, 5]", plates=50)
    np.testing.assert_allclose(np.exp(log_p).sum(axis=1), 1)


def test_vectors_matrices_and_shares() -> None:
    x = drawn(f"Gaussian: [1, 2], {MATRIX}")[0]
    np.testing.assert_allclose(x.mean(axis=0), [1, 2], atol=0.02)
    np.testing.assert_allclose(np.cov(x.T), COVARIANCE, atol=0.02)
    x = drawn("GaussianARD: 1, [[1, 4], [9, 16]], shape=(2, 2)")[0]
    np.testing.assert_allclose(x.std(axis=0), [[1, 1 / 2], [1 / 3, 1 / 4]], rtol=0.02)
    Lambda = drawn(f"Wishart: 5.5, {MATRIX}")[0]
    np.testing.assert_allclose(Lambda.mean(axis=0), 5.5 * COVARIANCE, rtol=0.02, atol=0.02)
    spread = stats.wishart(5.5, COVARIANCE).var() ** 0.5
    np.testing.assert_allclose(Lambda.std(axis=0), spread, rtol=0.02)
    log_p = drawn("Dirichlet: [2, 3, 5]")[0]
    np.testing.assert_allclose(np.exp(log_p).mean(axis=0), [0.2, 0.3, 0.5], atol=0.005)
    np.testing.assert_allclose(
        np.exp(log_p).var(axis=0), stats.dirichlet([2, 3, 5]).var(), rtol=0.02
    )
    log_p = drawn("Beta: [2, 5]")[0]
    np.testing.assert_allclose(np.exp(log_p[:, 0]).mean(), 2 / 7, atol=0.005)
    which = drawn("Categorical: [0.2, 0.3, 0.5]")[0]
    np.testing.assert_allclose(which.mean(axis=0), [0.2, 0.3, 0.5], atol=0.01)
    counts = drawn("Multinomial: 5, [0.2, 0.3, 0.5]")[0]
    np.testing.assert_allclose(counts.mean(axis=0), [1, 1.5, 2.5], atol=0.03)


def test_a_gaussian_and_its_scale_are_drawn_together() -> None:
    tau_x, tau_xx, tau, log_tau = drawn(f"GaussianGamma: [1, 2], {MATRIX}, 3, 4")
    np.testing.assert_allclose(log_tau, np.log(tau))
    x = tau_x / tau[:, None]
    np.testing.assert_allclose(tau_xx, tau[:, None, None] * x[:, :, None] * x[:, None, :])
    assert tau.mean() == pytest.approx(3 / 4, rel=0.02)
    assert tau.std() == pytest.approx(3**0.5 / 4, rel=0.02)
    np.testing.assert_allclose(np.median(x, axis=0), [1, 2], atol=0.02)
    z = (x - [1, 2]) * np.sqrt(tau)[:, None]
    np.testing.assert_allclose(np.cov(z.T), COVARIANCE, atol=0.02)


def test_tiny_counts_do_not_underflow() -> None:
    (log_p,) = drawn("Dirichlet: numpy.full(10, 1e-3)", plates=1000)
    assert np.isfinite(log_p).all()
    np.testing.assert_allclose(np.exp(log_p).sum(axis=1), 1)
    np.testing.assert_allclose(np.exp(log_p).mean(axis=0), 0.1, atol=0.04)


def test_draws_are_as_many_and_as_bayespys_own() -> None:
    nodes = bayespy()
    theirs = nodes.Categorical([0.2, 0.3, 0.5], plates=(MANY,))
    np.random.seed(3)
    theirs.initialize_from_random()
    ours = drawn("Categorical: [0.2, 0.3, 0.5]")[0]
    np.testing.assert_allclose(ours.mean(axis=0), theirs.u[0].mean(axis=0), atol=0.01)
    assert ours.shape == theirs.u[0].shape


def test_the_generator_alone_decides() -> None:
    np.random.seed(1)
    one = drawn("GaussianARD: 0, 1", seed=4, plates=5)[0]
    np.random.seed(2)
    assert np.array_equal(one, drawn("GaussianARD: 0, 1", seed=4, plates=5)[0])
    assert not np.array_equal(one, drawn("GaussianARD: 0, 1", seed=5, plates=5)[0])


@pytest.mark.parametrize("text", ["Gamma: 1e-6, 1e-6", "Dirichlet: [1e-320, 1e-320]"])
def test_priors_too_wide_to_draw_from_are_refused(text: str) -> None:
    with pytest.raises(NetworkError, match="“x” cannot start at random: its prior is so wide"):
        drawn(text, plates=50)
