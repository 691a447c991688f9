"""cells_across: cells from all over a text file, without reading all of it."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from headwater.sources.files.read_csv import dialect
from headwater.sources.files.reading import Reading

_PIECES = 16
_BYTES = 32_768
"""Of each piece."""


def cells_across(path: str | Path, reading: Reading) -> Iterator[str]:
    """Yield cells of pieces that lie evenly in the file; all cells of a file of half a megabyte.

    A piece may begin within a cell that has line breaks; what is told from the cells by their
    number bears a few odd ones.
    """
    n_bytes = os.path.getsize(path)
    whole = n_bytes <= _PIECES * _BYTES or reading.encoding.startswith("utf-16")
    starts = [0] if whole else [n_bytes * piece // _PIECES for piece in range(_PIECES)]
    with open(path, "rb") as file:
        for start in starts:
            file.seek(start)
            text = file.read(_PIECES * _BYTES if whole else _BYTES)
            lines = text.decode(reading.codec, "replace").replace("\0", "").splitlines(True)
            inner = lines[1 if start else 0 : None if whole else -1]
            try:
                for row in csv.reader(inner, **dialect(reading, strict=False)):
                    yield from row
            except csv.Error:  # a cell longer than the reader takes
                continue
