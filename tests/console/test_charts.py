"""Charts are plain data with words and a table."""

from __future__ import annotations

import doctest
import json
import math

import pytest

from headwater.console import letters, words
from headwater.console.charts.histogram import histogram_chart
from headwater.console.charts.restarts import bins_of, restarts_chart
from headwater.console.charts.scatter import (
    letter_places,
    outline,
    overlapping,
    scatter_chart,
)
from headwater.console.charts.sizes import sizes_chart
from headwater.console.charts.trace import MOST_POINTS, round_ends, trace_chart
from headwater.engines import letters as numbers_of_letters


@pytest.mark.parametrize("module", [words, numbers_of_letters], ids=lambda module: module.__name__)
def test_examples_in_the_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_letters_differ_in_colour_or_shape() -> None:
    names = [chr(65 + i) for i in range(26)] + ["A" + chr(65 + i) for i in range(26)]

    marks = {(letters.mark(name).colour, letters.mark(name).shape) for name in names}

    assert len(marks) == len(names)
    assert letters.mark("C") == letters.mark("C")


def _ellipse(letter: str, x: float, y: float, long: float = 1, short: float = 1, angle: float = 0):  # type: ignore[no-untyped-def]
    return {"letter": letter, "centre": [x, y], "axes": [long, short], "angle": angle}


def test_an_outline_keeps_to_its_ellipse() -> None:
    points = outline(_ellipse("A", 3, -2, 4, 1, 90))

    assert points[0] == points[-1]
    assert max(y for _, y in points) == pytest.approx(2, abs=1e-3)
    assert max(x for x, _ in points) == pytest.approx(4, abs=1e-3)


def test_overlap_follows_the_direction_of_the_ellipses() -> None:
    lying, standing = _ellipse("A", 0, 0, 3, 0.5), _ellipse("B", 0, 0, 3, 0.5, 90)
    beside = _ellipse("C", 3.2, 0, 3, 0.5, 90)
    above = _ellipse("D", 0, 3.2, 3, 0.5)

    assert overlapping([lying, standing]) == [("A", "B")]
    assert overlapping([lying, beside]) == [("A", "C")]
    assert overlapping([lying, above]) == []


def test_letters_of_crossing_ellipses_are_written_apart() -> None:
    crossing = [_ellipse("A", 0, 0, 3, 0.5), _ellipse("B", 0, 0, 3, 0.5, 90)]

    places = letter_places(crossing)

    assert math.dist(places["A"], places["B"]) > 0.9


def _scatter(**changes: object) -> dict[str, object]:
    return {
        "kind": "scatter",
        "x": "age",
        "y": "income",
        "axes": "columns",
        "explained": None,
        "letters": ["B", "A"],
        "points": [[1.0, 2.0, 0, 11], [5.0, 6.0, 1, 12]],
        "ellipses": [_ellipse("B", 1, 2, 0.1, 0.1), _ellipse("A", 5, 6, 0.1, 0.1)],
        **changes,
    }


def test_a_scatter_gives_each_point_to_its_letter() -> None:
    chart = scatter_chart(_scatter(), name="x", n_rows=2, points_address="/points/")

    series = {
        s["name"]: s["data"]
        for s in chart.option["series"]
        if s["type"] == "scatter" and not s.get("silent")
    }
    assert series == {"Group A": [[5.0, 6.0, 12]], "Group B": [[1.0, 2.0, 11]]}
    assert chart.title == "The 2 groups lie apart"
    assert chart.subtitle == "Each row by age and income"
    assert chart.rows == [("A", "1", "5", "6"), ("B", "1", "1", "2")]
    assert json.loads(json.dumps(chart.option)) == chart.option


def test_a_scatter_says_what_it_leaves_out() -> None:
    chart = scatter_chart(
        _scatter(axes="principal", explained=[0.5, 0.25]), name="x", n_rows=90, points_address="/"
    )

    assert chart.subtitle.startswith("2 rows drawn at random")
    assert chart.option["xAxis"]["name"] == "age (50%)"
    assert "75% of all differences" in chart.summary


