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

_WORD = re.compile(r"\w+")
_LINK = re.compile(
    r"https?:|www\.|\b[a-z0-9-]+\.(?:com|net|org|info|biz|co|io|ru|cn|tk|me|tv|ly|be|gl|xyz|top|"
    r"site|online|shop|club)\b",
    re.IGNORECASE,
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
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u061c\u180e\u202a-\u202e\u2060-\u2069]|\\w[\u200b-\u200f]+\\w"
)


def hand_made(text: str) -> tuple[float, ...]:
    """Return the figures of ``text``, none of them negative, in the order of ``FEATURES``.

    Counts are given as log(1 + count), so that a long text is not far from all others; capitals,
    digits, punctuation and the like are shares of the characters or words.

    >>> dict(zip(FEATURES, hand_made("WIN at www.example.com")))["words in capitals"]
    0.2
    """
    length = len(text) or 1
    words = _WORD.findall(text)
    n_words = len(words) or 1
    ascii_only = text.isascii()
    return (
        log1p(len(text)),
        log1p(len(words)),
        len({word.lower() for word in words}) / n_words,
        log1p(max(map(len, words), default=0)),
        log1p(len(_LINK.findall(text))),
        log1p(len(_MENTION.findall(text))) if "@" in text else 0.0,
        log1p(len(_HASH_TAG.findall(text))) if "#" in text else 0.0,
        log1p(len(_MARKUP.findall(text))) if "<" in text or "[" in text else 0.0,
        len(_CAPITAL.findall(text)) / length,
        len(_SHOUTED.findall(text)) / n_words,
        len(_DIGIT.findall(text)) / length,
        log1p(len(_LONG_NUMBER.findall(text))),
        log1p(len(_MONEY.findall(text))),
        log1p(text.count("!")),
        log1p(text.count("?")),
        len(_PUNCTUATION.findall(text)) / length,
        log1p(len(_REPEATED.findall(text))),
        log1p(text.count("\n")),
        0.0 if ascii_only else log1p(len(_SYMBOL.findall(text))),
        log1p(len(_HIDDEN.findall(text))),
    )
