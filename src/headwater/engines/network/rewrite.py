"""Rewrite: parameter texts with other numbers in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headwater.engines.network.definition import Node
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.language import (
    MAX_TEXT,
    Arguments,
    Call,
    DataLength,
    Listing,
    Literal,
    NodeName,
    Value,
    walk,
    write,
)
from headwater.engines.network.node_types import NODE_TYPES

Array = NDArray[np.float64]


def numbers(array: ArrayLike) -> Value:
    """Return an array as the language has it: a number, or nested lists of them, to all digits.

    >>> from headwater.engines.network.language import write_value
    >>> write_value(numbers([[1, 0.1], [2, 3]]))
    '[[1.0, 0.1], [2.0, 3.0]]'
    """

    def value(part: Any) -> Value:
        if isinstance(part, list):
            return Listing(tuple(value(item) for item in part))
        return Literal(float(part))

    return value(np.asarray(array, dtype=np.float64).tolist())


def equal_numbers(array: Array) -> Value:
    """Return a vector as ``numpy.full(n, x)`` where all its numbers are equal, else as a list."""
    if array.ndim == 1 and array.size and (array == array[0]).all():
        return Call("numpy.full", (Literal(len(array)), Literal(float(array[0]))))
    return numbers(array)


def is_constant(value: Value) -> bool:
    """Return whether ``value`` takes no node and no length of data."""
    return not any(isinstance(part, (NodeName, DataLength)) for part in walk(value))


def bound(node: Node, arguments: Arguments) -> tuple[list[Value], dict[str, Value]]:
    """Return the arguments of ``node`` in the order of their declaration, and the other ones."""
    keywords = dict(arguments.keywords)
    ordered = list(arguments.positional)
    declared = [argument.name for argument in NODE_TYPES[node.type].arguments]
    for name in declared[len(ordered) :]:
        if name in keywords:
            ordered.append(keywords.pop(name))
    return ordered, keywords


def restated(
    node: Node,
    arguments: Arguments,
    positional: list[Value],
    keywords: dict[str, Value],
    *,
    type: str | None = None,
    at_random: bool | None = None,
) -> Node:
    """Return ``node`` with other arguments, another distribution, or another kind of start.

    Raises NetworkError where its text would be longer than the language allows.
    """
    random = arguments.initialise_from_random if at_random is None else at_random
    text = write(
        replace(
            arguments,
            positional=tuple(positional),
            keywords=tuple(keywords.items()),
            initialise_from_random=random,
        )
    )
    if len(text) > MAX_TEXT:
        raise NetworkError(
            f"The parameters of “{node.name}” would have {len(text):,} characters, and a text "
            f"takes {MAX_TEXT:,} at most."
        )
    return replace(node, parameters=text, type=type or node.type)
