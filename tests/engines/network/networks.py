"""Networks that the tests state, and their data."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.definition import Definition, NetworkType, Node
from headwater.engines.network.node_types import NODE_TYPES

Array = NDArray[np.float64]


def network(*rows: str, network_type: NetworkType = "general") -> Definition:
    """Return the definition of rows “name ~ Type: parameters”; “name* ~” observes a column."""
    nodes = []
    for row in rows:
        head, _, parameters = row.partition(":")
        name, _, kind = (part.strip() for part in head.partition("~"))
        columns = ("app.Model.column",) if name.endswith("*") else ()
        nodes.append(
            Node(name.rstrip("*"), NODE_TYPES[kind].kind, kind, parameters.strip(), columns)
        )
    return Definition(tuple(nodes), (), network_type)


ONE_METRIC = network(
    "mu ~ GaussianARD: 0, 1e-6", "tau ~ Gamma: 1e-6, 1e-6", "avg1* ~ GaussianARD: mu, tau"
)
CLUSTERING = network(
    "alpha ~ Dirichlet: numpy.full(10, 1e-05)",
    "Z ~ Categorical: alpha, plates=(:dl|Y, ), :ifr",
    "mu ~ Gaussian: numpy.zeros(2), [[1e-5, 0], [0, 1e-5]], plates=(10, )",
    "Lambda ~ Wishart: 2, [[1e-5, 0], [0, 1e-5]], plates=(10, )",
    "Y* ~ Mixture: Z, @bayespy.nodes.Gaussian(), mu, Lambda, :noplates",
    network_type="clustering",
)


def metric(n: int = 200) -> dict[str, Array]:
    """Return the one metric of the first example, drawn as published."""
    rng = np.random.RandomState(123456)
    rng.binomial(1, 0.7, n)
    rng.normal(30, 2, n)
    return {"avg1": rng.normal(10, 5, n)}


def moments(node: Any) -> list[Array]:
    """Return the moments of a node of BayesPy or of ours."""
    return [np.asarray(part) for part in node.get_moments()]
