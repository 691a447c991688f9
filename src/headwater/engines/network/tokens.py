"""Tokens: a parameter text cut into names, numbers, strings and marks. Standard library only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from headwater.engines.network.syntax import LanguageError

_HINTS = {
    "“": "quotes are straight: ' or \"",
    "”": "quotes are straight: ' or \"",
    "‘": "quotes are straight: ' or \"",
    "’": "quotes are straight: ' or \"",
    "−": "a minus is the hyphen of the keyboard",
    "–": "a minus is the hyphen of the keyboard",
    "\N{NO-BREAK SPACE}": "use an ordinary space",
    "{": "lists stand in [ ] and tuples in ( )",
    "}": "lists stand in [ ] and tuples in ( )",
    "*": "there is no arithmetic in parameters; write the result",
    "/": "there is no arithmetic in parameters; write the result",
    ";": "parameters are separated by commas",
    "_": "names begin with a letter",
    ".": "a dot stands between two names, or within a number",
}

# Each branch begins with characters that no other branch begins with, and repeats one class of
# characters at a time, so that matching never goes back over what it has read.
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<mark>[()\[\],=@:|+-])"
)
_STRING = {
    quote: re.compile(rf"[^\\{quote}]*+(?:\\.[^\\{quote}]*+)*+{quote}", re.S) for quote in "'\""
}


class Token(NamedTuple):
    """One word of the language; ``text`` of a string is what stands between the quotes."""

    kind: str
    text: str
    position: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of ``text``, and last one of kind “end”; linear in its length."""
    position = 0
    while position < len(text):
        if text[position] in _STRING:
            value, end = _string(text, position)
            yield Token("string", value, position)
        else:
            found = _TOKEN.match(text, position)
            if found is None:
                raise LanguageError(_unknown(text[position]), text=text, position=position)
            end = found.end()
            if found.lastgroup == "number" and _runs_on(text, end):
                raise LanguageError(
                    f"the number {found.group()[:40]} runs into “{text[end]}”.",
                    text=text,
                    position=position,
                )
            if found.lastgroup != "space":
                yield Token(found.lastgroup or "", found.group(), position)
        position = end
    yield Token("end", "", len(text))


def _runs_on(text: str, end: int) -> bool:
    after = text[end : end + 1]
    return after != "" and after.isascii() and (after.isalnum() or after in "_.")


def _string(text: str, position: int) -> tuple[str, int]:
    quote = text[position]
    found = _STRING[quote].match(text, position + 1)
    if found is None:
        raise LanguageError(f"the quote {quote} is not closed.", text=text, position=position)
    characters: list[str] = []
    at, last = position + 1, found.end() - 1
    while at < last:
        character = text[at]
        if character == "\\":
            at += 1
            character = text[at]
            if character not in "\\'\"":
                raise LanguageError(
                    "within quotes a backslash stands only before a quote or a backslash.",
                    text=text,
                    position=at - 1,
                )
        elif not character.isprintable():
            raise LanguageError(
                "within quotes there are no line breaks and no invisible characters.",
                text=text,
                position=at,
            )
        characters.append(character)
        at += 1
    return "".join(characters), found.end()


def _unknown(character: str) -> str:
    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    hint = _HINTS.get(character)
    shown = f"“{character}” ({name})" if character.isprintable() else f"the character {name}"
    return f"{shown} has no meaning here" + (f"; {hint}." if hint else ".")
