"""Edges that parameters ask for: a node that is named there is a parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import router, transaction

if TYPE_CHECKING:
    from headwater.networks.models import BayesianNetwork


def add_missing_edges(network: BayesianNetwork) -> list[tuple[str, str]]:
    """Add each edge that the parameters of a node imply; return (parent, child) of those added."""
    from headwater.networks.models import BayesianNetworkEdge

    nodes = {node.name: node for node in network.nodes.all()}
    missing = [
        problem.missing_edge
        for problem in network.network_problems()
        if problem.missing_edge is not None
    ]
    added = list(dict.fromkeys(missing))
    with transaction.atomic(using=router.db_for_write(BayesianNetworkEdge)):
        for parent, child in added:
            BayesianNetworkEdge.objects.create(
                network=network, parent=nodes[parent], child=nodes[child]
            )
    return added
