"""Check parameters: what is wrong with what one node is given. Standard library only by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.evaluate import evaluate_all, unknown_function
from headwater.engines.network.functions import FUNCTIONS
from headwater.engines.network.node_types import FUNCTION_NAMES, NODE_TYPES, NodeType
from headwater.engines.network.parse import closest
from headwater.engines.network.syntax import (
    Arguments,
    Call,
    DataLength,
    LanguageError,
    Listing,
    Literal,
    NodeName,
    Reference,
    Value,
    walk,
    write_value,
)

_REFERENCES = "bayespy.nodes."
_POINTS = ("MaximumLikelihood", "Function")
_BEST_VALUES = ("MaximumLikelihood", "Concentration", "GammaShape")
"""Stochastic nodes without a distribution: they are neither mixed nor drawn from."""
_MEANT = {"true": "True", "false": "False", "none": "None", "null": "None"}

Functions = Mapping[str, Callable[..., Any]] | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the parameters of a node."""

    code: str
    sentence: str


def quoted(name: str) -> str:
    """Return a name in quotes; a long one is cut."""
    return f"“{name if len(name) <= 60 else name[:57] + '...'}”"


def check_parameters(
    definition: Definition,
    node: Node,
    kind: NodeType | None,
    arguments: Arguments,
    functions: Functions,
) -> Iterator[Finding]:
    """Yield what is wrong with ``arguments``, the parameters of ``node``; ``kind`` is its type."""
    if kind is not None:
        yield from _of_count(node, kind, arguments)
        yield from _of_keywords(node, kind, arguments)
        yield from _of_references(definition, node, kind, arguments, functions)
    yield from _of_plates(node, arguments)
    yield from _of_names(definition, node, arguments)
    yield from _of_calls(node, arguments, functions)


def _of_count(node: Node, kind: NodeType, arguments: Arguments) -> Iterator[Finding]:
    given = len(arguments.positional)
    if given < kind.least:
        lacks = [argument for argument in kind.arguments if not argument.optional][given:]
        names = " and ".join(quoted(argument.name) for argument in lacks)
        yield Finding(
            "missing_arguments",
            f"{quoted(node.name)} lacks {names}: {lacks[0].meaning} It takes {kind.signature}.",
        )
    elif kind.most is not None and given > kind.most:
        extra = write_value(arguments.positional[kind.most])
        yield Finding(
            "too_many_arguments",
            f"{quoted(node.name)} is given {_values(given)}, and {kind.key} takes {kind.most} at "
            f"most; take {quoted(extra)} and what follows away. It takes {kind.signature}.",
        )


def _of_keywords(node: Node, kind: NodeType, arguments: Arguments) -> Iterator[Finding]:
    known = [keyword.name for keyword in kind.keywords]
    positional = [argument.name for argument in kind.arguments]
    for name, _ in arguments.keywords:
        if name in known:
            continue
        if name in positional:
            yield Finding(
                "named_argument",
                f"{quoted(node.name)} is given “{name}=”; write the value alone, in its place: "
                f"{kind.signature}.",
            )
            continue
        there = f"there are {', '.join(known)}" if known else f"{kind.key} takes none"
        hint = closest(name, known)
        yield Finding(
            "unknown_keyword",
            f"{quoted(node.name)} is given {quoted(name + '=')}, which {kind.key} does not have; "
            f"{there}{hint or '.'}",
        )
    if arguments.initialise_from_random and kind.kind == "deterministic":
        yield Finding(
            "useless_keyword",
            f"{quoted(node.name)} is deterministic, so it cannot start from a random draw. Take "
            "“:ifr” away, or put it on a stochastic parent.",
        )
    elif arguments.initialise_from_random and kind.key in _BEST_VALUES:
        yield Finding(
            "useless_keyword",
            f"{quoted(node.name)} is {kind.key}, which has no distribution to draw a start from. "
            "Take “:ifr” away.",
        )


def _of_references(
    definition: Definition,
    node: Node,
    kind: NodeType,
    arguments: Arguments,
    functions: Functions,
) -> Iterator[Finding]:
    place = {"Mixture": 1, "Function": 0}.get(kind.key)
    for index, value in enumerate(arguments.positional):
        if index == place:
            if not isinstance(value, Reference):
                yield Finding(
                    "reference_expected",
                    f"{quoted(node.name)} takes {quoted(kind.arguments[index].name)} by its name, "
                    f"and is given {quoted(write_value(value))}. "
                    f"{kind.arguments[index].meaning}",
                )
            elif kind.key == "Mixture":
                yield from _of_groups(node, value, len(arguments.positional) - 2)
            elif value.path not in (*FUNCTION_NAMES, *(functions or {})):
                yield _unknown_reference(node, value, [*FUNCTION_NAMES, *(functions or {})])
        else:
            yield from _without_references(node, value)
    for _, value in arguments.keywords:
        yield from _without_references(node, value)
    if kind.key == "Function":
        for used in arguments.positional[1:]:
            other = definition.by_name.get(used.name) if isinstance(used, NodeName) else None
            if other is not None and other.type not in _POINTS:
                yield Finding(
                    "not_a_point",
                    f"{quoted(node.name)} is a Function of {quoted(other.name)}, which is "
                    f"{other.type}. A Function takes nodes with one best value only: "
                    "MaximumLikelihood, or another Function.",
                )


