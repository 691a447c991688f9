"""Parse: a parameter text becomes its syntax, in linear time. Standard library only.

The grammar, from the top::

    arguments = [ item { "," item } [ "," ] ]
    item      = ":ifr" | ":noplates" | name "=" value | value
    value     = number | string | "True" | "False" | "None" | name
              | path "(" [ given { "," given } [ "," ] ] ")"
              | "@" path [ "(" ")" ] | ":dl|" name | ":dl_" name
              | "(" [ value { "," value } [ "," ] ] ")" | "[" [ value { "," value } [ "," ] ] "]"
    given     = name "=" value | value
    path      = name { "." name }
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from typing import NoReturn

from headwater.engines.network.syntax import (
    MAX_DEPTH,
    MAX_TEXT,
    Arguments,
    Call,
    DataLength,
    LanguageError,
    Listing,
    Literal,
    NodeName,
    Reference,
    Value,
)
from headwater.engines.network.tokens import Token, tokens

MAX_DIGITS = 18
"""Digits of a whole number: what 64 bits hold for certain."""
MAX_NUMBER = 60
"""Characters of any number."""

_CONSTANTS = {"True": True, "False": False, "None": None}
_FLAGS = ("ifr", "noplates", "dl|")
_CLOSES = {"(": ")", "[": "]"}


def parse(text: str) -> Arguments:
    """Return what ``text`` says; an empty text says nothing.

    >>> parse("alpha, plates=(:dl|Y, ), :ifr").names()
    ('alpha', 'Y')

    Raises LanguageError, which names the character, for any text that is not in the language.
    """
    if len(text) > MAX_TEXT:
        raise LanguageError(
            f"the text has {len(text):,} characters; it may have {MAX_TEXT:,} at most.",
            text=text,
            position=MAX_TEXT,
        )
    return _Parser(text).arguments()


def closest(word: str, among: Iterable[str]) -> str:
    """Return “; did you mean “X”?” for the word of ``among`` like ``word``, else nothing."""
    words = tuple(among)
    near = [other for other in words if other.lower() == word.lower()]
    near = near or difflib.get_close_matches(word[:60], words, n=1)
    return f"; did you mean “{near[0]}”?" if near else ""


class _Parser:
    __slots__ = ("depth", "index", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def step(self) -> Token:
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def at(self, mark: str) -> bool:
        token = self.tokens[self.index]
        return token.kind == "mark" and token.text == mark

    def follows(self, mark: str) -> bool:
        if self.token.kind == "end":
            return False
        token = self.tokens[self.index + 1]
        return token.kind == "mark" and token.text == mark

    def fail(self, sentence: str, position: int | None = None) -> NoReturn:
        at = self.token.position if position is None else position
        raise LanguageError(sentence, text=self.text, position=at)

    def arguments(self) -> Arguments:
        flags: set[str] = set()
        positional, keywords = self.items(None, flags)
        return Arguments(
            positional,
            keywords,
            initialise_from_random="ifr" in flags,
            no_plates="noplates" in flags,
        )

    def items(
        self, opened: Token | None, flags: set[str] | None
    ) -> tuple[tuple[Value, ...], tuple[tuple[str, Value], ...]]:
        """Read items up to the end of the text, or up to the bracket that closes ``opened``."""
        positional: list[Value] = []
        keywords: dict[str, Value] = {}
        while not self.closed(opened):
            start = self.token
            if flags is not None and self.at(":") and self.flag(flags):
                pass
            elif start.kind == "name" and self.follows("="):
                self.keyword(keywords)
            else:
                value = self.value()
                if keywords:
                    last = next(reversed(keywords))
                    self.fail(
                        f"a value without a name stands after “{last}=”; values without a name "
                        "come first.",
                        start.position,
                    )
                positional.append(value)
            self.separator(opened)
        return tuple(positional), tuple(keywords.items())

    def flag(self, flags: set[str]) -> bool:
        """Read ``:ifr`` or ``:noplates``; False, and nothing read, where a value begins."""
        colon, word = self.token, self.tokens[self.index + 1]
        if word.kind == "name" and (word.text == "dl" or word.text.startswith("dl_")):
            return False
        if word.kind != "name" or word.text not in ("ifr", "noplates"):
            self.unknown_flag(colon, word)
        if word.text in flags:
            self.fail(f"“:{word.text}” is given twice.", colon.position)
        flags.add(word.text)
        self.index += 2
        return True

    def unknown_flag(self, colon: Token, word: Token) -> NoReturn:
        name = word.text if word.kind == "name" else ""
        hint = closest(name, _FLAGS).replace("“", "“:").replace("|”", "|Y”")
        shown = f"“:{name[:40]}” is no keyword" if name else "a colon begins a keyword"
        self.fail(f"{shown}; there are :ifr, :noplates and :dl|Y{hint or '.'}", colon.position)

    def keyword(self, keywords: dict[str, Value]) -> None:
        name = self.step()
        self.step()
        if "." in name.text or name.text in _CONSTANTS:
            self.fail(f"“{name.text[:40]}” cannot be named with “=”.", name.position)
        if name.text in keywords:
            self.fail(f"“{name.text[:40]}=” is given twice.", name.position)
        keywords[name.text] = self.value()

    def value(self) -> Value:
        token = self.token
        match token.kind, token.text:
            case "number", _:
                return self.number(1)
            case "string", _:
                self.step()
                return Literal(token.text, token.position)
            case "name", _:
                return self.named()
            case "mark", ("+" | "-") as sign:
                self.step()
                if self.token.kind != "number":
                    self.fail(f"“{sign}” stands only before a number.", token.position)
                return self.number(-1 if sign == "-" else 1, token)
            case "mark", ("(" | "["):
                return self.listing()
            case "mark", "@":
                return self.reference()
            case "mark", ":":
                return self.data_length()
        before = "" if token.kind == "end" else f" before “{token.text}”"
        raise LanguageError(f"a value is missing{before}.", text=self.text, position=token.position)

    def number(self, sign: int, first: Token | None = None) -> Literal:
        token = self.step()
        begin, text = (first or token).position, token.text
        if len(text) > MAX_NUMBER:
            self.fail(f"a number has {MAX_NUMBER} characters at most.", begin)
        if text.isdigit():
            if len(text.lstrip("0")) > MAX_DIGITS:
                self.fail(f"a whole number has {MAX_DIGITS} digits at most.", begin)
            return Literal(sign * int(text), begin)
        number = float(text)
        if not math.isfinite(number):
            self.fail("the number is too large.", begin)
        if number == 0 and re.search(r"[1-9]", text.lower().partition("e")[0]):
            self.fail("the number is too close to 0 to be told from it.", begin)
        return Literal(sign * number, begin)

    def named(self) -> Value:
        token = self.step()
        name = token.text
        if self.at("("):
            if name in _CONSTANTS:
                self.fail(f"“{name}” is no function.", token.position)
            opened = self.open()
            positional, keywords = self.items(opened, None)
            self.close(opened)
            return Call(name, positional, keywords, token.position)
        if name in _CONSTANTS:
            return Literal(_CONSTANTS[name], token.position)
        if "." in name:
            self.fail(
                f"“{name[:60]}” is no node; a function is called with brackets, and what is meant "
                "by its name only begins with “@”.",
                token.position,
            )
        return NodeName(name, token.position)

    def listing(self) -> Value:
        opened = self.open()
        items: list[Value] = []
        comma = False
        while not self.closed(opened):
            if self.token.kind == "name" and self.follows("="):
                self.fail("a name with “=” stands in the brackets of a function, not of a list.")
            items.append(self.value())
            comma = self.separator(opened)
        self.close(opened)
        if opened.text == "(" and len(items) == 1 and not comma:
            return items[0]  # brackets around one value, as in arithmetic
        return Listing(tuple(items), opened.text == "(", opened.position)

    def reference(self) -> Reference:
        at = self.step()
        name = self.step()
        if name.kind != "name":
            self.fail("“@” stands before a name, as in @bayespy.nodes.Gaussian().", at.position)
        if self.at("("):
            opened = self.open()
            if not self.closed(opened):
                self.fail(f"“@{name.text[:60]}” is not called, so its brackets are empty.")
            self.close(opened)
        return Reference(name.text, at.position)

    def data_length(self) -> DataLength:
        colon, word = self.step(), self.step()
        node = ""
        if word.kind == "name" and word.text.startswith("dl_"):
            node = word.text[3:]
        elif word.kind == "name" and word.text == "dl":
            if self.at("|"):
                self.step()
                node = self.step().text if self.token.kind == "name" else ""
        elif word.kind == "name" and word.text in ("ifr", "noplates"):
            self.fail(f"“:{word.text}” stands by itself, between commas.", colon.position)
        else:
            self.unknown_flag(colon, word)
        if not is_node_name(node):
            self.fail("“:dl|” is followed by the name of a node, as in :dl|Y.", colon.position)
        return DataLength(node, colon.position)

    def open(self) -> Token:
        opened = self.step()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"brackets may stand in {MAX_DEPTH} brackets at most.", opened.position)
        return opened

    def closed(self, opened: Token | None) -> bool:
        """Return whether the next token ends what ``opened`` began; the token is left."""
        token = self.token
        if token.kind == "end":
            if opened is not None:
                self.fail(
                    f"“{opened.text}” is not closed; “{_CLOSES[opened.text]}” is missing.",
                    opened.position,
                )
            return True
        if token.kind == "mark" and token.text in ")]":
            if opened is None:
                self.fail(f"“{token.text}” closes nothing; no bracket is open here.")
            if token.text != _CLOSES[opened.text]:
                self.fail(
                    f"“{token.text}” cannot close the “{opened.text}” of character "
                    f"{opened.position + 1}; “{_CLOSES[opened.text]}” is expected."
                )
            return True
        return False

    def close(self, opened: Token) -> None:
        self.step()
        self.depth -= 1

    def separator(self, opened: Token | None) -> bool:
        """Read the comma after an item; return whether there was one."""
        if self.at(","):
            self.step()
            return True
        if not self.closed(opened):
            self.fail(f"a comma is missing before “{self.token.text[:40]}”.")
        return False


def is_node_name(name: str) -> bool:
    """Return whether a node may have this name: letters, digits and _, a letter first."""
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) is not None and name not in _CONSTANTS
