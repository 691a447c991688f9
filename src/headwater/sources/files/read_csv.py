"""read_csv: a text file as a Grid of texts, with the line of each row."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import polars as pl

from headwater.sources.files.errors import FileError, Problem, cut
from headwater.sources.files.grid import Grid
from headwater.sources.files.limits import Limits, check_columns, check_rows, too_many_rows
from headwater.sources.files.names import name_columns
from headwater.sources.files.reading import Reading

_HINT = " If there are more, another delimiter stands between them: set it."
_BLOCK = 20_000
"""Rows that are held as Python's texts at a time."""


def read_csv(path: str | Path, reading: Reading, limits: Limits) -> Grid:
    """Return the cells of the file at ``path``.

    Lines without any text are no rows. A row with too few or too many cells, and a quote that is
    set wrongly, is a problem of the Grid; what is wrong with the file as a whole is a
    ``FileError``. Cells that are left over at the end of a row are let go where they are empty.
    """
    try:
        with open(path, encoding=reading.codec, newline="") as file:
            return _Rows(file, reading, limits).grid()
    except UnicodeError:
        raise _undecodable(path, reading) from None


def dialect(reading: Reading, *, strict: bool = True) -> dict[str, Any]:
    """Return the options of ``csv.reader`` for ``reading``."""
    return {
        "delimiter": reading.delimiter,
        "quotechar": reading.quote or None,
        "quoting": csv.QUOTE_MINIMAL if reading.quote else csv.QUOTE_NONE,
        "skipinitialspace": reading.delimiter != " ",
        "strict": strict,
    }


def text_lines(file: TextIO, skipped: int = 0) -> Iterator[str]:
    """Yield the lines of ``file``; refuses zero bytes, which no text has."""
    for number, line in enumerate(file, start=skipped + 1):
        if "\0" in line:
            raise FileError(
                f"Line {number:,} of the file holds a zero byte; it is no text file, or its "
                "encoding is another one."
            )
        yield line


class _Rows:
    """The rows of one file while they are read."""

    def __init__(self, file: TextIO, reading: Reading, limits: Limits) -> None:
        self.reading, self.limits = reading, limits
        for number in range(reading.skip):
            if not file.readline():
                raise FileError(
                    f"The file has {number:,} lines; {reading.skip:,} cannot be skipped."
                )
        self.reader = csv.reader(text_lines(file, reading.skip), **dialect(reading))
        self.last = reading.skip
        self.problems: list[Problem] = []
        self.n_problems = 0
        self.blank = self.trimmed = 0

    def grid(self) -> Grid:
        reading, limits = self.reading, self.limits
        first = next(self._rows(), None)
        if first is None:
            raise FileError(
                self.problems[0].sentence if self.problems else "The file holds no text."
            )
        n_columns = len(first[1])
        n_named = sum(1 for name in first[1] if name.strip())  # spreadsheets add empty ones
        check_columns(
            max(n_named, min(n_columns, 2)) if reading.header else n_columns, limits, _HINT
        )
        blocks: list[list[pl.Series]] = []
        lines: list[int] = []
        block: list[list[str]] = []
        if not reading.header:
            lines.append(first[0])
            block.append(first[1])
        for line, row in self._rows():
            lines.append(line)
            fits = len(row) == n_columns
            block.append(row if fits else self._fitted(line, row, n_columns))
            if len(block) == _BLOCK:
                blocks.append(_series(block))
                block = []
                if len(lines) > limits.max_rows:
                    raise too_many_rows(limits)
        if block:
            blocks.append(_series(block))
        if not lines and self.problems:
            raise FileError(self.problems[0].sentence)
        check_rows(len(lines), limits)
        columns = tuple(pl.concat(parts) for parts in zip(*blocks, strict=True))
        named = name_columns(first[1] if reading.header else None, columns)
        check_columns(len(named.names), limits, _HINT)
        grid = Grid(
            named.names, named.columns, np.array(lines, dtype=np.int64), "line", notes=named.notes
        )
        for problem in self.problems:
            grid.problems.add(problem)
        grid.problems.count(self.n_problems - len(self.problems))
        if self.blank:
            grid.notes.append(f"{_n_lines(self.blank)} without any text left out.")
        if self.trimmed:
            grid.notes.append(f"Empty cells after the last column of {self.trimmed:,} rows let go.")
        return grid

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with the number of its first line; note those that cannot be read."""
        while True:
            line = self.last + 1
            try:
                row = next(self.reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.last = self.reading.skip + self.reader.line_num
                self._note(line, "", *_quoting(str(error), line, self.last))
                continue
            self.last = self.reading.skip + self.reader.line_num
            if not (any(row) and any(map(str.strip, row))):
                self.blank += 1
                continue
            yield line, row

    def _fitted(self, line: int, row: list[str], n_columns: int) -> list[str]:
        """Return ``row`` with ``n_columns`` cells; note what is not merely empty."""
        if len(row) > n_columns and not any(map(str.strip, row[n_columns:])):
            self.trimmed += 1
        else:
            sentence = (
                f"Line {line:,} has {_n_cells(len(row))} where the first row has {n_columns:,}."
            )
            shown = cut(self.reading.delimiter.join(row))
            self._note(line, shown, _n_cells(n_columns), sentence)
        return row[:n_columns] + [""] * (n_columns - len(row))

    def _note(self, line: int, value: str, expected: str, sentence: str) -> None:
        self.n_problems += 1
        if len(self.problems) < 20:
            self.problems.append(Problem("", line, value, expected, sentence))


def _series(block: list[list[str]]) -> list[pl.Series]:
    """Return the columns of a block of rows of one length."""
    return [pl.Series(cells, dtype=pl.String) for cells in zip(*block, strict=True)]


def _quoting(error: str, line: int, last: int) -> tuple[str, str]:
    """Return what was expected, and the sentence, for what Python's reader found wrong."""
    if "end of data" in error:
        return (
            "a closing quote",
            f"A quote that is opened in line {line:,} is not closed before the file ends.",
        )
    if "field larger" in error:
        return (
            "a shorter cell",
            f"Line {line:,} begins a cell that is not at its end in line {last:,}; it is too long, "
            "or a quote is opened and not closed.",
        )
    return (
        "a delimiter after the closing quote",
        f"Line {line:,} has text behind a closing quote; a quote inside of a quoted cell is "
        "written twice.",
    )


def _undecodable(path: str | Path, reading: Reading) -> FileError:
    """Return the sentence that names the first byte that is not of the encoding."""
    decoder = codecs.getincrementaldecoder(reading.codec)()
    line = 1
    with open(path, "rb") as file:
        while block := file.read(2**20):
            try:
                line += decoder.decode(block).count("\n")
            except UnicodeError as error:
                start = getattr(error, "start", 0)
                data = getattr(error, "object", b"")
                line += data.count(b"\n", 0, start)
                byte = f" (0x{data[start]:02X})" if isinstance(data, bytes) and data else ""
                return FileError(
                    f"Line {line:,} of the file holds a byte{byte} that is not {reading.encoding}; "
                    "set another encoding."
                )
    return FileError(f"The end of the file is not {reading.encoding}; set another encoding.")


def _n_cells(n: int) -> str:
    return "1 cell" if n == 1 else f"{n:,} cells"


def _n_lines(n: int) -> str:
    return "1 line" if n == 1 else f"{n:,} lines"
