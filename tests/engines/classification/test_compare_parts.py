"""compare_parts against its closed form and against scipy's paired t test."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t, ttest_rel

from headwater.engines.classification.compare_parts import compare_parts


def test_without_shared_rows_it_is_the_paired_t_test() -> None:
    rng = np.random.default_rng(3)
    before, after = rng.random(10), rng.random(10)
    p = compare_parts(before.tolist(), after.tolist(), test_share=0.0)
    assert p == pytest.approx(ttest_rel(after, before).pvalue, abs=1e-12)


def test_the_variance_is_widened_by_the_shared_rows() -> None:
    before, after = [0.9, 0.95, 0.92, 0.97], [0.85, 0.93, 0.91, 0.9]
    d = np.subtract(after, before)
    expected = 2 * t.sf(abs(d.mean()) / math.sqrt((1 / 4 + 1 / 3) * d.var(ddof=1)), 3)
    assert compare_parts(before, after, test_share=1 / 3) == pytest.approx(expected, abs=1e-12)
    assert expected > ttest_rel(after, before).pvalue


def test_parts_without_a_measure_are_left_out() -> None:
    known = compare_parts([0.9, 0.8, 0.7], [0.8, 0.6, 0.65], test_share=0.1)
    gaps = compare_parts([0.9, None, 0.8, 0.7], [0.8, 0.1, 0.6, 0.65], test_share=0.1)
    assert gaps == known
    assert compare_parts([0.9, 0.8], [0.8, 0.6], test_share=0.1) is None


def test_what_never_differs_and_what_always_differs_alike() -> None:
    assert compare_parts([0.9] * 4, [0.9] * 4, test_share=0.1) == 1.0
    assert compare_parts([0.9] * 4, [0.8] * 4, test_share=0.1) == 0.0
    with pytest.raises(ValueError, match="the same parts"):
        compare_parts([0.9], [0.9, 0.8], test_share=0.1)
