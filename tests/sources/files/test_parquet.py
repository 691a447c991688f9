"""Parquet: types as they are, and what is refused."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from headwater.sources.files.detect import detect
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.files.limits import Limits
from tests.sources.files.reading_of import LIMITS, loaded


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    """Return a Parquet file of ``columns``."""
    content = io.BytesIO()
    pl.DataFrame(columns, **options).write_parquet(content)
    return content.getvalue()


def test_types_are_kept_as_they_are(tmp_path: Path) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    data = parquet(
        {
            "small": pl.Series([1, 2, None], dtype=pl.UInt8),
            "float": [1.5, float("nan"), None],
            "text": ["01", "yes", ""],
            "flag": [True, None, False],
            "day": [date(2024, 1, 2), None, date(2024, 1, 3)],
            "moment": [datetime(2024, 7, 1, 12, tzinfo=berlin)] * 3,
            "money": [Decimal("1.10"), Decimal("2.25"), None],
            "group": pl.Series(["a", "b", "a"], dtype=pl.Categorical),
            "wait": [timedelta(hours=36), None, timedelta(0)],
            "clock": [time(6, 30), None, time(0)],
            "nothing": [None, None, None],
        }
    )
    result = loaded(tmp_path, data, file_name="a.parquet")
    assert result.frame.to_dict(as_series=False) == {
        "small": [1, 2, None],
        "float": [1.5, None, None],
        "text": ["01", "yes", None],
        "flag": [True, None, False],
        "day": [date(2024, 1, 2), None, date(2024, 1, 3)],
        "moment": [datetime(2024, 7, 1, 10)] * 3,
        "money": [1.1, 2.25, None],
        "group": ["a", "b", "a"],
        "wait": [1.5, None, 0.0],
        "clock": [6.5, None, 0.0],
        "nothing": [None, None, None],
    }
    assert [column["type"] for column in result.columns] == [
        *("number", "number", "text", "boolean", "date", "date", "number", "text", "number"),
        *("number", "text"),
    ]
    assert "Times of “moment” are turned from Europe/Berlin to UTC." in result.notes


def test_moments_in_other_units_and_zones(tmp_path: Path) -> None:
    moment = datetime(2024, 7, 1, 10, tzinfo=UTC)
    data = parquet({"a": pl.Series([moment], dtype=pl.Datetime("ns", "UTC")), "b": [1]})
    assert loaded(tmp_path, data, file_name="a.parquet").frame["a"].to_list() == [
        datetime(2024, 7, 1, 10)
    ]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"a": [1], "b": [[1, 2]]}, "“b” holds lists or structs"),
        ({"a": [1], "b": [{"x": 1}]}, "“b” holds lists or structs"),
        ({"a": [1], "b": [b"x"]}, "“b” holds bytes"),
        ({"a": [1]}, "one column"),
        ({"a": [], "b": []}, "no rows"),
        ({f"c{n}": [1] for n in range(300)}, "300 columns"),
    ],
    ids=["list", "struct", "bytes", "one column", "no rows", "300 columns"],
)
def test_what_is_refused(columns: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=sentence):
        loaded(tmp_path, parquet(columns), file_name="a.parquet")


def test_infinite_numbers_and_whole_ones_beyond_the_exact(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as error:
        loaded(tmp_path, parquet({"a": [1.0, float("inf")], "b": [1, 2]}), file_name="a.parquet")
    assert error.value.problems[0].sentence.startswith("Row 2 of “a” holds “inf”")
    frame = loaded(tmp_path, parquet({"a": [2**60, 1], "b": [1, 2]}), file_name="a.parquet").frame
    assert frame["a"].to_list() == [str(2**60), "1"]


@pytest.mark.parametrize("cut", [8, 100, 300])
def test_a_damaged_file(cut: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = parquet({"a": list(range(100)), "b": list("ab") * 50})
    for broken in (data[:-cut], data[:cut] + bytes(20) + data[cut:]):
        with pytest.raises(FileError, match="damaged"):
            loaded(tmp_path, broken, file_name="a.parquet")
    capfd.readouterr()


def test_more_rows_than_the_limit(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="more than 10 rows"):
        loaded(
            tmp_path,
            parquet({"a": list(range(11)), "b": list(range(11))}),
            file_name="a.parquet",
            limits=Limits(max_rows=10),
        )


def test_types_can_be_chosen(tmp_path: Path) -> None:
    data = parquet({"a": ["1", "2"], "b": [20240131, 20240201], "c": [1, 0], "d": [1.0, 2.5]})
    chosen = {"a": "number", "b": "date", "c": "boolean", "d": "text"}
    overrides = {name: {"type": type_} for name, type_ in chosen.items()}
    frame = loaded(tmp_path, data, file_name="a.parquet", overrides=overrides).frame
    assert frame.to_dict(as_series=False) == {
        "a": [1, 2],
        "b": [date(2024, 1, 31), date(2024, 2, 1)],
        "c": [True, False],
        "d": ["1", "2.5"],
    }


def test_a_name_with_brackets_is_no_pattern(tmp_path: Path) -> None:
    path = tmp_path / "a[1]*.parquet"
    path.write_bytes(parquet({"a": [1], "b": [2]}))
    assert detect(path, path.name, limits=LIMITS).format == "parquet"