def _of_groups(node: Node, value: Reference, given: int) -> Iterator[Finding]:
    able = [
        _REFERENCES + key
        for key, known in NODE_TYPES.items()
        if known.kind == "stochastic"
        and known.buildable
        and key not in (*_BEST_VALUES, "Mixture")
        and (known.observable or not node.is_observed)
    ]
    if value.path not in able:
        yield _unknown_reference(node, value, able)
        return
    mixed = NODE_TYPES[value.path.removeprefix(_REFERENCES)]
    if mixed.least != given:
        yield Finding(
            "wrong_groups",
            f"{quoted(node.name)} is a Mixture of {mixed.key} and gives it {_values(given)} after "
            f"the reference; {mixed.key} takes {mixed.least}: "
            f"{', '.join(argument.name for argument in mixed.arguments)}.",
        )


def _values(count: int) -> str:
    return f"{count} value" if count == 1 else f"{count} values"


def _unknown_reference(node: Node, value: Reference, able: list[str]) -> Finding:
    hint = closest(value.path, able) or "."
    return Finding(
        "unknown_reference",
        f"{quoted(node.name)} is given {quoted('@' + value.path)}, which cannot stand there{hint} "
        f"There are @{', @'.join(able)}.",
    )


def _without_references(node: Node, value: Value) -> Iterator[Finding]:
    for inner in walk(value):
        if isinstance(inner, Reference):
            yield Finding(
                "misplaced_reference",
                f"{quoted(node.name)} is given {quoted('@' + inner.path)} at character "
                f"{inner.position + 1}, where a value belongs.",
            )


def _of_plates(node: Node, arguments: Arguments) -> Iterator[Finding]:
    plates = arguments.keyword("plates")
    if plates is None:
        return
    sides = plates.items if isinstance(plates, Listing) else (plates,)
    for side in sides:
        if isinstance(side, DataLength) or (
            isinstance(side, Literal) and type(side.value) is int and side.value >= 1
        ):
            continue
        yield Finding(
            "bad_plates",
            f"{quoted(node.name)} has {quoted(write_value(side))} among its plates; plates are "
            "whole numbers of at least 1, or the length of a node's data: plates=(10, ) or "
            "plates=(:dl|Y, ).",
        )


def _of_names(definition: Definition, node: Node, arguments: Arguments) -> Iterator[Finding]:
    known = definition.by_name
    others = [name for name in known if name != node.name]
    said: set[tuple[type, str]] = set()
    for value in arguments.values():
        if isinstance(value, NodeName):
            name = value.name
        elif isinstance(value, DataLength):
            name = value.node
        else:
            continue
        if (type(value), name) in said:
            continue
        said.add((type(value), name))
        if name not in known:
            meant = _MEANT.get(name.lower()) if isinstance(value, NodeName) else None
            hint = f"; did you mean {meant}?" if meant else closest(name, others)
            yield Finding(
                "unknown_node",
                f"{quoted(node.name)} uses {quoted(name)}, and there is no node of that name"
                f"{hint or '.'}",
            )
        elif isinstance(value, DataLength):
            if not known[name].is_observed:
                yield Finding(
                    "no_data_length",
                    f"{quoted(node.name)} asks how many rows {quoted(name)} observes, and "
                    f"{quoted(name)} observes nothing. Give it columns, or write the number.",
                )
        elif name == node.name:
            yield Finding(
                "self_use",
                f"{quoted(node.name)} uses itself. Take its name out of its parameters.",
            )


def _of_calls(node: Node, arguments: Arguments, functions: Functions) -> Iterator[Finding]:
    allowed = {**FUNCTIONS, **(functions or {})}
    constant: list[Value] = []
    for value in (*arguments.positional, *(value for _, value in arguments.keywords)):
        calls = [inner for inner in walk(value) if isinstance(inner, Call)]
        unknown = [call for call in calls if call.path not in allowed]
        for call in unknown:
            sentence = unknown_function(call.path, allowed)
            yield Finding(
                "unknown_function",
                f"{quoted(node.name)} calls a function at character {call.position + 1}: "
                f"{sentence}",
            )
        if calls and not unknown and _is_constant(value, functions):
            constant.append(value)
    try:
        evaluate_all(Arguments(tuple(constant)), nodes={}, lengths={}, text=node.parameters)
    except LanguageError as error:
        yield Finding(
            "language", f"The parameters of {quoted(node.name)} cannot be worked out. {error}"
        )


def _is_constant(value: Value, functions: Functions) -> bool:
    """Return whether ``value`` can be worked out here: numbers and built-in functions only."""
    return not any(
        isinstance(inner, (NodeName, DataLength, Reference))
        or (isinstance(inner, Call) and inner.path in (functions or {}))
        for inner in walk(value)
    )
