"""Every distribution and function that is offered: rows give what BayesPy gives by hand."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from headwater.engines.network.draws import start_at_random
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.graph import DETERMINISTIC, STOCHASTIC, bayespy
from headwater.engines.network.inference import infer
from headwater.engines.network.node_types import NODE_TYPES
from tests.engines.network.cases import CASES, PAIRS, Case
from tests.engines.network.networks import moments, network

UPDATES = 12
SEED = 5


def by_hand(case: Case) -> tuple[dict[str, Any], float]:
    """Return BayesPy's own nodes after the updates, and its bound."""
    generator = np.random.default_rng(np.random.SeedSequence(SEED).spawn(1)[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nodes = case.by_hand(bayespy(), case.data)
        for name in case.random:
            start_at_random(nodes[name], generator)
        latent = {name for name in nodes if not case.definition.by_name[name].is_observed}
        updated = [
            nodes[name] for name in nodes if name in latent and hasattr(nodes[name], "update")
        ]
        for _ in range(UPDATES):
            for node in updated:
                node.update()
        if "Z" in nodes and not case.random:
            nodes["Z"].update()  # categories are left as the other nodes imply them
        bound = sum(np.sum(node.lower_bound_contribution()) for node in nodes.values())
    return nodes, float(bound)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_the_posterior_is_that_of_the_network_written_by_hand(case: Case) -> None:
    posterior = infer(
        case.definition, case.data, engine="bayespy", iterations=UPDATES, tol=0, random_state=SEED
    )
    nodes, bound = by_hand(case)
    assert posterior.bound == pytest.approx(bound, rel=1e-10)
    for name, ours in posterior.items():
        if ours.observed:
            continue
        for got, expected in zip(ours.get_moments(), moments(nodes[name]), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-12)
            assert got.shape == expected.shape
        for got, expected in zip(ours.phi, getattr(nodes[name], "phi", []), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-12)
        assert ours.plates == nodes[name].plates
        assert ours.dims == nodes[name].dims


def test_every_offered_node_type_is_among_the_cases() -> None:
    shown = {node.type for case in CASES for node in case.definition.nodes}
    # Function and MaximumLikelihood are in test_points.py.
    assert shown | {"Function", "MaximumLikelihood"} == {*STOCHASTIC, *DETERMINISTIC}
    buildable = {key for key, node_type in NODE_TYPES.items() if node_type.buildable}
    assert buildable == {*STOCHASTIC, *DETERMINISTIC}


def test_what_bayespy_cannot_infer_is_refused_with_a_way_out() -> None:
    stated = network(
        "both ~ GaussianWishart: numpy.zeros(2), 1, 2, numpy.identity(2)",
        "x* ~ Gaussian: [0, 0], numpy.identity(2)",
    )
    with pytest.raises(NetworkError, match=r"“both” is GaussianWishart.*use a Gaussian node"):
        infer(stated, {"x": PAIRS})
    with pytest.raises(NameError):
        bayespy().GaussianWishart(np.zeros(2), 1, 2, np.identity(2))
