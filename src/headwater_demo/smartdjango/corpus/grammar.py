"""Grammar: texts with choices in them, read from a file, and written out by chance."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
_NAME = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]|]*(?:\|[^\[\]|]*)+)\]")
_CODE = "abcdefghkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Style:
    """One way to write: its texts with their choices, and what is done to some of them after."""

    name: str
    weight: int
    """How often this style is taken, beside the others' weights."""
    texts: tuple[str, ...]
    tricks: tuple[tuple[str, float], ...]
    """Name of a trick, and the share of texts that it is done to."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The styles of one kind of text, and the words that they choose from."""

    styles: tuple[Style, ...]
    words: Mapping[str, tuple[str, ...]]

    def style(self, chance: random.Random) -> Style:
        """Return a style, by its weight."""
        return chance.choices(self.styles, [style.weight for style in self.styles])[0]

    def expand(self, text: str, chance: random.Random) -> str:
        """Return ``text`` with every choice made, also those in what was chosen.

        Raises ``KeyError`` with the name of a list that there is not.
        """
        while _NAME.search(text) or _CHOICE.search(text):
            text = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), text)
            text = _NAME.sub(lambda found: self._word(found[1], chance), text)
        return text

    def _word(self, name: str, chance: random.Random) -> str:
        match name:
            case "n":
                return str(chance.randint(2, 29))
            case "nn":
                return str(chance.randint(19, 94))
            case "nnn":
                return str(chance.randint(102, 989))
            case "code":
                return "".join(chance.choice(_CODE) for _ in range(chance.randint(4, 7)))
        word = chance.choice(self.words[name.lower()])
        return word[:1].upper() + word[1:] if name[0].isupper() else word


@cache
def grammar(name: str) -> Grammar:
    """Return the grammar of ``honest_comments``, ``spam_messages`` and so on."""
    shared = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
    shared["article"] = list(shared.pop("about"))
    read = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    texts = {style["name"]: tuple(style.get("texts", ())) for style in read["style"]}
    return Grammar(
        styles=tuple(
            Style(
                name=style["name"],
                weight=style["weight"],
                texts=texts[style["name"]]
                or tuple(text for other in style["of"] for text in texts[other]),
                tricks=tuple(style.get("tricks", {}).items()),
            )
            for style in read["style"]
        ),
        words={key: tuple(values) for key, values in (shared | read["words"]).items()},
    )


@cache
def articles() -> MappingProxyType[str, str]:
    """Return how texts speak of an article, with the last part of its address."""
    return MappingProxyType(
        tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))["about"]
    )
