"""Where a parameter text cannot be read: the text with one character to be marked."""

from __future__ import annotations

from dataclasses import dataclass

AROUND = 48
"""Characters of the text shown before and after the one that is wrong."""


@dataclass(frozen=True, slots=True)
class Misread:
    """Where a parameter text cannot be read: the text with one character to be marked."""

    before: str
    at: str
    after: str


def misread(text: str, position: int) -> Misread:
    """Return the text around ``position``, of the same line, with the character there.

    >>> misread("0, 1e", 3)
    Misread(before='0, ', at='1', after='e')
    >>> misread("[1,", 3)
    Misread(before='[1,', at='', after='')
    """
    before, at, after = text[:position], text[position : position + 1], text[position + 1 :]
    before = before.rpartition("\n")[2]
    if at in "\r\n":
        at, after = "", ""
    after = after.partition("\n")[0].rstrip("\r")
    if len(before) > AROUND:
        before = "…" + before[-AROUND:]
    if len(after) > AROUND:
        after = after[:AROUND] + "…"
    return Misread(before, at, after)
