"""Reading: how a file is read; found by ``detect``, corrected by a person, kept as JSON."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from headwater.sources.files.errors import FileError

FORMATS = ("csv", "xlsx", "parquet")
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
QUOTES = {'"': "double quote", "'": "single quote", "": "none"}
DECIMALS = {".": "point", ",": "comma"}
THOUSANDS = {"": "none", ",": "comma", ".": "point", "'": "apostrophe", " ": "space"}
DATE_ORDERS = {
    "ymd": "year, month, day",
    "dmy": "day, month, year",
    "mdy": "month, day, year",
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16, little end first, without mark",
    "utf-16-be": "UTF-16, big end first, without mark",
    "cp1252": "Windows-1252 (Western)",
    "latin-1": "ISO 8859-1 (Western)",
    "iso8859-15": "ISO 8859-15 (Western, with €)",
    "cp1250": "Windows-1250 (Central European)",
    "iso8859-2": "ISO 8859-2 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp850": "DOS 850 (Western)",
    "mac-roman": "Mac Roman (Western)",
    "shift_jis": "Shift JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "euc_kr": "EUC-KR (Korean)",
}
"""Encodings that a person may choose."""
MISSING = (
    "",
    "na",
    "n/a",
    "#n/a",
    "#n/a n/a",
    "#na",
    "<na>",
    "nan",
    "null",
    "(null)",
    "none",
    "nil",
    "-",
    "--",
    "–",
    "—",
    "?",
    ".",
    "\\n",
)
r"""Spellings of a missing value, in small letters; capitals make no difference (``\N`` is one)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of a file are found, and what they mean."""

    format: str = "csv"
    encoding: str = "utf-8"
    """Of a text file; a mark at its beginning is not part of the text."""
    delimiter: str = ","
    quote: str = '"'
    """Around cells that hold a delimiter or a line break; "": none is known."""
    decimal: str = "."
    thousands: str = ""
    """" " stands for all kinds of space, "'" for the straight and the curved apostrophe."""
    header: bool = True
    skip: int = 0
    """Lines (of a sheet: rows) above the header, or above the first row where there is none."""
    date_order: str = "ymd"
    """Of dates in figures such as 3/4/2024; 2024-03-04 is read under any of them."""
    sheet: str = ""
    """Of a workbook; "": its first visible sheet that is not empty."""
    missing: tuple[str, ...] = MISSING
    """Cells that are read as missing, in small letters."""
    notes: tuple[str, ...] = ()
    """Sentences of what was noticed when the reading was found."""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        json = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**json, "missing": list(self.missing), "notes": list(self.notes)}

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Reading:
        """Return what ``as_json`` gave, or a person chose; keys that are not given have defaults.

        Raises ``FileError`` where a value is none of those that fit.
        """
        known = {one.name for one in fields(cls)}
        for key in json:
            if key not in known:
                raise FileError(f"A reading has no “{key}”; it has {', '.join(sorted(known))}.")
        given = dict(json)
        for key in ("missing", "notes"):
            if key in given:
                given[key] = _texts(key, given[key])
        if "missing" in given:
            given["missing"] = tuple(text.strip().lower() for text in given["missing"])
        reading = cls(**given)
        reading.check()
        return reading

    def check(self) -> None:
        """Raise ``FileError`` for the first value that does not fit."""
        choices: dict[str, Any] = {
            "format": FORMATS,
            "delimiter": DELIMITERS,
            "quote": QUOTES,
            "decimal": DECIMALS,
            "thousands": THOUSANDS,
            "date_order": DATE_ORDERS,
        }
        for name, known in choices.items():
            if not isinstance(getattr(self, name), str) or getattr(self, name) not in known:
                fitting = ", ".join(f"“{one}”" for one in known)
                raise FileError(
                    f"The reading's {name} was {getattr(self, name)!r}; it takes {fitting}."
                )
        if not isinstance(self.encoding, str) or self.encoding not in ENCODINGS:
            raise FileError(
                f"The encoding {self.encoding!r} is not known; there are {', '.join(ENCODINGS)}."
            )
        if self.decimal == self.thousands:
            raise FileError(
                f"“{self.decimal}” cannot stand before decimals and between thousands alike."
            )
        if self.delimiter == " " and self.thousands == " ":
            raise FileError("A space cannot stand between cells and between thousands alike.")
        if not isinstance(self.header, bool):
            raise FileError(f"The reading's header was {self.header!r}; it takes true or false.")
        if isinstance(self.skip, bool) or not isinstance(self.skip, int) or self.skip < 0:
            raise FileError(f"The lines to skip were {self.skip!r}; they take a whole number.")
        if not isinstance(self.sheet, str):
            raise FileError(f"The sheet was {self.sheet!r}; it takes the name of a sheet.")

    @property
    def codec(self) -> str:
        """The codec that opens the file; it leaves out a mark at the beginning."""
        return "utf-8-sig" if self.encoding == "utf-8" else codecs.lookup(self.encoding).name


def _texts(key: str, given: Any) -> tuple[str, ...]:
    if isinstance(given, str) or not all(isinstance(one, str) for one in given):
        raise FileError(f"The reading's {key} takes a list of texts.")
    return tuple(given)
