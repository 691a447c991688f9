"""Two thresholds: no other pair does better, by trying all of them."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from headwater.engines.classification.thresholds import (
    Suggestion,
    suggest_by_capacity,
    suggest_by_cost,
)

Arrays = tuple[NDArray[np.float64], NDArray[np.int64]]


@st.composite
def labelled(draw: st.DrawFn) -> Arrays:
    """Return probabilities, many of them equal, some 0 or 1, and both classes."""
    n = draw(st.integers(2, 14))
    some = st.sampled_from([0.0, 0.1, 0.5, 0.50001, 0.9, 1.0]) | st.floats(0, 1)
    p = np.array(draw(st.lists(some, min_size=n, max_size=n)))
    y = np.array([0, 1, *draw(st.lists(st.integers(0, 1), min_size=n - 2, max_size=n - 2))])
    return p, y


def shares(
    p: NDArray[np.float64], y: NDArray[np.int64], w: NDArray[np.float64], low: float, high: float
) -> tuple[float, float, float]:
    """Return the shares of missed spam, of refused honest texts, and of reviews."""
    total = w.sum()
    return (
        float(w[(p < low) & (y == 1)].sum() / total),
        float(w[(p >= high) & (y == 0)].sum() / total),
        float(w[(p >= low) & (p < high)].sum() / total),
    )


def every_pair(p: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return all pairs of thresholds that treat the texts differently, on both sides of 0.5."""
    places = np.unique([0.0, *p, 0.5, 1.0])
    return list(product(places[places <= 0.5].tolist(), places[places >= 0.5].tolist()))


def check_shares(
    told: Suggestion, p: NDArray[np.float64], y: NDArray[np.int64], w: NDArray
) -> None:
    """The thresholds are in order, and what is told of them is what they do."""
    assert 0 <= told.ham_below <= 0.5 <= told.spam_from <= 1
    missed, false, reviewed = shares(p, y, w, told.ham_below, told.spam_from)
    assert (told.missed_spam, told.false_spam, told.reviewed) == pytest.approx(
        (missed, false, reviewed), abs=1e-12
    )
    assert told.accepted + told.refused + told.reviewed == pytest.approx(1)


@given(
    both=labelled(),
    costs=st.tuples(*[st.sampled_from([0.0, 0.3, 1.0, 4.0, 25.0])] * 3),
    weighted=st.booleans(),
)
def test_no_other_thresholds_cost_less(
    both: Arrays, costs: tuple[float, float, float], weighted: bool
) -> None:
    p, y = both
    w = np.arange(1.0, len(p) + 1) if weighted else np.ones(len(p))
    told = suggest_by_cost(
        p,
        y,
        cost_false_spam=costs[0],
        cost_missed_spam=costs[1],
        cost_review=costs[2],
        weights=w if weighted else None,
    )
    check_shares(told, p, y, w)
    tried = []
    for low, high in every_pair(p):
        missed, false, reviewed = shares(p, y, w, low, high)
        cost = costs[1] * missed + costs[0] * false + costs[2] * reviewed
        tried.append((cost, reviewed))
    least = min(cost for cost, _ in tried)
    assert told.cost == pytest.approx(least, abs=1e-9)
    # Of those that cost the same, none leaves less to review.
    assert told.reviewed <= min(r for cost, r in tried if cost <= least + 1e-12) + 1e-9


@given(
    both=labelled(),
    costs=st.tuples(*[st.sampled_from([0.3, 1.0, 4.0])] * 2),
    per_thousand=st.sampled_from([0.0, 50.0, 200.0, 500.0, 1000.0]) | st.floats(0, 1000),
)
def test_no_other_thresholds_within_the_reviewers_time_cost_less(
    both: Arrays, costs: tuple[float, float], per_thousand: float
) -> None:
    p, y = both
    w = np.ones(len(p))
    told = suggest_by_capacity(
        p, y, per_thousand=per_thousand, cost_false_spam=costs[0], cost_missed_spam=costs[1]
    )
    check_shares(told, p, y, w)
    assert told.reviewed <= per_thousand / 1000 + 1e-9
    tried = []
    for low, high in every_pair(p):
        missed, false, reviewed = shares(p, y, w, low, high)
        if reviewed <= per_thousand / 1000 + 1e-12:
            tried.append((costs[1] * missed + costs[0] * false, reviewed))
    least = min(cost for cost, _ in tried)
    assert told.cost == pytest.approx(least, abs=1e-9)
    assert told.reviewed <= min(r for cost, r in tried if cost <= least + 1e-12) + 1e-9


