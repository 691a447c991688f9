"""read_xlsx: a sheet of a workbook as a Grid, with the row of each in the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from headwater.sources.files.errors import FileError
from headwater.sources.files.grid import Grid
from headwater.sources.files.limits import Limits, check_columns, check_rows
from headwater.sources.files.names import name_columns
from headwater.sources.files.numbers import EXACT
from headwater.sources.files.reading import Reading
from headwater.sources.files.table_start import has_header, start_of
from headwater.sources.files.workbook import (
    cell_text,
    open_sheet,
    open_workbook,
    unread_cells,
)

_FIRST = 200
"""Rows that the beginning of the table is found from."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the first rows of a sheet show."""

    sheet: str
    skip: int
    header: bool
    words: tuple[str, ...]
    """Cells that are texts in the file; their figures may have signs of their own."""


def first_rows(path: str | Path, sheet: str) -> Beginning:
    """Return where the table of a sheet begins; “” takes the first that is not empty."""
    opened = open_sheet(open_workbook(path), sheet)
    top = opened.start[0] if opened.start else 0
    cells = opened.to_python(skip_empty_area=False, nrows=top + _FIRST)
    texts = [tuple(map(cell_text, row)) for row in cells]
    filled = [(place, row) for place, row in enumerate(texts) if any(map(str.strip, row))]
    width = max((_width(row) for _, row in filled), default=0)
    rows = [row[:width] for _, row in filled]
    start = start_of([row[_left(rows) :] for row in rows], width - _left(rows))
    skip = filled[start][0] if filled else 0
    rows = rows[start:]
    words = tuple(cell for row in cells[skip + 1 :] for cell in row if isinstance(cell, str))
    return Beginning(opened.name, skip if start else 0, has_header(rows), words)


def read_xlsx(path: str | Path, reading: Reading, limits: Limits) -> Grid:
    """Return the cells of the sheet.

    A column whose cells are of one type has that type. Errors (#DIV/0!) and formulas that were
    saved without a result stand as texts, so that they are met and not taken as missing. Of
    merged cells the first has the value; the others are missing, and a note says so. Rows without
    any cell are no rows.
    """
    sheet = open_sheet(open_workbook(path), reading.sheet)
    if sheet.start is None or sheet.end is None:
        raise FileError(f"The sheet “{reading.sheet}” is empty.")
    left = sheet.start[1]
    check_columns(sheet.end[1] - left + 1, limits)
    check_rows(max(sheet.total_height - reading.skip - reading.header, 1), limits)
    cells: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for (row, column), text in unread_cells(path, sheet.name).items():
        if row < len(cells) and column < len(cells[row]) and cells[row][column] == "":
            cells[row][column] = text
    filled = [
        place
        for place in range(reading.skip, len(cells))
        if any(cell != "" for cell in cells[place])
    ]
    if not filled:
        raise FileError(f"The sheet “{sheet.name}” has no cells below row {reading.skip:,}.")
    header = None
    if reading.header:
        header = [cell_text(cell) for cell in cells[filled[0]][left:]]
        n_blank = filled[-1] - filled[0] + 1 - len(filled)
        filled = filled[1:]
    else:
        n_blank = filled[-1] - filled[0] + 1 - len(filled)
    check_rows(len(filled), limits)
    columns = list(zip(*(cells[place][left:] for place in filled), strict=True))
    named = name_columns(header, [_series(column, reading.decimal) for column in columns])
    check_columns(len(named.names), limits)
    rows = np.array(filled, dtype=np.int64) + 1
    grid = Grid(named.names, named.columns, rows, "row", notes=named.notes)
    if n_blank:
        what = "1 row" if n_blank == 1 else f"{n_blank:,} rows"
        grid.notes.append(f"{what} without cells left out.")
    if merged := sheet.merged_cell_ranges:
        more = " and others" if len(merged) > 1 else ""
        grid.notes.append(
            f"The sheet has merged cells ({_range(merged[0])}{more}); the first cell of a range "
            "has its value, and the others are missing."
        )
    return grid


def _series(cells: Sequence[Any], decimal: str) -> pl.Series:
    """Return the cells of one column: typed where they are of one type, else as texts."""
    types = set(map(type, cells))
    if types <= {float, int, bool, datetime, date, time, timedelta, str}:
        known = types - {str}
        if str not in types or not any(cell.strip() for cell in cells if type(cell) is str):
            values = [None if type(cell) is str else cell for cell in cells]
            if known and known <= {float, int}:
                return _whole(pl.Series(values, dtype=pl.Float64, strict=False))
            if known == {bool}:
                return pl.Series(values, dtype=pl.Boolean)
            if known and known <= {datetime, date}:
                if known == {date}:
                    return pl.Series(values, dtype=pl.Date)
                moments = [
                    datetime.combine(value, time()) if type(value) is date else value
                    for value in values
                ]
                return pl.Series(moments, dtype=pl.Datetime("us"))
            if known == {time}:
                return pl.Series(values, dtype=pl.Time)
            if known == {timedelta}:
                return pl.Series(values, dtype=pl.Duration("us"))
    return pl.Series([cell_text(cell, decimal) for cell in cells], dtype=pl.String)


def _whole(values: pl.Series) -> pl.Series:
    """Return whole numbers as such; a sheet knows only floating point numbers."""
    known = values.drop_nulls()
    is_whole = bool(((known == known.round()) & (known.abs() <= EXACT)).all())
    return values.cast(pl.Int64) if is_whole else values


def _width(row: Sequence[str]) -> int:
    """Return the number of cells up to the last that is not empty."""
    return max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _left(rows: Sequence[Sequence[str]]) -> int:
    """Return how many columns on the left are empty in all ``rows``."""
    places = (
        next((place for place, cell in enumerate(row) if cell.strip()), len(row)) for row in rows
    )
    return min(places, default=0)


def _range(merged: tuple[tuple[int, int], tuple[int, int]]) -> str:
    """Return “B11:C12”."""
    return ":".join(f"{_letters(column)}{row + 1}" for row, column in merged)


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
