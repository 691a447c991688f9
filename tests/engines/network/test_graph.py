"""Building: plates of observed nodes, orders, and that a graph belongs to one run."""

from __future__ import annotations

import numpy as np
import pytest

from headwater.engines.network.ascent import update_order
from headwater.engines.network.graph import build
from tests.engines.mixture.draws import usage
from tests.engines.network.networks import CLUSTERING, Array, network

X, XX = np.arange(4.0), np.arange(8.0).reshape(4, 2)
PLATES = [
    (["x* ~ GaussianARD: 0, 1"], X, (4,), ()),
    (["x* ~ GaussianARD: 0, 1"], XX, (4, 2), ()),
    (["x* ~ GaussianARD: 0, 1, shape=(2, )"], XX, (4,), (2,)),
    (["m ~ GaussianARD: 0, 1, shape=(2, )", "x* ~ GaussianARD: m, 1, ndim=1"], XX, (4,), (2,)),
    (["x* ~ Gaussian: [0, 0], [[1, 0], [0, 1]]"], XX, (4,), (2,)),
    (["x* ~ Gaussian: [0], [[1]]"], X, (4,), (1,)),
    (["x* ~ GaussianARD: 0, 1, plates=(:dl|x, )"], X, (4,), ()),
    (["x* ~ GaussianARD: 0, 1, plates=4"], X, (4,), ()),
    (["m ~ GaussianARD: 0, 1, plates=(4, )", "x* ~ GaussianARD: m, 1, :noplates"], X, (4,), ()),
    (["m ~ GaussianARD: 0, 1, plates=(2, )", "x* ~ GaussianARD: m, 1"], XX, (4, 2), ()),
    (["p ~ Dirichlet: [1, 1]", "x* ~ Multinomial: 5, p"], [[2, 3], [5, 0]], (2,), (2,)),
]


@pytest.mark.parametrize(
    ("rows", "data", "plates", "shape"), PLATES, ids=[p[0][-1] for p in PLATES]
)
def test_an_observed_node_has_a_plate_for_its_rows(
    rows: list[str], data: Array, plates: tuple[int, ...], shape: tuple[int, ...]
) -> None:
    node = build(network(*rows), {"x": np.asarray(data)}).nodes["x"]
    assert node.plates == plates
    assert node.dims[0] == shape
    assert np.all(node.observed)


def test_categories_without_a_random_start_come_first_and_random_starts_last() -> None:
    graph = build(CLUSTERING, {"Y": usage(40)})
    assert graph.random == ["Z"]
    assert update_order(graph) == (["alpha", "mu", "Lambda", "Z"], [])
    stated = network(
        "mu ~ GaussianARD: 0, 1, plates=(2, ), :ifr",
        "tau ~ Gamma: 1, 1",
        "L ~ MaximumLikelihood: [[1]]",
        "Z ~ Categorical: [0.5, 0.5], plates=(:dl|x, )",
        "x* ~ Mixture: Z, @bayespy.nodes.GaussianARD(), mu, tau",
        "y* ~ Gaussian: [0], L",
    )
    graph = build(stated, {"x": X, "y": X})
    assert update_order(graph) == (["Z", "tau", "mu"], ["L"])


def test_two_graphs_share_nothing() -> None:
    data = {"Y": usage(40)}
    one, other = build(CLUSTERING, data), build(CLUSTERING, data)
    before = [part.copy() for part in other.nodes["mu"].u]
    with np.errstate(all="ignore"):
        one.nodes["mu"].update()
    for now, then in zip(other.nodes["mu"].u, before, strict=True):
        assert np.array_equal(now, then)
    assert len({node._id for node in one.nodes.values() if hasattr(node, "_id")}) == 5


def test_parents_are_built_before_children_however_deep() -> None:
    chain = [f"x{i} ~ GaussianARD: x{i - 1}, 1" for i in range(300, 0, -1)]
    stated = network(*chain, "x0 ~ GaussianARD: 0, 1", "y* ~ GaussianARD: x300, 1")
    graph = build(stated, {"y": X})
    assert list(graph.nodes)[:3] == ["x0", "x1", "x2"]
