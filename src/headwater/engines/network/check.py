"""Check: what is wrong with a network as it is stated, in sentences. Never raises.

Import-light: NumPy is imported only to work out a call such as ``numpy.full(10, 1e-05)``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from headwater.engines.network.check_parameters import (
    check_parameters,
    quoted,
)
from headwater.engines.network.circles import find_circles
from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.dependence import taken_twice
from headwater.engines.network.fits import misplaced
from headwater.engines.network.node_types import NODE_TYPES
from headwater.engines.network.parse import closest, is_node_name, parse
from headwater.engines.network.syntax import Arguments, LanguageError, NodeName

MAX_NAME = 100
"""Characters of a node's name."""
MAX_FINDINGS = 20
"""Sentences about the parameters of one node; after these the rest waits."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    node: str | None
    """The node to change; None: the network as a whole."""
    code: str
    """Which kind of problem, for code: “missing_edge”."""
    sentence: str
    """What is wrong and what would fit, for people."""
    missing_edge: tuple[str, str] | None = None
    """(parent, child) of the edge that would mend it."""


def check(
    definition: Definition, *, functions: Mapping[str, Callable[..., Any]] | None = None
) -> list[Problem]:
    """Return all that is wrong with ``definition``, in the order of its nodes, the whole last.

    ``functions`` are those that parameters may call besides the built-in ones. An empty list means
    that the network can be built, as far as can be told without its data.
    """
    arguments = _read(definition)
    problems = list(_of_same_names(definition))
    for node in definition.nodes:
        problems += _of_node(definition, node, arguments, functions)
    uses = {name: _uses(given) for name, given in arguments.items()}
    problems += _of_edges(definition, uses)
    problems += _of_circles(definition, uses)
    problems += _of_dependence(definition, arguments)
    problems += _of_fits(definition, arguments)
    names: list[str | None] = [*dict.fromkeys(node.name for node in definition.nodes), None]
    problems.sort(key=lambda problem: names.index(problem.node))
    return problems + list(_of_whole(definition, arguments))


def _read(definition: Definition) -> dict[str, Arguments]:
    """Return name -> arguments, for the nodes whose parameters can be read."""
    read: dict[str, Arguments] = {}
    for node in definition.nodes:
        try:
            read[node.name] = parse(node.parameters)
        except LanguageError:
            continue
    return read


def _of_node(
    definition: Definition,
    node: Node,
    arguments: Mapping[str, Arguments],
    functions: Mapping[str, Callable[..., Any]] | None,
) -> Iterator[Problem]:
    name = quoted(node.name)
    yield from _of_name(node)
    kind = NODE_TYPES.get(node.type)
    if kind is None:
        of_kind = [key for key, known in NODE_TYPES.items() if known.kind == node.kind]
        hint = closest(node.type, of_kind or NODE_TYPES) or "."
        yield Problem(
            node.name,
            "unknown_type",
            f"{name} is of the type {quoted(node.type)}, which there is not{hint}"
            if node.type
            else f"{name} has no type; choose its distribution or its function.",
        )
    elif kind.kind != node.kind:
        yield Problem(
            node.name,
            "wrong_kind",
            f"{name} is stated as {node.kind}, and {node.type} is {kind.kind}. Make it "
            f"{kind.kind}, or choose another type.",
        )
    elif not kind.buildable:
        yield Problem(node.name, "not_supported", f"{name} is {node.type}. {kind.limitation}")
    if node.is_observed:
        yield from _of_observation(node)
    try:
        given = parse(node.parameters)
    except LanguageError as error:
        yield Problem(node.name, "language", f"The parameters of {name} cannot be read. {error}")
        return
    findings = check_parameters(definition, node, kind, given, functions)
    for finding in islice(findings, MAX_FINDINGS):
        yield Problem(node.name, finding.code, finding.sentence)
    edges = set(definition.edges)
    for parent in _uses(given):
        if parent == node.name or parent not in definition.by_name:
            continue
        if (parent, node.name) not in edges:
            yield Problem(
                node.name,
                "missing_edge",
                f"{name} uses {quoted(parent)}, and there is no edge from {parent} to {node.name}. "
                f"Add the edge, or take {parent} out of its parameters.",
                (parent, node.name),
            )


def _of_name(node: Node) -> Iterator[Problem]:
    if not node.name:
        yield Problem(node.name, "bad_name", "A node has no name; give it one, such as “mu”.")
    elif not is_node_name(node.name) or len(node.name) > MAX_NAME:
        yield Problem(
            node.name,
            "bad_name",
            f"{quoted(node.name)} cannot be the name of a node. A name has letters without "
            f"accents, digits and underscores, begins with a letter, has {MAX_NAME} characters at "
            "most, and is not True, False or None.",
        )


def _of_same_names(definition: Definition) -> Iterator[Problem]:
    for name, count in Counter(node.name for node in definition.nodes).items():
        if count > 1:
            yield Problem(
                name,
                "duplicate_name",
                f"{count} nodes are called {quoted(name)}; give each a name of its own.",
            )


def _of_observation(node: Node) -> Iterator[Problem]:
    kind = NODE_TYPES.get(node.type)
    if node.kind == "deterministic" or (kind is not None and kind.kind == "deterministic"):
        yield Problem(
            node.name,
            "observed_deterministic",
            f"{quoted(node.name)} observes columns and is deterministic: its value follows from "
            "its parents. Let a stochastic node below it observe them.",
        )
    elif kind is not None and not kind.observable:
        able = ", ".join(key for key, known in NODE_TYPES.items() if known.observable)
        yield Problem(
            node.name,
            "not_observable",
            f"{quoted(node.name)} is {node.type}, which cannot observe columns of a table. Take "
            f"its columns away, or choose one that can: {able}.",
        )
    twice = [column for column, count in Counter(node.columns).items() if count > 1]
    if twice:
        yield Problem(
            node.name,
            "duplicate_column",
            f"{quoted(node.name)} observes the column {quoted(twice[0])} twice; once is enough.",
        )


def _uses(arguments: Arguments) -> tuple[str, ...]:
    """Return the nodes that the parameters take, each once; not those whose length they ask."""
    return tuple(
        dict.fromkeys(value.name for value in arguments.values() if isinstance(value, NodeName))
    )


def _of_edges(definition: Definition, uses: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    names = definition.by_name
    for (parent, child), count in Counter(definition.edges).items():
        at = next((end for end in (child, parent) if end in names), None)
        if count > 1:
            yield Problem(
                at,
                "duplicate_edge",
                f"There are {count} edges from {quoted(parent)} to {quoted(child)}; keep one.",
            )
        absent = next((end for end in (parent, child) if end not in names), None)
        if absent is not None:
            hint = closest(absent, names) or "."
            yield Problem(
                at,
                "unknown_edge_node",
                f"An edge goes from {quoted(parent)} to {quoted(child)}, and there is no node "
                f"{quoted(absent)}{hint}",
            )
        elif parent == child:
            yield Problem(
                child,
                "self_edge",
                f"An edge goes from {quoted(child)} to itself. Take it away.",
            )
        elif child in uses and parent not in uses[child]:
            yield Problem(
                child,
                "unused_edge",
                f"An edge goes from {quoted(parent)} to {quoted(child)}, and {child[:60]} does not "
                f"use {parent[:60]}. Name {parent[:60]} in its parameters, or take the edge away.",
            )


def _of_circles(definition: Definition, uses: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    names = list(definition.by_name)
    used = [(parent, child) for child, above in uses.items() for parent in above]
    for circle in find_circles(names, [*definition.edges, *used]):
        way = " → ".join(quoted(name) for name in (*circle, circle[0]))
        yield Problem(
            circle[0],
            "circle",
            f"The nodes depend on each other in a circle: {way}. Take one of these edges away, "
            "and the name out of the parameters that it leads to.",
        )


def _of_dependence(definition: Definition, arguments: Mapping[str, Arguments]) -> Iterator[Problem]:
    for name, (source, ways) in taken_twice(definition, arguments).items():
        if set(ways) == {source}:
            how = f"takes {quoted(source)} twice"
        else:
            through = [way for way in dict.fromkeys(ways) if way != source]
            itself = "by itself and " if source in ways else ""
            how = f"takes {quoted(source)} {itself}through {' and '.join(map(quoted, through))}"
        yield Problem(
            name,
            "taken_twice",
            f"{quoted(name)} {how}, and what a node takes must be independent of each other. Take "
            "it once, or give each its own node.",
        )


def _of_fits(definition: Definition, arguments: Mapping[str, Arguments]) -> Iterator[Problem]:
    for name in arguments:
        for found in misplaced(definition, name, arguments):
            is_itself = definition.by_name[found.given].type == found.type
            yield Problem(
                name,
                "misplaced_node",
                f"{quoted(name)} takes {quoted(found.given)} as “{found.argument}”, and "
                f"{quoted(found.given)} {'is' if is_itself else 'gives'} {found.type}. There fit "
                f"numbers{''.join(f', {key}' for key in found.fits) or ' only'}.",
            )


def _of_whole(definition: Definition, arguments: Mapping[str, Arguments]) -> Iterator[Problem]:
    if not definition.nodes:
        yield Problem(None, "no_nodes", "The network has no nodes. Add the first one.")
        return
    if not definition.observed:
        yield Problem(
            None,
            "nothing_observed",
            "No node observes anything, so there is nothing to learn from. Give columns to a "
            "stochastic node.",
        )
    if definition.network_type == "clustering" and not any(
        _finds_groups(definition, node, arguments) for node in definition.nodes
    ):
        yield Problem(
            None,
            "no_groups",
            "A clustering network finds groups with a Mixture node that observes columns and takes "
            "a Categorical node first, and this network has none. Add them, or make it a general "
            "network.",
        )


def _finds_groups(definition: Definition, node: Node, arguments: Mapping[str, Arguments]) -> bool:
    if node.type != "Mixture" or not node.is_observed or node.name not in arguments:
        return False
    positional = arguments[node.name].positional
    if not positional or not isinstance(positional[0], NodeName):
        return False
    groups = definition.by_name.get(positional[0].name)
    return groups is not None and groups.type == "Categorical"
