"""A workbook's sheets: which there are, their cells, and the cells that its reader leaves empty."""

from __future__ import annotations

import posixpath
import re
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

import python_calamine

from headwater.sources.files.archive import texts_of
from headwater.sources.files.errors import FileError
from headwater.sources.files.sheet_room import column_number

_ROW_OR_CELL = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s>/])")
_ROW_NUMBER = re.compile(rb"""<(?:\w+:)?row(?=[\s>/])(?:[^<>]*?\sr\s*=\s*["']([0-9]{1,7}))?""")
_ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</)")
_DAMAGED = "The workbook is damaged and cannot be opened; save it once more in Excel, or as CSV."


def open_workbook(path: str | Path) -> python_calamine.CalamineWorkbook:
    """Return the opened workbook."""
    try:
        return python_calamine.load_workbook(str(path))
    except (python_calamine.CalamineError, OSError, ValueError):
        raise FileError(_DAMAGED) from None


def sheet_names(book: python_calamine.CalamineWorkbook) -> list[str]:
    """Return the names of the sheets with cells, those that can be seen first."""
    sheets = [
        one for one in book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    visible = python_calamine.SheetVisibleEnum.Visible
    return [one.name for one in sheets if one.visible == visible] + [
        one.name for one in sheets if one.visible != visible
    ]


def open_sheet(book: python_calamine.CalamineWorkbook, name: str) -> python_calamine.CalamineSheet:
    """Return the sheet called ``name``; "": the first that holds anything, hidden ones last."""
    names = sheet_names(book)
    if name and name not in names:
        raise FileError(
            f"The workbook has no sheet “{name}”; it has {', '.join(f'“{one}”' for one in names)}."
        )
    for candidate in [name] if name else names:
        try:
            sheet = book.get_sheet_by_name(candidate)
        except (python_calamine.CalamineError, OSError, ValueError):
            raise FileError(_DAMAGED) from None
        if sheet.start is not None:
            return sheet
    raise FileError(f"The sheet “{name}” is empty." if name else "All sheets are empty.")


def cell_text(cell: Any, decimal: str = ".") -> str:
    """Return a cell as the text that a person reads in it: 12 and not 12.0, dates as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        text = str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        return text.replace(".", decimal)
    if isinstance(cell, datetime):
        day_only = cell.time() == time()
        return cell.date().isoformat() if day_only else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return repr(cell / timedelta(days=1)).replace(".", decimal)
    return str(cell)


def unread_cells(path: str | Path, name: str) -> dict[tuple[int, int], str]:
    """Return the cells of a sheet that its reader gives as empty though they are not.

    (row, column), from 0 -> “#DIV/0!” of an error, or the formula of one that was saved without
    its result.
    """
    found: dict[tuple[int, int], str] = {}
    with zipfile.ZipFile(path) as archive:
        row = column = -1
        for text in texts_of(archive, _part_of(archive, name), b"<row"):
            if b"<f" not in text and b":f" not in text and not _IS_ERROR.search(text):
                numbers = _ROW_NUMBER.findall(text)
                row = int(numbers[-1]) - 1 if numbers and numbers[-1] else row + len(numbers)
                continue
            _, *pieces = _ROW_OR_CELL.split(text)
            for kind, piece in zip(pieces[::2], pieces[1::2], strict=True):
                attributes, _, body = piece.partition(b">")
                address = _ADDRESS.search(attributes)
                if kind == b"row":
                    row, column = int(address[2]) - 1 if address else row + 1, -1
                    continue
                column = column_number(address[1]) - 1 if address and address[1] else column + 1
                if shown := _unread(attributes, body):
                    found[(row, column)] = shown
    return found


def _unread(attributes: bytes, body: bytes) -> str:
    """Return what a cell shows that its reader leaves empty; "" for others."""
    value = _VALUE.search(body)
    held = value[1].decode("utf-8", "replace") if value else ""
    if _IS_ERROR.search(attributes):
        return unescape(held) or "#ERROR"
    formula = _FORMULA.search(body)
    if formula is not None and not held and b"<is" not in body:
        return "=" + unescape((formula[1] or b"").decode("utf-8", "replace"))
    return ""


def _part_of(archive: zipfile.ZipFile, name: str) -> str:
    """Return where in the archive the sheet called ``name`` stands."""
    try:
        # expat bounds what entities grow to
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, LookupError, ValueError, ElementTree.ParseError):
        raise FileError(_DAMAGED) from None
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    parts = {part.lower(): part for part in archive.namelist()}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and sheet.get("name") == name:
            link = next((key for key in sheet.attrib if key.endswith("}id")), "")
            part = posixpath.normpath(posixpath.join("/xl", targets.get(sheet.get(link), "")))
            if found := parts.get(part.lstrip("/").lower()):
                return found
    raise FileError(_DAMAGED)