def test_a_suggestion_by_hand() -> None:
    p = np.array([0.05, 0.1, 0.2, 0.4, 0.45, 0.6, 0.7, 0.95, 0.97, 0.99])
    y = np.array([0, 0, 0, 1, 0, 1, 0, 1, 1, 1])
    told = suggest_by_cost(p, y, cost_false_spam=10, cost_missed_spam=3, cost_review=1)
    # Between 0.2 and 0.4 the first spam lies; between 0.7 and 0.95 the last honest text.
    assert (told.ham_below, told.spam_from) == (0.3, 0.8)
    assert told.cost == pytest.approx(0.4)
    assert told.sentence == (
        "These thresholds cost the least by what each error and each review costs. By the 10 "
        "labelled texts, of 1,000 about 300 would be accepted, 300 refused and 400 left to a "
        "person; 0 of those accepted would be spam, and 0 of those refused honest."
    )
    fewer = suggest_by_capacity(p, y, per_thousand=200, cost_false_spam=10, cost_missed_spam=3)
    # The two below the last honest text are reviewed; the spam at 0.4 passes.
    assert (fewer.ham_below, fewer.spam_from) == (0.5, 0.8)
    assert fewer.missed_spam == pytest.approx(0.1)
    assert "at most 200 of 1,000" in fewer.sentence
    assert "about 100 of those accepted would be spam, and 0 of those" in fewer.sentence
    # 3 spam among 2,000 that are accepted are expected to be 1.5 of 1,000, which nobody counts.
    p = np.repeat([0.01, 0.99], 2000)
    y = np.repeat([0, 1], 2000)
    y[[0, 1, 2, 3, 4, 5, 2000]] = [1, 1, 1, 1, 1, 1, 0]
    rare = suggest_by_cost(p, y, cost_false_spam=1, cost_missed_spam=1, cost_review=10)
    assert "about 2 of those accepted would be spam" in rare.sentence
    assert "fewer than 1 of those refused honest" in rare.sentence
    assert json.loads(json.dumps(told.as_json()))["spam_from"] == 0.8


def test_what_is_told_apart_needs_no_review() -> None:
    p, y = np.array([0.1, 0.2, 0.8, 0.9]), np.array([0, 0, 1, 1])
    for told in (suggest_by_cost(p, y), suggest_by_capacity(p, y, per_thousand=500)):
        assert told.ham_below == told.spam_from == 0.5
        assert told.cost == told.reviewed == 0


def test_many_texts_are_quick_and_exact_in_the_large() -> None:
    """With true probabilities the best thresholds are known: refuse where 10 (1 - p) < 1, accept
    where 3 p < 1."""
    rng = np.random.default_rng(3)
    p = rng.random(200_000)
    y = (rng.random(200_000) < p).astype(int)
    told = suggest_by_cost(p, y, cost_false_spam=10, cost_missed_spam=3, cost_review=1)
    assert told.ham_below == pytest.approx(1 / 3, abs=0.02)
    assert told.spam_from == pytest.approx(9 / 10, abs=0.02)


def test_what_cannot_be_suggested_from() -> None:
    p = np.array([0.1, 0.9])
    with pytest.raises(ValueError, match="all are spam"):
        suggest_by_cost(p, np.array([1, 1]))
    with pytest.raises(ValueError, match="none is spam"):
        suggest_by_capacity(p, np.array([0, 0]), per_thousand=5)
    with pytest.raises(ValueError, match="“cost_review” was -1"):
        suggest_by_cost(p, np.array([0, 1]), cost_review=-1)
    with pytest.raises(ValueError, match="“per_thousand” was 1001"):
        suggest_by_capacity(p, np.array([0, 1]), per_thousand=1001)
