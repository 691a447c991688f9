"""learn: the terms of many texts, and how rare each is, by scikit-learn's vectoriser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from sklearn.feature_extraction.text import (
    ENGLISH_STOP_WORDS,
    CountVectorizer,
    TfidfTransformer,
)

from headwater.engines.text.contradictions import figure, listed
from headwater.engines.text.counting import Vocabulary
from headwater.engines.text.pieces import count_pieces, keep
from headwater.engines.text.prepare import preparation
from headwater.engines.text.terms import WORD, words_of

Part = Literal["words", "characters"]


class VocabularyError(ValueError):
    """The texts leave nothing to count under the settings; the sentence names the setting."""


def learn(part: Part, texts: Sequence[str], settings: Mapping[str, Any]) -> Vocabulary:
    """Return the terms of ``texts``, which are prepared already, by cleaned ``settings``.

    Raises VocabularyError where nothing is left to count.
    """
    if part == "characters" and settings["characters"] == "char_wb":
        counts, terms = _pieces(texts, settings)
    else:
        vectoriser = _vectoriser(part, settings, *_limits(settings))
        try:
            counts = vectoriser.fit_transform(texts)
        except ValueError as error:  # scikit-learn's own words name no setting of ours
            raise VocabularyError(_why(part, texts, settings)) from error
        terms = tuple(str(term) for term in vectoriser.get_feature_names_out())
    if not terms:
        raise VocabularyError(_why(part, texts, settings))
    if not settings["tf_idf"]:
        return Vocabulary(terms, np.ones(len(terms)))
    return Vocabulary(terms, np.asarray(TfidfTransformer().fit(counts).idf_, dtype=np.float64))


def _pieces(texts: Sequence[str], settings: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
    low, high = settings["character_ngram_min"], settings["character_ngram_max"]
    counts, pieces = count_pieces(texts, low, high)
    if settings["binary"]:
        counts.data[:] = 1.0
    least, most = _limits(settings)
    kept = np.flatnonzero(keep(counts, least=least, most=most, limit=settings["max_features"]))
    return counts[:, kept], tuple(pieces[column] for column in kept)


def stop_words(settings: Mapping[str, Any]) -> frozenset[str]:
    """Return the words that are left out; given ones as they read after preparation."""
    match settings["stop_words"]:
        case "english":
            return frozenset(ENGLISH_STOP_WORDS)
        case "given":
            return frozenset(words_of(preparation(settings)(settings["given_stop_words"] or "")))
    return frozenset()


def fixed(settings: Mapping[str, Any]) -> list[str] | None:
    """Return the terms of the fixed vocabulary as they read after preparation; None: learn."""
    prepared = preparation(settings)
    terms = [" ".join(words_of(prepared(term))) for term in listed(settings["vocabulary"] or "")]
    return sorted({term for term in terms if term}) if settings["vocabulary"] else None


def _limits(settings: Mapping[str, Any]) -> tuple[float, float]:
    """Return the least and most texts with a term as scikit-learn takes them: share or count."""
    low, high = settings["min_df"], settings["max_df"]
    return (int(low) if low >= 1 else float(low)), (int(high) if high > 1 else float(high))


def _vectoriser(
    part: Part, settings: Mapping[str, Any], low: float, high: float, *, stop: bool = True
) -> CountVectorizer:
    given = fixed(settings) if part == "words" else None
    if given is not None and not given:
        raise VocabularyError(
            "“Fixed vocabulary” (vocabulary) has no word of two or more letters or digits."
        )
    group = "word" if part == "words" else "character"
    left_out = sorted(stop_words(settings)) if part == "words" and stop else []
    return CountVectorizer(
        lowercase=False,  # the texts are prepared
        analyzer="word" if part == "words" else settings["characters"],
        token_pattern=WORD,
        ngram_range=(settings[f"{group}_ngram_min"], settings[f"{group}_ngram_max"]),
        stop_words=left_out or None,
        min_df=low,
        max_df=high,
        max_features=settings["max_features"] if given is None else None,
        binary=settings["binary"],
        vocabulary=given,
        dtype=np.float64,
    )


def _why(part: Part, texts: Sequence[str], settings: Mapping[str, Any]) -> str:
    """Return why ``texts`` leave no term to count, by trying with fewer settings."""
    what = "words" if part == "words" else "pieces of words"
    if not _can_count(_vectoriser(part, settings, 1, 1.0, stop=False), texts):
        return f"The {_texts(len(texts))} to learn from have no {what} to count."
    if part == "words" and not _can_count(_vectoriser(part, settings, 1, 1.0), texts):
        return (
            f"“Stop words” (stop_words) leaves out all the words of the {_texts(len(texts))} to "
            "learn from. Leave out fewer."
        )
    low, _ = _limits(settings)
    name, label, advice = (
        ("max_df", "Most texts with a term", "Raise it, or lower “Least texts with a term”")
        if _can_count(_vectoriser(part, settings, low, 1.0), texts)
        else ("min_df", "Least texts with a term", "Lower it, or learn from more texts")
    )
    return (
        f"“{label}” ({name}) is {figure(settings[name])} and leaves out all the {what} of the "
        f"{_texts(len(texts))} to learn from. {advice}."
    )


def _texts(n: int) -> str:
    return "one text" if n == 1 else f"{n:,} texts"


def _can_count(vectoriser: CountVectorizer, texts: Sequence[str]) -> bool:
    try:
        vectoriser.fit(texts)
    except ValueError:
        return False
    return True
