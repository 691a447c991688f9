"""Tables become numbers, the numbers become the table again, and bad columns are named."""

from __future__ import annotations

import timeit
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import RobustScaler

from headwater.engines.catalog import ENCODING
from headwater.engines.encoding import Encoder
from headwater.engines.table import ColumnKind, Table
from headwater.engines.values import EncodingError

NAN = float("nan")


def table(ids: Any = None, /, **columns: tuple[ColumnKind, Any]) -> Table:
    values = {
        name: np.array(column, dtype=object if kind == "categorical" else np.float64)
        for name, (kind, column) in columns.items()
    }
    n = len(next(iter(values.values()), ()))
    return Table(
        ids=np.arange(n) if ids is None else np.array(ids),
        columns=values,
        kinds={name: kind for name, (kind, _) in columns.items()},
    )


MIXED = table(
    [7, 8, 9, 12],
    age=("numeric", [20, 30, 40, NAN]),
    spent=("numeric", [0, -10, 1000, 10]),
    member=("boolean", [1, 1, 0, NAN]),
    city=("categorical", ["Rome", None, "Oslo", "Rome"]),
)


def test_each_kind_has_its_columns() -> None:
    encoder = Encoder(log=["spent"])
    matrix = encoder.fit_transform(MIXED)
    assert matrix.names == ("age", "spent", "member", "city=Oslo", "city=Rome")
    assert matrix.ids.tolist() == [7, 8, 9, 12]
    assert matrix.X.shape == (4, 5)
    assert matrix.X.T.flags.c_contiguous
    np.testing.assert_allclose(matrix.X[:, 0], np.array([-10, 0, 10, 0]) / np.sqrt(200 / 3))
    np.testing.assert_allclose(matrix.X[:, 1].mean(), 0, atol=1e-12)
    np.testing.assert_allclose(matrix.X[:, 1].std(), 1)
    assert matrix.X[:, 2].tolist() == [1, 1, 0, 1]
    assert matrix.X[:, 3:].tolist() == [[0, 1], [0, 0], [1, 0], [0, 1]]


def test_what_was_missing_is_reported() -> None:
    encoder = Encoder(log=["spent"]).fit(MIXED)
    by_name = {column["name"]: column for column in encoder.report_}
    assert by_name["age"]["n_missing"] == 1
    assert by_name["age"]["filled_with"] == pytest.approx(30)
    assert by_name["spent"]["filled_with"] is None
    assert by_name["city"]["categories"] == 2
    assert encoder.notes() == [
        "“age” lacks 1 value, taken as 30.",
        "“member” lacks 1 value, taken as 1.",
        "“city” lacks 1 value, which count as no category.",
    ]


def test_median_fills_and_log_columns_are_filled_on_their_scale() -> None:
    data = table(x=("numeric", [1, 2, 90, NAN]), y=("numeric", [0, np.e**2 - 1, NAN, NAN]))
    encoder = Encoder(missing="median", log=["y"]).fit(data)
    filled = [column["filled_with"] for column in encoder.report_]
    np.testing.assert_allclose(filled, [2, np.e - 1])


def test_without_standardising_numbers_stay_as_they_are() -> None:
    encoder = Encoder(scale="none")
    data = table(x=("numeric", [3.5, -1, 2]))
    assert encoder.fit_transform(data).X.ravel().tolist() == [3.5, -1, 2]


def test_a_robust_scale_is_that_of_the_middle_half() -> None:
    rng = np.random.default_rng(4)
    x = rng.lognormal(size=301)
    x[:3] = 1e6
    X = Encoder(scale="robust").fit_transform(table(x=("numeric", x))).X
    np.testing.assert_allclose(X, RobustScaler().fit_transform(x[:, np.newaxis]), atol=1e-12)


