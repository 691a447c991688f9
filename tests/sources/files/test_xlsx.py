"""Workbooks: their types, their oddities, and archives that are no workbooks."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from headwater.sources.files.archive import check_workbook
from headwater.sources.files.detect import detect
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.files.limits import Limits
from headwater.sources.files.preview import preview
from tests.sources.files.reading_of import LIMITS, loaded

AGES = [["name", "age"], ["Ann", 30], ["Bob", 41], ["Cy", 52]]


def workbook(build: Callable[[Any], None]) -> bytes:
    """Return what ``build`` makes of a new workbook."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"remove_timezone": True}) as book:
        build(book)
    return content.getvalue()


def sheet(cells: list[list[Any]], *, top: int = 0, left: int = 0) -> bytes:
    """Return a workbook of one sheet with ``cells``."""

    def build(book: Any) -> None:
        page = book.add_worksheet("Sheet1")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        clock = book.add_format({"num_format": "hh:mm"})
        shapes = {datetime: moment, date: day, time: clock}
        for row, values in enumerate(cells, start=top):
            for column, value in enumerate(values, start=left):
                if type(value) in shapes:
                    page.write_datetime(row, column, value, shapes[type(value)])
                elif value is not None:
                    page.write(row, column, value)

    return workbook(build)


def test_numbers_texts_and_booleans_have_their_types(tmp_path: Path) -> None:
    data = sheet(
        [["a", "b", "c", "d"], [1, 1.5, "x", True], [2, None, "y", False], [3, -2, "y", True]]
    )
    result = loaded(tmp_path, data, file_name="a.xlsx")
    assert result.frame.to_dict(as_series=False) == {
        "a": [1, 2, 3],
        "b": [1.5, None, -2.0],
        "c": ["x", "y", "y"],
        "d": [True, False, True],
    }
    assert result.frame.dtypes == [pl.Int64, pl.Float64, pl.String, pl.Boolean]


def test_dates_moments_and_times_of_day(tmp_path: Path) -> None:
    data = sheet(
        [
            ["day", "moment", "clock"],
            [date(2024, 2, 29), datetime(2024, 1, 2, 3, 4, 5), time(6, 30)],
            [date(1999, 12, 31), datetime(2024, 1, 2), time(18, 0)],
        ]
    )
    frame = loaded(tmp_path, data, file_name="a.xlsx").frame
    assert frame["day"].to_list() == [date(2024, 2, 29), date(1999, 12, 31)]
    assert frame["moment"].to_list() == [datetime(2024, 1, 2, 3, 4, 5), datetime(2024, 1, 2)]
    assert frame["clock"].to_list() == [6.5, 18.0]


def test_a_table_that_does_not_begin_at_the_first_cell(tmp_path: Path) -> None:
    cells = [["A report of ages", None], [None, None], *AGES, [None, None], ["Di", 63]]
    result = loaded(tmp_path, sheet(cells, top=3, left=2), file_name="a.xlsx")
    assert result.frame.to_dict(as_series=False) == {
        "name": ["Ann", "Bob", "Cy", "Di"],
        "age": [30, 41, 52, 63],
    }
    assert "The first 5 rows are above the table and skipped." in result.notes
    assert "1 row without cells left out." in result.notes


def test_rows_are_counted_as_the_sheet_counts_them(tmp_path: Path) -> None:
    cells = [["name", "age"], *([f"p{n}", n] for n in range(8)), [None, None], ["x", "old"]]
    with pytest.raises(ProblemsError) as error:
        loaded(tmp_path, sheet(cells, top=4), file_name="a.xlsx")
    (problem,) = error.value.problems
    assert (problem.row, problem.column, problem.value) == (15, "age", "old")
    assert problem.sentence == "Row 15 of “age” holds “old”; a number is expected."


