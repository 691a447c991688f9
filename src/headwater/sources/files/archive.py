"""check_workbook: whether an XLSX file can be opened without harm."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from headwater.sources.files.errors import FileError
from headwater.sources.files.limits import Limits, size
from headwater.sources.files.sheet_room import SheetRoom

MAX_ENTRIES = 2_000
MAX_RATIO = 200
"""Unpacked bytes for each packed one; sheets of figures have 5 to 30."""
_TIMES_MAX_BYTES = 20
"""Unpacked bytes of the whole archive, as a multiple of the bytes that a file may have."""
_SMALL = 2**20
"""Entries up to it may have any ratio."""
_BLOCK = 2**20
_SHARED = re.compile(rb"<(?:\w+:)?si(?=[\s>/])")
_SHARED_CELL = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})""")
_COUNT = re.compile(rb"""\buniqueCount\s*=\s*["']([^"']*)""")
_CORRUPT = "The workbook is damaged and cannot be opened; save it once more in Excel, or as CSV."


def check_workbook(path: str | Path, limits: Limits) -> None:
    """Raise ``FileError`` unless the archive at ``path`` is a workbook of bounded size.

    First its directory is checked, with nothing unpacked: the number of entries, the bytes that
    they unpack to, and how many for each packed one. Then each entry is unpacked in blocks that
    are thrown away, since a directory can lie, and the cells of each sheet are counted against
    the range that they span, since a sheet of two cells at its far corners would be held whole.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_directory(entries, limits)
            _check_kind({entry.filename for entry in entries})
            n_cells = sum(_n_cells(archive, entry) for entry in entries if not entry.is_dir())
            check_shared_texts(archive, n_cells, _TIMES_MAX_BYTES * limits.max_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
        raise FileError(_CORRUPT) from None
    except RuntimeError:  # an entry that is encrypted
        raise FileError("The workbook is protected by a password; save it without one.") from None


def _check_directory(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > MAX_ENTRIES:
        raise FileError(f"The workbook has {len(entries):,} parts; at most {MAX_ENTRIES:,} fit.")
    most = _TIMES_MAX_BYTES * limits.max_bytes
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > most:
        raise FileError(
            f"The workbook unpacks to {size(unpacked)}; at most {size(most)} are taken "
            f"({_TIMES_MAX_BYTES} times DATASET_MAX_BYTES)."
        )
    for entry in entries:
        if entry.file_size > max(_SMALL, MAX_RATIO * entry.compress_size):
            raise FileError(
                f"A part of the workbook unpacks to {size(entry.file_size)} from "
                f"{size(entry.compress_size)}; it is no ordinary workbook."
            )


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise FileError("The file is a binary workbook (.xlsb); save it as .xlsx.")
    if "content.xml" in names and "mimetype" in names:
        raise FileError("The file is an OpenDocument file (.ods); save it as .xlsx or CSV.")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise FileError("The file is a document of Office, but no workbook.")
    raise FileError("The file is a zip archive and no workbook; unpack it first.")


def _n_cells(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """Return the number of cells of ``entry``, unpacked to its end; refuse far-off ones."""
    room = SheetRoom()
    for text in texts_of(archive, entry):
        room.take(text)
        for count in _COUNT.findall(text):
            # the reader makes room for as many texts as a part says it has
            if not count.isdigit() or int(count) > entry.file_size:
                raise FileError(_CORRUPT)
    room.check(entry.filename)
    return room.n_cells


def check_shared_texts(archive: zipfile.ZipFile, n_cells: int, most: int) -> None:
    """Refuse a workbook whose cells repeat long texts until they have more than ``most`` bytes.

    A text that many cells share stands once in the archive, and is copied for each of them when
    the sheet is read. Where all cells could have the longest one, nothing more is looked at.
    """
    names = archive.namelist()
    shared = next((name for name in names if name.lower().endswith("sharedstrings.xml")), None)
    if shared is None:
        return
    lengths: list[int] = []
    for text in texts_of(archive, shared, b"<si"):
        lengths.extend(map(len, _SHARED.split(text)[1:]))
    if n_cells * max(lengths, default=0) <= most:
        return
    total = 0
    for name in names:
        if name.startswith("xl/worksheets/"):
            for text in texts_of(archive, name, b"<row"):
                places = map(int, _SHARED_CELL.findall(text))
                total += sum(lengths[place] for place in places if place < len(lengths))
    if total > most:
        raise FileError(
            f"The texts of the workbook have {size(total)} in all; at most {size(most)} are taken "
            f"({_TIMES_MAX_BYTES} times DATASET_MAX_BYTES)."
        )


def texts_of(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo | str, before: bytes = b"<"
) -> Iterator[bytes]:
    """Yield ``entry`` in blocks of about a megabyte, cut where ``before`` stands."""
    rest = b""
    with archive.open(entry) as file:
        while block := file.read(_BLOCK):
            text = rest + block
            end = text.rfind(before)
            if end <= 0:
                end = len(text) if len(text) > 16 * _BLOCK else 0
            rest = text[end:]
            if end:
                yield text[:end]
    if rest:
        yield rest
