"""Examples: networks to begin with. Nodes and edges are given; the columns are the person's."""

from __future__ import annotations

from dataclasses import dataclass

from headwater.engines.network.definition import Definition, NetworkType, Node
from headwater.engines.network.node_types import NODE_TYPES
from headwater.engines.network.parse import parse
from headwater.engines.network.syntax import NodeName


@dataclass(frozen=True, slots=True)
class Example:
    """One network to begin with."""

    key: str
    label: str
    answers: str
    """The question that it answers, in plain words."""
    next_step: str
    """What is left to do once it is there."""
    definition: Definition
    observed: tuple[str, ...] = ("Y",)
    """Nodes that are to be given columns."""


def _network(
    *statements: tuple[str, str, str], network_type: NetworkType = "general"
) -> Definition:
    """Return the network of (name, type, parameters), with the edges that parameters ask for."""
    nodes = tuple(
        Node(name, NODE_TYPES[kind].kind, kind, parameters) for name, kind, parameters in statements
    )
    edges = dict.fromkeys(
        (value.name, node.name)
        for node in nodes
        for value in parse(node.parameters).values()
        if isinstance(value, NodeName)
    )
    return Definition(nodes, tuple(edges), network_type)


_EXAMPLES = (
    Example(
        "metric",
        "Mean and precision of one metric",
        "What is usual for a number, and which rows are far from it?",
        "Give Y one column of numbers.",
        _network(
            ("mu", "GaussianARD", "0, 1e-6"),
            ("tau", "Gamma", "1e-6, 1e-6"),
            ("Y", "GaussianARD", "mu, tau"),
        ),
    ),
    Example(
        "mixture",
        "Groups: a mixture of Gaussians",
        "Which groups are there among the rows, and how many?",
        "Give Y two columns of numbers. For more columns, write larger zeros and matrices in mu "
        "and Lambda.",
        _network(
            ("alpha", "Dirichlet", "numpy.full(10, 1e-05)"),
            ("Z", "Categorical", "alpha, plates=(:dl|Y, ), :ifr"),
            ("mu", "Gaussian", "numpy.zeros(2), [[1e-5, 0], [0, 1e-5]], plates=(10, )"),
            ("Lambda", "Wishart", "2, [[1e-5, 0], [0, 1e-5]], plates=(10, )"),
            ("Y", "Mixture", "Z, @bayespy.nodes.Gaussian(), mu, Lambda, :noplates"),
            network_type="clustering",
        ),
    ),
    Example(
        "yes-or-no",
        "Rate of yes and no",
        "How likely is a yes, and how sure can one be of that?",
        "Give Y one column of yes and no, or of 0 and 1.",
        _network(("p", "Beta", "[1, 1]"), ("Y", "Bernoulli", "p")),
    ),
    Example(
        "counts",
        "Rate of counts",
        "How often does something happen, on average?",
        "Give Y one column of counts.",
        _network(("rate", "Gamma", "1e-3, 1e-3"), ("Y", "Poisson", "rate")),
    ),
    Example(
        "regression",
        "Linear regression",
        "How does a number depend on two others?",
        "Give X the two columns that explain, and Y the column that is explained. For more "
        "columns, write a larger shape in w and X. In the settings let each column be scaled "
        "“in its own spread”, else slopes and start look more certain than they are.",
        _network(
            ("w", "GaussianARD", "0, 1e-6, shape=(2, )"),
            ("X", "GaussianARD", "0, 1e-6, shape=(2, )"),
            ("slope", "SumMultiply", "'d,d->', w, X"),
            ("start", "GaussianARD", "0, 1e-6"),
            ("line", "Add", "slope, start"),
            ("tau", "Gamma", "1e-6, 1e-6"),
            ("Y", "GaussianARD", "line, tau"),
        ),
        observed=("X", "Y"),
    ),
)

EXAMPLES: dict[str, Example] = {example.key: example for example in _EXAMPLES}
