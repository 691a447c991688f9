"""Small filters for the tests of what is built on them, and texts of two kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.classification.learner import Learner
from headwater.engines.classification.linear_svc import LinearSVC
from headwater.engines.text.representation import Representation
from headwater.engines.text.scorer import Scorer

HONEST = [
    "song",
    "voice",
    "guitar",
    "concert",
    "album",
    "chorus",
    "memory",
    "sister",
    "teacher",
    "school",
    "lovely",
    "quiet",
]
SPAM = [
    "subscribe",
    "channel",
    "free",
    "watches",
    "loans",
    "winner",
    "click",
    "cheap",
    "profit",
    "coupons",
    "bonus",
    "visit",
]
BOTH = [
    "this",
    "the",
    "my",
    "and",
    "with",
    "your",
    "for",
    "from",
    "again",
    "please",
    "today",
    "never",
    "really",
    "people",
    "video",
]

ODD = [
    "",
    " \n\t ",
    "\0",
    "free\0watches \x07 and \x1b[31m more",
    "\N{FIRE}\N{FIRE} \N{HEAVY BLACK HEART}\ufe0f \N{WOMAN}\u200d\N{PERSONAL COMPUTER}",
    "\u202eelennahc ym ot ebircsbus\u202c",
    "مرحبا بالعالم قناة جديدة",
    "s\u200bu\u200bb\u200bscribe to my ch\u0430nnel",
    "𝐅𝐑𝐄𝐄 ｗａｔｃｈｅｓ ① ﬁne",
    "<script>alert('free')</script> &lt;b&gt; &#39;",
    "İstanbul ß ŉ ǰ CANCIÓN canción",
    "a b c d e",
    "a" * 5_000,
    "\ud800 alone",
    "http://free.example/?a=1&b=2 www.watches.example me@free.example",
]
"""Texts that break what was not made for them."""


def written(count: int, seed: int, spam: list[str] = SPAM) -> tuple[list[str], NDArray[np.int64]]:
    """Return texts and for each 0 or 1: words of its kind among words of both kinds."""
    rng = np.random.default_rng(seed)
    texts, y = [], rng.integers(0, 2, count)
    for label in y:
        own = rng.choice(spam if label else HONEST, rng.integers(1, 6))
        said = rng.permutation(np.concatenate([own, rng.choice(BOTH, rng.integers(3, 14))]))
        end = rng.choice(["!!! http://free.example", "!", " 50 %"] if label else [".", "", " :-)"])
        texts.append(" ".join(said) + str(end))
    return texts, y.astype(np.int64)


def learned(
    make: Callable[[], Any] = LinearSVC,
    *,
    count: int = 300,
    seed: int = 0,
    calibration: str = "sigmoid",
    **settings: Any,
) -> Learner:
    """Return a filter that learned from ``count`` texts."""
    texts, y = written(count, seed)
    return Learner(
        lambda: Representation(**settings), make, calibration=calibration, inner_folds=3
    ).fit(texts, y)


def scorer(make: Callable[[], Any] = LinearSVC, **options: Any) -> Scorer:
    """Return the scorer of a filter that learned from some texts."""
    made = learned(make, **options)
    return Scorer.of(made.encoder_, made.estimator_)
