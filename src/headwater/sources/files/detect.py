"""detect: how a file is to be read, found from its content."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from headwater.sources.files.contents import format_of
from headwater.sources.files.dialect import dialect_of
from headwater.sources.files.encoding import encoding_of
from headwater.sources.files.errors import FileError
from headwater.sources.files.limits import Limits, check_file
from headwater.sources.files.marks import marks_of
from headwater.sources.files.reading import ENCODINGS, Reading
from headwater.sources.files.sample import cells_across

_EXTENSIONS = {
    "csv": (".csv", ".tsv", ".tab", ".txt", ".psv", ".dat", ""),
    "xlsx": (".xlsx", ".xlsm"),
    "parquet": (".parquet", ".pq"),
}
_CALLED = {"csv": "a text file", "xlsx": "an Excel workbook", "parquet": "a Parquet file"}


def detect(path: str | Path, file_name: str, *, limits: Limits | None = None) -> Reading:
    """Return the reading of the file at ``path`` that its content speaks for.

    The content decides over the extension of ``file_name``; a note says so where they differ.
    Raises ``FileError`` for what cannot be read at all. Nothing is refused here that another
    reading could mend.
    """
    limits = limits or Limits.from_settings()
    check_file(path, limits)
    found = format_of(path, limits)
    reading = _READERS[found](path)
    extension = Path(file_name).suffix.lower()
    if extension not in _EXTENSIONS[found]:
        note = f"The file is {_CALLED[found]}, though its name ends in “{extension}”."
        reading = replace(reading, notes=(note, *reading.notes))
    return reading


def _csv(path: str | Path) -> Reading:
    encoding = encoding_of(path)
    found = dialect_of(path, encoding)
    if found.is_blank:
        raise FileError("The file holds no text.")
    reading = Reading(
        encoding=encoding,
        delimiter=found.delimiter,
        quote=found.quote,
        header=found.header,
        skip=found.skip,
    )
    marks = marks_of(cells_across(path, reading), found.delimiter)
    notes = list(found.notes)
    if not encoding.startswith("utf"):
        notes.insert(
            0,
            f"The letters are taken for {ENCODINGS[encoding]}; if they look wrong, set another "
            "encoding.",
        )
    if marks.is_unclear:
        notes.append("“1,234” could be 1234 or 1.234; the comma is read as a decimal sign.")
    return replace(
        reading,
        decimal=marks.decimal,
        thousands=marks.thousands,
        date_order=marks.date_order,
        notes=tuple(notes),
    )


def _xlsx(path: str | Path) -> Reading:
    from headwater.sources.files.read_xlsx import first_rows

    begin = first_rows(path, "")
    marks = marks_of(begin.words, "")
    notes = () if not begin.skip else (f"{_rows(begin.skip)} above the table and skipped.",)
    return Reading(
        format="xlsx",
        decimal=marks.decimal,
        thousands=marks.thousands,
        header=begin.header,
        skip=begin.skip,
        date_order=marks.date_order,
        sheet=begin.sheet,
        notes=notes,
    )


def _rows(n: int) -> str:
    return "The first row is" if n == 1 else f"The first {n:,} rows are"


def _parquet(path: str | Path) -> Reading:
    return Reading(format="parquet")


_READERS = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}