def test_a_group_without_points_has_no_ellipse() -> None:
    empty = {"letter": "A", "centre": None, "axes": [0.0, 0.0], "angle": 0.0}
    chart = scatter_chart(
        _scatter(points=[[1.0, 2.0, 0, 11]], ellipses=[_ellipse("B", 1, 2), empty]),
        name="x",
        n_rows=1,
        points_address="/",
    )

    assert chart.rows[0] == ("A", "0", "–", "–")


def test_sizes_say_which_is_largest() -> None:
    groups = [{"letter": "A", "size": 10, "share": 0.1}, {"letter": "B", "size": 90, "share": 0.9}]

    chart = sizes_chart(groups, name="x")

    assert chart.title == "Group B is the largest with 90%, A the smallest with 10%"
    assert chart.rows == [("A", "10", "10%"), ("B", "90", "90%")]
    assert sizes_chart(groups[:1], name="x").title == "All rows are in group A"


def test_a_trace_cuts_off_the_first_jump_and_says_so() -> None:
    bound = [-1e6, -1e5] + [-100 + 0.1 * i for i in range(30)]

    chart = trace_chart(bound, objective="lower bound", rises=True, converged=True, name="x")

    assert chart.title == "The lower bound settled after 32 iterations"
    assert "the first 2 iterations outside the picture" in chart.subtitle
    assert len(chart.rows) == 32
    assert (
        "had not settled"
        in trace_chart(bound, objective="inertia", rises=False, converged=False, name="x").title
    )


def test_a_long_trace_is_thinned_and_keeps_its_ends() -> None:
    chart = trace_chart(
        [float(i) for i in range(5000)],
        objective="lower bound",
        rises=True,
        converged=True,
        name="x",
    )

    data = chart.option["series"][0]["data"]
    assert len(data) <= MOST_POINTS
    assert (data[0], data[-1]) == ([1, 0.0], [5000, 4999.0])


def test_restarts_count_those_that_reached_the_best() -> None:
    chart = restarts_chart(
        [-10.0, -10.0, -10.0, -25.0], objective="lower bound", rises=True, name="x"
    )

    assert chart.title == "3 of 4 restarts reached the best result"
    assert sum(item["value"] for item in chart.option["series"][0]["data"]) == 4
    assert (
        "1 of 3"
        in restarts_chart([5.0, 9.0, 9.0], objective="inertia", rises=False, name="x").title
    )


def test_equal_restarts_make_one_bar() -> None:
    assert bins_of([-3.0, -3.0]) == [(-3.0, -3.0, 2)]
    assert restarts_chart([-3.0, -3.0], objective="lower bound", rises=True, name="x").rows == [
        ("−3", "2 restarts")
    ]


def test_a_histogram_stacks_the_groups_in_the_order_of_their_letters() -> None:
    chart = histogram_chart(
        {
            "kind": "histogram",
            "x": "age",
            "letters": ["B", "A"],
            "edges": [0.0, 1.0, 2.0],
            "counts": [[0, 4], [3, 1]],
        },
        name="x",
    )

    assert chart.title == "From low to high age: A and B"
    assert chart.headings == ("age", "Group A", "Group B")
    assert chart.rows == [("0 to 1", "3", "0"), ("1 to 2", "1", "4")]


def test_a_score_that_does_not_change_is_drawn_flat() -> None:
    chart = trace_chart(
        [11574.86949, 11574.86967, 11574.86955],
        objective="lower bound",
        rises=True,
        converged=True,
        name="x",
    )

    axis = chart.option["yAxis"]
    assert axis["max"] - axis["min"] > 1
    assert "It stayed at 11,574.9 all along" in chart.summary
    same = trace_chart([0.0], objective="inertia", rises=False, converged=True, name="x")
    assert (same.option["yAxis"]["min"], same.option["yAxis"]["max"]) == (-1.0, 1.0)


@pytest.mark.parametrize(
    ("low", "high"), [(-951.624, -951.58), (0.0, 0.0), (-1.0, 1.0), (3e-9, 8e-9), (12, 98765.4)]
)
def test_the_marks_at_the_ends_of_an_axis_are_round(low: float, high: float) -> None:
    ends = round_ends(low, high)

    steps = (ends["max"] - ends["min"]) / ends["interval"]
    assert ends["min"] <= low + 1e-6 * abs(low)
    assert ends["max"] >= high - 1e-6 * abs(high)
    assert steps == pytest.approx(round(steps), abs=1e-6)
    assert 1 <= round(steps) <= 7
