"""Rows of the benchmarks: units, ratios, and what counts as reached."""

from __future__ import annotations

import pytest
from benchmarks.report import page, printed
from benchmarks.row import best_of, quicker, seconds


@pytest.mark.parametrize(
    ("value", "text"),
    [(1074.2, "1,074 s"), (5.0, "5 s"), (0.00365, "3.65 ms"), (0.27, "270 ms"), (4e-5, "40 µs")],
)
def test_times_have_a_unit_that_fits(value: float, text: str) -> None:
    assert seconds(value) == text


def test_a_race_is_won_from_the_goal_on() -> None:
    won = quicker("work", 0.01, 0.5, than="peer", goal=50, how="Once.")
    assert (won.ratio, won.goal, won.reached) == ("50 ×", "50 ×", True)
    assert not quicker("work", 0.01, 0.49, than="peer", goal=50, how="Once.").reached


def test_the_best_time_is_kept_and_preparation_is_not_timed() -> None:
    called: list[str] = []
    least = best_of(3, lambda: called.append("act"), before=lambda: called.append("before"))
    assert called == ["before", "act"] * 3
    assert 0 <= least < 1


def test_the_page_holds_the_table_and_how_it_was_measured() -> None:
    row = quicker("work", 0.01, 0.5, than="peer", goal=50, how="Once.")
    text = page([row], "2 cores.")
    assert "| work | 10 ms | 500 ms (peer) | 50 × | 50 × | yes |" in text
    assert "- **work**: Once." in text
    assert printed([row]).splitlines()[1].startswith("work  10 ms")
