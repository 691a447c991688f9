"""What sets a group apart: figures by brute force, and nothing where there is nothing."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from headwater.engines.segments.apart import apart, is_distinctive, is_large, wilson
from headwater.engines.table import Table

LETTERS = ("B", "A", "C", "D", "E")


def table(columns: dict[str, Any]) -> Table:
    """Return a table: texts are categories, names with a question mark are booleans."""
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    kinds: dict[str, Any] = {
        name: "categorical"
        if values.dtype.kind in "OU"
        else "boolean"
        if name.endswith("?")
        else "numeric"
        for name, values in arrays.items()
    }
    n = len(next(iter(arrays.values())))
    return Table(np.arange(n), arrays, kinds)


def told(data: Table, labels: Any, letters: Any = LETTERS) -> dict[str, Any]:
    """Return what sets the groups apart, as JSON keeps it."""
    found = apart(data, np.asarray(labels), letters)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert list(found) == list(letters)
    return found


def test_means_by_brute_force() -> None:
    rng = np.random.default_rng(4)
    labels = rng.integers(-1, 3, size=200)
    x = rng.normal(1e6, 3.0, size=200) + 2 * (labels == 1)
    x[::9] = np.nan
    found = told(table({"x": x}), labels, ("B", "A", "C"))
    for index, letter in enumerate(("B", "A", "C")):
        own = x[(labels == index) & ~np.isnan(x)]
        rest = x[(labels != index) & (labels >= 0) & ~np.isnan(x)]
        pooled = ((len(own) - 1) * own.var(ddof=1) + (len(rest) - 1) * rest.var(ddof=1)) / (
            len(own) + len(rest) - 2
        )
        (each,) = found[letter]
        assert (each["column"], each["kind"]) == ("x", "numeric")
        assert each["value"] == pytest.approx(own.mean(), rel=1e-12)
        assert each["rest"] == pytest.approx(rest.mean(), rel=1e-12)
        assert each["effect"] == pytest.approx((own.mean() - rest.mean()) / math.sqrt(pooled))
        assert each["strength"] == abs(each["effect"])
        assert each["direction"] == ("higher" if own.mean() > rest.mean() else "lower")
        chances = [stats.ttest_ind(own, rest, equal_var=equal).pvalue for equal in (True, False)]
        assert each["p"] == pytest.approx(max(chances), rel=1e-6)
    assert [is_distinctive(found[letter][0]) for letter in "BAC"] == [False, True, False]


def test_shares_by_brute_force() -> None:
    rng = np.random.default_rng(4)
    labels = rng.integers(-1, 2, size=300)
    yes = (rng.random(300) < np.where(labels == 0, 0.7, 0.2)).astype(float)
    yes[::7] = np.nan
    (each,) = told(table({"yes?": yes}), labels, ("A", "B"))["A"]
    own, rest = (yes[(labels == group) & ~np.isnan(yes)] for group in (0, 1))
    p, q, n, m = own.mean(), rest.mean(), len(own), len(rest)
    assert (each["value"], each["rest"], each["effect"]) == (p, q, pytest.approx(p - q))
    assert (each["kind"], each["direction"]) == ("boolean", "more")
    h = 2 * np.arcsin(np.sqrt(p)) - 2 * np.arcsin(np.sqrt(q))
    assert each["strength"] == pytest.approx(abs(h))
    counts = [[own.sum(), n - own.sum()], [rest.sum(), m - rest.sum()]]
    chance = stats.chi2_contingency(counts, correction=True).pvalue
    assert each["p"] == pytest.approx(chance, rel=1e-6)
    assert each["low"] < p - q < each["high"]


def test_the_limits_of_shares_are_those_that_were_published() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II: 56/70 against 48/80, method 10.
    x = np.array([1.0] * 56 + [0.0] * 14 + [1.0] * 48 + [0.0] * 32)
    each = told(table({"x?": x}), np.repeat([0, 1], [70, 80]), ("A", "B"))["A"][0]
    assert (round(each["low"], 4), round(each["high"], 4)) == (0.0524, 0.3339)


@given(st.integers(1, 500), st.floats(0, 1))
def test_wilson_is_scipys(n: int, share: float) -> None:
    k = round(n * share)
    expected = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert wilson(k, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_a_category_that_a_group_has_more_often() -> None:
    rng = np.random.default_rng(4)
    labels = np.repeat([0, 1, 2], 60)
    city = rng.choice(np.array(["Oslo", "Rome", "Bern", "Kyiv", "Lima", "Cork"], dtype=object), 180)
    city[labels == 1] = rng.choice(["Rome", "Oslo"], 60, p=[0.9, 0.1])
    city[::10] = None
    city[5] = float("nan")
    found = told(table({"city": city}), labels, ("A", "B", "C"))
    first = found["B"][0]
    known = np.array([isinstance(value, str) for value in city])
    assert (first["category"], first["direction"]) == ("Rome", "more")
    assert first["value"] == pytest.approx((city == "Rome")[(labels == 1) & known].mean())
    assert is_distinctive(first)
    assert len(found["B"]) == 5  # of six categories the five that differ most
    strengths = [each["strength"] for each in found["B"]]
    assert strengths == sorted(strengths, reverse=True)


def test_the_strongest_difference_stands_first_whatever_its_kind() -> None:
    rng = np.random.default_rng(4)
    labels = np.repeat([0, 1], 100)
    data = table(
        {
            "somewhat": rng.normal(size=200) + 1.2 * (labels == 0),
            "nearly all?": (rng.random(200) < np.where(labels == 0, 0.95, 0.05)).astype(float),
            "no": rng.normal(size=200),
        }
    )
    found = told(data, labels, ("A", "B"))
    assert [each["column"] for each in found["A"]] == ["nearly all?", "somewhat", "no"]
    assert [is_distinctive(each) for each in found["A"]] == [True, True, False]
    assert [is_large(each) for each in found["A"]] == [True, True, False]


def unrelated(rng: np.random.Generator, n: int) -> Table:
    """Return normal and skewed numbers, booleans and categories that are all chance."""
    columns: dict[str, Any] = {f"n{i}": rng.normal(size=n) for i in range(3)}
    columns |= {f"e{i}": rng.lognormal(sigma=1.2, size=n) for i in range(3)}
    columns |= {f"b{p}?": (rng.random(n) < p).astype(float) for p in (0.5, 0.1, 0.02)}
    columns["c"] = rng.choice(np.array([*"pqrst"], dtype=object), size=n)
    columns["n0"][rng.random(n) < 0.2] = np.nan
    return table(columns)


@pytest.mark.parametrize(("n", "n_groups"), [(12, 3), (40, 4), (200, 5)])
def test_a_division_by_chance_is_rarely_distinctive(n: int, n_groups: int) -> None:
    rng = np.random.default_rng(20)
    runs, alarms = 120, 0
    for _ in range(runs):
        labels = rng.choice(n_groups, p=rng.dirichlet(np.full(n_groups, 2.0)), size=n)
        found = apart(unrelated(rng, n), labels, LETTERS[:n_groups])
        alarms += sum(any(map(is_distinctive, each)) for each in found.values())
    assert alarms / (runs * n_groups) <= 0.05


def test_a_small_group_of_wide_spread_is_rarely_distinctive() -> None:
    # By Student's test alone it would be in every second case.
    rng = np.random.default_rng(7)
    labels = np.repeat([0, 1], [15, 600])
    alarms = 0
    for _ in range(200):
        x = rng.normal(size=615) * np.where(labels == 0, 4.0, 1.0)
        alarms += is_distinctive(apart(table({"x": x}), labels, ("A", "B"))["A"][0])
    assert alarms / 200 <= 0.08


@pytest.mark.parametrize("n", [60, 400])
def test_what_is_there_is_found_among_many_columns(n: int) -> None:
    rng = np.random.default_rng(3)
    found = 0
    for _ in range(20):
        labels = rng.permutation(np.arange(n) % 3)
        columns = {f"x{i}": rng.normal(size=n) for i in range(40)}
        columns["x7"] = columns["x7"] + 1.6 * (labels == 2)
        each = apart(table(columns), labels, ("A", "B", "C"))["C"]
        found += each[0]["column"] == "x7" and is_distinctive(each[0])
    assert found >= 19


def test_values_without_any_spread_within_the_groups() -> None:
    found = told(table({"x": [1.0] * 6 + [2.0] * 6, "same": [5.0] * 12}), np.repeat([0, 1], 6))
    (each,) = found["A"]
    assert (each["effect"], each["value"], each["rest"]) == (100, 2, 1)
    assert each["p"] == pytest.approx(1 / math.comb(12, 6))
    assert is_distinctive(each)
    few = told(table({"x": [1.0, 1.0, 2.0, 2.0]}), [0, 0, 1, 1])["A"][0]
    assert (is_distinctive(few), is_large(few)) == (False, True)


def test_one_row_that_stands_out() -> None:
    x = np.append(np.random.default_rng(0).normal(size=50), 30.0)
    each = told(table({"x": x}), [0] * 50 + [1])["A"][0]
    assert is_distinctive(each)
    assert each["p"] == pytest.approx(stats.ttest_ind([30.0], x[:50]).pvalue)


@pytest.mark.parametrize(
    "labels", [[0, 0, 0], [-1, -1, -1], [-1, 0, 1]], ids=["one group", "noise", "two rows"]
)
def test_nothing_to_be_compared_with(labels: list[int]) -> None:
    data = table({"x": [1.0, 2.0, 3.0], "y": [np.nan] * 3})
    assert told(data, labels) == {letter: [] for letter in LETTERS}


def test_columns_without_values_and_groups_without_rows() -> None:
    rng = np.random.default_rng(1)
    data = table(
        {
            "x": np.r_[rng.normal(size=9), [np.nan] * 3],
            "none": [np.nan] * 12,
            "no text": np.full(12, None, dtype=object),
            "huge": np.r_[[1.7e308] * 6, [-1.7e308] * 6],
        }
    )
    found = told(data, np.repeat([0, 1, 3], [5, 4, 3]))
    assert found["C"] == []
    assert {each["column"] for each in found["B"]} == {"x", "huge"}
    assert {each["column"] for each in found["D"]} == {"huge"}
