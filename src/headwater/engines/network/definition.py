"""Definition: a Bayesian network as it is stated, before it is built. Standard library only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from headwater.engines.network.canonical import canonical

NodeKind = Literal["stochastic", "deterministic"]
NetworkType = Literal["general", "clustering"]


@dataclass(frozen=True, slots=True)
class Node:
    """One node: what it is, and the text of its parameters."""

    name: str
    kind: NodeKind
    type: str
    """Key in ``node_types.NODE_TYPES``: a distribution (“Gaussian”) or a function (“Dot”)."""
    parameters: str
    """In the node parameter language: “mu, tau” or “numpy.full(10, 1e-05)”."""
    columns: tuple[str, ...] = ()
    """“app_label.Model.lookup” of what the node observes; empty: it is not observed."""

    @property
    def is_observed(self) -> bool:
        return bool(self.columns)


@dataclass(frozen=True)
class Definition:
    """Nodes and edges of one network, in the order in which they were stated."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...] = ()
    """(parent, child) names."""
    network_type: NetworkType = "general"

    @cached_property
    def by_name(self) -> Mapping[str, Node]:
        """name -> node."""
        return {node.name: node for node in self.nodes}

    def parents(self, name: str) -> tuple[str, ...]:
        """Return the names of the parents of ``name``, in the order of the edges."""
        return tuple(parent for parent, child in self.edges if child == name)

    @property
    def observed(self) -> tuple[Node, ...]:
        """The nodes that observe columns."""
        return tuple(node for node in self.nodes if node.is_observed)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values that JSON can hold; ``from_json`` reads them."""
        return {
            "network_type": self.network_type,
            "nodes": [{**asdict(node), "columns": list(node.columns)} for node in self.nodes],
            "edges": [list(edge) for edge in self.edges],
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Definition:
        """Return the definition that ``to_json`` gave."""
        return cls(
            nodes=tuple(
                Node(**{**node, "columns": tuple(node.get("columns", ()))})
                for node in given.get("nodes", ())
            ),
            edges=tuple((str(parent), str(child)) for parent, child in given.get("edges", ())),
            network_type=given.get("network_type", "general"),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of all that matters for a posterior: the same definition, the same digest.

        The order of edges, and spaces in parameters, say nothing.
        """
        same = self.to_json()
        same["edges"].sort()
        for node in same["nodes"]:
            node["parameters"] = canonical(node["parameters"])
        text = json.dumps(same, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
