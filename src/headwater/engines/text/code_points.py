"""code_points: a text as the number of each of its characters."""

from __future__ import annotations

SPACE = 32
"""Fills a text that is too short."""


def code_points(text: str, *, length: int) -> tuple[int, ...]:
    """Return the Unicode code points of the first ``length`` characters, filled up with spaces.

    >>> code_points("Hola!", length=7)
    (72, 111, 108, 97, 33, 32, 32)
    """
    return tuple(map(ord, text[:length].ljust(length)))