def test_where_half_of_the_values_are_the_same_the_spread_is_of_all() -> None:
    x = [0.0] * 8 + [10.0, 30.0]
    encoder = Encoder(scale="robust")
    X = encoder.fit_transform(table(x=("numeric", x), same=("numeric", [5.0] * 10))).X
    np.testing.assert_allclose(X[:, 0], np.array(x) / np.std(x))
    assert X[:, 1].tolist() == [0.0] * 10
    assert encoder.encode_row({"x": 10, "same": 6}).tolist() == [10 / np.std(x), 1.0]


def test_robust_numbers_are_filled_and_logged_before_they_are_scaled() -> None:
    data = table(x=("numeric", [0, 1, 3, 7, 15, NAN]))
    encoder = Encoder(scale="robust", log=["x"])
    X = encoder.fit_transform(data).X.ravel()
    logs = np.log1p([0, 1, 3, 7, 15])
    iqr = np.log1p(7) - np.log1p(1)
    np.testing.assert_allclose(X[:5], (logs - np.log1p(3)) / iqr)
    np.testing.assert_allclose(X[5], (logs.mean() - np.log1p(3)) / iqr, atol=1e-12)
    np.testing.assert_allclose(encoder.encode_row({"x": None}), X[5:])


def test_categories_count_by_their_weight() -> None:
    plain, heavy = Encoder(), Encoder(category_weight=2.5)
    X = heavy.fit_transform(MIXED).X
    expected = plain.fit_transform(MIXED).X * [1, 1, 1, 2.5, 2.5]
    np.testing.assert_array_equal(X, expected)
    row = {"age": 20, "spent": 0, "member": True, "city": "Oslo"}
    assert heavy.encode_row(row).tolist()[3:] == [2.5, 0]
    assert heavy.inverse(X)["city"].tolist() == ["Rome", None, "Oslo", "Rome"]
    codes = Encoder(codes=True, category_weight=2.5, scale="none")
    assert codes.fit_transform(table(c=("categorical", ["a", "b"]))).X.ravel().tolist() == [0, 1]


@pytest.mark.parametrize("value", [0.1, 1e9, 0.0, -3e300])
def test_a_constant_column_becomes_zeros_and_is_reported(value: float) -> None:
    encoder = Encoder()
    data = table(x=("numeric", [value] * 7), y=("numeric", range(7)))
    assert encoder.fit_transform(data).X[:, 0].tolist() == [0.0] * 7
    assert encoder.scale_["x"] == 1
    assert encoder.notes() == ["“x” is the same in every row and tells no groups apart."]


def test_small_noise_far_from_zero_and_huge_numbers_are_scaled() -> None:
    rng = np.random.default_rng(1)
    data = table(
        far=("numeric", 1e9 + rng.normal(size=500)),
        huge=("numeric", rng.uniform(-0.8e308, 0.8e308, size=500)),
        tiny=("numeric", rng.uniform(0, 1e-300, size=500)),
    )
    X = Encoder().fit_transform(data).X
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(X.std(axis=0), 1, rtol=1e-6)


