"""The default settings on people's comments, and on long letters and short messages made here."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from headwater.engines.text.representation import Representation
from tests.engines.text.comments import comments, needs_comments

PLAIN: dict[str, Any] = {
    "normalise": False,
    "characters": "none",
    "features": False,
    "tf_idf": False,
    "min_df": 1,
    "max_df": 1,
    "word_ngram_max": 1,
}
"""Raw counts of words, as scikit-learn's ``CountVectorizer()`` makes them."""


def accuracies(
    texts: list[str], spam: NDArray[np.int64], folds: Iterable[tuple[Any, Any]]
) -> NDArray[np.float64]:
    """Return the accuracy of each fold, everything learned from its training part alone."""
    of_folds = []
    for train, test in folds:
        representation = Representation()
        X = representation.fit_transform([texts[row] for row in train])
        machine = LinearSVC(C=1.0, random_state=0).fit(X, spam[train])
        said = machine.predict(representation.transform([texts[row] for row in test]))
        of_folds.append((said == spam[test]).mean())
    return np.array(of_folds)


@needs_comments
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, 4454),
        ({"word_ngram_max": 2}, 19_545),
        ({"word_ngram_max": 3}, 38_752),
        ({"stop_words": "english"}, 4229),
        ({"lowercase": False}, 5472),
        ({"lowercase": False, "word_ngram_max": 3}, 41_593),
        ({"strip_accents": True}, 4439),
        ({"min_df": 2}, 1568),
    ],
)
def test_vocabulary_sizes_of_plain_settings(settings: dict[str, Any], expected: int) -> None:
    texts, _, _ = comments()
    reference = CountVectorizer(
        ngram_range=(1, settings.get("word_ngram_max", 1)),
        stop_words=settings.get("stop_words"),
        lowercase=settings.get("lowercase", True),
        strip_accents="unicode" if settings.get("strip_accents") else None,
        min_df=settings.get("min_df", 1),
    ).fit(texts)
    fitted = Representation(**{**PLAIN, **settings}).fit(texts)
    assert fitted.names_ == tuple(reference.get_feature_names_out())
    assert fitted.n_columns_ == expected


@needs_comments
def test_ten_folds_of_comments_are_told_at_97_in_100() -> None:
    texts, spam, _ = comments()
    folds = StratifiedKFold(10, shuffle=True, random_state=0).split(texts, spam)
    assert accuracies(texts, spam, folds).mean() >= 0.97


@needs_comments
def test_comments_of_another_video_are_told_too() -> None:
    texts, spam, videos = comments()
    folds = [(np.flatnonzero(videos != v), np.flatnonzero(videos == v)) for v in range(5)]
    of_videos = accuracies(texts, spam, folds)
    assert of_videos.mean() >= 0.945
    assert of_videos.min() >= 0.9


def words(rng: np.random.Generator, n: int) -> list[str]:
    """Return ``n`` different made-up words of two to four syllables."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er")]
    made: dict[str, None] = {}
    while len(made) < n:
        made["".join(rng.choice(syllables, size=rng.integers(2, 5)))] = None
    return list(made)


def letters(rng: np.random.Generator, n: int) -> tuple[list[str], NDArray[np.int64]]:
    """Return letters of 200 to 900 made-up words, half of them spam.

    Most words are common ones or those of a topic that both kinds write about; of the remaining
    twentieth, spam takes nine in ten from offers and honest letters one in ten.
    """
    known = np.array(words(rng, 3200))
    common, offers, thanks = known[:2000], known[2000:2040], known[2040:2080]
    topics = known[2200:].reshape(20, 50)
    chances = 1 / np.arange(2, 2002)
    texts, spam = [], rng.permutation(np.arange(n) % 2)
    for label in spam:
        length, topic = rng.integers(200, 901), topics[rng.integers(20)]
        kind, offered = rng.random(length), rng.random(length) < (0.9 if label else 0.1)
        drawn = rng.choice(common, size=length, p=chances / chances.sum())
        drawn = np.where(kind < 0.15, rng.choice(topic, size=length), drawn)
        telling = np.where(
            offered, rng.choice(offers, size=length), rng.choice(thanks, size=length)
        )
        drawn = np.where(kind < 0.05, telling, drawn)
        lines = pairwise([*range(0, length, 12), length])
        texts.append("\n".join(" ".join(drawn[a:b]) for a, b in lines))
    return texts, spam


def test_long_letters_are_told() -> None:
    texts, spam = letters(np.random.default_rng(1), 240)
    folds = StratifiedKFold(3, shuffle=True, random_state=0).split(texts, spam)
    assert accuracies(texts, spam, folds).mean() >= 0.97


def test_messages_of_a_few_words_are_told() -> None:
    rng = np.random.default_rng(2)
    offers = ["win", "free", "prize", "claim", "cash", "call now", "txt", "£100"]
    talk = ["ok", "home", "see you", "lunch", "love", "later", "sorry", "yes"]
    spam = rng.permutation(np.arange(300) % 2)
    texts = [" ".join(rng.choice(offers if label else talk, size=3)) for label in spam]
    folds = StratifiedKFold(3, shuffle=True, random_state=0).split(texts, spam)
    assert accuracies(texts, spam, folds).mean() >= 0.99
