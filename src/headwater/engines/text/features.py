"""hand_made: a few figures about a whole text that no count of words shows."""

from __future__ import annotations

import re
from math import log1p

FEATURES = (
    "length",
    "words",
    "variety of words",
    "longest word",
    "links",
    "addresses and mentions",
    "hash tags",
    "markup",
    "capitals",
    "words in capitals",
    "digits",
    "long numbers",
    "money and shares",
    "exclamation marks",
    "question marks",
    "punctuation",
    "repeated characters",
    "lines",
    "symbols and emoji",
    "hidden characters",
)
"""The name of each figure of ``hand_made``."""

_SITE = re.compile(
    r"\.(?:com|net|org|info|biz|co|io|ru|cn|tk|me|tv|ly|be|gl|de|uk|eu|fr|es|it|br|in|xyz|top|site|"
    r"online|shop|club|live|store)\b"
)
_MENTION = re.compile(r"@\w")
_HASH_TAG = re.compile(r"#[^\W\d]")
_MARKUP = re.compile(r"</?[A-Za-z]|\[/?(?:url|link|img|b)\b")
_CAPITAL = re.compile(r"[A-Z\u00c0-\u00d6\u00d8-\u00de\u0391-\u03a9\u0410-\u042f]")
_SHOUTED = re.compile(r"\b[A-Z\u00c0-\u00d6\u00d8-\u00de\u0391-\u03a9\u0410-\u042f]{3,}\b")
_DIGIT = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"\d{4,}")
_MONEY = re.compile("[$%\u00a2-\u00a5\u20a0-\u20cf]")
_PUNCTUATION = re.compile(r"[^\w\s]")
_REPEATED = re.compile(r"(\S)\1\1")
_SYMBOL = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")
_HIDDEN = re.compile(
    "[\\x00-\\x08\\x0e-\\x1b\\x7f\u00ad\u180e\u202a-\u202e\u2060-\u2069]"
    # Begun at the start of a run only: else a long run would be walked from each of its places.
    "|(?<![\u200b-\u200d])[\u200b-\u200d]++(?=[0-9A-Za-z\u00c0-\u052f])"
)
"""Controls, overrides of direction, and zero-width characters where no spelling needs them."""


def hand_made(text: str) -> tuple[float, ...]:
    """Return the figures of ``text``, none of them negative, in the order of ``FEATURES``.

    Counts are given as log(1 + count), so that a long text is not far from all others; capitals,
    digits, punctuation and the like are shares of the characters or words.

    >>> dict(zip(FEATURES, hand_made("WIN at www.example.com")))["words in capitals"]
    0.2
    """
    length = len(text) or 1
    lower = text.lower()
    words = lower.split()
    n_words = len(words) or 1
    capitals = len(_CAPITAL.findall(text))
    digits = len(_DIGIT.findall(text))
    # Searches that can find nothing are left out: this runs for every text that is judged.
    links = max(
        lower.count("http"),
        lower.count("www."),
        len(_SITE.findall(lower)) if "." in lower else 0,
    )
    return (
        log1p(len(text)),
        log1p(len(words)),
        len(set(words)) / n_words,
        log1p(max(map(len, words), default=0)),
        log1p(links),
        log1p(len(_MENTION.findall(text))) if "@" in text else 0.0,
        log1p(len(_HASH_TAG.findall(text))) if "#" in text else 0.0,
        log1p(len(_MARKUP.findall(text))) if "<" in text or "[" in text else 0.0,
        capitals / length,
        len(_SHOUTED.findall(text)) / n_words if capitals > 2 else 0.0,
        digits / length,
        log1p(len(_LONG_NUMBER.findall(text))) if digits > 3 else 0.0,
        log1p(len(_MONEY.findall(text))),
        log1p(text.count("!")),
        log1p(text.count("?")),
        len(_PUNCTUATION.findall(text)) / length,
        log1p(len(_REPEATED.findall(text))),
        log1p(text.count("\n")),
        0.0 if text.isascii() else log1p(len(_SYMBOL.findall(text))),
        0.0 if text.isprintable() else log1p(len(_HIDDEN.findall(text))),
    )
