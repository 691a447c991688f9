"""shown: a text as it is safe to read: what is hidden in it is named, what is long is folded."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from headwater.console.moderation.why import Why
from headwater.spam.item import Item

AT_FIRST = 1500
"""Characters that are shown of a text; the rest is folded."""
AT_MOST = 12_000
"""Characters of it that a page has at all."""
MOST_MARKS = 150
"""Hidden characters that are named one by one."""
LINE = 140
"""Characters of a text in a list."""

_JOINERS = "\u200c\u200d"
"""Belong to emoji and to some scripts; between Latin letters they only hide words."""
_PLAIN_SPACE = "\n\t\r"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: characters to read, or the name of such as cannot be seen."""

    text: str
    hidden: str = ""
    push: int = 0
    """1 where the words speak for spam, -1 where they speak against it."""

    @property
    def code(self) -> str:
        """What is shown of a hidden character, such as “U+200B × 3”."""
        code, _, rest = self.hidden.partition(" ")
        return code + rest[rest.rindex(" × ") :] if " × " in rest else code


@dataclass(frozen=True, slots=True)
class Shown:
    """A text in two parts."""

    label: str
    """Which field it is; empty where there is only one."""
    first: tuple[Piece, ...]
    rest: tuple[Piece, ...]
    n_rest: int
    n_left_out: int
    """Characters that the page does not have."""
    n_characters: int

    @property
    def is_empty(self) -> bool:
        return not any(piece.hidden or piece.text.strip() for piece in self.first)


def shown(item: Item, why: Why) -> list[Shown]:
    """Return the texts of ``item``, field by field, the words marked that pushed the filter."""
    marks = Marks.of(why)
    names = item.spammable.text_fields
    meta = item.spammable.model._meta
    return [
        _shown(
            str(getattr(item.row, name) or ""),
            str(getattr(meta.get_field(name), "verbose_name", name)) if len(names) > 1 else "",
            marks,
        )
        for name in names
    ]


def line(text: str) -> tuple[Piece, ...]:
    """Return the beginning of ``text`` in one line."""
    clipped = text[: 4 * LINE]
    words = " ".join(clipped.split())
    return pieces(words[:LINE] + ("…" if len(words) > LINE or len(clipped) < len(text) else ""))


def _shown(text: str, label: str, marks: Marks) -> Shown:
    cut = _end(text, AT_FIRST) if len(text) > AT_FIRST * 1.2 else len(text)
    kept = text[cut:AT_MOST]
    return Shown(
        label,
        marks.on(pieces(text[:cut])),
        marks.on(pieces(kept)),
        len(kept),
        max(0, len(text) - max(cut, AT_MOST)),
        len(text),
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """Words that are marked where a text has them."""

    pattern: re.Pattern[str] | None
    to_spam: frozenset[str]

    @classmethod
    def of(cls, why: Why) -> Marks:
        """Return the marks of the words that ``why`` tells."""
        to_spam = frozenset(_plain(chip.term) for chip in why.to_spam if chip.is_marked)
        to_ham = frozenset(_plain(chip.term) for chip in why.to_ham if chip.is_marked)
        words = sorted((to_spam | to_ham) - {""}, key=lambda word: (-len(word), word))
        if not words:
            return cls(None, to_spam)
        either = "|".join(r"\s+".join(map(re.escape, word.split())) for word in words)
        return cls(re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE), to_spam)

    def on(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        """Return ``pieces`` with the words marked, ``MOST_MARKS`` of them."""
        if self.pattern is None:
            return pieces
        found: list[Piece] = []
        room = MOST_MARKS
        for piece in pieces:
            at = 0
            for match in self.pattern.finditer(piece.text):
                if not room:
                    break
                room -= 1
                if match.start() > at:
                    found.append(Piece(piece.text[at : match.start()]))
                push = 1 if _plain(match.group()) in self.to_spam else -1
                found.append(Piece(match.group(), push=push))
                at = match.end()
            if piece.hidden or at < len(piece.text):
                found.append(Piece(piece.text[at:], piece.hidden))
        return tuple(found)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _end(text: str, about: int) -> int:
    """Return where to cut: after a space near ``about``, or there where no space is near."""
    space = max(text.rfind(" ", about - 200, about), text.rfind("\n", about - 200, about))
    return space + 1 if space > 0 else about


def pieces(text: str) -> tuple[Piece, ...]:
    """Return ``text`` with the characters named that nobody sees."""
    if text.isascii() and text.replace("\n", " ").replace("\t", " ").isprintable():
        return (Piece(text),) if text else ()
    names = [_hidden(text, position) for position in range(len(text))]
    found: list[Piece] = []
    marks = at = 0
    for name, run in groupby(names):
        n = sum(1 for _ in run)
        if not name:
            found.append(Piece(text[at : at + n]))
        elif marks < MOST_MARKS:
            marks += 1
            found.append(Piece("", f"{name} × {n:,}" if n > 1 else name))
        at += n
    return tuple(found)


def _hidden(text: str, position: int) -> str:
    """Return the name of a character that is not seen; empty for one that is."""
    one = text[position]
    if one in _PLAIN_SPACE:
        return ""
    if one in _JOINERS:
        before = text[position - 1] if position else ""
        after = text[position + 1] if position + 1 < len(text) else ""
        if not (_is_latin(before) or _is_latin(after)):
            return ""
    elif unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn") or _is_tag(one):
        return ""
    return f"U+{ord(one):04X} {unicodedata.name(one, 'control character').lower()}"


def _is_latin(one: str) -> bool:
    return bool(one) and one.isalpha() and unicodedata.name(one, "").startswith("LATIN")


def _is_tag(one: str) -> bool:
    """Return whether the character is part of the flag of a region, such as that of Wales."""
    return 0xE0020 <= ord(one) <= 0xE007F
