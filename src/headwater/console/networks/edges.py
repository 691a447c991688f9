"""Edges and names that follow from the parameters of nodes."""

from __future__ import annotations

from headwater.engines.network.language import LanguageError, parse
from headwater.engines.network.syntax import DataLength, NodeName
from headwater.networks.models import BayesianNetwork, BayesianNetworkEdge


def uses(text: str) -> list[str]:
    """Return the nodes that a parameter text takes, each once; none where it cannot be read."""
    try:
        values = parse(text).values()
    except LanguageError:
        return []
    return list(dict.fromkeys(v.name for v in values if isinstance(v, NodeName)))


def add_implied_edges(network: BayesianNetwork, name: str) -> list[tuple[str, str]]:
    """Add the edges into and out of the node ``name`` that parameters ask for; return them."""
    nodes = {node.name: node for node in network.nodes.all()}
    there = set(network.edges.values_list("parent__name", "child__name"))
    added = []
    for child in nodes.values():
        for parent in uses(child.params):
            ends = (parent, child.name)
            if name in ends and parent in nodes and parent != child.name and ends not in there:
                BayesianNetworkEdge.objects.create(
                    network=network, parent=nodes[parent], child=child
                )
                there.add(ends)
                added.append(ends)
    return added


def renamed(text: str, old: str, new: str) -> str:
    """Return a parameter text in which the node ``old`` is called ``new``.

    >>> renamed("Z, numpy.full(10, mu), plates=(:dl|Z, )", "Z", "groups")
    'groups, numpy.full(10, mu), plates=(:dl|groups, )'
    """
    try:
        values = list(parse(text).values())
    except LanguageError:
        return text
    places = []
    for value in values:
        if isinstance(value, NodeName) and value.name == old:
            places.append(value.position)
        elif isinstance(value, DataLength) and value.node == old:
            places.append(text.index(old, value.position + len(":dl|")))
    for place in sorted(set(places), reverse=True):
        if text[place : place + len(old)] == old:
            text = text[:place] + new + text[place + len(old) :]
    return text


def rename_in_others(network: BayesianNetwork, old: str, new: str) -> list[str]:
    """Write ``new`` where other nodes' parameters say ``old``; return the nodes changed."""
    changed = []
    for node in network.nodes.all():
        text = renamed(node.params, old, new)
        if text == node.params:
            continue
        if node.node_type == "stochastic":
            node.distribution_params = text
        else:
            node.deterministic_params = text
        node.save(update_fields=["distribution_params", "deterministic_params"])
        changed.append(node.name)
    return changed
