"""marks_of: decimal sign, thousands sign and order of dates, by what the cells bear out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_SIGNS = re.compile(r"^[+\-−(]*\s*[$£€¥₹]?\s*[+\-−]?(.*?)\s*[%$£€¥₹]?\)?$")
_FIGURES = re.compile(r"^[0-9.,'’ \u00a0\u2009\u202f]+$")
_DATE = re.compile(r"^([0-9]{1,2})([-/.]) ?([0-9]{1,2})\2 ?([0-9]{4}|[0-9]{2})(?:[ ,T].*)?$")


@dataclass(frozen=True, slots=True)
class Marks:
    """Signs of numbers and the order of dates."""

    decimal: str
    thousands: str
    date_order: str
    is_unclear: bool
    """Whether a decimal comma was chosen though all such numbers could have thousands signs."""


def marks_of(cells: Iterable[str], delimiter: str) -> Marks:
    """Return the signs that most of ``cells`` speak for.

    “1.234,5” and “12,25” speak for a decimal comma, “1,234.5” and “12.25” for a point. Where
    only such as “1,234” are there, the comma is a decimal sign in files cut by semicolons, and
    one of thousands elsewhere. Of dates, a figure above 12 tells which is the day; where none
    does, those with points or dashes are read day first, and those with slashes too.
    """
    decimals: Counter[str] = Counter()
    thousands: Counter[str] = Counter()
    unclear: Counter[str] = Counter()
    orders: Counter[str] = Counter()
    for cell in cells:
        text = cell.strip()
        if not text or not any(map(str.isdigit, text)):
            continue
        if date := _DATE.match(text):
            orders[_order(int(date[1]), int(date[3]))] += 1
            continue
        body = _SIGNS.sub(r"\1", text)
        if _FIGURES.match(body):
            _judge(body, decimals, thousands, unclear)
    decimal = _decimal(decimals, thousands, unclear, delimiter)
    other = "," if decimal == "." else "."
    thousands[other] += unclear[other]
    thousands[decimal] = 0
    if delimiter == " ":
        thousands[" "] = 0
    mark, count = max(thousands.items(), key=lambda pair: pair[1], default=("", 0))
    order = "ymd"
    if orders:
        order = "mdy" if orders["mdy"] > orders["dmy"] else "dmy"
    is_unclear = decimal == "," and not decimals and not thousands["."]
    return Marks(decimal, mark if count else "", order, is_unclear)


def _order(first: int, second: int) -> str:
    if first > 12 >= second:
        return "dmy"
    if second > 12 >= first:
        return "mdy"
    return "either"


def _judge(
    body: str, decimals: Counter[str], thousands: Counter[str], unclear: Counter[str]
) -> None:
    """Count what one number speaks for."""
    text = re.sub(r"[ \u00a0\u2009\u202f]", " ", body.strip()).replace("’", "'")
    for mark in " '":
        if re.fullmatch(rf"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+(?:[.,][0-9]*)?", text):
            thousands[mark] += 1
            text = text.replace(mark, "")
            if "," in text or "." in text:
                decimals["," if "," in text else "."] += 1
            return
    commas, points = text.count(","), text.count(".")
    if commas and points:
        last = "," if text.rfind(",") > text.rfind(".") else "."
        other = "." if last == "," else ","
        if text.count(last) == 1:
            decimals[last] += 1
            thousands[other] += 1
        return
    for mark, count in ((",", commas), (".", points)):
        if count > 1 and re.fullmatch(rf"[0-9]{{1,3}}(?:\{mark}[0-9]{{2,3}})+", text):
            thousands[mark] += 1
        elif count == 1:
            if re.fullmatch(rf"[1-9][0-9]{{0,2}}\{mark}[0-9]{{3}}", text):
                unclear[mark] += 1
            else:
                decimals[mark] += 1


def _decimal(
    decimals: Counter[str], thousands: Counter[str], unclear: Counter[str], delimiter: str
) -> str:
    if decimals:
        return "," if decimals[","] > decimals["."] else "."
    if thousands["."] > thousands[","]:
        return ","
    if thousands[","]:
        return "."
    return "," if unclear[","] and not unclear["."] and delimiter == ";" else "."
