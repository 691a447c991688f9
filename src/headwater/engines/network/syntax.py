"""Syntax: what a parameter text says, as frozen values; and their text. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from headwater.engines.network.errors import NetworkError

MAX_TEXT = 100_000
"""Characters of one parameter text."""
MAX_DEPTH = 20
"""Brackets within brackets."""

Constant = bool | int | float | str | None


class LanguageError(NetworkError):
    """A parameter text that cannot be read or worked out; the message names the character."""

    text: str
    """The whole parameter text; empty where only the value was at hand."""
    position: int
    """Offset of the character in ``text``, from 0; the message counts from 1."""
    sentence: str
    """What is wrong, without the place."""

    def __init__(self, sentence: str, *, text: str, position: int, snippet: str = "") -> None:
        self.sentence, self.text, self.position = sentence, text, position
        self._snippet = snippet or text[position : position + 24]
        super().__init__(f"Character {position + 1}, {self._place()}: {sentence}")

    def __reduce__(self) -> tuple[object, ...]:
        return _language_error, (self.sentence, self.text, self.position, self._snippet)

    def _place(self) -> str:
        shown = "".join(
            c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in self._snippet
        )
        return f"at “{shown.strip()}”" if shown.strip() else "at the end"


def _language_error(sentence: str, text: str, position: int, snippet: str) -> LanguageError:
    return LanguageError(sentence, text=text, position=position, snippet=snippet)


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a quoted text, True, False or None."""

    value: Constant
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """Values in square brackets (a list) or in round ones (a tuple)."""

    items: tuple[Value, ...]
    is_tuple: bool = False
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class NodeName:
    """Another node of the network."""

    name: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with what it is given: ``numpy.full(10, 1e-05)``."""

    path: str
    positional: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A thing meant by its name, not called: ``@bayespy.nodes.Gaussian()``."""

    path: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class DataLength:
    """How many rows a node observes: ``:dl|Y``."""

    node: str
    position: int = field(default=0, compare=False)


Value = Literal | Listing | NodeName | Call | Reference | DataLength


@dataclass(frozen=True, slots=True)
class Arguments:
    """All that one parameter text says."""

    positional: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    initialise_from_random: bool = False
    """``:ifr``: the node starts from a random draw."""
    no_plates: bool = False
    """``:noplates``: the plates are not passed on."""

    def keyword(self, name: str) -> Value | None:
        """Return the value given as ``name=...``; None where there is none."""
        return dict(self.keywords).get(name)

    def values(self) -> Iterator[Value]:
        """Yield every value, also the nested ones, in the order of the text."""
        for value in (*self.positional, *(value for _, value in self.keywords)):
            yield from walk(value)

    def names(self) -> tuple[str, ...]:
        """Return the node names mentioned anywhere, in ``:dl|Y`` too, in order, each once."""
        mentioned: dict[str, None] = {}
        for value in self.values():
            if isinstance(value, NodeName):
                mentioned[value.name] = None
            elif isinstance(value, DataLength):
                mentioned[value.node] = None
        return tuple(mentioned)


def walk(value: Value) -> Iterator[Value]:
    """Yield ``value`` and all values within it, outer before inner."""
    yield value
    if isinstance(value, Listing):
        for item in value.items:
            yield from walk(item)
    elif isinstance(value, Call):
        for item in (*value.positional, *(item for _, item in value.keywords)):
            yield from walk(item)


def write(arguments: Arguments) -> str:
    """Return the text of ``arguments`` in one agreed form; ``parse`` reads it back unchanged."""
    parts = _written(arguments.positional, arguments.keywords)
    if arguments.no_plates:
        parts.append(":noplates")
    if arguments.initialise_from_random:
        parts.append(":ifr")
    return ", ".join(parts)


def write_value(value: Value) -> str:
    """Return the text of one value."""
    match value:
        case Literal(value=str() as text):
            return _quoted(text)
        case Literal(value=constant):
            return repr(constant)
        case Listing(items=items, is_tuple=True):
            inner = ", ".join(write_value(item) for item in items)
            return f"({inner},)" if len(items) == 1 else f"({inner})"
        case Listing(items=items):
            return "[" + ", ".join(write_value(item) for item in items) + "]"
        case NodeName(name=name):
            return name
        case Call(path=path, positional=positional, keywords=keywords):
            return f"{path}({', '.join(_written(positional, keywords))})"
        case Reference(path=path):
            return f"@{path}()"
        case DataLength(node=node):
            return f":dl|{node}"


def _written(positional: tuple[Value, ...], keywords: tuple[tuple[str, Value], ...]) -> list[str]:
    return [write_value(value) for value in positional] + [
        f"{name}={write_value(value)}" for name, value in keywords
    ]


def _quoted(text: str) -> str:
    quote = '"' if "'" in text and '"' not in text else "'"
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote
