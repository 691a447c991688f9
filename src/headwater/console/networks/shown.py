"""A network as its pages show it: statements, what is wrong and how it is mended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from headwater.console.networks.columns import Column, shown_columns
from headwater.engines.network.check import Problem
from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.node_types import NODE_TYPES
from headwater.networks.models import BayesianNetwork, BayesianNetworkEdge, BayesianNetworkNode

LONG = 160
"""Characters of a parameter text that are shown in a line."""
_LONG_NUMBER = re.compile(r"(?<![\w.])\d*\.\d{6,}(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class ShownNode:
    """One line of the list of nodes."""

    pk: int
    name: str
    sign: str
    """“~” for a distribution, “=” for what is computed."""
    statement: str
    """“GaussianARD(0, 1e-6)”."""
    type: str
    label: str
    columns: list[Column]
    filter: Mapping[str, object]
    parents: tuple[str, ...]
    has_problem: bool


@dataclass(frozen=True, slots=True)
class Mend:
    """What can be pressed to mend a problem: a link, or a form where ``fields`` are sent."""

    label: str
    address: str
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def is_form(self) -> bool:
        return bool(self.fields)


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """One thing that is wrong, with what mends it."""

    sentence: str
    mends: list[Mend]


@dataclass(frozen=True, slots=True)
class Change:
    """One node before and after something is done; empty: it is not there."""

    name: str
    before: str
    after: str


def rounded(text: str) -> str:
    """Return a parameter text with its long numbers rounded to five digits.

    >>> rounded("[5.0020346366701425, 1e-05], numpy.full(10, 0.25)")
    '[5.002, 1e-05], numpy.full(10, 0.25)'
    """
    return _LONG_NUMBER.sub(lambda found: f"{float(found.group()):.5g}", text)


def statement(node: Node) -> str:
    """Return “GaussianARD(0, 1e-6)”, shortened where it is very long, long numbers rounded."""
    text = rounded(" ".join(node.parameters.split()))
    if len(text) > LONG:
        text = f"{text[:LONG]}…"
    return f"{node.type or '?'}({text})"


def sign(node: Node) -> str:
    """Return “~” for a distribution, and “=” for what is computed."""
    return "=" if node.kind == "deterministic" else "~"


def shown_nodes(
    rows: Sequence[BayesianNetworkNode], definition: Definition, problems: Sequence[Problem]
) -> list[ShownNode]:
    """Return the nodes in their order."""
    wrong = {problem.node for problem in problems}
    found = []
    for row, node in zip(rows, definition.nodes, strict=True):
        known = NODE_TYPES.get(node.type)
        found.append(
            ShownNode(
                pk=row.pk,
                name=node.name,
                sign=sign(node),
                statement=statement(node),
                type=node.type,
                label=known.label if known else node.type,
                columns=shown_columns(node.columns),
                filter=row.filter if node.columns else {},
                parents=definition.parents(node.name),
                has_problem=node.name in wrong,
            )
        )
    return found


def shown_problems(
    network: BayesianNetwork,
    problems: Sequence[Problem],
    definition: Definition,
    *,
    may_change: bool,
) -> list[ShownProblem]:
    """Return the problems; with what mends them for those who may change the network."""
    if not may_change:
        return [ShownProblem(problem.sentence, []) for problem in problems]
    nodes = {node.name: node.pk for node in network.nodes.all()}
    edges = list(network.edges.select_related("parent", "child"))
    return [
        ShownProblem(problem.sentence, _mends(network, problem, definition, nodes, edges))
        for problem in problems
    ]


def _mends(
    network: BayesianNetwork,
    problem: Problem,
    definition: Definition,
    nodes: Mapping[str, int],
    edges: Sequence[BayesianNetworkEdge],
) -> list[Mend]:
    mends: list[Mend] = []
    if problem.missing_edge is not None:
        parent, child = problem.missing_edge
        mends.append(
            Mend(
                f"Add the edge {parent} → {child}",
                reverse("headwater:edge-create", args=[network.pk]),
                (("parent", str(nodes[parent])), ("child", str(nodes[child]))),
            )
        )
    for edge in edges:
        ends = f"“{edge.parent.name}” to “{edge.child.name}”"
        if problem.code in ("unused_edge", "self_edge") and (
            ends in problem.sentence or f"“{edge.child.name}” to itself" in problem.sentence
        ):
            address = reverse("headwater:edge-delete", args=[network.pk, edge.pk])
            mends.append(Mend(f"Delete the edge {edge}", address, (("edge", str(edge.pk)),)))
    if problem.code in ("nothing_observed", "no_data_length", "no_groups"):
        mends += [
            Mend(f"Give {name} columns", f"{_node(network, nodes[name])}#columns-part")
            for name in ([] if definition.observed else _could_observe(definition))
        ]
    if problem.code == "no_nodes":
        mends.append(Mend("Add a node", reverse("headwater:node-create", args=[network.pk])))
    if problem.code == "no_groups":
        address = reverse("headwater:network-edit", args=[network.pk])
        mends.append(Mend("Change the type of the network", address))
    if problem.node in nodes:
        mends.append(Mend(f"Edit {problem.node}", _node(network, nodes[str(problem.node)])))
    return mends


def _node(network: BayesianNetwork, pk: int) -> str:
    return reverse("headwater:node", args=[network.pk, pk])


def _could_observe(definition: Definition) -> list[str]:
    """Return the nodes that can observe columns and are no parent of another: the likely ones."""
    parents = {parent for parent, _ in definition.edges}
    able = [
        node.name
        for node in definition.nodes
        if (known := NODE_TYPES.get(node.type)) is not None and known.observable
    ]
    return [name for name in able if name not in parents] or able


def changes(before: Definition, after: Definition) -> list[Change]:
    """Return the nodes that differ between two definitions, in the order of the later one."""

    def told(node: Node | None) -> str:
        """Return all that differs, long numbers rounded; compared is the whole."""
        if node is None:
            return ""
        columns = f", reads {', '.join(node.columns)}" if node.columns else ""
        return f"{sign(node)} {statement(node)}{columns}"

    names = dict.fromkeys([*after.by_name, *before.by_name])
    found = []
    for name in names:
        was, now = before.by_name.get(name), after.by_name.get(name)
        if was != now:
            found.append(Change(name, told(was), told(now)))
    gone = [edge for edge in before.edges if edge not in after.edges]
    new = [edge for edge in after.edges if edge not in before.edges]
    if gone or new:
        found.append(Change("edges", _arrows(gone), _arrows(new)))
    if before.network_type != after.network_type:
        found.append(Change("type of the network", before.network_type, after.network_type))
    return found


def _arrows(edges: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{parent} → {child}" for parent, child in edges)
