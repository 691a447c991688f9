"""told, figure_of: a hand-made feature as a person would say it."""

from __future__ import annotations

import math

_COUNTS = {
    "length": ("character", "characters"),
    "words": ("word", "words"),
    "longest word": (
        "character in the longest word or link",
        "characters in the longest word or link",
    ),
    "links": ("link", "links"),
    "addresses and mentions": ("address or mention", "addresses or mentions"),
    "hash tags": ("hash tag", "hash tags"),
    "markup": ("mark of HTML or forum code", "marks of HTML or forum code"),
    "long numbers": ("long number", "long numbers"),
    "money and shares": ("sign of money or per cent", "signs of money or per cent"),
    "exclamation marks": ("exclamation mark", "exclamation marks"),
    "question marks": ("question mark", "question marks"),
    "repeated characters": ("character three times over", "characters three times over"),
    "lines": ("line break", "line breaks"),
    "symbols and emoji": ("symbol or emoji", "symbols or emoji"),
    "hidden characters": ("hidden character", "hidden characters"),
}
"""Features that are kept as log(1 + count)."""
_SHARES = {
    "variety of words": "of the words differ from each other",
    "capitals": "of the characters are capitals",
    "words in capitals": "of the words are in capitals",
    "digits": "of the characters are digits",
    "punctuation": "of the characters are signs, not letters or digits",
}


def figure_of(name: str, figure: float) -> float:
    """Return the count or the share that stands behind ``figure``, as ``hand_made`` gives it."""
    return float(round(math.expm1(figure))) if name in _COUNTS else figure


def told(name: str, figure: float) -> str:
    """Return the feature ``name`` in words.

    >>> told("links", math.log1p(3)), told("capitals", 0.25)
    ('3 links', '25 % of the characters are capitals')
    >>> told("links", 0.0), told("capitals", 0.0)
    ('no links', 'none of the characters are capitals')
    """
    value = figure_of(name, figure)
    if name in _COUNTS:
        one, many = _COUNTS[name]
        if not value:
            return f"no {many}"
        return f"{value:,.0f} {one if value == 1 else many}"
    if not value:
        return f"none {_SHARES[name]}"
    share = 100 * value
    percent = f"{share:.0f}" if share >= 1 else f"{share:.1f}"
    return f"{percent} % {_SHARES[name]}"
