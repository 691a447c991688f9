"""Tricks: what people do to a text on its way, out of haste or to get past a filter."""

from __future__ import annotations

import random
from collections.abc import Callable
from types import MappingProxyType

_LOOKS_LIKE = str.maketrans(
    {
        "a": "\N{CYRILLIC SMALL LETTER A}",
        "c": "\N{CYRILLIC SMALL LETTER ES}",
        "e": "\N{CYRILLIC SMALL LETTER IE}",
        "i": "\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}",
        "o": "\N{CYRILLIC SMALL LETTER O}",
        "p": "\N{CYRILLIC SMALL LETTER ER}",
        "x": "\N{CYRILLIC SMALL LETTER HA}",
        "y": "\N{CYRILLIC SMALL LETTER U}",
    }
)
_BETWEEN = (" ", ".", "-", "_")
_UNSEEN = "\N{ZERO WIDTH NON-JOINER}"

Trick = Callable[[str, random.Random], str]


def lower(text: str, chance: random.Random) -> str:
    """Return ``text`` in small letters."""
    return text.lower()


def shout(text: str, chance: random.Random) -> str:
    """Return ``text`` in capitals, its addresses aside, with more marks at the end."""
    shouted = _each_word(text, str.upper)
    return shouted.rstrip(".!") + "!" * chance.randint(1, 5)


def calm(text: str, chance: random.Random) -> str:
    """Return ``text`` without the mark at its end."""
    return text.rstrip().rstrip(".!")


def homoglyphs(text: str, chance: random.Random) -> str:
    """Return ``text`` with Cyrillic letters in place of some Latin ones that look the same."""
    return _each_word(
        text, lambda word: word.translate(_LOOKS_LIKE) if chance.random() < 0.6 else word
    )


def spaced(text: str, chance: random.Random) -> str:
    """Return ``text`` with some of its longer words spread out, letter by letter."""
    between = chance.choice(_BETWEEN)
    return _each_word(
        text,
        lambda word: between.join(word) if len(word) > 3 and chance.random() < 0.4 else word,
    )


def joints(text: str, chance: random.Random) -> str:
    """Return ``text`` with characters that nobody sees inside some of its words."""
    return _each_word(text, lambda word: _UNSEEN.join(word) if chance.random() < 0.4 else word)


def _each_word(text: str, change: Callable[[str], str]) -> str:
    """Return ``text`` with ``change`` made to its words; addresses and line ends stay."""
    return "\n".join(
        " ".join(word if "://" in word or ".example" in word else change(word) for word in words)
        for words in (line.split(" ") for line in text.split("\n"))
    )


TRICKS: MappingProxyType[str, Trick] = MappingProxyType(
    {
        "lower": lower,
        "shout": shout,
        "calm": calm,
        "homoglyphs": homoglyphs,
        "spaced": spaced,
        "joints": joints,
    }
)
