"""Given: what nodes are given, by the names of their arguments, without BayesPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from headwater.engines.network.definition import Definition
from headwater.engines.network.graph import STOCHASTIC, arguments_of
from headwater.engines.network.language import Arguments, NodeName, evaluate_all
from headwater.engines.network.node_types import NODE_TYPES

Functions = Mapping[str, Callable[..., Any]] | None


class Given:
    """The arguments of a network's nodes: constants worked out, nodes as ``NodeName``."""

    def __init__(
        self, definition: Definition, lengths: Mapping[str, int], functions: Functions = None
    ) -> None:
        self.nodes = definition.by_name
        self.arguments: dict[str, Arguments] = arguments_of(definition)
        self.lengths, self.functions = lengths, functions
        self.names = {name: NodeName(name) for name in self.nodes}
        self.classes = {f"bayespy.nodes.{name}": name for name in STOCHASTIC}

    def of(self, name: str) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments of a node in the order of their declaration, and the other ones.

        A distribution that is referred to is its name. Raises NetworkError.
        """
        positional, keywords = evaluate_all(
            self.arguments[name],
            nodes=self.names,
            lengths=self.lengths,
            functions=self.functions,
            references=self.classes,
        )
        declared = [argument.name for argument in NODE_TYPES[self.nodes[name].type].arguments]
        ordered = list(positional)
        for argument in declared[len(ordered) :]:
            if argument in keywords:
                ordered.append(keywords.pop(argument))
        return ordered, keywords
