"""Two fits on the same labels: the exact test, its interval, and a verdict in words."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from headwater.engines.classification.compare_fits import (
    Comparison,
    compare_fits,
    mcnemar,
    paired_interval,
)


def compared(both: int, only_before: int, only_after: int, neither: int) -> Comparison:
    before = np.repeat([1, 1, 0, 0], [both, only_before, only_after, neither])
    after = np.repeat([1, 0, 1, 0], [both, only_before, only_after, neither])
    return compare_fits(np.ones(len(before), dtype=int), before, after)


@given(one=st.integers(0, 40), other=st.integers(0, 40))
def test_the_test_is_the_exact_binomial_one(one: int, other: int) -> None:
    expected = binomtest(one, one + other).pvalue if one + other else 1.0
    assert mcnemar(one, other) == pytest.approx(expected)
    assert mcnemar(one, other) == mcnemar(other, one)


def test_verdicts() -> None:
    better = compared(900, 10, 40, 50)
    assert better.verdict == "better"
    assert (better.both_right, better.only_before, better.only_after, better.both_wrong) == (
        900,
        10,
        40,
        50,
    )
    assert better.accuracy_before == pytest.approx(0.91)
    assert better.accuracy_after == pytest.approx(0.94)
    assert better.difference == pytest.approx(0.03)
    assert 0 < better.low < 0.03 < better.high
    assert better.sentence == (
        "The new fit is better. Of 1,000 held-out labels, 40 are right only in the new fit and 10 "
        "only in the one before; the difference lies between +1.6 and +4.4 percentage points."
    )
    worse = compared(900, 40, 10, 50)
    assert (worse.verdict, worse.low) == ("worse", pytest.approx(-better.high))
    assert compared(960, 12, 14, 14).verdict == "no difference that could be told"
    assert compared(500, 0, 0, 0).verdict == "no difference that could be told"
    few = compared(20, 1, 3, 2)
    assert few.verdict == "too few labels to tell"
    assert few.sentence.startswith("These are too few labels to tell. Of 26 held-out labels, 3 are")
    # Five differing labels, all one way, are not yet enough; six are.
    assert compared(20, 0, 5, 0).verdict == "too few labels to tell"
    assert compared(20, 0, 6, 0).verdict == "better"


def test_no_labels() -> None:
    nothing = compared(0, 0, 0, 0)
    assert nothing.verdict == "too few labels to tell"
    assert nothing.accuracy_after is None
    assert nothing.sentence == "There are no held-out labels to compare the two fits on."
    json.dumps(nothing.as_json())
    with pytest.raises(ValueError, match="judged on the same rows"):
        compare_fits(np.ones(3), np.ones(3), np.ones(2))


def test_it_compares_classes_of_any_number() -> None:
    told = compare_fits(np.array([0, 1, 2, 2]), np.array([0, 2, 1, 2]), np.array([0, 1, 0, 2]))
    assert (told.both_right, told.only_before, told.only_after, told.both_wrong) == (2, 0, 1, 1)


def test_intervals_hold_the_difference_and_errors_are_rare() -> None:
    """Closed form: all outcomes of the differing rows are drawn with known shares."""
    rng = np.random.default_rng(5)
    for shares in ([0.85, 0.05, 0.05, 0.05], [0.8, 0.04, 0.1, 0.06]):
        drawn = rng.multinomial(250, shares, size=3000)
        truth = shares[2] - shares[1]
        held = [
            low <= truth <= high
            for low, high in (paired_interval(b, a, 250) for _, b, a, _ in drawn.tolist())
        ]
        assert np.mean(held) == pytest.approx(0.95, abs=0.015)
    alike = rng.multinomial(250, [0.85, 0.05, 0.05, 0.05], size=3000).tolist()
    assert np.mean([mcnemar(b, a) < 0.05 for _, b, a, _ in alike]) <= 0.05
