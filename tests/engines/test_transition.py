"""Transition: posteriors by closed form, forecasts against exact predictive laws, coverage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from headwater.engines.transition import bands, learn, rescaled, simulate

P = np.array([[0.85, 0.10, 0.0, 0.05], [0.05, 0.80, 0.10, 0.05], [0.15, 0.0, 0.80, 0.05]])
RATES = np.array([30.0, 0.0, 5.0])
LEVEL = (300, 200, 100)


def play(
    periods: int,
    rng: np.random.Generator,
    *,
    level: tuple[int, ...] = LEVEL,
    together: float = 0.0,
    dispersion: float = 1.0,
) -> tuple[Any, Any, Any]:
    """Play a population of known p and rates: moves, arrivals, levels from the first on."""
    states = len(RATES)
    moves = np.zeros((periods, states, states + 1), dtype=np.int64)
    arrivals = np.zeros((periods, states), dtype=np.int64)
    levels = np.zeros((periods + 1, states), dtype=np.int64)
    levels[0] = level
    for t in range(periods):
        for i in range(states):
            p = P[i]
            if together:
                p = rng.dirichlet(np.maximum(P[i], 1e-9) * (1 / together - 1))
            moves[t, i] = rng.multinomial(levels[t, i], p)
        rates = RATES
        if dispersion > 1:
            rates = rng.gamma(RATES / (dispersion - 1) + 1e-12, dispersion - 1)
        arrivals[t] = rng.poisson(rates)
        levels[t + 1] = moves[t, :, :states].sum(axis=0) + arrivals[t]
    return moves, arrivals, levels


def coverage(periods: int, ahead: int, worlds: int, seed: int, **world: Any) -> dict[float, float]:
    rng = np.random.default_rng(seed)
    inside: dict[float, list[Any]] = {0.8: [], 0.95: []}
    for _ in range(worlds):
        moves, arrivals, levels = play(periods + ahead, rng, **world)
        posterior = learn(moves[:periods], arrivals[:periods])
        drawn = simulate(posterior, levels[periods], ahead, draws=400, rng=rng)
        came = levels[periods + 1 :]
        for share, (low, high) in bands(drawn)[1].items():
            inside[share].append((low <= came) & (came <= high))
    return {share: float(np.mean(found)) for share, found in inside.items()}


@pytest.mark.parametrize("periods", [1, 3, 12, 60])
def test_bands_hold_what_they_promise(periods: int) -> None:
    found = coverage(periods, ahead=6, worlds=200, seed=periods)
    assert found[0.8] == pytest.approx(0.8, abs=0.03)
    assert found[0.95] == pytest.approx(0.95, abs=0.03)


def test_bands_hold_what_they_promise_where_rates_vary_from_period_to_period() -> None:
    world = {"level": (3000, 2000, 1000), "together": 0.003, "dispersion": 8.0}
    found = coverage(12, ahead=6, worlds=150, seed=1, **world)
    assert found[0.8] == pytest.approx(0.8, abs=0.03)
    assert found[0.95] == pytest.approx(0.95, abs=0.03)


def test_posterior_means_are_those_of_the_closed_form() -> None:
    moves, arrivals, _ = play(2, np.random.default_rng(0))
    posterior = learn(moves, arrivals)
    assert all(one.is_plain for one in (*posterior.rows, *posterior.inflows))
    for i, row in enumerate(posterior.probabilities()):
        np.testing.assert_allclose(row, stats.dirichlet(moves[:, i].sum(axis=0) + 1 / 4).mean())
    shape = arrivals.sum(axis=0) + 1 / 3
    np.testing.assert_allclose(posterior.rates(), stats.gamma(shape, scale=1 / 2).mean())


def test_one_state_that_leaks_is_beta_binomial() -> None:
    """Nobody arrives but by the prior's rate, which is made nought."""
    posterior = learn(np.array([[[7, 3]]]), np.array([[0]]))
    no_arrivals = np.array([[1.0, 1.0], [0.0, 1.0]])
    drawn = simulate(
        posterior, [50], 1, draws=20_000, rng=np.random.default_rng(1), factors=no_arrivals
    )
    law = stats.betabinom(50, 7.5, 3.5)
    edges = np.arange(51)
    seen = (drawn[:, 0, :] <= edges).mean(axis=0)
    assert np.abs(seen - law.cdf(edges)).max() < 1.63 / np.sqrt(20_000)  # Kolmogorov, 1 %


def test_arrivals_are_negative_binomial() -> None:
    arrivals = np.array([[12], [15], [9], [14]])
    posterior = learn(np.zeros((4, 1, 2), dtype=int), arrivals)
    drawn = simulate(posterior, [0], 1, draws=20_000, rng=np.random.default_rng(2))
    law = stats.nbinom(arrivals.sum() + 1, 4 / 5)
    edges = np.arange(60)
    seen = (drawn[:, 0, :] <= edges).mean(axis=0)
    assert np.abs(seen - law.cdf(edges)).max() < 1.63 / np.sqrt(20_000)


