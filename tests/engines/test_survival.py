"""Survival: equal to SciPy's estimate of censored data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from headwater.engines.survival import kaplan_meier, quantiles

cases = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4), st.integers(0, 4)), max_size=30)


@settings(deadline=None)
@given(cases)
def test_shares_are_those_of_scipy(given_cases: list[tuple[int, int, int]]) -> None:
    counts = np.array(given_cases, dtype=np.int64).reshape(-1, 3)
    times, survival = kaplan_meier(counts[:, 0].astype(float), counts[:, 1], counts[:, 2])
    ended = np.repeat(counts[:, 0], counts[:, 1])
    ongoing = np.repeat(counts[:, 0], counts[:, 2])
    if not len(ended):
        assert len(times) == 0
        return
    reference = stats.ecdf(stats.CensoredData(uncensored=ended, right=ongoing)).sf
    np.testing.assert_allclose(survival, reference.evaluate(times), atol=1e-12)
    assert times.tolist() == sorted(set(ended.tolist()))


def test_without_censoring_the_quantiles_are_those_of_the_sample() -> None:
    durations = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    times, survival = kaplan_meier(durations, np.full(7, 3), np.zeros(7, dtype=np.int64))
    assert quantiles(times, survival, [1 / 7, 0.5, 6 / 7, 1.0]) == [1.0, 4.0, 6.0, 7.0]


def test_a_quantile_that_was_not_reached_is_not_known() -> None:
    times, survival = kaplan_meier(np.array([2.0, 9.0]), np.array([1, 0]), np.array([0, 3]))
    assert survival == pytest.approx([0.75])
    assert quantiles(times, survival, [0.25, 0.5]) == [2.0, None]
