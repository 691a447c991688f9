"""Texts made to be slow: what is read of them grows with their length, not with its square.

A step that walked them again from each of their characters would take hours here, and the time
limit of a test would end it.
"""

from __future__ import annotations

import pytest

from headwater.engines.text.explain import explain
from headwater.engines.text.normalise import normalise
from headwater.engines.text.similar import similar
from tests.engines.text.filters import scorer

LONG = 300_000
HOSTILE = {
    "invisible": "\u200b" * LONG,
    "a Greek letter and a long word": "\u03c0 " + "a" * LONG,
    "Russian letters and a long word": "\u043f\u0438 " + "a" * LONG,
    "a long word and a Greek letter": "a" * LONG + " \u03c0!",
    "a word of two alphabets": "a" * LONG + "\u0430",
    "signs and a letter": "!" * LONG + "a",
    "signs in a word": "a" + "!" * LONG + "a",
    "brackets": "<" * LONG,
    "forum marks": "[" * LONG,
    "dots": "a." * (LONG // 2),
    "mentions": "@a" * (LONG // 2),
    "spaces": " " * LONG + "a",
    "ampersands": "&#" * (LONG // 2),
    "joiners": "a\u200d" * (LONG // 2),
    "accents": "a" + "\u0301" * LONG,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_takes_the_square_of_its_length(text: str) -> None:
    judges = scorer(count=60, max_length=1_000_000)
    assert 0 <= judges.probability(text) <= 1
    assert explain(judges, text).text == text
    assert normalise(text) == normalise(normalise(text))
    assert len(similar([text, text + "b"]).groups) == 2