def test_figures_that_are_texts_are_read_with_their_signs(tmp_path: Path) -> None:
    data = sheet([["a", "b"], ["'1.234,5", 1], ["1.234,5", 2.25], ["7,25", 3], [8.5, 4]])
    path = tmp_path / "file"
    path.write_bytes(data)
    reading = detect(path, "a.xlsx", limits=LIMITS)
    assert (reading.decimal, reading.thousands) == (",", ".")
    cells = [["a", "b"], ["1.234,5", 2.25], ["7,25", 3], [8.5, 4]]
    frame = loaded(tmp_path, sheet(cells), file_name="a.xlsx").frame
    assert frame["a"].to_list() == [1234.5, 7.25, 8.5]
    assert frame["b"].to_list() == [2.25, 3.0, 4.0]


def test_errors_and_formulas_are_met_and_not_taken_as_missing(tmp_path: Path) -> None:
    def build(book: Any) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        for row in range(1, 11):
            page.write_row(row, 0, [row, row])
        page.write_blank(3, 0, None, book.add_format({"bold": True}))
        page.write_formula(3, 1, "=1/0", value="#DIV/0!")
        page.write_formula(5, 1, "=A2", value="")
        page.write_formula(6, 1, "=A2", value=17)

    data = workbook(build)
    with pytest.raises(ProblemsError) as error:
        loaded(tmp_path, data, file_name="a.xlsx")
    assert [one.sentence for one in error.value.problems] == [
        "Row 4 of “b” holds “#DIV/0!”, an error; a number is expected.",
        "Row 6 of “b” holds “=A2”, a formula that was saved without its result; open the workbook "
        "and save it again.",
    ]
    missing = ("", "#div/0!", "=a2")
    frame = loaded(tmp_path, data, file_name="a.xlsx", missing=missing).frame
    assert frame["b"].to_list() == [1, 2, None, 4, None, 17, 7, 8, 9, 10]


def test_errors_for_not_available_are_missing(tmp_path: Path) -> None:
    def build(book: Any) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        page.write_row(1, 0, [1, 2])
        page.write_row(2, 0, [3, 4])
        page.write_formula(3, 0, "=NA()", value="#N/A")
        page.write(3, 1, 6)

    result = loaded(tmp_path, workbook(build), file_name="a.xlsx")
    assert result.frame["a"].to_list() == [1, 3, None]
    assert "“#N/A” is read as missing in “a” (1 cell)." in result.notes


def test_merged_cells_have_their_value_once_and_a_note(tmp_path: Path) -> None:
    def build(book: Any) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, ["town", "shop", "n"])
        page.merge_range("A2:A4", "Bath")
        for row, shop in enumerate(["x", "y", "z"], start=1):
            page.write_row(row, 1, [shop, row])

    result = loaded(tmp_path, workbook(build), file_name="a.xlsx")
    assert result.frame["town"].to_list() == ["Bath", None, None]
    assert any("merged cells (A2:A4)" in note for note in result.notes)


def several(book: Any) -> None:
    book.add_worksheet("Empty")
    hidden = book.add_worksheet("Secret")
    for name, values in (("Ages", AGES), ("Sizes", [["x", "y"], [1, 2], [3, 4]])):
        page = book.add_worksheet(name)
        for row, cells in enumerate(values):
            page.write_row(row, 0, cells)
    hidden.write_row(0, 0, ["p", "q"])
    hidden.write_row(1, 0, [1, 2])
    hidden.hide()


def test_the_first_visible_sheet_with_cells_is_taken_and_another_can_be_chosen(
    tmp_path: Path,
) -> None:
    data = workbook(several)
    assert loaded(tmp_path, data, file_name="a.xlsx").frame.columns == ["name", "age"]
    assert loaded(tmp_path, data, file_name="a.xlsx", sheet="Sizes").frame.columns == ["x", "y"]
    assert loaded(tmp_path, data, file_name="a.xlsx", sheet="Secret").frame.columns == ["p", "q"]
    with pytest.raises(FileError, match=r"no sheet “Old”; it has “Empty”, “Ages”, “Sizes”, “Secr"):
        loaded(tmp_path, data, file_name="a.xlsx", sheet="Old")
    with pytest.raises(FileError, match="The sheet “Empty” is empty"):
        loaded(tmp_path, data, file_name="a.xlsx", sheet="Empty")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([[]], "All sheets are empty."),
        ([["age"], [1], [2]], "one column"),
        ([["a", "b"]], "a header and no rows"),
        ([[f"c{n}" for n in range(300)], [1] * 300], "300 columns; at most 200"),
    ],
    ids=["empty", "one column", "header only", "300 columns"],
)
def test_tables_that_are_none(cells: list[list[Any]], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=sentence):
        loaded(tmp_path, sheet(cells), file_name="a.xlsx")


