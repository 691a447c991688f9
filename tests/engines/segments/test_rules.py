"""Short rules for groups: they say what is there, and their shares are counted."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from headwater.engines.segments.rules import simple_rules
from headwater.engines.table import Table
from tests.engines.segments.test_apart import table

OPS = {
    "<=": lambda values, value: values <= value,
    ">": lambda values, value: values > value,
    "=": lambda values, value: values == value,
    "!=": lambda values, value: (values != value) & np.array([v is not None for v in values]),
}


def rules(data: Table, labels: Any, letters: str = "ABCD", **options: Any) -> dict[str, Any]:
    """Return the rules, after seeing that their shares are those of the rows that they take."""
    labels = np.asarray(labels)
    found = simple_rules(data, labels, tuple(letters), **options)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    for index, letter in enumerate(letters):
        mine = labels == index
        rule = found[letter]
        if not mine.any():
            assert rule == {"conditions": [], "precision": None, "recall": None}
            continue
        taken = labels >= 0
        for each in rule["conditions"]:
            taken &= OPS[each["op"]](data.columns[each["column"]], each["value"])
        assert len(rule["conditions"]) <= 3
        assert rule["precision"] == pytest.approx((taken & mine).sum() / taken.sum())
        assert rule["recall"] == pytest.approx((taken & mine).sum() / mine.sum())
    return found


def test_a_box_is_told_by_its_sides() -> None:
    rng = np.random.default_rng(2)
    age, spent = rng.uniform(18, 80, 600), rng.uniform(0, 1000, 600)
    labels = np.where((age > 50) & (spent <= 400), 0, 1)
    found = rules(table({"age": age, "noise": rng.normal(size=600), "spent": spent}), labels, "AB")
    assert (found["A"]["precision"], found["A"]["recall"]) == (1, 1)
    conditions = {each["column"]: each for each in found["A"]["conditions"]}
    assert set(conditions) == {"age", "spent"}
    assert (conditions["age"]["op"], conditions["spent"]["op"]) == (">", "<=")
    assert conditions["age"]["value"] == pytest.approx(50, abs=1)
    assert conditions["spent"]["value"] == pytest.approx(400, abs=10)


def test_a_slice_has_two_conditions_on_one_column() -> None:
    x = np.arange(300.0)
    found = rules(table({"x": x}), np.where((x > 99) & (x <= 199), 0, 1), "AB")
    assert found["A"]["conditions"] in (
        [{"column": "x", "op": ">", "value": 99.0}, {"column": "x", "op": "<=", "value": 199.0}],
        [{"column": "x", "op": "<=", "value": 199.0}, {"column": "x", "op": ">", "value": 99.0}],
    )


def test_categories_and_booleans_are_said_as_such() -> None:
    rng = np.random.default_rng(2)
    city = rng.choice(np.array(["Oslo", "Rome", "Bern"], dtype=object), 400)
    member = (rng.random(400) < 0.5).astype(float)
    labels = np.where(city == "Rome", 0, np.where(member == 1, 1, 2))
    city[3] = member[4] = None
    found = rules(table({"city": city, "member?": member}), labels, "ABC")
    assert found["A"]["conditions"] == [{"column": "city", "op": "=", "value": "Rome"}]
    assert {(each["column"], each["op"], each["value"]) for each in found["B"]["conditions"]} == {
        ("city", "!=", "Rome"),
        ("member?", "=", True),
    }
    assert found["A"]["precision"] == 1
    assert found["C"]["conditions"][-1]["value"] in (False, "Rome")


def test_a_category_leaves_nothing_to_be_said_of_others() -> None:
    # The tree parts Oslo from the others first, and Rome from these after it.
    cities = np.array(["Oslo", "Rome", "Bern", "Kyiv"], dtype=object)
    city = np.repeat(cities, [300, 100, 30, 30])
    few = np.arange(30) >= 5
    labels = np.r_[np.ones(300), np.arange(100) >= 60, few, few].astype(int)
    found = rules(table({"city": city}), labels, "AB")
    assert found["A"]["conditions"] == [{"column": "city", "op": "=", "value": "Rome"}]
    assert (found["A"]["precision"], found["A"]["recall"]) == (0.6, 60 / 70)


def test_whole_numbers_stay_whole() -> None:
    (condition,) = rules(table({"x": np.arange(400.0)}), np.arange(400) // 200, "AB")["A"][
        "conditions"
    ]
    assert condition == {"column": "x", "op": "<=", "value": 199.0}


@pytest.mark.parametrize("offset", [0.0, 1e9, -1e12])
@pytest.mark.parametrize("step", [1e-3, 1.0, 1000.0])
def test_cuts_are_short_numbers_that_part_the_rows(offset: float, step: float) -> None:
    x = offset + step * np.arange(40.0)
    found = rules(table({"x": x}), np.arange(40) // 20, "AB")
    (condition,) = found["A"]["conditions"]
    assert (found["A"]["precision"], found["A"]["recall"]) == (1, 1)
    assert x[19] <= condition["value"] < x[20]
    if offset == 0:
        assert len(f"{condition['value']:g}") <= len("0.0195")


def test_missing_values_meet_no_condition() -> None:
    x = np.r_[np.arange(30.0), [np.nan] * 4]
    found = rules(table({"x": x}), np.r_[[0] * 10, [1] * 20, [0] * 4], "AB")
    assert (found["A"]["precision"], found["A"]["recall"]) == (1, 10 / 14)


def test_a_sample_gives_the_rule_and_all_rows_its_shares() -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(0, 100, 30_000)
    labels = np.where(x > 98, 0, 1)
    found = rules(table({"x": x}), labels, "AB", limit=1000)
    assert found["A"]["conditions"][0]["value"] == pytest.approx(98, abs=0.5)
    assert found["A"]["precision"] > 0.85
    assert found == rules(table({"x": x}), labels, "AB", limit=1000)


@pytest.mark.parametrize(
    "labels", [[0] * 6, [-1] * 6, [0, 1, 0, 1, 0, 1]], ids=["one group", "noise", "no columns tell"]
)
def test_no_conditions_where_nothing_tells(labels: list[int]) -> None:
    found = rules(table({"x": [1.0] * 6, "none": [np.nan] * 6}), labels)
    assert all(rule["conditions"] == [] for rule in found.values())


def test_groups_of_one_row_and_rows_outside() -> None:
    found = rules(table({"x": [1.0, 2.0, 3.0, 500.0]}), [0, 1, 2, -1])
    assert [found[letter]["precision"] for letter in "ABC"] == [1, 1, 1]


def test_extreme_numbers() -> None:
    x = np.r_[[-1.7e308] * 5, [1.7e308] * 5]
    assert rules(table({"x": x}), np.repeat([0, 1], 5), "AB")["A"]["precision"] == 1
