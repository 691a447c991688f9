"""Fixtures of networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.language import parse


def node(name: str, type_: str, parameters: str, *columns: str) -> Node:
    """Return a node; of a function if BayesPy has one of that name."""
    kind = "deterministic" if type_ in ("Dot", "SumMultiply", "Add", "Gate") else "stochastic"
    return Node(name, kind, type_, parameters, columns)  # type: ignore[arg-type]


def definition(*nodes: Node, network_type: str = "general") -> Definition:
    """Return the network of ``nodes``, with the edges that their parameters ask for."""
    names = [one.name for one in nodes]
    edges = tuple(
        (parent, child.name)
        for child in nodes
        for parent in parse(child.parameters).names()
        if parent in names and f":dl|{parent}" not in child.parameters
    )
    return Definition(nodes, edges, network_type)  # type: ignore[arg-type]


EXAMPLE_1 = definition(
    node("mu", "GaussianARD", "0, 1e-6"),
    node("tau", "Gamma", "1e-6, 1e-6"),
    node("Y", "GaussianARD", "mu, tau", "testapp.Person.x"),
)


def mixture(k: int) -> Definition:
    """Return the network that divides people by x and y into at most ``k`` groups."""
    return definition(
        node("alpha", "Dirichlet", f"numpy.full({k}, 1e-05)"),
        node("Z", "Categorical", "alpha, plates=(:dl|Y, ), :ifr"),
        node("mu", "Gaussian", f"numpy.zeros(2), [[1e-5, 0], [0, 1e-5]], plates=({k}, )"),
        node("Lambda", "Wishart", f"2, [[1e-5, 0], [0, 1e-5]], plates=({k}, )"),
        node(
            "Y",
            "Mixture",
            "Z, @bayespy.nodes.Gaussian(), mu, Lambda, :noplates",
            "testapp.Person.x",
            "testapp.Person.y",
        ),
        network_type="clustering",
    )


EXAMPLE_2 = mixture(10)


@pytest.fixture
def make_network(db: None) -> Callable[..., Any]:
    """Return a function that keeps a definition as a network; nothing is inferred."""
    from headwater.networks.models import BayesianNetwork
    from headwater.networks.restate import restate

    def make(stated: Definition = EXAMPLE_1, *, name: str = "Network", **values: Any) -> Any:
        network = BayesianNetwork.objects.create(
            name=name, network_type=stated.network_type, **values
        )
        restate(network, stated)
        return network

    return make
