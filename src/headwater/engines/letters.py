"""Letters: the number that stands behind the letter of a group."""

from __future__ import annotations


def index_of(letter: str) -> int:
    """Return the number of a letter: A is 0, Z is 25, AA is 26.

    >>> index_of("A"), index_of("Z"), index_of("AA")
    (0, 25, 26)
    """
    number = 0
    for character in letter.upper():
        number = number * 26 + max(1, min(26, ord(character) - ord("A") + 1))
    return number - 1
