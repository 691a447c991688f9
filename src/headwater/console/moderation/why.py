"""why: what pushed a verdict, in words and chips; how sure the filter is, in words."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from headwater.learning.errors import FitError
from headwater.spam.models import SpamFilter

logger = logging.getLogger("headwater.console")

MOST = 8
"""Chips each way."""
EXPLAINED = 20_000
"""Characters of a text that are explained."""

_SURE = (
    (0.02, "almost certainly not spam"),
    (0.2, "probably not spam"),
    (0.45, "rather not spam"),
    (0.55, "could be either"),
    (0.8, "rather spam"),
    (0.98, "probably spam"),
)
_STRENGTH = ((1.0, "strongly", 3), (0.35, "clearly", 2), (0.0, "a little", 1))
"""From which push, in log-odds, on: 1 makes the odds nearly three times as large."""


_SEEN = ("words", "characters")
"""Groups of what can be seen in a text."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A word or a feature, and how much it pushes."""

    term: str
    kind: str
    """What it is, where it is no whole word."""
    is_marked: bool
    """Whether the text shows it: a word that does more than a little."""
    push: float
    """Log-odds, towards spam where above 0."""
    strength: str
    """In a word."""
    level: int
    """From 1 to 3."""


@dataclass(frozen=True, slots=True)
class Why:
    """What pushed a text."""

    to_spam: tuple[Chip, ...] = ()
    to_ham: tuple[Chip, ...] = ()
    sentence: str = ""
    """Where there is nothing to show: why."""


def why(spam_filter: SpamFilter, text: str) -> Why:
    """Return what pushed ``text`` towards spam and away from it; never raises."""
    if not text.strip():
        return Why(sentence="There is nothing in the text that could speak for or against it.")
    try:
        explanation = spam_filter.explain(text[:EXPLAINED])
    except FitError:
        return Why(sentence="The filter has not learned yet, so it has no reasons.")
    except Exception:
        logger.warning("The spam filter “%s” could not explain a text.", spam_filter, exc_info=True)
        return Why(sentence="The filter could not say why; what went wrong is in the log.")
    chips = [_chip(part.term, part.group, float(part.push)) for part in explanation.parts]
    chips = sorted((chip for chip in chips if chip.push), key=lambda chip: -abs(chip.push))
    if not chips:
        return Why(sentence="None of its words is known to the filter.")
    return Why(
        tuple(chip for chip in chips if chip.push > 0)[:MOST],
        tuple(chip for chip in chips if chip.push < 0)[:MOST],
    )


def how_sure(probability: float | None) -> str:
    """Return what the filter thinks, in words.

    >>> how_sure(0.5), how_sure(0.97), how_sure(None)
    ('could be either', 'probably spam', 'not judged yet')
    """
    if probability is None:
        return "not judged yet"
    for below, words in _SURE:
        if probability < below:
            return words
    return "almost certainly spam"


def _chip(term: str, group: str, push: float) -> Chip:
    strength, level = next((word, n) for least, word, n in _STRENGTH if abs(push) >= least)
    kind = "pieces of it" if group == "characters" else ""
    return Chip(term, kind, level > 1 and group in _SEEN, push, strength, level)
