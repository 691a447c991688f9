"""Figures of columns equal NumPy's and SciPy's."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from headwater.sources.files.profile import profile


def figures(values: Any, type_: str, dtype: Any = None) -> dict[str, Any]:
    frame = pl.DataFrame({"x": pl.Series(values, dtype=dtype)})
    found = profile(frame, [{"name": "x", "type": type_, "role": "feature"}])
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    return found["x"]


def test_numbers_equal_numpy_and_scipy() -> None:
    x = np.random.default_rng(3).gamma(2.0, 3.0, size=500)
    found = figures([*x.tolist(), None, None], "number")
    assert (found["n"], found["n_missing"], found["n_distinct"]) == (502, 2, 500)
    assert found["min"] == x.min()
    assert found["max"] == x.max()
    assert found["mean"] == pytest.approx(x.mean(), rel=1e-12)
    assert found["std"] == pytest.approx(x.std(), rel=1e-12)
    assert found["median"] == pytest.approx(np.median(x), rel=1e-12)
    assert found["skewness"] == pytest.approx(stats.skew(x), rel=1e-10)
    for share, value in found["quantiles"].items():
        assert value == pytest.approx(np.quantile(x, float(share)), rel=1e-12)
    counts, edges = np.histogram(x, bins=30)
    assert found["histogram"] == {"edges": edges.tolist(), "counts": counts.tolist()}
    low, high = np.quantile(x, [0.25, 0.75])
    beyond = (x < low - 1.5 * (high - low)) | (x > high + 1.5 * (high - low))
    assert found["n_outliers"] == beyond.sum() > 0


def test_a_logarithm_is_suggested_for_long_tails_above_zero() -> None:
    rng = np.random.default_rng(5)
    assert figures(rng.lognormal(3, 1, 400).tolist(), "number")["suggests_log"]
    assert not figures(rng.normal(50, 5, 400).tolist(), "number")["suggests_log"]
    below = [*rng.lognormal(3, 1, 400).tolist(), -1.0]
    assert not figures(below, "number")["suggests_log"]


def test_few_whole_numbers_have_a_bar_each() -> None:
    found = figures([1, 2, 2, 5], "number")["histogram"]
    assert found == {"edges": [0.5, 1.5, 2.5, 3.5, 4.5, 5.5], "counts": [1, 2, 0, 0, 1]}


@pytest.mark.parametrize(
    "x", [[5.0, 5.0], [1e308, -1e308, 1e308], [1e-320, 0.0], [2.0**60] * 3, [2.0**53, 2.0**53 + 2]]
)
def test_extreme_numbers_have_finite_figures(x: list[float]) -> None:
    found = figures(x, "number", pl.Float64)
    assert sum(found["histogram"]["counts"]) == len(x)
    assert found["mean"] == pytest.approx(np.mean(np.array(x) / 4) * 4)


def test_no_value_at_all() -> None:
    found = figures([None, None], "number", pl.Float64)
    assert (found["n_missing"], found["n_distinct"], found["top"]) == (2, 0, [])
    assert found["mean"] is found["histogram"] is found["skewness"] is None
    assert figures([None], "text", pl.String)["top"] == []
    assert figures([None], "date", pl.Date)["min"] is None


def test_texts_and_booleans_have_their_most_frequent_values() -> None:
    found = figures(["b", "a", "b", None, "c"], "text")
    assert found["top"] == [["b", 2], ["a", 1], ["c", 1]]
    assert (found["n"], found["n_missing"], found["n_distinct"]) == (5, 1, 3)
    assert "mean" not in found
    assert figures([True, False, True], "boolean")["top"] == [["true", 2], ["false", 1]]
    assert len(figures([str(n) for n in range(99)], "text")["top"]) == 10


def test_dates_are_told_as_dates() -> None:
    found = figures([date(2024, 1, 1), date(2024, 1, 3), date(2024, 1, 5), None], "date")
    assert (found["min"], found["median"], found["max"]) == (
        "2024-01-01",
        "2024-01-03",
        "2024-01-05",
    )
    assert found["std"] == pytest.approx(np.std([0, 2, 4]))
    assert found["histogram"]["edges"][0] == 19722.5
    moments = figures([datetime(2024, 1, 1, 12), datetime(2024, 1, 2, 12)], "date")
    assert (moments["min"], moments["mean"]) == ("2024-01-01 12:00:00", "2024-01-02 00:00:00")