def test_long_texts_and_too_many_rows(tmp_path: Path) -> None:
    cells = [["a", "b"], ["x" * 11_000, 1], ["y", 2], ["y", 3]]
    with pytest.raises(ProblemsError, match="has 11,000 characters"):
        loaded(tmp_path, sheet(cells), file_name="a.xlsx")
    with pytest.raises(FileError, match="more than 2 rows"):
        loaded(tmp_path, sheet(AGES), file_name="a.xlsx", limits=replace(LIMITS, max_rows=2))


def test_mixed_types_are_texts_with_a_note(tmp_path: Path) -> None:
    cells = [["a", "b"], [1, 1], ["x", 2], [date(2024, 1, 2), 3], [True, 4], [2.5, 5]]
    result = loaded(tmp_path, sheet(cells), file_name="a.xlsx")
    assert result.frame["a"].to_list() == ["1", "x", "2024-01-02", "true", "2.5"]
    assert any("“a” is read as text" in note for note in result.notes)


def test_durations_are_days(tmp_path: Path) -> None:
    def build(book: Any) -> None:
        page = book.add_worksheet()
        shape = book.add_format({"num_format": "[h]:mm:ss"})
        page.write_row(0, 0, ["a", "b"])
        for row, hours in enumerate([36, 60], start=1):
            page.write_datetime(row, 0, timedelta(hours=hours), shape)
            page.write(row, 1, row)

    result = loaded(tmp_path, workbook(build), file_name="a.xlsx")
    assert result.frame["a"].to_list() == [1.5, 2.5]


def test_a_preview_shows_what_is_read_and_what_stands_against_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    cells = [["id", "n"], *([f"p{n}", n / 2] for n in range(30)), ["p99", "old"]]
    path.write_bytes(sheet(cells))
    shown = preview(path, detect(path, "a.xlsx", limits=LIMITS), limits=LIMITS)
    assert (shown.n_rows, len(shown.rows), shown.n_problems) == (31, 20, 1)
    assert shown.rows[:2] == (("p0", "0"), ("p1", "0.5"))
    assert [(one.name, one.type, one.role) for one in shown.columns] == [
        ("id", "text", "id"),
        ("n", "number", "feature"),
    ]


def archive(entries: dict[str, bytes]) -> bytes:
    """Return a zip archive of ``entries``."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in entries.items():
            zipped.writestr(name, data)
    return content.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the entries of the archive ``data``."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        return {one: zipped.read(one) for one in zipped.namelist()}


def changed(data: bytes, name: str, content: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook ``data`` with the entry ``name`` changed."""
    entries = unzipped(data)
    entries[name] = content(entries[name])
    return archive(entries)


SHEET = "xl/worksheets/sheet1.xml"


def test_a_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(changed(sheet(AGES), SHEET, lambda _: bytes(60 * 2**20)))
    with pytest.raises(FileError, match=r"unpacks to 60.0 MB from .*; it is no ordinary workb"):
        detect(path, "a.xlsx", limits=LIMITS)
    small = Limits(max_bytes=2**20)
    with pytest.raises(FileError, match=r"unpacks to 60.0 MB; at most 20.0 MB"):
        detect(path, "a.xlsx", limits=small)


def test_a_bomb_whose_directory_lies_is_refused(tmp_path: Path) -> None:
    data = bytearray(changed(sheet(AGES), SHEET, lambda _: bytes(3 * 2**20)))
    size = (3 * 2**20).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (900).to_bytes(4, "little")
    path = tmp_path / "file"
    path.write_bytes(bytes(data))
    with pytest.raises(FileError, match="damaged"):
        check_workbook(path, LIMITS)


