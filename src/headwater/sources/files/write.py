"""write_csv, write_xlsx, write_parquet: rows as files that are safe to open."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import polars as pl

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula, where it stands first."""
_XLSX_ROWS = 1_048_575
_XLSX_TEXT = 32_767


def safe_text(text: str) -> str:
    """Return ``text`` with “'” before it where a spreadsheet would take it for a formula.

    >>> safe_text("=1+1"), safe_text("a=b")
    ("'=1+1", 'a=b')
    """
    return "'" + text if text.startswith(FORMULA) else text


def write_csv(frame: pl.DataFrame) -> bytes:
    """Return ``frame`` as CSV in UTF-8, with commas; its texts and headers are made safe.

    Numbers stay numbers, so that -5 is not a text; dates are ISO 8601, and missing cells empty.
    """
    safe = frame.select(_safe(frame[name]).alias(safe_text(name)) for name in frame.columns)
    return safe.write_csv(
        datetime_format="%Y-%m-%d %H:%M:%S", date_format="%Y-%m-%d", line_terminator="\r\n"
    ).encode()


def write_xlsx(frame: pl.DataFrame, *, sheet: str = "Rows") -> bytes:
    """Return ``frame`` as a workbook of one sheet with a frozen header.

    Texts are written as cells of text, which are never formulas or links, and cut after 32,767
    characters, the most that a cell takes. Raises ``ValueError`` with a sentence where a sheet
    has too few rows.
    """
    import xlsxwriter

    if frame.height > _XLSX_ROWS:
        raise ValueError(
            f"A sheet takes {_XLSX_ROWS:,} rows, and there are {frame.height:,}; "
            "take CSV or Parquet."
        )
    content = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        page = book.add_worksheet(sheet[:31])
        page.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for place, name in enumerate(frame.columns):
            page.write_string(0, place, name, bold)
            page.set_column(place, place, min(max(len(name) + 2, 10), 40))
        for number, row in enumerate(frame.iter_rows(), start=1):
            for place, value in enumerate(row):
                _write(page, number, place, value, day, moment)
    return content.getvalue()


def write_parquet(frame: pl.DataFrame) -> bytes:
    """Return ``frame`` as Parquet; its texts are as they are."""
    content = io.BytesIO()
    frame.write_parquet(content, compression="zstd")
    return content.getvalue()


def _safe(values: pl.Series) -> pl.Series:
    if values.dtype != pl.String:
        return values
    return values.str.replace(r"^([=+\-@\t\r])", "'$1")


def _write(page: Any, number: int, place: int, value: Any, day: Any, moment: Any) -> None:
    """Write one cell by its type; nothing is written where nothing is known."""
    if value is None or value != value:
        return
    if isinstance(value, bool):
        page.write_boolean(number, place, value)
    elif isinstance(value, int | float) and abs(value) < 1e308 and _is_exact(value):
        page.write_number(number, place, value)
    elif isinstance(value, datetime):
        _write_date(page, number, place, value.replace(tzinfo=None), moment)
    elif isinstance(value, date):
        _write_date(page, number, place, value, day)
    else:
        page.write_string(number, place, str(value)[:_XLSX_TEXT])


def _is_exact(value: float) -> bool:
    return isinstance(value, float) or abs(value) < 10**15


def _write_date(page: Any, number: int, place: int, value: date, shape: Any) -> None:
    if value.year < 1901:  # a sheet knows none before
        page.write_string(number, place, value.isoformat())
    else:
        page.write_datetime(number, place, value, shape)
