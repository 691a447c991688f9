"""What is counted in a text: words and rows of words, characters in a row.

The terms are those of scikit-learn's ``CountVectorizer``, and in its order; written out here
because a whole vectoriser takes too long for one comment.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

WORD = r"(?u)\b\w\w+\b"
"""A word: two or more letters, digits or underscores."""

_find_words = re.compile(WORD).findall
_WIDE_SPACE = re.compile(r"\s\s+")
_CACHED = 20_000
"""Different words whose pieces are remembered, at most."""


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in their order."""
    return _find_words(text)


def plain_accents(text: str) -> str:
    """Return ``text`` without the accents of its letters."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def word_columns(
    columns: Mapping[str, int], low: int, high: int, stop_words: frozenset[str]
) -> Callable[[str], list[int]]:
    """Return a function text -> the column of each of its known rows of ``low``..``high`` words."""
    known = columns.get

    def found(text: str) -> list[int]:
        words = _find_words(text)
        if stop_words:
            words = [word for word in words if word not in stop_words]
        columns = [known(word) for word in words] if low == 1 else []
        row = words
        for length in range(2, high + 1):
            # Each row is the one that is shorter by a word, and one word more.
            row = [f"{head} {word}" for head, word in zip(row, words[length - 1 :], strict=False)]
            if length >= low:
                columns += map(known, row)
        return [column for column in columns if column is not None]

    return found


def within_words_columns(
    columns: Mapping[str, int], low: int, high: int
) -> Callable[[str], list[int]]:
    """Return a function text -> the column of each known piece of its words (“char_wb”).

    The pieces of a word do not depend on where it stands, so they are looked up once per word.
    """
    known = columns.get
    cache: dict[str, tuple[int, ...]] = {}

    def pieces(word: str) -> tuple[int, ...]:
        found = tuple(
            column for piece in _pieces(word, low, high) if (column := known(piece)) is not None
        )
        if len(word) <= 40:  # longer ones hardly come again
            if len(cache) >= _CACHED:
                cache.clear()
            cache[word] = found
        return found

    def found(text: str) -> list[int]:
        columns: list[int] = []
        for word in text.split():
            known_pieces = cache.get(word)
            columns += pieces(word) if known_pieces is None else known_pieces
        return columns

    return found


def anywhere_columns(columns: Mapping[str, int], low: int, high: int) -> Callable[[str], list[int]]:
    """Return a function text -> the column of each known row of characters in it (“char”)."""
    known = columns.get

    def found(text: str) -> list[int]:
        text = _WIDE_SPACE.sub(" ", text)
        return [
            column
            for length in range(low, high + 1)
            for at in range(len(text) - length + 1)
            if (column := known(text[at : at + length])) is not None
        ]

    return found


def _pieces(word: str, low: int, high: int) -> Iterator[str]:
    """Yield the rows of characters of ``word`` with a space before and after it."""
    word = f" {word} "
    for length in range(low, high + 1):
        if length >= len(word):
            yield word  # a short word counts once
            return
        for at in range(len(word) - length + 1):
            yield word[at : at + length]
