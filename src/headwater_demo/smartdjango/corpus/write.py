"""``comments(n, seed=...)`` and ``messages(n, seed=...)``: texts with what they are."""

from __future__ import annotations

import random
import re
from typing import NamedTuple

from headwater_demo.smartdjango.corpus.grammar import Grammar, articles, grammar
from headwater_demo.smartdjango.corpus.tricks import TRICKS

_ALIKE = 0.8
_TRIES = 40


class Written(NamedTuple):
    """One text; it unpacks as ``text, is_spam, style``."""

    text: str
    is_spam: bool
    style: str


def comments(n: int, *, seed: int) -> list[Written]:
    """Return ``n`` different comments in a mixed order, every second one spam.

    The same ``n`` and ``seed`` give the same comments everywhere.
    """
    return _write("comments", n, seed)


def messages(n: int, *, seed: int) -> list[Written]:
    """Return ``n`` different longer messages likewise; the first line of each is its subject."""
    return _write("messages", n, seed)


def article_of(text: str) -> str:
    """Return the last part of the address of the article that ``text`` speaks of; "" of none."""
    small = text.lower()
    return next((slug for phrase, slug in articles().items() if phrase in small), "")


def _write(kind: str, n: int, seed: int) -> list[Written]:
    chance = random.Random(f"{kind} {seed}")  # noqa: S311 - nothing secret
    written = [
        *distinct(grammar(f"honest_{kind}"), n - n // 2, chance, is_spam=False),
        *distinct(grammar(f"spam_{kind}"), n // 2, chance, is_spam=True),
    ]
    chance.shuffle(written)
    return written


def distinct(source: Grammar, n: int, chance: random.Random, *, is_spam: bool) -> list[Written]:
    """Return ``n`` texts of which no two have four fifths of their words in common.

    Where the grammar gives no such text in forty tries, one that was nearly said already will do.
    """
    said: list[frozenset[str]] = []
    texts: set[str] = set()
    written: list[Written] = []
    tries = 0
    while len(written) < n:
        style = source.style(chance)
        text = source.expand(chance.choice(style.texts), chance)
        for name, share in style.tricks:
            if chance.random() < share:
                text = TRICKS[name](text, chance)
        text = _tidy(text)
        words = frozenset(re.findall(r"\w+", text.lower()))
        tries += 1
        if tries <= _TRIES and (text in texts or any(_alike(words, other) for other in said)):
            continue
        tries = 0
        said.append(words)
        texts.add(text)
        written.append(Written(text, is_spam, style.name))
    return written


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two texts share so many of their words that they are one, slightly changed."""
    return len(one & other) >= _ALIKE * len(one | other)


def _tidy(text: str) -> str:
    """Return ``text`` without the blanks that an empty choice leaves."""
    text = re.sub(r" +", " ", text).strip()
    return re.sub(r" +\n", "\n", text)