def test_cells_at_the_far_corners_are_refused_before_they_are_laid_out(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path = tmp_path / "file"
    path.write_bytes(changed(sheet(AGES), SHEET, lambda xml: xml.replace(b"</sheetData>", far)))
    with pytest.raises(FileError, match=r"9 cells spread over 17,179,869,184 places"):
        detect(path, "a.xlsx", limits=LIMITS)


@pytest.mark.parametrize(
    "far",
    [
        b'<row r="1048576">' + b"<c><v>1</v></c>" * 16_000 + b"</row>",
        b"<row r='1048576'><c x='>' r='XFD1048576'><v>1</v></c></row>",
        b'<x:row r="1048576"><x:c s="1" r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    ],
    ids=["no addresses", "a bracket in a value", "a prefix"],
)
def test_far_cells_are_found_however_they_are_written(far: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    end = far + b"</sheetData>"
    path.write_bytes(changed(sheet(AGES), SHEET, lambda xml: xml.replace(b"</sheetData>", end)))
    with pytest.raises(FileError, match="cells spread over"):
        check_workbook(path, LIMITS)


def test_cells_without_addresses_follow_each_other(tmp_path: Path) -> None:
    def bare(xml: bytes) -> bytes:
        return re.sub(rb' (r|spans)="[A-Z]*[0-9:]+"', b"", xml)

    def build(book: Any) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        for row in range(1, 9):
            page.write_row(row, 0, [row, row])
        page.write_formula(4, 1, "=1/0", value="#DIV/0!")

    data = changed(workbook(build), SHEET, bare)
    with pytest.raises(ProblemsError, match=r"Row 5 of “b” holds “#DIV/0!”, an error"):
        loaded(tmp_path, data, file_name="a.xlsx")
    assert loaded(tmp_path, changed(sheet(AGES), SHEET, bare), file_name="a.xlsx").frame.height == 3


def test_a_number_of_texts_that_there_are_not_is_refused(tmp_path: Path) -> None:
    def boasting(xml: bytes) -> bytes:
        return xml.replace(b'uniqueCount="', b'uniqueCount="99999999')

    path = tmp_path / "file"
    path.write_bytes(changed(sheet(AGES), "xl/sharedStrings.xml", boasting))
    with pytest.raises(FileError, match="damaged"):
        check_workbook(path, LIMITS)


def test_a_long_text_that_many_cells_share(tmp_path: Path) -> None:
    cells = [["a", "b"], *[["x" * 9_000, "y"]] * 400, *[["z", "y"]] * 400]
    path = tmp_path / "file"
    path.write_bytes(sheet(cells))
    check_workbook(path, LIMITS)
    sentence = r"The texts of the workbook have 3\.\d MB in all; at most 2\.0 MB"
    with pytest.raises(FileError, match=sentence):
        check_workbook(path, Limits(max_bytes=2**20 // 10))
    # the longest one alone, for each cell, would be too much; what there is is not
    check_workbook(path, Limits(max_bytes=2**20 // 5))


def test_too_many_parts(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(archive({f"xl/{n}.xml": b"" for n in range(2_001)}))
    with pytest.raises(FileError, match="2,001 parts"):
        detect(path, "a.xlsx", limits=LIMITS)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (archive({"readme.txt": b"x"}), "a zip archive and no workbook"),
        (archive({"xl/workbook.bin": b"x"}), "binary workbook"),
        (archive({"mimetype": b"x", "content.xml": b"<a/>"}), "OpenDocument"),
        (archive({"word/document.xml": b"<a/>"}), "no workbook"),
        (archive({"xl/workbook.xml": b"<a"}), "damaged"),
        (sheet(AGES)[:-100], "damaged"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
    ],
    ids=["zip", "xlsb", "ods", "docx", "hollow", "cut short", "only the beginning"],
)
def test_archives_that_are_no_workbooks(data: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=sentence):
        loaded(tmp_path, data, file_name="a.xlsx")


def test_a_workbook_with_a_damaged_sheet(tmp_path: Path) -> None:
    data = changed(sheet(AGES), SHEET, lambda xml: xml[: len(xml) // 2] + b"<<<>>>")
    with pytest.raises(FileError, match="damaged"):
        loaded(tmp_path, data, file_name="a.xlsx")
