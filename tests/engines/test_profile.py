"""Profiles and pictures of groups, in the columns' own units, as JSON can hold them."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.engines.encoding import Encoder
from headwater.engines.profile import profile_groups, project, scatter
from headwater.engines.table import Table


def table(n: int = 400, *, columns: int = 2, ids: Any = None) -> Table:
    rng = np.random.default_rng(8)
    values = {f"x{i}": rng.normal(10 * i, i + 1, size=n) for i in range(columns)}
    return Table(np.arange(n) if ids is None else ids, values, dict.fromkeys(values, "numeric"))


def test_each_group_has_its_figures_in_own_units() -> None:
    data = Table(
        np.arange(5),
        {
            "age": np.array([1.0, 3.0, 10.0, np.nan, np.nan]),
            "member": np.array([1.0, 0.0, 1.0, 1.0, np.nan]),
            "city": np.array(["Rome", "Oslo", "Rome", None, None], dtype=object),
        },
        {"age": "numeric", "member": "boolean", "city": "categorical"},
    )
    groups = profile_groups(data, np.array([1, 1, 0, 0, 2]), ("C", "A", "B"))
    assert [(g["letter"], g["index"], g["size"], g["share"]) for g in groups] == [
        ("A", 1, 2, 0.4),
        ("B", 2, 1, 0.2),
        ("C", 0, 2, 0.4),
    ]
    first, second, third = (group["columns"] for group in groups)
    assert first["age"] == {"mean": 2, "std": 1, "minimum": 1, "maximum": 3, "n_missing": 0}
    assert first["member"]["mean"] == 0.5
    assert first["city"] == {"top": [["Oslo", 0.5], ["Rome", 0.5]], "n_missing": 0}
    assert second["age"]["mean"] is None
    assert second["city"] == {"top": [], "n_missing": 1}
    assert third["age"] == {"mean": 10, "std": 0, "minimum": 10, "maximum": 10, "n_missing": 1}
    assert third["city"] == {"top": [["Rome", 0.5]], "n_missing": 1}


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-1e9, 1e9)), min_size=1, max_size=40))
def test_groups_add_up_to_the_whole(rows: list[tuple[int, float]]) -> None:
    labels = np.array([group for group, _ in rows])
    x = np.array([value for _, value in rows])
    groups = profile_groups(
        Table(np.arange(len(x)), {"x": x}, {"x": "numeric"}), labels, ("A", "B", "C", "D")
    )
    filled = [group for group in groups if group["size"]]
    assert sum(group["size"] for group in groups) == len(x)
    assert math.isclose(sum(group["share"] for group in groups), 1)
    total = sum(group["size"] * group["columns"]["x"]["mean"] for group in filled)
    assert math.isclose(total, x.sum(), rel_tol=1e-9, abs_tol=1e-3)
    assert min(group["columns"]["x"]["minimum"] for group in filled) == x.min()


def test_two_columns_are_drawn_as_they_are() -> None:
    data = table()
    labels = np.arange(400) % 2
    picture = scatter(data, labels, ("B", "A"))
    assert (picture["kind"], picture["axes"]) == ("scatter", "columns")
    assert (picture["x"], picture["y"]) == ("x0", "x1")
    assert picture["letters"] == ["B", "A"]
    assert picture["points"][7] == [data.columns["x0"][7], data.columns["x1"][7], 1, 7]
    assert json.loads(json.dumps(picture, allow_nan=False)) == picture


def test_columns_on_a_log_scale_say_so() -> None:
    data = Table(
        np.arange(3),
        {"x": np.array([0.0, 9.0, np.nan]), "y": np.arange(3.0)},
        {"x": "numeric", "y": "numeric"},
    )
    picture = scatter(data, np.zeros(3, dtype=int), ("A",), log=["x"])
    assert picture["x"] == "log(1 + x)"
    np.testing.assert_allclose(
        [point[0] for point in picture["points"]], [0, math.log(10), math.log(10) / 2]
    )


def test_ellipses_hold_two_standard_deviations() -> None:
    rng = np.random.default_rng(0)
    turn = np.radians(30)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    plane = rng.normal(size=(20_000, 2)) * [3, 1] @ rotation.T + [5, -7]
    data = Table(
        np.arange(20_000),
        {"x": plane[:, 0], "y": plane[:, 1]},
        {"x": "numeric", "y": "numeric"},
    )
    picture = scatter(data, np.zeros(20_000, dtype=int), ("A", "B"), limit=100)
    ellipse, empty = picture["ellipses"]
    np.testing.assert_allclose(ellipse["centre"], [5, -7], atol=0.1)
    np.testing.assert_allclose(ellipse["axes"], [6, 2], rtol=0.03)
    assert ellipse["angle"] == pytest.approx(30, abs=1)
    assert empty["centre"] is None
    assert len(picture["points"]) == 100


def test_more_columns_are_drawn_on_their_principal_axes() -> None:
    data = table(columns=4)
    labels = np.arange(400) % 3
    encoder = Encoder()
    matrix = encoder.fit_transform(data)
    given = scatter(data, labels, ("A", "B", "C"), matrix=matrix)
    own = scatter(data, labels, ("A", "B", "C"))
    assert given["axes"] == own["axes"] == "principal"
    np.testing.assert_allclose(given["explained"], own["explained"])
    assert list(given["loadings"]) == ["x0", "x1", "x2", "x3"]
    singular = np.linalg.svd(matrix.X - matrix.X.mean(axis=0), compute_uv=False) ** 2
    np.testing.assert_allclose(given["explained"], (singular / singular.sum())[:2])
    assert json.loads(json.dumps(given, allow_nan=False)) == given


def test_one_column_is_a_histogram() -> None:
    picture = scatter(table(columns=1), np.arange(400) % 2, ("A", "B"))
    assert (picture["kind"], picture["x"]) == ("histogram", "x0")
    assert len(picture["edges"]) == len(picture["counts"][0]) + 1
    assert [sum(counts) for counts in picture["counts"]] == [200, 200]


def test_categories_alone_are_drawn_from_their_encoding() -> None:
    data = Table(
        np.arange(4), {"c": np.array(["a", "b", "a", None], dtype=object)}, {"c": "categorical"}
    )
    labels = np.array([0, 1, 0, 1])
    assert scatter(data, labels, ("A", "B"))["kind"] == "none"
    picture = scatter(data, labels, ("A", "B"), matrix=Encoder().fit_transform(data))
    assert picture["axes"] == "principal"
    assert len(picture["points"]) == 4


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("value", [0.0, 1e9])
def test_constant_columns_and_single_rows_can_be_drawn(columns: int, value: float) -> None:
    for n in (1, 5):
        values = {f"x{i}": np.full(n, value) for i in range(columns)}
        data = Table(np.arange(n), values, dict.fromkeys(values, "numeric"))
        picture = scatter(data, np.zeros(n, dtype=int), ("A",))
        json.dumps(picture, allow_nan=False)


def test_rows_in_no_group_are_drawn_and_described_by_no_group() -> None:
    data = table(6)
    labels = np.array([-1, 0, 1, -1, 1, 0])
    groups = profile_groups(data, labels, ("B", "A"))
    assert [(g["letter"], g["size"], g["share"]) for g in groups] == [
        ("A", 2, 1 / 3),
        ("B", 2, 1 / 3),
    ]
    assert groups[1]["columns"]["x0"]["mean"] == data.columns["x0"][[1, 5]].mean()
    picture = scatter(data, labels, ("B", "A"))
    assert [point[2] for point in picture["points"]] == labels.tolist()
    assert [ellipse["letter"] for ellipse in picture["ellipses"]] == ["B", "A"]
    np.testing.assert_allclose(
        picture["ellipses"][0]["centre"][0], groups[1]["columns"]["x0"]["mean"]
    )
    histogram = scatter(table(6, columns=1), labels, ("B", "A"))
    assert [sum(counts) for counts in histogram["counts"]] == [2, 2]
    assert sum(histogram["outside"]) == 2
    assert scatter(table(6, columns=1), np.zeros(6, dtype=int), ("A",))["outside"] is None


def test_all_rows_may_be_in_no_group() -> None:
    labels = np.full(400, -1)
    assert profile_groups(table(), labels, ()) == []
    picture = scatter(table(), labels, (), limit=50)
    assert (len(picture["points"]), picture["ellipses"]) == (50, [])


def test_a_sample_has_some_rows_that_are_in_no_group() -> None:
    labels = np.zeros(50_000, dtype=int)
    labels[[7, 20_000]] = -1
    labels[[5, 100, 40_000]] = 1
    picture = scatter(table(50_000), labels, ("A", "B"), limit=200)
    assert len(picture["points"]) == 200
    assert [p[3] for p in picture["points"] if p[2] == -1] == [7, 20_000]
    assert [p[3] for p in picture["points"] if p[2] == 1] == [5, 100, 40_000]


def test_no_rows_draw_nothing() -> None:
    assert scatter(table(0), np.zeros(0, dtype=int), ())["kind"] == "none"


def test_a_sample_has_some_of_every_group_and_is_repeatable() -> None:
    labels = np.zeros(50_000, dtype=int)
    labels[[5, 100, 40_000]] = 1
    data = table(50_000, ids=np.array([f"u{i}" for i in range(50_000)]))
    picture = scatter(data, labels, ("A", "B"), limit=200, seed=4)
    assert len(picture["points"]) == 200
    assert [p[3] for p in picture["points"] if p[2] == 1] == ["u5", "u100", "u40000"]
    assert scatter(data, labels, ("A", "B"), limit=200, seed=4) == picture
    assert scatter(data, labels, ("A", "B"), limit=200, seed=5) != picture


def test_projection_of_one_column_has_an_empty_second_axis() -> None:
    plane, explained, loadings = project(np.array([[1.0], [2.0], [6.0]]))
    assert plane.tolist() == [[-2, 0], [-1, 0], [3, 0]]
    assert explained == [1, 0]
    assert loadings.tolist() == [[1, 0]]
