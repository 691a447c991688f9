"""Deviations and quantiles of groups, by brute force."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from headwater.engines.segments.heat import heat
from headwater.engines.segments.parallel import parallel
from tests.engines.segments.test_apart import table


def data() -> tuple[Any, Any]:
    rng = np.random.default_rng(6)
    labels = rng.integers(-1, 3, size=240)
    x = rng.normal(50, 7, size=240) + 5 * labels
    x[labels < 0] = 1e9
    x[::8] = np.nan
    city = rng.choice(np.array(["Oslo", "Rome", None], dtype=object), 240)
    member = (rng.random(240) < 0.3).astype(float)
    return table({"x": x, "city": city, "member?": member, "none": [np.nan] * 240}), labels


def test_deviations_by_brute_force() -> None:
    rows, labels = data()
    found = heat(rows, labels, ("C", "A", "B"))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    shown = [(each["column"], each.get("category")) for each in found["columns"]]
    assert sorted(shown, key=str) == [
        ("city", "Oslo"), ("city", "Rome"), ("member?", None), ("x", None)
    ]  # fmt: skip
    assert [(group["letter"], group["index"]) for group in found["groups"]] == [
        ("A", 1), ("B", 2), ("C", 0)
    ]  # fmt: skip
    for at, (name, category) in enumerate(shown):
        values = rows.columns[name]
        if category is not None:
            values = np.array([np.nan if v is None else float(v == category) for v in values])
        inside = values[labels >= 0]
        mean, std = np.nanmean(inside), np.nanstd(inside)
        assert found["columns"][at]["mean"] == pytest.approx(mean)
        assert found["columns"][at]["std"] == pytest.approx(std)
        for group in found["groups"]:
            own = np.nanmean(values[labels == group["index"]])
            assert group["means"][at] == pytest.approx(own)
            assert group["deviations"][at] == pytest.approx((own - mean) / std)


def test_quantiles_by_brute_force() -> None:
    rows, labels = data()
    found = parallel(rows, labels, ("C", "A", "B"))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert [each["column"] for each in found["columns"]] == ["x", "member?"]
    assert [group["letter"] for group in found["groups"]] == ["A", "B", "C"]
    x = rows.columns["x"]
    mean, std = np.nanmean(x[labels >= 0]), np.nanstd(x[labels >= 0])
    for group in found["groups"]:
        own = np.nanquantile(x[labels == group["index"]], found["levels"])
        assert group["quantiles"][0] == pytest.approx((own - mean) / std)


def test_groups_without_values_and_columns_of_one_value() -> None:
    rows = table({"x": [1.0, 2.0, np.nan, np.nan], "same": [3.0] * 4})
    labels = np.array([0, 0, 1, -1])
    first, second, third = heat(rows, labels, ("A", "B", "C"))["groups"]
    assert first["deviations"] == [0, 0]
    assert (second["means"], second["deviations"]) == ([None, 3], [None, 0])
    assert third["means"] == third["deviations"] == [None, None]
    drawn = parallel(rows, labels, ("A", "B", "C"))["groups"]
    assert drawn[1]["quantiles"] == [None, [0] * 5]
    assert drawn[2]["quantiles"] == [None, None]


def test_nothing_but_noise() -> None:
    rows = table({"x": [1.0, 2.0]})
    nothing = np.array([-1, -1])
    assert heat(rows, nothing, ()) == {"columns": [], "groups": []}
    assert parallel(rows, nothing, ())["columns"] == []
