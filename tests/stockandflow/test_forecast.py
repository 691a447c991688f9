"""Forecasts of counted panels: bands, what if, back-test, and what is said without records."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats

from headwater.stockandflow import forecast
from headwater.stockandflow.analysis.transitions import transition_table
from headwater.stockandflow.backtest import backtest
from headwater.stockandflow.errors import NotEnoughRecords, StockAndFlowError
from headwater.stockandflow.forecast import history_of
from tests.stockandflow.panel import ARRIVALS, STAGES, START, P, play, step
from tests.stockapp.models import Subscriber
from tests.stockapp.stocks import stage

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_it_goes_on_from_the_last_count() -> None:
    panel = play(20, size=200)
    found = forecast("stage", 3)
    assert found.moments == tuple(START + (19 + i) * DAY for i in (1, 2, 3))
    assert found.history == 19
    assert found.counted_at == panel.moments[-1]
    assert found.names["trial"] == "On trial"
    last = np.array([found.last[state] for state in STAGES])
    held = list(panel.states[-1].values())
    assert last.tolist() == [held.count(state) for state in STAGES]
    expected = last @ P[:, :3] + [ARRIVALS, 0, 0]
    for state, level in zip(STAGES, expected, strict=True):
        line = [
            one[state]
            for one in (found.low95, found.low80, found.median, found.high80, found.high95)
        ]
        for low, high in pairwise(line):
            assert all(a <= b for a, b in zip(low, high, strict=True))
        assert found.low95[state][0] <= level <= found.high95[state][0]
        assert found.median[state][0] == pytest.approx(level, rel=0.1, abs=6)


def test_two_counts_are_enough() -> None:
    play(2)
    found = forecast("stage", 1)
    assert found.history == 1
    assert found.varying == ()


def test_one_count_is_not() -> None:
    with pytest.raises(NotEnoughRecords, match=r"needs 2 counts .* there is no count"):
        forecast("stage", 1)
    play(1)
    with pytest.raises(NotEnoughRecords, match="there is 1 count"):
        forecast("stage", 1)


def test_counts_with_gaps_are_not() -> None:
    play(3, gap=2 * DAY)
    with pytest.raises(NotEnoughRecords, match="of the 3 counts that there are, too few are one"):
        forecast("stage", 1)


def test_intervals_with_missed_periods_teach_nothing() -> None:
    panel = play(3)
    step(np.random.default_rng(1))
    panel.count(START + 5 * DAY)
    history = history_of(stage, include_relabelled=False)
    assert [one.closing.counted_at for one in history.intervals] == panel.moments[1:3]
    assert forecast("stage", 1).counted_at == panel.moments[3]


def test_empty_books_are_told() -> None:
    panel = play(1, size=1)
    Subscriber.objects.all().delete()
    panel.count(START + DAY)
    assert forecast("stage", 1).last == dict.fromkeys(STAGES, 0)


def test_what_if_a_rate_were_another() -> None:
    play(10, size=200)
    plain, nobody_lapses = (
        forecast("stage", 2, rates=rates) for rates in ({}, {("paying", "lapsed"): 0.0})
    )
    assert nobody_lapses.median["paying"][-1] > plain.median["paying"][-1]
    assert nobody_lapses.median["lapsed"][-1] < plain.median["lapsed"][-1]
    more = forecast("stage", 1, rates={("", "trial"): 10.0})
    gained = more.median["trial"][0] - plain.median["trial"][0]
    table = transition_table("stage")
    arrivals = table.entered[table.states.index("trial")] / table.periods
    assert gained == pytest.approx(9 * arrivals, rel=0.15)
    gone = forecast("stage", 1, rates={("paying", ""): 1e6})
    assert gone.high95["paying"][0] < plain.low95["paying"][0]
    assert forecast("stage", 2, rates={("paying", "lapsed"): 1.0}) == plain


@pytest.mark.parametrize(
    ("rates", "sentence"),
    [
        ({("gold", "trial"): 1.0}, "no stock “gold” in its records"),
        ({("trial", "trial"): 1.0}, "from “trial” to itself"),
        ({("", ""): 1.0}, "from “” to itself"),
        ({("trial", ""): -1.0}, "from “trial” to “outside” is -1.0"),
        ({("trial", ""): float("nan")}, "is nan"),
    ],
)
def test_rates_that_cannot_be_are_refused(rates: Any, sentence: str) -> None:
    play(2)
    with pytest.raises(StockAndFlowError, match=sentence):
        forecast("stage", 1, rates=rates)


def test_a_forecast_of_no_period_is_refused() -> None:
    with pytest.raises(StockAndFlowError, match="0 periods"):
        forecast("stage", 0)
    with pytest.raises(StockAndFlowError, match="0 periods"):
        backtest("stage", 0)


def test_the_same_seed_gives_the_same() -> None:
    play(4)
    assert forecast("stage", 2, draws=300) == forecast("stage", 2, draws=300)
    assert forecast("stage", 2, draws=300) != forecast("stage", 2, draws=300, seed=1)


def test_a_back_test_uses_nothing_of_what_it_is_held_against() -> None:
    panel = play(9)
    before = forecast("stage", 3)
    for day in (9, 10, 11):
        step(np.random.default_rng(day))
        panel.count(START + day * DAY)
    found = backtest("stage", 3)
    assert (found.made_at, found.history) == (panel.moments[8], 8)
    for line in found.lines:
        i = before.moments.index(line.moment)
        assert (line.median, line.low80, line.high95) == (
            before.median[line.state][i],
            before.low80[line.state][i],
            before.high95[line.state][i],
        )
        actual = panel.states[9 + i]
        assert line.actual == list(actual.values()).count(line.state)
    assert found.coverage80 == np.mean([line.is_inside80 for line in found.lines])
    assert found.coverage95 == np.mean([line.is_inside95 for line in found.lines])


def test_back_tests_of_a_steady_world_are_mostly_right() -> None:
    """Levels hang together, so this is no proof of coverage: that is in the engine's tests."""
    play(40, size=100, seed=5)
    found = backtest("stage", 10)
    inside = sum(line.is_inside95 for line in found.lines)
    assert stats.binom(len(found.lines), 0.95).cdf(inside) > 0.001


def test_a_back_test_needs_counts_to_learn_from_and_to_be_held_against() -> None:
    panel = play(4)
    with pytest.raises(NotEnoughRecords, match=r"needs 5 counts .* there are 4 counts"):
        backtest("stage", 3)
    assert backtest("stage", 2).history == 1
    step(np.random.default_rng(1))
    panel.count(START + 6 * DAY)
    with pytest.raises(NotEnoughRecords, match="too few are one period after another"):
        backtest("stage", 1)


def test_a_forecast_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    play(4)
    with django_assert_max_num_queries(4):
        forecast(stage, 2, draws=50)
