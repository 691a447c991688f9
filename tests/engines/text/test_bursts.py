"""Bursts: many, or many that are alike, in a short time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headwater.engines.text.bursts import Burst, bursts


def test_three_alike_within_the_window_are_a_burst() -> None:
    times = [0, 5_000, 5_100, 9_000, 5_500, 20_000]
    groups = [0, 0, 1, 1, 0, 0]
    assert bursts(times, groups) == []
    times[0] = 5_600
    assert bursts(times, groups) == [Burst(0, 3, 5_000, 5_600, (1, 4, 0))]
    times[0] = 5_601
    assert bursts(times, groups) == []


def test_bursts_that_share_texts_are_one_and_others_are_apart() -> None:
    times = [0, 400, 600, 900, 1_100, 5_000, 5_001, 5_002]
    found = bursts(times, [4] * 8)
    assert [(burst.count, burst.start, burst.end) for burst in found] == [
        (5, 0, 1_100),
        (3, 5_000, 5_002),
    ]
    assert found[0].members == (0, 1, 2, 3, 4)


def test_those_without_a_group_are_not_alike() -> None:
    assert bursts([1, 2, 3, 4], [-1] * 4) == []


def test_many_of_any_are_a_burst_where_they_are_more_than_usual() -> None:
    quiet = np.arange(0, 86_400, 200.0)  # three in ten minutes
    busy = 40_000 + np.arange(60) * 5.0
    times = np.concatenate([busy, quiet]).tolist()
    found = bursts(times, [-1] * len(times))
    assert [burst.group for burst in found] == [None]
    assert set(range(60)) <= set(found[0].members)
    assert found[0].start >= 39_400
    assert found[0].end <= 40_900
    # As many everywhere are nothing unusual.
    always = np.arange(0, 86_400, 5.0).tolist()
    assert bursts(always, [-1] * len(always)) == []
    # And a handful is not many, however quiet it was before.
    assert bursts([0, 1e6, 1e6 + 1, 1e6 + 2], [-1] * 4) == []


def test_both_kinds_are_told_the_similar_first() -> None:
    times = [float(i) for i in range(24)]
    groups = [0 if i < 4 else -1 for i in range(24)]
    found = bursts(times, groups)
    assert [(burst.group, burst.count) for burst in found] == [(0, 4), (None, 24)]


def test_nothing_has_no_bursts() -> None:
    assert bursts([], []) == []


@pytest.mark.parametrize(
    ("given", "options", "sentence"),
    [
        (([1.0], []), {}, "There are 1 times and 0 groups"),
        (([1.0], [0]), {"window": 0}, "“window” is 0"),
        (([1.0], [0]), {"alike": 1}, "“alike” is 1"),
        (([math.nan], [0]), {}, "no finite numbers"),
    ],
)
def test_what_does_not_fit_is_told(given, options, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        bursts(*given, **options)
