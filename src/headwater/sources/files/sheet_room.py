"""SheetRoom: how many places the cells of a sheet span, told before they are laid out."""

from __future__ import annotations

import re

from headwater.sources.files.errors import FileError

MOST_ROOM = 32_000_000
"""Places that any sheet may span."""
_ROOM = 4_000_000
"""Places that a sheet may span whatever it holds."""
_SPARSE = 20
"""Places that a sheet may span for each of its cells."""
_ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,10})["']""")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s>/])")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>/])")
_ADDRESSED = re.compile(rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r\s*=\s*["'][A-Za-z]""")


def column_number(letters: bytes) -> int:
    """Return the place of the column “A”, “B” ... from 1."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


class SheetRoom:
    """The range of the cells of one part of a workbook, taken in block by block."""

    def __init__(self) -> None:
        self.n_cells = 0
        self._columns: set[int] = set()
        self._rows: set[int] = set()
        self._widest = 0

    def take(self, text: bytes) -> None:
        """Take in a block of the part."""
        found = _ADDRESS.findall(text)
        if found:
            self._columns.update(map(column_number, {letters for letters, _ in found} - {b""}))
            numbers = [int(number) for number in {number for _, number in found}]
            self._rows.update((min(numbers), max(numbers)))
        n_plain = text.count(b'<c r="')
        if text.count(b"<c") == n_plain and b":c" not in text:
            self.n_cells += n_plain
        else:
            n_cells = len(_CELL.findall(text))
            self.n_cells += n_cells
            if n_cells > len(_ADDRESSED.findall(text)):  # those without address follow each other
                rows = _ROW.split(text)
                self._widest = max(self._widest, *(len(_CELL.findall(row)) for row in rows))
                self._rows.add(len(rows))

    def check(self, name: str) -> None:
        """Raise ``FileError`` where the cells of the part ``name`` lie too far apart."""
        if not self.n_cells:
            return
        columns = self._columns or {1}
        width = max(columns) - min(columns) + 1 + 2 * self._widest  # a row may lie in two blocks
        rows = self._rows or {1}
        room = (max(rows) - min(rows) + 1) * width
        if room > max(_ROOM, min(_SPARSE * self.n_cells, MOST_ROOM)):
            raise FileError(
                f"A sheet ({name}) has {self.n_cells:,} cells spread over {room:,} places; move "
                "them together, and delete what stands far off."
            )
