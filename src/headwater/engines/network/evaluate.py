"""Evaluate: values of the parameter language become numbers, arrays and nodes. No eval."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from headwater.engines.network.functions import FUNCTIONS, Function, Misfit, shape_of, volume
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
    write_value,
)

MAX_ELEMENTS = 1_000_000
"""Numbers that one value, or all of one parameter text together, may hold or make on the way.

Those that a call makes, and those that stand outside calls; what a call is given is not added to
what it makes of it, unless another call has made it.
"""


def evaluate(
    value: Value,
    *,
    nodes: Mapping[str, Any],
    lengths: Mapping[str, int],
    functions: Mapping[str, Callable[..., Any]] | None = None,
    references: Mapping[str, Any] | None = None,
    text: str = "",
) -> Any:
    """Return what ``value`` stands for: a constant, a list, a tuple, an array, or one of ``nodes``.

    ``functions`` adds to FUNCTIONS, and replaces what has the same path. ``references`` are the
    only things that “@” may mean. ``text`` is shown in errors.

    Raises LanguageError for what is unknown, for calls that fail, and, before any memory is taken,
    for more than MAX_ELEMENTS numbers.

    >>> from headwater.engines.network.parse import parse
    >>> evaluate(parse("[[1e-5, 0], (2, :dl|Y)]").positional[0], nodes={}, lengths={"Y": 200})
    [[1e-05, 0], (2, 200)]
    """
    return _Evaluator(nodes, lengths, functions, references, text).value(value)


def evaluate_all(
    arguments: Arguments,
    *,
    nodes: Mapping[str, Any],
    lengths: Mapping[str, int],
    functions: Mapping[str, Callable[..., Any]] | None = None,
    references: Mapping[str, Any] | None = None,
    text: str = "",
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the positional and the named values of ``arguments``, as ``evaluate`` gives each.

    All of them together may hold MAX_ELEMENTS numbers.
    """
    evaluator = _Evaluator(nodes, lengths, functions, references, text)
    positional = tuple(evaluator.value(value) for value in arguments.positional)
    return positional, {name: evaluator.value(value) for name, value in arguments.keywords}


def unknown_function(path: str, allowed: Iterable[str]) -> str:
    """Return the sentence that there is no function ``path``, and which there are."""
    allowed = sorted(allowed)
    name = path.removeprefix("np.")
    if name != path and f"numpy.{name}" in allowed:
        return f"“{path}” is not known; write “numpy.{name}”."
    hint = closest(path, allowed) or "."
    return f"there is no function “{path[:60]}”{hint} There are {', '.join(allowed)}."


class _Evaluator:
    """One evaluation: what names mean, and how many numbers have been made so far."""

    __slots__ = ("calls", "functions", "lengths", "made", "nodes", "references", "text")

    def __init__(
        self,
        nodes: Mapping[str, Any],
        lengths: Mapping[str, int],
        functions: Mapping[str, Callable[..., Any]] | None,
        references: Mapping[str, Any] | None,
        text: str,
    ) -> None:
        self.nodes, self.lengths, self.text = nodes, lengths, text
        self.functions: dict[str, Callable[..., Any]] = {**FUNCTIONS, **(functions or {})}
        self.references = references or {}
        self.made = 0
        self.calls = 0  # that are being worked out, one within the other

    def value(self, value: Value) -> Any:
        match value:
            case Literal(value=constant):
                if not self.calls and isinstance(constant, (int, float)):
                    self.take(1, value)
                return constant
            case Listing(items=items, is_tuple=is_tuple):
                listed = [self.value(item) for item in items]
                return tuple(listed) if is_tuple else listed
            case NodeName(name=name):
                return self.look_up(value, self.nodes, name, "node")
            case DataLength(node=name):
                return self.look_up(value, self.lengths, name, "observed node")
            case Reference(path=path):
                return self.look_up(value, self.references, path, "reference")
            case Call():
                return self.call(value)

    def fail(self, value: Value, sentence: str) -> LanguageError:
        return LanguageError(
            sentence,
            text=self.text,
            position=value.position,
            snippet="" if self.text else write_value(value)[:24],
        )

    def take(self, count: int, value: Value) -> None:
        self.made += count
        if self.made > MAX_ELEMENTS:
            many = "1 number" if count == 1 else f"{count:,} numbers"
            if self.made > count:
                many += f", together with others {self.made:,}"
            raise self.fail(
                value, f"this would make {many}; parameters may hold {MAX_ELEMENTS:,} at most."
            )

    def look_up(self, value: Value, things: Mapping[str, Any], name: str, kind: str) -> Any:
        if name not in things:
            hint = closest(name, things) or "."
            raise self.fail(value, f"there is no {kind} “{name[:60]}”{hint}")
        return things[name]

    def call(self, value: Call) -> Any:
        function = self.functions.get(value.path)
        if function is None:
            raise self.fail(value, unknown_function(value.path, self.functions))
        self.calls += 1
        positional = [self.value(item) for item in value.positional]
        keywords = {name: self.value(item) for name, item in value.keywords}
        self.calls -= 1
        try:
            if isinstance(function, Function):
                self.take(function.size(function.bind(positional, keywords)), value)
                result = function(*positional, **keywords)
                shape_of(result)
            else:
                result = function(*positional, **keywords)
                self.take(volume(shape_of(result)), value)
        except LanguageError:
            raise
        except Misfit as misfit:
            raise self.fail(value, f"{value.path} {misfit}.") from None
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".rstrip(".: ")
            raise self.fail(value, f"{value.path} failed with {reason[:300]}.") from error
        if not _is_finite(result):
            raise self.fail(value, f"{value.path} gives something that is not a finite number.")
        return result


def _is_finite(result: Any) -> bool:
    if isinstance(result, (list, tuple)):
        return all(_is_finite(item) for item in result)
    if isinstance(result, (int, float)):
        return isinstance(result, int) or math.isfinite(result)
    import numpy as np

    return bool(np.isfinite(result).all())