def test_an_unknown_category_is_all_zeros() -> None:
    encoder = Encoder().fit(MIXED)
    again = encoder.transform(
        table(
            age=("numeric", [1]),
            spent=("numeric", [1]),
            member=("boolean", [0]),
            city=("categorical", ["Lima"]),
        )
    )
    assert again.X[0, 3:].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("data", "options", "sentence"),
    [
        (table(), {}, "There are no columns to learn from."),
        (table(x=("numeric", [])), {}, "There are no rows to learn from."),
        (table(x=("numeric", [NAN] * 3)), {}, "The column “x” has no values: all 3 lack."),
        (table(x=("categorical", [None, NAN])), {}, "The column “x” has no values: all 2 lack."),
        (
            table([5, 6], x=("numeric", [1, -np.inf])),
            {},
            "The column “x” has an infinite value in row 6; it takes finite numbers.",
        ),
        (
            table([5, 6], x=("numeric", [1, NAN])),
            {"missing": "refuse"},
            "The column “x” lacks 1 value, the first in row 6, and missing values are refused.",
        ),
        (
            table(x=("categorical", ["a", None])),
            {"missing": "refuse"},
            "The column “x” lacks 1 value, and missing values are refused.",
        ),
        (
            table(x=("categorical", [str(i) for i in range(51)])),
            {},
            "The column “x” has 51 different values; a categorical column takes at most 50. "
            "Leave it out, or group its values.",
        ),
        (
            table(x=("numeric", [1, 2])),
            {"log": ["y"]},
            "The log scale is asked for “y”, which is none of the columns: x.",
        ),
        (
            table(x=("boolean", [1, 0])),
            {"log": ["x"]},
            "The log scale is asked for “x”, which is boolean; it takes numeric columns.",
        ),
        (
            table(x=("numeric", [1, 2])),
            {"missing": "zero"},
            "“missing” was 'zero'; it takes one of “mean”, “median”, “refuse”.",
        ),
        (
            table(x=("numeric", [1, 2])),
            {"scale": "loud"},
            "“scale” was 'loud'; it takes one of “standard”, “robust”, “none”.",
        ),
        (
            table(x=("numeric", [1, 2])),
            {"category_weight": 0},
            "“category_weight” was 0; it takes a number above 0.",
        ),
    ],
)
def test_what_cannot_be_encoded_is_refused(
    data: Table, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(EncodingError) as caught:
        Encoder(**options).fit(data)
    assert str(caught.value) == sentence


def test_text_in_a_numeric_column_is_refused() -> None:
    bad = Table(np.arange(1), {"x": np.array(["a"], dtype=object)}, {"x": "numeric"})
    with pytest.raises(EncodingError, match="“x” holds values that are no numbers"):
        Encoder().fit(bad)


def test_transform_names_a_column_that_is_gone_or_infinite_or_refused() -> None:
    encoder = Encoder(missing="refuse").fit(
        table(x=("numeric", [1, 2]), c=("categorical", ["a", "b"]))
    )
    with pytest.raises(EncodingError, match="“x”, which was learned from, is gone"):
        encoder.transform(table(y=("numeric", [1])))
    with pytest.raises(EncodingError, match="infinite value in row 3"):
        encoder.transform(table([3], x=("numeric", [np.inf]), c=("categorical", ["a"])))
    with pytest.raises(EncodingError, match="“x” lacks 1 value, the first in row 3"):
        encoder.transform(table([3], x=("numeric", [NAN]), c=("categorical", ["a"])))
    with pytest.raises(EncodingError, match="“c” lacks 1 value, the first in row 3"):
        encoder.transform(table([3], x=("numeric", [1]), c=("categorical", [None])))


def test_a_row_is_encoded_as_in_the_table() -> None:
    encoder = Encoder(log=["spent"])
    X = encoder.fit_transform(MIXED).X
    rows: list[dict[str, Any]] = [
        {"age": 20, "spent": Decimal("0"), "member": True, "city": "Rome", "other": 1},
        {"age": np.float64(30), "spent": -10, "member": 1, "city": None},
        {"age": 40, "spent": 1e3, "member": False, "city": "Oslo"},
        {"age": None, "spent": 10, "member": NAN, "city": "Rome"},
    ]
    for row, expected in zip(rows, X, strict=True):
        np.testing.assert_allclose(encoder.encode_row(row), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"age": "20"}, "“age” was '20'; it takes a finite number."),
        ({"age": [1]}, "“age” was [1]; it takes a finite number."),
        ({"age": float("inf")}, "“age” was inf; it takes a finite number."),
        ({"age": 10**400}, None),
        ({"age": ...}, "The observation lacks “age”; give None where it is not known."),
        ({"city": ...}, "The observation lacks “city”; give None where it is not known."),
    ],
)
def test_a_row_that_does_not_fit_is_refused(change: dict[str, Any], sentence: str | None) -> None:
    row = {"age": 20, "spent": 0, "member": True, "city": "Rome"} | change
    row = {name: value for name, value in row.items() if value is not ...}
    with pytest.raises(EncodingError) as caught:
        Encoder().fit(MIXED).encode_row(row)
    if sentence is not None:
        assert str(caught.value) == sentence


