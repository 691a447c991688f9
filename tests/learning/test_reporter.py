"""What a running fit tells of its progress."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from headwater.engines.progress import Step
from headwater.learning import reporter as module
from headwater.learning.models import Fit
from headwater.learning.reporter import LEARNED, READ, Reporter


@pytest.fixture
def make_reporter(make_model: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes a reporter which saves every step."""
    monkeypatch.setattr(module, "SECONDS_BETWEEN", -1)

    def make(technique: str = "variational_mixture", restarts: int = 1) -> Reporter:
        fit = Fit.objects.create(
            model=make_model(results_storage=""), technique=technique, status="running"
        )
        return Reporter(fit, restarts=restarts)

    return make


def _told(reporter: Reporter, step: Step) -> tuple[float, float | None]:
    reporter(step)
    kept = Fit.objects.get(pk=reporter.fit.pk).progress
    return kept["share"], kept["objective"]


def test_the_share_keeps_rising_and_leaves_room(make_reporter: Any) -> None:
    reporter = make_reporter()

    shares = [_told(reporter, Step("search", 1, 1, i, -9.0, 3))[0] for i in range(1, 1000, 50)]
    again = _told(reporter, Step("search", 1, 1, 1, -9.0, 3))[0]
    refine = _told(reporter, Step("refine", 1, 1, 5, -9.0, 3))[0]

    assert READ < shares[0] < READ + 0.05
    assert all(b - a > 0.004 for a, b in pairwise(shares))
    assert shares[-1] <= again <= refine < LEARNED


def test_later_restarts_go_by_the_length_of_earlier_ones(make_reporter: Any) -> None:
    reporter = make_reporter(restarts=2)
    _told(reporter, Step("search", 1, 2, 30, -9.0, 3))

    begun, _ = _told(reporter, Step("search", 2, 2, 1, -9.0, 3))
    same, _ = _told(reporter, Step("search", 2, 2, 30, -9.0, 3))

    half = READ + (LEARNED - READ) / 2
    assert half < begun < same
    assert same == pytest.approx(half + 0.75 * (LEARNED - half), abs=1e-3)


@pytest.mark.parametrize(
    ("technique", "values", "shown"),
    [
        ("variational_mixture", [-9.0, -5.0, -7.0, -6.0], [-9.0, -5.0, -5.0, -5.0]),
        ("k_means", [9.0, 5.0, 7.0, float("nan")], [9.0, 5.0, 5.0, 5.0]),
    ],
)
def test_the_best_score_so_far_is_told(
    make_reporter: Any, technique: str, values: list[float], shown: list[float]
) -> None:
    reporter = make_reporter(technique, restarts=4)

    told = [
        _told(reporter, Step("search", restart, 4, 1, value, 2))[1]
        for restart, value in enumerate(values, start=1)
    ]

    assert told == shown


def test_scores_of_a_sample_and_of_all_rows_are_not_mixed(make_reporter: Any) -> None:
    reporter = make_reporter(restarts=2)
    steps = [
        (Step("search", 1, 2, 9, -100.0, 2), -100.0),
        (Step("search", 1, 2, 1, -900.0, 2), -900.0),
        (Step("refine", 1, 2, 1, -5000.0, 2), -5000.0),
        (Step("search", 2, 2, 1, -90.0, 2), -5000.0),
        (Step("search", 2, 2, 0, -800.0, 2), -5000.0),
        (Step("refine", 2, 2, 1, -4000.0, 2), -4000.0),
    ]

    assert [_told(reporter, step)[1] for step, _ in steps] == [shown for _, shown in steps]
