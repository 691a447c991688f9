"""Restate: make the rows of a network say what a definition says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import router, transaction

from headwater.engines.network.definition import Definition, Node
from headwater.learning.errors import FitError
from headwater.networks.state import split

if TYPE_CHECKING:
    from headwater.networks.models import BayesianNetwork, BayesianNetworkNode


def restate(
    network: BayesianNetwork,
    definition: Definition,
    *,
    filters: Mapping[str, Any] | None = None,
    graph_intervals: Mapping[str, str] | None = None,
    observed: Collection[str] = (),
) -> None:
    """Let nodes, edges and columns of ``network`` say what ``definition`` says, all or nothing.

    Nodes keep their rows by name. ``filters`` and ``graph_intervals`` are by name of the node;
    None leaves those of nodes that stay. ``observed`` are nodes whose columns are still to be
    chosen. Nothing is inferred.
    """
    from headwater.networks.models import BayesianNetworkNode

    with transaction.atomic(using=router.db_for_write(BayesianNetworkNode)):
        rows = {row.name: row for row in network.nodes.all()}
        for name in rows.keys() - definition.by_name.keys():
            rows.pop(name).delete()
        for position, node in enumerate(definition.nodes):
            row = rows.setdefault(node.name, BayesianNetworkNode(network=network, name=node.name))
            _set_node(row, node, position)
            row.is_observable = node.is_observed or node.name in observed
            if filters is not None:
                row.filter = filters.get(node.name, {})
            if graph_intervals is not None:
                row.graph_interval = graph_intervals.get(node.name, "")
            row.save()
            _set_columns(row, node)
        _set_edges(network, definition, rows)
        if network.network_type != definition.network_type:
            network.network_type = definition.network_type
            network.save(update_fields=["parameters", "updated_at"])


def _set_node(row: BayesianNetworkNode, node: Node, position: int) -> None:
    stochastic = node.kind == "stochastic"
    row.node_type = node.kind
    row.position = position
    row.distribution, row.distribution_params = (
        (node.type, node.parameters) if stochastic else ("", "")
    )
    row.deterministic, row.deterministic_params = (
        ("", "") if stochastic else (node.type, node.parameters)
    )


def _set_columns(row: BayesianNetworkNode, node: Node) -> None:
    if tuple(column.label for column in row.columns.all()) == node.columns:
        return
    row.columns.all().delete()
    for position, column in enumerate(node.columns):
        label, lookup = split(column)
        try:
            model = apps.get_model(label)
        except LookupError:
            raise FitError(
                f"“{node.name}” reads “{column}”, and {label} is not installed."
            ) from None
        row.columns.create(
            ref_model=ContentType.objects.get_for_model(model, for_concrete_model=False),
            ref_column=lookup,
            position=position,
        )


def _set_edges(
    network: BayesianNetwork, definition: Definition, rows: Mapping[str, BayesianNetworkNode]
) -> None:
    there = {(edge.parent.name, edge.child.name): edge for edge in network.edges.all()}
    for ends in there.keys() - set(definition.edges):
        there[ends].delete()
    for parent, child in definition.edges:
        if (parent, child) not in there:
            network.edges.create(parent=rows[parent], child=rows[child])
