"""Dependence: nodes that take the same random quantity twice. Standard library only.

The posterior is a product of one factor per stochastic node, so the message to a node is right
only where each of its parents has its own factors; BayesPy refuses others.
"""

from __future__ import annotations

from collections.abc import Mapping

from headwater.engines.network.definition import Definition
from headwater.engines.network.syntax import Arguments, NodeName


def taken_twice(
    definition: Definition, arguments: Mapping[str, Arguments]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return child -> (stochastic node that it takes twice, the parents that it takes it by).

    Each child has the first such node. What Choose picks from may be the same, since only one of
    it counts.
    """
    sources = _sources(definition, arguments)
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, node in definition.by_name.items():
        parents = _parents(arguments, name)
        if node.type == "Choose":
            parents = [*parents[:1], *dict.fromkeys(parents[1:])]
        by: dict[str, list[str]] = {}
        for parent in parents:
            for source in sources.get(parent, {}):
                by.setdefault(source, []).append(parent)
        for source, ways in by.items():
            if len(ways) < 2 or (node.type == "Choose" and parents[0] not in ways):
                continue
            found.setdefault(name, (source, tuple(ways)))
    return found


def _parents(arguments: Mapping[str, Arguments], name: str) -> list[str]:
    """Return the nodes that ``name`` takes, as often as it takes them."""
    if name not in arguments:
        return []
    return [value.name for value in arguments[name].values() if isinstance(value, NodeName)]


def _sources(
    definition: Definition, arguments: Mapping[str, Arguments]
) -> dict[str, dict[str, None]]:
    """Return name -> the stochastic nodes that its value is made of; itself, if it is one.

    A node with one best value has no factor of its own.
    """
    sources: dict[str, dict[str, None]] = {}
    for name, node in definition.by_name.items():
        has_factor = node.kind == "stochastic" and node.type != "MaximumLikelihood"
        sources[name] = {name: None} if has_factor else {}
    made = [name for name, node in definition.by_name.items() if node.kind == "deterministic"]
    changed = True
    while changed:
        changed = False
        for name in made:
            known = len(sources[name])
            for parent in _parents(arguments, name):
                sources[name].update(sources.get(parent, {}))
            changed = changed or len(sources[name]) > known
    return sources
