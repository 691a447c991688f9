"""Counted: the terms of one part of a representation, and the values of a text under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from headwater.engines.text.pieces import count_words, stacked
from headwater.engines.text.terms import (
    Find,
    WithinWords,
    anywhere_columns,
    within_words_columns,
    word_columns,
)

Floats = NDArray[np.float64]
Row = tuple[NDArray[np.int64], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The terms of one part of a representation, in the order of their columns."""

    terms: tuple[str, ...]
    idf: Floats
    """log((1 + n) / (1 + n with the term)) + 1 for each term, or 1 without TF-IDF."""


NOTHING = Vocabulary((), np.zeros(0))
"""The vocabulary of a part that is not counted."""


def find_words(
    terms: Sequence[str], settings: Mapping[str, Any], stop_words: frozenset[str]
) -> Find:
    """Return the function that finds the columns of ``terms``, rows of words, in a text."""
    return word_columns(
        {term: at for at, term in enumerate(terms)},
        settings["word_ngram_min"],
        settings["word_ngram_max"],
        stop_words,
    )


def find_characters(terms: Sequence[str], settings: Mapping[str, Any]) -> Find:
    """Return the function that finds the columns of ``terms``, rows of characters, in a text."""
    columns = within_words_columns if settings["characters"] == "char_wb" else anywhere_columns
    return columns(
        {term: at for at, term in enumerate(terms)},
        settings["character_ngram_min"],
        settings["character_ngram_max"],
    )


class Counted:
    """One part of a fitted bag of words: prepared text -> values of its terms."""

    def __init__(self, vocabulary: Vocabulary, find: Find, settings: Mapping[str, Any]) -> None:
        self._find = find
        self._idf = vocabulary.idf
        self._binary = bool(settings["binary"])
        self._tf_idf = bool(settings["tf_idf"])
        self._sublinear = bool(settings["sublinear_tf"])

    def row(self, text: str) -> Row:
        """Return the columns of the terms that ``text`` has, rising, and their values."""
        columns = np.frombuffer(self._find(text), dtype=np.int32).astype(np.int64)
        if not len(columns):
            return columns, np.zeros(0)
        columns.sort()
        firsts, counts = _counted(columns)
        columns = columns[firsts]
        if self._binary:
            counts[:] = 1.0
        if self._tf_idf:
            if self._sublinear:
                counts = np.log(counts) + 1.0
            counts *= self._idf[columns]
            counts /= np.sqrt(counts @ counts)
        return columns, counts

    def rows(self, texts: Sequence[str], *, in_order: bool = True) -> sp.csr_array:
        """Return the (n, terms) values of ``texts``; its columns rise, if that is asked for."""
        X, is_summed = self._counts(texts)
        if in_order or not is_summed:
            X.sum_duplicates()
        if self._binary:
            X.data[:] = 1.0
        if self._tf_idf:
            if self._sublinear:
                X.data = np.log(X.data) + 1.0
            X.data *= self._idf[X.indices]
            rows = np.repeat(np.arange(len(texts)), np.diff(X.indptr))
            X.data /= np.sqrt(np.bincount(rows, X.data**2, minlength=len(texts)))[rows]
        return X

    def _counts(self, texts: Sequence[str]) -> tuple[sp.csr_array, bool]:
        """Return the counts, and whether each column stands once in a row."""
        width = len(self._idf)
        if not isinstance(self._find, WithinWords):
            return _stacked([self._find(text) for text in texts], width), False
        # Texts share most of their words: a product of two matrices counts the pieces.
        counts, words = count_words(texts)
        found = counts @ _stacked([self._find.of_word(word) for word in words], width)
        return sp.csr_array(found), True


def _stacked(found: Sequence[bytes], width: int) -> sp.csr_array:
    """Return the matrix with a row for each of ``found``, packed columns, and 1 for each column."""
    ends = [0, *accumulate(len(columns) // 4 for columns in found)]
    return stacked(b"".join(found), ends, width)


def _counted(ordered: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """Return where each different number of ``ordered`` comes first, and how often it comes."""
    new = np.ones(len(ordered) + 1, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:-1])
    ends = new.nonzero()[0]
    return ends[:-1], (ends[1:] - ends[:-1]).astype(np.float64)
