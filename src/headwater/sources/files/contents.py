"""format_of: what a file is by its content, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from headwater.sources.files.archive import check_workbook
from headwater.sources.files.errors import FileError
from headwater.sources.files.limits import Limits

_OTHERS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "packed with gzip; unpack it first"),
    (b"\xfd7zXZ", "packed with xz; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"ARROW1", "an Arrow file; save it as Parquet"),
    (b"\x7fELF", "a program"),
    (b"\x00\x00\xfe\xff", "UTF-32; save it as UTF-8"),
    (b"\xff\xfe\x00\x00", "UTF-32; save it as UTF-8"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 11, 12, 13, 26, 27))


def format_of(path: str | Path, limits: Limits) -> str:
    """Return “csv”, “xlsx” or “parquet”; refuses whatever is none of them with what it is."""
    with open(path, "rb") as file:
        head = file.read(65_536)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        check_workbook(path, limits)
        return "xlsx"
    if head.startswith(_OLD_OFFICE):
        raise FileError(_old_office(path))
    for start, what in _OTHERS:
        if head.startswith(start):
            raise FileError(f"The file is {what}; {_TAKEN}")
    if not head.startswith(_MARKS):
        _check_text(head)
    return "csv"


_TAKEN = "CSV, XLSX and Parquet files are taken."


def _old_office(path: str | Path) -> str:
    with open(path, "rb") as file:
        protected = _ENCRYPTED in file.read()
    if protected:
        return "The workbook is protected by a password; save it without one."
    return "The file is of the old Excel format (.xls); save it as .xlsx or CSV."


def _check_text(head: bytes) -> None:
    begin = head.lstrip()[:200].lower()
    if begin.startswith((b"<!doctype html", b"<html", b"<table")):
        raise FileError(f"The file is a web page, whatever its name says; {_TAKEN}")
    if begin.startswith(b"<?xml"):
        raise FileError(f"The file is XML; {_TAKEN}")
    if begin.startswith((b"[{", b'{"', b"[\n", b"{\n", b"{\r\n")):
        raise FileError(f"The file is JSON; {_TAKEN}")
    odd = len(head) - len(head.translate(None, _CONTROLS))
    zeros = head.count(0)
    if odd > 0.02 * len(head) and not _is_wide(head, zeros):
        raise FileError(f"The file is no text; {_TAKEN}")


def _is_wide(head: bytes, zeros: int) -> bool:
    """Return whether the zero bytes stand at every other place, as in UTF-16 without a mark."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return zeros > 0.2 * len(head) and min(even, odd) < 0.05 * zeros
