"""What is counted in a text: words and rows of words, characters in a row.

The terms are those of scikit-learn's ``CountVectorizer``; written out here because a whole
vectoriser takes too long for one comment. Columns are handed on as the bytes of 32-bit integers,
which join and become an array without a Python number for each.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Mapping

Find = Callable[[str], bytes]
"""Prepared text -> the columns of its terms, one for each time that a term occurs (int32)."""

WORD = r"(?u)\b\w\w+\b"
"""A word: two or more letters, digits or underscores."""

_find_words = re.compile(WORD).findall
_WIDE_SPACE = re.compile(r"\s\s+")
_REMEMBERED = 20_000
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
) -> Find:
    """Return a function text -> the column of each of its known rows of ``low``..``high`` words."""
    known = columns.get

    def found(text: str) -> bytes:
        words = _find_words(text)
        if stop_words:
            words = [word for word in words if word not in stop_words]
        columns = list(map(known, words)) if low == 1 else []
        row = words
        for length in range(2, high + 1):
            # Each row is the one that is shorter by a word, and one word more.
            row = [f"{head} {word}" for head, word in zip(row, words[length - 1 :], strict=False)]
            if length >= low:
                columns += map(known, row)
        return _packed([column for column in columns if column is not None])

    return found


def within_words_columns(columns: Mapping[str, int], low: int, high: int) -> WithinWords:
    """Return a function text -> the column of each known piece of its words (“char_wb”)."""
    return WithinWords(columns, low, high)


def anywhere_columns(columns: Mapping[str, int], low: int, high: int) -> Find:
    """Return a function text -> the column of each known row of characters in it (“char”)."""
    known = columns.get

    def found(text: str) -> bytes:
        text = _WIDE_SPACE.sub(" ", text)
        return _packed(
            [
                column
                for length in range(low, high + 1)
                for at in range(len(text) - length + 1)
                if (column := known(text[at : at + length])) is not None
            ]
        )

    return found


class WithinWords:
    """text -> the column of each known piece of its words (“char_wb”).

    The pieces of a word do not depend on where it stands, so they are looked up once per word.
    """

    def __init__(self, columns: Mapping[str, int], low: int, high: int) -> None:
        self.of_word = _PiecesOfWords(columns, low, high).__getitem__
        """Word, without spaces -> the columns of its pieces."""

    def __call__(self, text: str) -> bytes:
        return b"".join(map(self.of_word, text.split()))


class _PiecesOfWords(dict[str, bytes]):
    """Word -> the columns of its pieces, which do not depend on where it stands: remembered."""

    def __init__(self, columns: Mapping[str, int], low: int, high: int) -> None:
        super().__init__()
        self._columns, self._low, self._high = columns, low, high

    def __missing__(self, word: str) -> bytes:
        known = map(self._columns.get, pieces_of(word, self._low, self._high))
        columns = _packed([column for column in known if column is not None])
        if len(word) <= 40:  # longer ones hardly come again
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = columns
        return columns


def _packed(columns: list[int]) -> bytes:
    return array("i", columns).tobytes()


def pieces_of(word: str, low: int, high: int) -> Iterator[str]:
    """Yield the rows of characters of ``word`` with a space before and after it."""
    word = f" {word} "
    for length in range(low, high + 1):
        if length >= len(word):
            yield word  # a short word counts once
            return
        for at in range(len(word) - length + 1):
            yield word[at : at + length]
