"""Any network is built or refused with a sentence; and what is checked to be wrong is refused."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.engines.network.check import check
from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.graph import build
from headwater.engines.network.layout import describe, lay_out
from headwater.engines.network.node_types import FUNCTION_NAMES, NODE_TYPES

NUMBERS = st.sampled_from(
    [
        *("0", "1", "2", "1e-3", "[1, 1]", "[0.5, 0.5]", "[0, 1]", "[[1, 0], [0, 1]]", "'d,d->'"),
        *("numpy.zeros(2)", "numpy.identity(2)", "numpy.full(3, 1)"),
    ]
)
MIXED = ("Gaussian", "GaussianARD", "Gamma", "Poisson", "Exponential")
PLATES = st.sampled_from(["", "", "", ", plates=(2, )", ", plates=(5, )", ", plates=(5, 2)"])
ROWS = st.sampled_from([np.ones(5), np.zeros(5), np.ones((5, 2)), np.full((5, 2), 0.5)])
NO_HARM = {"nothing_observed", "not_a_point"}
"""What is wrong without BayesPy's refusing it: it learns nothing, or takes a mean for a value."""


@st.composite
def stated(draw: st.DrawFn) -> Definition:
    """Return a few nodes, each given the right number of things: earlier nodes, and numbers."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, 6))):
        known = NODE_TYPES[draw(st.sampled_from(sorted(NODE_TYPES)))]
        things = NUMBERS
        if nodes:
            things |= st.sampled_from([node.name for node in nodes])
        texts = []
        for argument in known.arguments:
            if argument.name == "node_class":
                texts.append(f"@bayespy.nodes.{draw(st.sampled_from(MIXED))}")
            elif argument.name == "function":
                texts.append(f"@{draw(st.sampled_from(FUNCTION_NAMES))}")
            else:
                count = draw(st.integers(1, 2)) if argument.repeated else 1
                texts += [draw(things) for _ in range(count)]
        text = ", ".join(texts) + (draw(PLATES) if known.keywords else "")
        columns = ("a.B.c",) if known.observable and draw(st.booleans()) else ()
        nodes.append(Node(f"n{number}", known.kind, known.key, text.removeprefix(", "), columns))
    return Definition(tuple(nodes))


@settings(max_examples=300, deadline=None)
@given(stated(), st.data())
def test_any_network_is_built_or_refused(bare: Definition, data: st.DataObject) -> None:
    edges = tuple(problem.missing_edge for problem in check(bare) if problem.missing_edge)
    definition = replace(bare, edges=edges)
    codes = {problem.code for problem in check(definition)}
    assert "missing_edge" not in codes
    assert len(lay_out(definition).nodes) == len(describe(definition)) - 1
    rows = {node.name: data.draw(ROWS) for node in definition.observed}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # BayesPy divides by zero before it refuses
            build(definition, rows)
    except NetworkError as refusal:
        sentence = str(refusal)
    else:
        # a best value that begins at a node is not refused until it is looked for
        begins = any(node.type == "MaximumLikelihood" for node in definition.nodes)
        assert codes <= (NO_HARM | {"misplaced_node"} if begins else NO_HARM)
        return
    assert sentence.endswith(".")
    assert any(f"“{node.name}”" in sentence for node in definition.nodes)
