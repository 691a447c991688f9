"""Plates: how often each node is repeated, as far as its text says. Standard library only."""

from __future__ import annotations

from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.parse import parse
from headwater.engines.network.syntax import DataLength, LanguageError, Listing, Literal


def sides_of(node: Node) -> tuple[str, ...]:
    """Return what the node is repeated by: “10”, “rows of Y”; nothing where that is not known.

    What ``plates=`` says, and else the rows that the node observes. A deterministic node has the
    plates of its parents, which only the built network knows.
    """
    try:
        arguments = parse(node.parameters)
    except LanguageError:
        return ()
    plates = arguments.keyword("plates")
    if plates is None:
        return (f"rows of {node.name}",) if node.is_observed else ()
    sides = []
    for side in plates.items if isinstance(plates, Listing) else (plates,):
        if isinstance(side, DataLength):
            sides.append(f"rows of {side.node}")
        elif isinstance(side, Literal) and type(side.value) is int and side.value >= 1:
            sides.append(f"{side.value:,}")
    return tuple(dict.fromkeys(sides))


def members(definition: Definition) -> dict[str, tuple[str, ...]]:
    """Return side -> names of the nodes that it repeats, both in the order of the nodes."""
    found: dict[str, list[str]] = {}
    for node in definition.by_name.values():
        for side in sides_of(node):
            found.setdefault(side, []).append(node.name)
    return {side: tuple(names) for side, names in found.items()}
