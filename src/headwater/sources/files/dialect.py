"""dialect_of: delimiter, quote, header and the lines above it, found from the first rows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from headwater.sources.files.read_csv import dialect, text_lines
from headwater.sources.files.reading import DELIMITERS, Reading
from headwater.sources.files.table_start import has_header, is_typed, start_of

_ROWS = 200
"""Rows that a dialect is found from."""
_STATED = re.compile(r"^sep=([,;\t|])\s*$")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the rows of a text file are told apart, and some of them."""

    delimiter: str
    quote: str
    skip: int
    header: bool
    is_blank: bool
    """Whether there is no text at all."""
    notes: tuple[str, ...]


def dialect_of(path: str | Path, encoding: str) -> Dialect:
    """Return the dialect under which the first rows have most alike numbers of clean cells.

    A first line “sep=;” states the delimiter. Lines above the table are skipped: those that fill
    fewer than half of its columns (titles, comments).
    """
    reading = Reading(encoding=encoding)
    stated, lines = "", 0
    with open(path, encoding=reading.codec, newline="", errors="replace") as file:
        if found := _STATED.match(file.readline()):
            stated, lines = found[1], 1
    delimiters = [stated] if stated else list(DELIMITERS)
    tried = [_Try(path, encoding, delimiter, '"', lines) for delimiter in delimiters]
    best = max(tried, key=lambda one: one.score)
    if _single_quoted(best):
        again = _Try(path, encoding, best.delimiter, "'", lines)
        best = again if again.score >= best.score else best
    start = best.start
    rows = best.rows[start:]
    skip = best.starts[start] - 1 if best.rows else lines
    header = has_header(rows)
    notes = []
    if skip > lines:
        n = skip - lines
        what = "The first line is" if n == 1 else f"The first {n} lines are"
        notes.append(f"{what} above the table and skipped.")
    return Dialect(best.delimiter, best.quote, skip, header, best.is_blank, tuple(notes))


class _Try:
    """The first rows as one delimiter and quote cut them."""

    def __init__(
        self, path: str | Path, encoding: str, delimiter: str, quote: str, skip: int
    ) -> None:
        self.delimiter, self.quote = delimiter, quote
        reading = Reading(encoding=encoding, delimiter=delimiter, quote=quote)
        self.rows: list[list[str]] = []
        self.starts: list[int] = []
        with open(path, encoding=reading.codec, newline="", errors="replace") as file:
            for _ in range(skip):
                file.readline()
            reader = csv.reader(text_lines(file), **dialect(reading, strict=False))
            last, self.is_blank = skip, True
            for _ in range(2 * _ROWS):
                try:
                    row = next(reader)
                except StopIteration:
                    break
                except csv.Error:  # a cell longer than the reader takes; said when it is read
                    row, self.is_blank = [], False
                if any(map(str.strip, row)):
                    self.rows.append(row)
                    self.starts.append(last + 1)
                last = skip + reader.line_num
                if len(self.rows) == _ROWS:
                    break
        self.is_blank &= not self.rows
        self.width = self._width()
        self.start = start_of(self.rows, self.width)
        self.score = self._score()

    def _width(self) -> int:
        """Return the number of cells that most rows have.

        Where that is one, because of many lines above a short table, it is what most of the rows
        have that are left from the first that has more.
        """
        widths = Counter(map(len, self.rows))
        width = max(widths, key=lambda width: (widths[width], width), default=0)
        for wider in sorted(widths, key=lambda one: -widths[one]):
            if width == 1 < wider and widths[wider] > 1:
                rows = self.rows[start_of(self.rows, wider) :]
                if sum(len(row) == wider for row in rows) >= 0.8 * len(rows):
                    return wider
        return width

    def _score(self) -> float:
        """Return 0 to 1: how alike the rows are, and how clean their cells."""
        rows = self.rows[self.start :]
        if self.width < 2:
            return 0.0
        alike = sum(len(row) == self.width for row in rows) / len(rows)
        cells = [cell for row in rows for cell in row]
        others = [mark for mark in DELIMITERS if mark not in (self.delimiter, " ")]
        clean = sum(
            1.0 if is_typed(cell) else 0.9 if not any(mark in cell for mark in others) else 0.3
            for cell in cells
        ) / len(cells)
        if self.delimiter == " ":
            return 0.5 * clean if alike == 1 and self._has_number_column(rows) else 0.0
        return alike**2 * clean

    def _has_number_column(self, rows: Sequence[Sequence[str]]) -> bool:
        body = rows[1:] or rows
        return any(all(is_typed(cell) for cell in column) for column in zip(*body, strict=True))


def _single_quoted(tried: _Try) -> bool:
    """Return whether some column has most of its cells in single quotes."""
    cells = [cell for row in tried.rows for cell in row if cell]
    quoted = sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    opened = sum(cell[0] == "'" for cell in cells)
    return quoted > 0 and opened >= 0.1 * len(cells)