def test_a_row_with_missing_values_is_refused_where_they_are() -> None:
    encoder = Encoder(missing="refuse").fit(
        table(x=("numeric", [1, 2]), c=("categorical", ["a", "b"]))
    )
    for row in ({"x": None, "c": "a"}, {"x": NAN, "c": "a"}, {"x": 1, "c": None}):
        with pytest.raises(EncodingError, match="is missing, and missing values are refused"):
            encoder.encode_row(row)


def test_encoding_a_row_costs_microseconds() -> None:
    encode = Encoder(log=["spent"]).fit(MIXED).compile()
    row = {"age": 20, "spent": 3.0, "member": True, "city": "Rome"}
    seconds = min(timeit.repeat(lambda: encode(row), number=1000, repeat=5)) / 1000
    assert seconds < 25e-6


def test_the_catalogs_options_are_the_encoders() -> None:
    options = ENCODING.clean({"log": "spent"})
    assert Encoder(**options).fit(MIXED).log == ("spent",)
    assert vars(Encoder(**ENCODING.defaults())) == vars(Encoder())


@given(
    numbers=arrays(
        np.float64,
        st.shared(st.integers(1, 30), key="n"),
        elements=st.floats(-1e12, 1e12, allow_subnormal=False),
    ),
    categories=st.shared(st.integers(1, 30), key="n").flatmap(
        lambda n: st.lists(st.none() | st.text(max_size=3), min_size=n, max_size=n)
    ),
    scale=st.sampled_from(["standard", "robust", "none"]),
    weight=st.sampled_from([0.25, 1.0, 3.0]),
    log=st.booleans(),
)
def test_encoding_is_reversible(
    numbers: Any, categories: list[str | None], scale: Any, weight: float, log: bool
) -> None:
    columns: dict[str, Any] = {"x": ("numeric", numbers), "b": ("boolean", numbers > 0)}
    if any(category is not None for category in categories):
        columns["c"] = ("categorical", categories)
    data = table(**columns)
    encoder = Encoder(scale=scale, log=["x"] if log else [], category_weight=weight)
    back = encoder.inverse(encoder.fit_transform(data).X)
    np.testing.assert_allclose(
        back["x"], numbers, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(numbers).max() ** (not log))
    )
    assert (back["b"] == (numbers > 0)).all()
    if "c" in columns:
        assert back["c"].tolist() == categories


def test_categories_as_their_numbers() -> None:
    values = np.array(["b", "a", "b", "c"], dtype=object)
    table = Table(np.arange(4), {"k": values}, {"k": "categorical"})
    encoder = Encoder(codes=True, scale="none")
    matrix = encoder.fit_transform(table)
    assert matrix.names == ("k",)
    assert matrix.X.ravel().tolist() == [1.0, 0.0, 1.0, 2.0]
    assert encoder.encode_row({"k": "c"}).tolist() == [2.0]
    assert encoder.inverse(matrix.X)["k"].tolist() == values.tolist()
    with pytest.raises(EncodingError, match="“k” was “z”, which was not among the categories"):
        encoder.encode_row({"k": "z"})
    with pytest.raises(EncodingError, match="“k” is missing"):
        encoder.encode_row({"k": None})
    other = Table(np.arange(2), {"k": np.array(["a", "z"], dtype=object)}, {"k": "categorical"})
    with pytest.raises(EncodingError, match="“k” was “z”"):
        encoder.transform(other)
    lacking = Table(np.arange(2), {"k": np.array(["a", None], dtype=object)}, {"k": "categorical"})
    with pytest.raises(EncodingError, match="lacks 1 value"):
        encoder.fit_transform(lacking)
