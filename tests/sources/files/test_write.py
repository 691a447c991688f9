"""Files that are written are safe to open, and hold what was there."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from headwater.sources.files.write import safe_text, write_csv, write_parquet, write_xlsx
from tests.sources.files.reading_of import loaded

EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0", "a=b", "", None]
FRAME = pl.DataFrame(
    {
        "text": ["a", 'say "x"', "two\nlines", None],
        "whole": [-5, 0, 7, None],
        "number": [-0.5, 1e-7, 1e20, None],
        "flag": [True, False, True, None],
        "day": [date(2024, 2, 29), date(1970, 1, 1), None, date(1950, 1, 1)],
        "moment": [datetime(2024, 1, 2, 3, 4, 5), None, datetime(1970, 1, 1), datetime(2000, 1, 1)],
    }
)


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def test_texts_of_a_csv_file_are_no_formulas_and_numbers_stay_numbers() -> None:
    frame = pl.DataFrame({"=name": EVIL, "n": [-1.5] * len(EVIL)})
    header, *body = cells(write_csv(frame))
    assert header == ["'=name", "n"]
    assert [row[0] for row in body] == [
        *("'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "'=cmd|' /C calc'!A0", "a=b", "", "")
    ]
    assert {row[1] for row in body} == {"-1.5"}
    assert [safe_text(text or "") for text in EVIL] == [row[0] for row in body]


def test_a_workbook_holds_texts_and_no_formulas() -> None:
    data = write_xlsx(pl.DataFrame({"=name": EVIL, "link": ["https://example.org"] * len(EVIL)}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert "=1+1" in sheet


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_what_is_written_is_read_as_it_was(kind: str, tmp_path: Path) -> None:
    write = {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet}[kind]
    frame = loaded(tmp_path, write(FRAME), file_name=f"a.{kind}").frame
    assert frame.to_dict(as_series=False) == FRAME.to_dict(as_series=False)


def test_a_sheet_takes_so_many_rows() -> None:
    frame = pl.DataFrame({"a": pl.zeros(1_048_576, eager=True)})
    with pytest.raises(ValueError, match="A sheet takes 1,048,575 rows, and there are 1,048,576"):
        write_xlsx(frame)


def test_dates_before_sheets_begin_and_large_whole_numbers_are_texts(tmp_path: Path) -> None:
    frame = pl.DataFrame({"day": [date(1850, 3, 4)], "key": [10**17], "x": [1]})
    found = loaded(tmp_path, write_xlsx(frame), file_name="a.xlsx").frame
    assert found["day"].to_list() == [date(1850, 3, 4)]
    assert found["key"].to_list() == [str(10**17)]
