"""count_pieces: the pieces of the words of many texts, counted word by word.

What scikit-learn's ``CountVectorizer(analyzer="char_wb")`` counts, some times as fast: the same
words come again and again, so the pieces of each are cut out once, and the counts of all texts are
a product of two matrices.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from headwater.engines.text.terms import pieces_of


def count_pieces(texts: Sequence[str], low: int, high: int) -> tuple[sp.csr_array, list[str]]:
    """Return the (n, pieces) counts of ``texts``, and the pieces in their order."""
    words_of_texts, words = count_words(texts)
    pieces: dict[str, int] = {}
    in_words, word_ends = array("i"), [0]
    for word in words:
        in_words.extend(
            [pieces.setdefault(piece, len(pieces)) for piece in pieces_of(word, low, high)]
        )
        word_ends.append(len(in_words))
    terms = sorted(pieces)
    place = np.empty(len(terms), dtype=np.int32)
    place[[pieces[term] for term in terms]] = np.arange(len(terms))
    pieces_of_words = _counts(in_words, word_ends, len(pieces))
    in_order = place[pieces_of_words.indices]
    pieces_of_words = sp.csr_array(
        (pieces_of_words.data, in_order, pieces_of_words.indptr), shape=pieces_of_words.shape
    )
    return sp.csr_array(words_of_texts @ pieces_of_words), terms


def count_words(texts: Sequence[str]) -> tuple[sp.csr_array, list[str]]:
    """Return the (n, words) counts of what spaces separate in ``texts``, and those words."""
    words: dict[str, int] = {}
    in_texts, ends = array("i"), [0]
    for text in texts:
        in_texts.extend([words.setdefault(word, len(words)) for word in text.split()])
        ends.append(len(in_texts))
    return _counts(in_texts, ends, len(words)), list(words)


def keep(
    counts: sp.csr_array, *, least: float, most: float, limit: int | None
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which columns lie in ``least`` to ``most`` texts: the ``limit`` most frequent ones."""
    n = counts.shape[0]
    of_texts = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = (of_texts >= (least if least >= 1 else least * n)) & (
        of_texts <= (most if most > 1 else most * n)
    )
    if limit is not None and kept.sum() > limit:
        totals = np.asarray(counts.sum(axis=0)).ravel()
        frequent = np.flatnonzero(kept)[(-totals[kept]).argsort()[:limit]]
        kept = np.zeros(len(kept), dtype=bool)
        kept[frequent] = True
    return kept


def stacked(columns: bytes | array[int], ends: Sequence[int], width: int) -> sp.csr_array:
    """Return the matrix of ``width`` columns whose rows end at ``ends`` in ``columns`` (int32).

    It has a 1 for each column that is named; a column named twice in a row has two of them.
    """
    indices = np.frombuffer(columns, dtype=np.int32).copy() if columns else np.zeros(0, np.int32)
    # Indices as narrow as can be: liblinear takes no wider ones.
    narrow = np.int32 if len(indices) <= np.iinfo(np.int32).max else np.int64
    return sp.csr_array(
        (np.ones(len(indices)), indices, np.array(ends, dtype=narrow)),
        shape=(len(ends) - 1, width),
    )


def _counts(columns: array[int], ends: list[int], width: int) -> sp.csr_array:
    X = stacked(columns, ends, width)
    X.sum_duplicates()
    return X
