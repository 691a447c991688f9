"""A reading is kept as JSON, and corrected."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from headwater.sources.files.detect import detect
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.files.preview import preview
from headwater.sources.files.reading import ENCODINGS, Reading
from tests.sources.files.corpus import rows
from tests.sources.files.reading_of import LIMITS, loaded


def test_a_reading_goes_through_json() -> None:
    reading = Reading("xlsx", "cp1252", ";", "'", ",", ".", False, 3, "dmy", "Süd", ("x",), ("a.",))
    assert Reading.from_json(json.loads(json.dumps(reading.as_json()))) == reading
    assert Reading.from_json({}) == Reading()
    assert Reading.from_json({"missing": [" Keine "]}).missing == ("keine",)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"format": "xls"}, "format was 'xls'; it takes “csv”, “xlsx”, “parquet”"),
        ({"encoding": "rot13"}, "encoding 'rot13' is not known"),
        ({"delimiter": "#"}, "delimiter was '#'"),
        ({"quote": "`"}, "quote was '`'"),
        ({"decimal": ""}, "decimal was ''"),
        ({"date_order": "dym"}, "date_order was 'dym'"),
        ({"decimal": ",", "thousands": ","}, "“,” cannot stand before decimals and between"),
        ({"delimiter": " ", "thousands": " "}, "A space cannot stand between cells"),
        ({"header": "yes"}, "header was 'yes'; it takes true or false"),
        ({"skip": -1}, "lines to skip were -1"),
        ({"skip": True}, "lines to skip were True"),
        ({"sheet": 3}, "sheet was 3"),
        ({"missing": "NA"}, "missing takes a list of texts"),
        ({"speed": 3}, "A reading has no “speed”"),
        ({"delimiter": None}, "delimiter was None"),
    ],
)
def test_what_does_not_fit_is_said(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FileError, match=sentence):
        Reading.from_json(given)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_can_be_chosen(encoding: str, tmp_path: Path) -> None:
    data = rows("a,b", "x,1", "y,2", encoding=encoding)
    assert loaded(tmp_path, data, encoding=encoding).frame["a"].to_list() == ["x", "y"]


def test_a_wrong_guess_is_corrected(tmp_path: Path) -> None:
    polish = rows("miasto;liczba", "Łódź;12", "Kraków;1", "Gdańsk;2", encoding="cp1250")
    frame = loaded(tmp_path, polish, encoding="cp1250").frame
    assert frame["miasto"].to_list() == ["Łódź", "Kraków", "Gdańsk"]
    american = rows("a,b", "01/02/2024,1", "03/04/2024,2")
    frame = loaded(tmp_path, american, date_order="mdy").frame
    assert [str(day) for day in frame["a"]] == ["2024-01-02", "2024-03-04"]
    figures = rows("a\tb", "1,234\t1", "5,678\t2")
    frame = loaded(tmp_path, figures, decimal=",", thousands="").frame
    assert frame["a"].to_list() == [1.234, 5.678]
    countries = rows("country,n", "NA,1", "ZA,2", "-,3")
    frame = loaded(tmp_path, countries, missing=("-",)).frame
    assert frame["country"].to_list() == ["NA", "ZA", None]
    headed = rows("1,2", "3,4", "5,6")
    assert loaded(tmp_path, headed).frame.columns == ["Column 1", "Column 2"]
    assert loaded(tmp_path, headed, header=True).frame.columns == ["1", "2"]


def test_a_reading_that_cuts_the_file_wrongly_is_told_and_can_be_mended(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(rows("a;b;c", "1;2;3", "4;5;6"))
    found = detect(path, "a.csv", limits=LIMITS)
    with pytest.raises(FileError, match="another delimiter stands between them: set it"):
        preview(path, replace(found, delimiter=","), limits=LIMITS)
    with pytest.raises(FileError, match="The file has 3 lines; 9 cannot be skipped"):
        preview(path, replace(found, skip=9), limits=LIMITS)
    with pytest.raises(FileError, match="a header and no rows"):
        preview(path, replace(found, skip=2), limits=LIMITS)


def test_bytes_that_are_not_of_the_encoding_are_named(tmp_path: Path) -> None:
    data = rows("a,b", "x,1", "é,2", encoding="cp1252")
    with pytest.raises(
        FileError, match=r"Line 3 of the file holds a byte \(0xE9\) that is not utf"
    ):
        loaded(tmp_path, data, encoding="utf-8")
    with pytest.raises(FileError, match="not utf-16"):
        loaded(tmp_path, rows("a,b", "x,1"), encoding="utf-16")


def test_a_preview_shows_bad_cells_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(rows("a,b", "1,2024-01-02", "oops,2024-01-03", "3,", "4,2024-01-05", "5,x"))
    shown = preview(path, detect(path, "a.csv", limits=LIMITS), limits=LIMITS)
    assert shown.rows == (
        ("1", "2024-01-02"),
        ("oops", "2024-01-03"),
        ("3", ""),
        ("4", "2024-01-05"),
        ("5", "x"),
    )
    assert [(one.row, one.column, one.value, one.expected) for one in shown.problems] == [
        (3, "a", "oops", "a number"),
        (6, "b", "x", "a date"),
    ]
    assert shown.problems[0].as_json() == {
        "column": "a",
        "row": 3,
        "value": "oops",
        "expected": "a number",
        "sentence": "Line 3 of “a” holds “oops”; a number is expected.",
    }


def test_the_first_problems_of_all_columns_are_told_in_the_order_of_the_rows(
    tmp_path: Path,
) -> None:
    lines = [f"{n},{n}" for n in range(40)]
    lines[30:40] = [f"x{n},{n}" for n in range(30, 40)]
    lines[5:12] = [f"{n},y{n}" for n in range(5, 12)]
    with pytest.raises(ProblemsError) as error:
        loaded(tmp_path, rows("a,b", *lines))
    assert error.value.n_problems == 17
    assert [(one.column, one.row) for one in error.value.problems] == [
        ("b", row) for row in range(7, 12)
    ]