def test_dispersion_is_pearsons() -> None:
    moves, arrivals, _ = play(8, np.random.default_rng(3))
    posterior = learn(moves, arrivals)
    table = moves[:, 1][:, moves[:, 1].sum(axis=0) > 0]
    reference = stats.chi2_contingency(table, correction=False)
    assert posterior.rows[1].statistic == pytest.approx(reference.statistic)
    assert posterior.rows[1].freedom == reference.dof
    reference = stats.chisquare(arrivals[:, 0])
    assert posterior.inflows[0].statistic == pytest.approx(reference.statistic)


def test_still_rates_are_seldom_taken_for_varying_ones_and_varying_ones_are_found() -> None:
    rng = np.random.default_rng(4)
    plain = [learn(*play(12, rng)[:2]) for _ in range(100)]
    doubted = sum(not one.is_plain for post in plain for one in (*post.rows, *post.inflows))
    assert doubted <= 20  # of 500, of which 5 are expected
    varying = learn(*play(12, rng, level=(3000, 2000, 1000), together=0.01, dispersion=10)[:2])
    assert all(one.factor > 2 for one in varying.rows)
    assert varying.inflows[0].factor > 2


def test_a_state_without_history_goes_anywhere() -> None:
    moves = np.zeros((3, 2, 3), dtype=int)
    moves[:, 0, 0] = 100
    means = learn(moves, np.zeros((3, 2), dtype=int)).probabilities()
    np.testing.assert_allclose(means[1], [1 / 3] * 3)
    assert means[0, 1] < 0.002  # what was never seen in 300 cases is rare


def test_a_factor_takes_from_staying() -> None:
    factors = np.ones((3, 4))
    factors[0, 1] = 2.0
    factors[1, 3] = 0.0
    changed = rescaled(P, factors)
    np.testing.assert_allclose(changed[0], [0.75, 0.20, 0.0, 0.05])
    np.testing.assert_allclose(changed[1], [0.05, 0.85, 0.10, 0.0])
    np.testing.assert_array_equal(changed[2], P[2])


def test_a_factor_that_asks_for_more_than_all_is_cut() -> None:
    factors = np.ones((3, 4))
    factors[0, 1], factors[0, 3] = 100.0, 100.0
    factors[1, 0] = 1e9
    changed = rescaled(P, factors)
    np.testing.assert_allclose(changed[0], [0.0, 2 / 3, 0.0, 1 / 3])
    np.testing.assert_allclose(changed[1], [0.85, 0.0, 0.10, 0.05])


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 50), min_size=12, max_size=12),
    st.integers(0, 2**32 - 1),
)
def test_rescaled_rows_are_probabilities(factors: list[float], seed: int) -> None:
    p = np.random.default_rng(seed).dirichlet([0.2] * 4, size=(5, 3))
    changed = rescaled(p, np.array(factors).reshape(3, 4))
    assert (changed >= 0).all()
    np.testing.assert_allclose(changed.sum(axis=-1), 1.0)


def test_what_if_moves_the_forecast() -> None:
    moves, arrivals, levels = play(12, np.random.default_rng(5))
    posterior = learn(moves, arrivals)
    factors = np.ones((4, 4))
    factors[3, 0] = 2.0
    plain, asked = (
        simulate(posterior, levels[-1], 1, draws=2000, rng=np.random.default_rng(6), factors=one)
        for one in (None, factors)
    )
    more = asked[:, 0].mean(axis=0) - plain[:, 0].mean(axis=0)
    assert more[0] == pytest.approx(posterior.rates()[0], rel=0.05)
    assert abs(more[1]) < 1
    unchanged = simulate(
        posterior,
        levels[-1],
        1,
        draws=2000,
        rng=np.random.default_rng(6),
        factors=np.ones((4, 4)),
    )
    np.testing.assert_array_equal(unchanged, plain)


def test_the_same_seed_draws_the_same() -> None:
    posterior = learn(*play(5, np.random.default_rng(7))[:2])
    first, second = (
        simulate(posterior, LEVEL, 4, draws=50, rng=np.random.default_rng(8)) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    assert (first >= 0).all()


def test_many_empty_states_draw_shares() -> None:
    """A prior that is spread over hundreds of destinations falls to nought in a draw."""
    posterior = learn(np.zeros((1, 400, 401), dtype=int), np.zeros((1, 400), dtype=int))
    drawn = simulate(posterior, np.arange(400) % 3, 1, draws=3, rng=np.random.default_rng(9))
    assert (drawn.sum(axis=-1) <= 410).all()


@pytest.mark.parametrize(
    ("moves", "arrivals"),
    [
        (np.zeros((0, 2, 3)), np.zeros((0, 2))),
        (np.zeros((1, 2, 2)), np.zeros((1, 2))),
        (np.zeros((1, 0, 1)), np.zeros((1, 0))),
        (-np.ones((1, 1, 2)), np.ones((1, 1))),
    ],
)
def test_counts_that_cannot_be_are_refused(moves: Any, arrivals: Any) -> None:
    with pytest.raises(ValueError, match=r"(?i)counts|shape"):
        learn(moves, arrivals)


def test_a_level_of_other_states_is_refused() -> None:
    posterior = learn(*play(2, np.random.default_rng(10))[:2])
    with pytest.raises(ValueError, match="3 states"):
        simulate(posterior, [1, 2], 1, draws=1, rng=np.random.default_rng(0))
