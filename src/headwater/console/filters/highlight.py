"""highlight: a text in runs, those marked that pushed its verdict. Nothing of it is trusted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from headwater.console.moderation.text_shown import Piece, pieces
from headwater.engines.text.terms import words_of

MARKED = 4_000
"""Characters of a text that are marked; what follows is shown as it is."""
_LEVELS = ((1.0, 3), (0.35, 2), (0.08, 1))
"""Push in log-odds from which a mark has this strength."""
_TOKEN = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Run:
    """Some of the text in a row, with the characters named that nobody sees."""

    pieces: tuple[Piece, ...]
    side: str = ""
    """“spam” or “ham” where it is marked."""
    level: int = 0
    """How strongly, from 1 to 3."""


def highlight(
    text: str, pushes: Iterable[tuple[str, float]], prepare: Callable[[str], str]
) -> tuple[Run, ...]:
    """Return ``text`` in runs; ``pushes`` are (term, push), as ``explain`` gives them.

    ``prepare`` makes of a text what was counted: lower case, without disguises. A term is marked
    wherever its words stand; where several cover a word, the marks add up.
    """
    marked = text[:MARKED]
    tokens = _TOKEN.findall(marked)
    places: list[tuple[str, int]] = [
        (word, at)
        for at, token in enumerate(tokens)
        if not token.isspace()
        for word in words_of(prepare(token))
    ]
    push_of = [0.0] * len(tokens)
    words = [word for word, _ in places]
    for term, push in pushes:
        _spread(words_of(term), push, words, places, push_of)
    levels = [_level(push) for push in push_of]
    # The spaces between two marked words of one kind are marked with them.
    for at in range(1, len(levels) - 1):
        if tokens[at].isspace() and levels[at - 1] == levels[at + 1] and "\n" not in tokens[at]:
            levels[at] = levels[at - 1]
    runs = []
    at = 0
    for (side, level), group in groupby(levels):
        n = len(list(group))
        runs.append(Run(pieces("".join(tokens[at : at + n])), side, level))
        at += n
    if len(text) > MARKED:
        runs.append(Run(pieces(text[MARKED:])))
    return tuple(runs)


def _spread(
    term: list[str],
    push: float,
    words: list[str],
    places: list[tuple[str, int]],
    push_of: list[float],
) -> None:
    """Share ``push`` among the places where the words of ``term`` stand in a row."""
    n = len(term)
    found = [at for at in range(len(words) - n + 1) if words[at : at + n] == term] if n else []
    for at in found:
        covered = {place for _, place in places[at : at + n]}
        for place in covered:
            push_of[place] += push / len(found) / len(covered)


def _level(push: float) -> tuple[str, int]:
    level = next((level for least, level in _LEVELS if abs(push) >= least), 0)
    return ("spam" if push > 0 else "ham", level) if level else ("", 0)
