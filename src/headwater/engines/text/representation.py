"""Representation: texts as rows of numbers; what it learned is a part of the artifact."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

import numpy as np
import scipy.sparse as sp

from headwater.engines.parameters import ParameterError
from headwater.engines.text.code_points import code_points
from headwater.engines.text.contradictions import contradictions
from headwater.engines.text.counting import (
    NOTHING,
    Counted,
    Floats,
    Row,
    Vocabulary,
    find_characters,
    find_words,
)
from headwater.engines.text.declared import REPRESENTATION
from headwater.engines.text.features import FEATURES, hand_made
from headwater.engines.text.normalise import clip
from headwater.engines.text.prepare import preparation

ASCII = 128.0
"""Code points are given in units of it, so that plain letters lie below 1."""

BLOCK = 4_096
"""Texts that are counted at once: what is at hand in between does not grow with their number."""


class Representation:
    """Learned map of texts to the rows of a sparse matrix; a part of the artifact.

    A bag of words has the columns of the words, then of the characters in a row, then of the
    hand-made features, as far as each is asked for. With TF-IDF the values of the words have the
    length 1 together, and so have those of the characters. The features are divided by the
    greatest value that was learned from and are 1 at most. Code points are divided by 128.
    Nothing is ever negative.

    After ``fit``: ``names_``, the term or feature of each column; ``groups_``, “words”,
    “characters”, “feature” or “code point” for each; ``n_columns_``; ``notes_``, sentences about
    what could not be counted. Only ``settings``, terms and arrays are kept in the artifact.

    >>> bag = Representation(min_df=1, max_df=1, characters="none", features=False, tf_idf=False)
    >>> bag.fit(["Hola Hola", "Adios Hola"]).names_
    ('adios', 'adios hola', 'hola', 'hola hola')
    >>> bag.transform(["hola hola HOLA!"]).toarray().tolist()
    [[0.0, 0.0, 3.0, 2.0]]
    """

    names_: tuple[str, ...]
    groups_: tuple[str, ...]
    n_columns_: int
    notes_: list[str]

    def __init__(self, **settings: Any) -> None:
        """Take values of the parameters of ``REPRESENTATION``; those left out have defaults.

        Raises ParameterError for values that do not fit, alone or together.
        """
        self.settings = REPRESENTATION.clean(settings)
        if errors := contradictions(self.settings):
            raise ParameterError(errors)

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = {"settings": json.dumps(self.settings)}
        if hasattr(self, "names_"):
            state |= {
                # One text each: thousands of terms as values of their own would pack slowly.
                "words": json.dumps(self._words.terms),
                "characters": json.dumps(self._characters.terms),
                "word_idf": self._words.idf,
                "character_idf": self._characters.idf,
                "stop_words": json.dumps(sorted(self._stop_words)),
                "feature_scale": self._feature_scale,
                "usual_features": self.usual_features_,
                "notes": list(self.notes_),
            }
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.settings = json.loads(state["settings"])
        if "words" in state:
            self.notes_ = list(state["notes"])
            self._assemble(
                Vocabulary(tuple(json.loads(state["words"])), state["word_idf"]),
                Vocabulary(tuple(json.loads(state["characters"])), state["character_idf"]),
                frozenset(json.loads(state["stop_words"])),
                state["feature_scale"],
                state["usual_features"],
            )

    def fit(self, texts: Sequence[str]) -> Self:
        """Learn terms, their rarity and the scale of the features from ``texts``; returns self.

        Raises VocabularyError, a sentence that names the setting, where no term is left to count.
        A part without terms beside another that has some is told in ``notes_``.
        """
        # Only learning needs scikit-learn; a process that judges goes without.
        from headwater.engines.text.vocabulary import VocabularyError, learn, stop_words

        settings = self.settings
        if not len(texts):
            raise VocabularyError("There are no texts to learn from.")
        self.notes_ = []
        if settings["kind"] == "code_points":
            return self._assemble(NOTHING, NOTHING, frozenset(), np.zeros(0), np.zeros(0))
        clipped = [clip(text, settings["max_length"]) for text in texts]
        prepare = preparation(settings)
        prepared = [prepare(text) for text in clipped]
        parts, faults = {"words": NOTHING, "characters": NOTHING}, []
        if settings["words"]:
            try:
                parts["words"] = learn("words", prepared, settings)
            except VocabularyError as error:
                faults.append(error)
        if settings["characters"] != "none":
            try:
                parts["characters"] = learn("characters", prepared, settings)
            except VocabularyError as error:
                faults.append(error)
        if faults and not any(part.terms for part in parts.values()):
            raise faults[0]
        self.notes_ = [str(fault) for fault in faults]
        scale, usual = _scale(clipped) if settings["features"] else (np.zeros(0), np.zeros(0))
        return self._assemble(
            parts["words"], parts["characters"], stop_words(settings), scale, usual
        )

    def transform(self, texts: Sequence[str]) -> sp.csr_array:
        """Return the (n, n_columns_) float64 values of ``texts``, columns rising in each row."""
        starts = range(0, max(len(texts), 1), BLOCK)
        blocks = [self._transform(texts[at : at + BLOCK]) for at in starts]
        return blocks[0] if len(blocks) == 1 else sp.vstack(blocks, format="csr")

    def product(self, texts: Sequence[str], weights: Floats) -> Floats:
        """Return (n,) ``transform(texts) @ weights``, without putting the matrix together."""
        found = np.zeros(len(texts))
        for at in range(0, len(texts), BLOCK):
            block, first = texts[at : at + BLOCK], 0
            for part in self._columns(block, in_order=False):
                width = part.shape[1]
                found[at : at + BLOCK] += part @ weights[first : first + width]
                first += width
        return found

    def _transform(self, texts: Sequence[str]) -> sp.csr_array:
        parts = [sp.csr_array(part) for part in self._columns(texts, in_order=True)]
        return parts[0] if len(parts) == 1 else sp.hstack(parts, format="csr")

    def _columns(self, texts: Sequence[str], *, in_order: bool) -> Iterator[sp.csr_array | Floats]:
        """Yield the parts that stand side by side; the columns of each rise, or need not."""
        settings = self.settings
        clipped = [clip(text, settings["max_length"]) for text in texts]
        prepare = preparation(settings)
        prepared = [prepare(text) for text in clipped]
        if settings["kind"] == "code_points":
            length = settings["code_points_length"]
            points = [code_points(text, length=length) for text in prepared]
            yield np.array(points, dtype=np.float64).reshape(len(texts), length) / ASCII
            return
        for part in self._parts:
            yield part.rows(prepared, in_order=in_order)
        if settings["features"]:
            figures = np.array([hand_made(text) for text in clipped], dtype=np.float64)
            figures = figures.reshape(len(texts), len(FEATURES))
            yield np.minimum(figures / self._feature_scale, 1.0)

    def fit_transform(self, texts: Sequence[str]) -> sp.csr_array:
        """Return ``fit(texts).transform(texts)``."""
        return self.fit(texts).transform(texts)

    def compile(self) -> Callable[[str], Row]:
        """Return a function that gives one text's columns, rising, and their values, quickly.

        They are the entries of the text's row of ``transform`` that are not zero.
        """
        settings = self.settings
        max_length, prepare = settings["max_length"], preparation(settings)
        if settings["kind"] == "code_points":
            length = settings["code_points_length"]
            everywhere = np.arange(length, dtype=np.int64)

            def points(text: str) -> Row:
                numbers = code_points(prepare(clip(text, max_length)), length=length)
                return everywhere, np.array(numbers, dtype=np.float64) / ASCII

            return points

        parts, offsets = self._parts, self._offsets
        with_features, scale = settings["features"], self._feature_scale
        first_feature = self.n_columns_ - len(scale)

        def row(text: str) -> Row:
            text = clip(text, max_length)
            prepared = prepare(text)
            columns, values = [], []
            for part, offset in zip(parts, offsets, strict=True):
                found, weights = part.row(prepared)
                columns.append(found + offset)
                values.append(weights)
            if with_features:
                figures = np.minimum(np.array(hand_made(text)) / scale, 1.0)
                present = np.flatnonzero(figures)
                columns.append(present + first_feature)
                values.append(figures[present])
            return np.concatenate(columns), np.concatenate(values)

        return row

    def _assemble(
        self,
        words: Vocabulary,
        characters: Vocabulary,
        left_out: frozenset[str],
        feature_scale: Floats,
        usual_features: Floats,
    ) -> Self:
        """Set what follows from what was learned."""
        settings = self.settings
        self._words, self._characters = words, characters
        self._stop_words, self._feature_scale = left_out, feature_scale
        self.usual_features_ = usual_features
        if settings["kind"] == "code_points":
            length = settings["code_points_length"]
            self.names_ = tuple(f"character {at + 1:,}" for at in range(length))
            self.groups_ = ("code point",) * length
        else:
            features = FEATURES if settings["features"] else ()
            self.names_ = (*words.terms, *characters.terms, *features)
            self.groups_ = (
                *("words",) * len(words.terms),
                *("characters",) * len(characters.terms),
                *("feature",) * len(features),
            )
        self.n_columns_ = len(self.names_)
        self._parts, self._offsets = [], []
        if words.terms:
            self._parts.append(
                Counted(words, find_words(words.terms, settings, left_out), settings)
            )
            self._offsets.append(0)
        if characters.terms:
            self._parts.append(
                Counted(characters, find_characters(characters.terms, settings), settings)
            )
            self._offsets.append(len(words.terms))
        return self


def _scale(texts: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the greatest value of each hand-made feature (1 for one that is always 0).

    And the mean of each, of which the greatest is 1.
    """
    figures = np.array([hand_made(text) for text in texts], dtype=np.float64)
    greatest = figures.max(axis=0)
    scale = np.where(greatest > 0, greatest, 1.0)
    return scale, figures.mean(axis=0) / scale
