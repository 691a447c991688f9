"""Stored rows as tables."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from django.core.files.storage import FileSystemStorage

from headwater.sources.files.errors import FileError
from headwater.sources.files.table import read_parquet_columns, row_ids, to_table
from headwater.sources.files.write import write_parquet

FRAME = pl.DataFrame(
    {
        "key": ["b", "a", "c"],
        "n": [1, None, 3],
        "x": [0.5, 1.5, None],
        "flag": [True, None, False],
        "day": [date(1970, 1, 2), date(1969, 12, 31), None],
        "moment": [datetime(1970, 1, 2, 6), None, datetime(2024, 1, 1)],
        "town": ["Bath", None, "York"],
    }
)
TYPES = {"key": "text", "n": "number", "x": "number", "flag": "boolean", "day": "date"}
TYPES |= {"moment": "date", "town": "text"}


def columns(**roles: str) -> list[dict[str, str]]:
    return [
        {"name": name, "type": type_, "role": roles.get(name, "out")}
        for name, type_ in TYPES.items()
    ]


def test_kinds_follow_types_and_roles() -> None:
    table = to_table(FRAME, columns(), ["n", "x", "flag", "day", "moment", "town"])
    assert table.ids.tolist() == [1, 2, 3]
    assert table.ids.dtype == np.int64
    kinds = ["numeric", "numeric", "boolean", "numeric", "numeric", "categorical"]
    assert list(table.kinds.values()) == kinds
    np.testing.assert_array_equal(table.columns["n"], [1.0, np.nan, 3.0])
    np.testing.assert_array_equal(table.columns["x"], [0.5, 1.5, np.nan])
    np.testing.assert_array_equal(table.columns["flag"], [1.0, np.nan, 0.0])
    np.testing.assert_array_equal(table.columns["day"], [1.0, -1.0, np.nan])
    np.testing.assert_array_equal(table.columns["moment"], [1.25, np.nan, 19723.0])
    assert table.columns["town"].tolist() == ["Bath", None, "York"]
    for name in ("n", "flag", "day", "moment"):
        assert table.columns[name].dtype == np.float64
        assert table.columns[name].flags.writeable


def test_numbers_as_categories_are_whole_texts() -> None:
    table = to_table(FRAME, columns(n="category", x="category"), ["n", "x"])
    assert table.columns["n"].tolist() == ["1", None, "3"]
    assert table.columns["x"].tolist() == ["0.5", "1.5", None]
    assert set(table.kinds.values()) == {"categorical"}


def test_rows_come_in_the_order_of_their_ids() -> None:
    table = to_table(FRAME, columns(key="id"), ["n", "town"])
    assert table.ids.tolist() == ["a", "b", "c"]
    np.testing.assert_array_equal(table.columns["n"], [np.nan, 1.0, 3.0])
    assert table.columns["town"].tolist() == [None, "Bath", "York"]
    assert row_ids(FRAME, columns(key="id")).tolist() == ["b", "a", "c"]


def test_ids_that_are_whole_numbers() -> None:
    frame = pl.DataFrame({"id": [30.0, 10.0, 20.0], "x": [3, 1, 2]})
    stated = [{"name": "id", "type": "number", "role": "id"}]
    stated += [{"name": "x", "type": "number", "role": "feature"}]
    table = to_table(frame, stated, ["x"])
    assert table.ids.dtype == np.int64
    assert table.ids.tolist() == [10, 20, 30]
    assert table.columns["x"].tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("ids", "sentence"),
    [
        (["a", None, "c"], "“key” is the id, and it is missing in 1 rows"),
        (["a", "b", "a"], "“key” is the id, and “a” comes more than once in it"),
        ([1.5, 2.0, 3.0], "“key” is the id, and not all of its numbers are whole"),
    ],
)
def test_ids_that_are_none(ids: list[object], sentence: str) -> None:
    frame = FRAME.with_columns(pl.Series("key", ids))
    with pytest.raises(FileError, match=sentence):
        to_table(frame, columns(key="id"), ["n"])


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(FileError, match="There is no column “height”; there are “key”, “n”"):
        to_table(FRAME, columns(), ["height"])


@pytest.mark.parametrize("kind", ["path", "bytes", "django"])
def test_only_the_columns_that_are_asked_for_are_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(write_parquet(FRAME))
    with FileSystemStorage(tmp_path).open("rows.parquet", "rb") as file:
        opened: Any = {"path": path, "bytes": io.BytesIO(path.read_bytes()), "django": file}[kind]
        assert read_parquet_columns(opened, ["x", "key", "x"]).columns == ["x", "key"]
        assert read_parquet_columns(opened).equals(FRAME)
        with pytest.raises(FileError, match="no column “height”"):
            read_parquet_columns(opened, ["height"])
        assert read_parquet_columns(opened, []).width == 0


def test_stored_rows_that_are_damaged() -> None:
    with pytest.raises(FileError, match="damaged"):
        read_parquet_columns(io.BytesIO(write_parquet(FRAME)[:-20]), ["x"])


def test_no_column_but_all_ids() -> None:
    table = to_table(FRAME, columns(key="id"), [])
    assert table.ids.tolist() == ["a", "b", "c"]
    assert not table.columns
