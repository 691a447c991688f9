"""Which networks are conjugate Gaussian mixtures, and that the kernel infers them as BayesPy."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from headwater.engines.network import kernel
from headwater.engines.network.definition import Definition
from headwater.engines.network.graph import build
from headwater.engines.network.inference import infer
from headwater.engines.network.recognise import recognise, why_not
from tests.engines.mixture.draws import Array, blobs, hard, soft, usage
from tests.engines.network.networks import CLUSTERING, ONE_METRIC, network

SHAPES = {"Y": (200, 2)}


def test_the_published_network_is_recognised() -> None:
    found = recognise(CLUSTERING, SHAPES)
    assert found is not None
    names = (found.weights, found.groups, found.means, found.precisions, found.rows)
    assert names == ("alpha", "Z", "mu", "Lambda", "Y")
    assert (found.n_components, found.concentration, found.dof) == (10, 1e-5, 2)
    np.testing.assert_array_equal(found.mean, np.zeros(2))
    np.testing.assert_array_equal(found.mean_precision, 1e-5 * np.identity(2))
    np.testing.assert_array_equal(found.scale, 1e-5 * np.identity(2))
    assert why_not(CLUSTERING, SHAPES) == ""


def test_names_order_and_ways_of_writing_do_not_matter() -> None:
    stated = network(
        "rows* ~ Mixture: kind, @bayespy.nodes.Gaussian, centre, spread, plates=(:dl_rows, )",
        "spread ~ Wishart: n=3.5, V=numpy.diag([2, 3]), plates=(4, )",
        "kind ~ Categorical: share, plates=(:dl|rows, )",
        "centre ~ Gaussian: numpy.tile([1, -1], (4, 1)), Lambda=[[0.5, 0.1], [0.1, 0.5]], ndim=1",
        "share ~ Dirichlet: [0.2, 0.2, 0.2, 0.2]",
    )
    found = recognise(stated, {"rows": (50, 2)})
    assert found is not None, why_not(stated, {"rows": (50, 2)})
    assert (found.n_components, found.concentration, found.dof) == (4, 0.2, 3.5)
    np.testing.assert_array_equal(found.mean, [1, -1])
    np.testing.assert_array_equal(found.mean_precision, [[0.5, 0.1], [0.1, 0.5]])
    np.testing.assert_array_equal(found.scale, [[2, 0], [0, 3]])


def but(**rows: str) -> Definition:
    """Return the published network with some rows stated otherwise."""
    parts = {node.name: f"{node.type}: {node.parameters}" for node in CLUSTERING.nodes} | rows
    return network(*(f"{name + '*' * (name == 'Y')} ~ {text}" for name, text in parts.items()))


I2 = "[[1e-5, 0], [0, 1e-5]]"
OTHERS = [
    (ONE_METRIC, {"avg1": (200,)}, "“avg1”, which is observed, is no Mixture"),
    (
        but(alpha="Dirichlet: [1, 2, 1, 1, 1, 1, 1, 1, 1, 1]"),
        SHAPES,
        "“alpha” has different counts",
    ),
    (but(alpha="Dirichlet: numpy.full(9, 1)"), SHAPES, "“mu” has plates (10,), and there are 9"),
    (
        but(mu=f"Gaussian: [[{'0, 0], [' * 9}1, 1]], {I2}, plates=(10, )"),
        SHAPES,
        "mu of “mu” differs between the components",
    ),
    (but(mu="Gaussian: [0, 0], [[1, 2], [2, 1]], plates=(10, )"), SHAPES, "not symmetric and pos"),
    (but(Lambda="Wishart: 2, [[1, 0], [1, 1]], plates=(10, )"), SHAPES, "The scale matrix of “Lam"),
    (but(Lambda=f"Wishart: 1, {I2}, plates=(10, )"), SHAPES, "1 degrees of freedom for 2 columns"),
    (but(Lambda=f"Wishart: 2, {I2}, plates=(9, )"), SHAPES, "“Lambda” has plates (9,)"),
    (but(Lambda=f"Wishart: 2, {I2}"), SHAPES, "“Lambda” has plates ()"),
    (but(Z="Categorical: alpha, plates=(100, ), :ifr"), SHAPES, "“Z” has plates (100,)"),
    (but(Z="Categorical: numpy.full(10, 0.1), plates=(:dl|Y, )"), SHAPES, "“Z” takes a constant"),
    (but(more="GaussianARD: 0, 1"), SHAPES, "“more” is no part of a Gaussian mixture"),
    (
        but(
            mu="GaussianARD: 0, 1, plates=(10, )",
            Lambda="Gamma: 1, 1, plates=(10, )",
            Y="Mixture: Z, @bayespy.nodes.GaussianARD(), mu, Lambda",
        ),
        {"Y": (200,)},
        "The groups of “Y” are GaussianARD",
    ),
    (
        but(hyper=f"Gaussian: [0, 0], {I2}", mu=f"Gaussian: hyper, {I2}, plates=(10, )"),
        SHAPES,
        "“hyper” is no part of a Gaussian mixture",
    ),
    (CLUSTERING, {"Y": (200, 3)}, "“mu” has mu of shape (2,), where these data take (3,)"),
    (CLUSTERING, {"Y": (7, 2)}, "There are fewer rows (7) than components (10)"),
]


@pytest.mark.parametrize(("definition", "shapes", "reason"), OTHERS, ids=[o[2] for o in OTHERS])
def test_what_is_something_else_says_why(definition: Definition, shapes: Any, reason: str) -> None:
    assert recognise(definition, shapes) is None
    assert reason in why_not(definition, shapes)


def test_why_bayespy_ran_is_told() -> None:
    rows = usage(200)
    other = but(alpha="Dirichlet: [1, 2, 1, 1, 1, 1, 1, 1, 1, 1]")
    posterior = infer(other, {"Y": rows}, iterations=3)
    assert posterior.engine == "BayesPy"
    assert "“alpha” has different counts" in posterior.why_engine
    forced = infer(CLUSTERING, {"Y": rows}, engine="bayespy", iterations=3)
    assert forced.why_engine == "BayesPy was asked for."
    assert infer(CLUSTERING, {"Y": rows}).engine == "mixture kernel"


GENERAL = network(
    "alpha ~ Dirichlet: numpy.full(5, 0.3)",
    "Z ~ Categorical: alpha, plates=(:dl|Y, ), :ifr",
    "mu ~ Gaussian: [1, -2], [[0.05, 0.01], [0.01, 0.04]], plates=(5, )",
    "Lambda ~ Wishart: 4.5, [[0.7, 0.2], [0.2, 0.5]], plates=(5, )",
    "Y* ~ Mixture: Z, @bayespy.nodes.Gaussian(), mu, Lambda",
)
SAME_START = [
    (CLUSTERING, usage(200), hard(200, 10, seed=1), 25),
    (CLUSTERING, usage(800), soft(800, 10, seed=2), 25),
    (GENERAL, blobs(150, 2, 3, seed=4, apart=4.0), soft(150, 5, seed=4), 25),
    (GENERAL, blobs(150, 2, 3, seed=4, apart=4.0), hard(150, 5, seed=4), 3),
]


@pytest.mark.parametrize(("definition", "rows", "R", "updates"), SAME_START)
def test_from_the_same_start_bound_and_moments_are_bayespys(
    definition: Definition, rows: Array, R: Array, updates: int
) -> None:
    graph = build(definition, {"Y": rows})
    nodes = graph.nodes
    nodes["Z"].u = [R.copy()]
    with np.errstate(all="ignore"):
        for _ in range(updates):
            for name in ("mu", "Lambda", "Z", "alpha"):
                nodes[name].update()
        bound = graph.bound()
        nodes["Z"].update()  # the categories that the stored weights imply

    found = recognise(definition, {"Y": rows.shape})
    assert found is not None
    model = kernel.estimator(found, moves=False, tol=0, max_iter=updates)
    model.fit(rows, responsibilities=R)
    assert model.lower_bound_ == pytest.approx(bound, rel=1e-8)

    kept, components, _ = kernel.states(found, model, rows)
    assert (components == nodes["Z"].u[0].argmax(axis=1)).all()
    # E[Λ] of a component without rows is about 1e5, and known to as many digits as in the kernel.
    alive = np.asarray(kept["alpha"]["phi"][0]) > found.concentration + 1e-3
    shown = {("mu", 0): (alive,), ("Lambda", 0): (alive,), ("Z", 1): (slice(None), alive)}
    for name in ("alpha", "Z", "mu", "Lambda"):
        for what, expected in (("moments", nodes[name].u), ("phi", nodes[name].phi)):
            place = shown.get((name, what == "phi"), shown.get((name, 0), ()))
            for got, theirs in zip(kept[name][what], expected, strict=True):
                np.testing.assert_allclose(got[place], theirs[place], rtol=1e-5, atol=1e-6)
                assert got.shape == theirs.shape
        assert tuple(kept[name]["plates"]) == nodes[name].plates
        assert tuple(map(tuple, kept[name]["dims"])) == nodes[name].dims


def test_components_without_rows_hold_the_prior_exactly() -> None:
    posterior = infer(CLUSTERING, {"Y": usage(800)})
    prior = build(CLUSTERING, {"Y": usage(800)}).nodes
    for name in ("mu", "Lambda"):
        for got, expected in zip(posterior[name].phi, prior[name].phi, strict=True):
            np.testing.assert_array_equal(got[4:], np.broadcast_to(expected, got.shape)[4:])
        for got, expected in zip(posterior[name].get_moments(), prior[name].u, strict=True):
            np.testing.assert_allclose(got[4:], np.broadcast_to(expected, got.shape)[4:], 1e-12)
    assert (posterior["alpha"].phi[0][4:] == 1e-5).all()
    assert (posterior["Z"].get_moments()[0][:, 4:] == 0).all()


def same_groups(one: Any, other: Any) -> bool:
    """Whether two lists of labels divide the rows in the same way."""
    pairs = set(zip(one, other, strict=True))
    return len(pairs) == len(set(one)) == len(set(other))


@pytest.mark.parametrize(("n", "restarts"), [(200, 5), (800, 12)])
def test_the_search_finds_the_groups_of_bayespys_best_restart(n: int, restarts: int) -> None:
    rows = usage(n)
    ours = infer(CLUSTERING, {"Y": rows})
    theirs = infer(CLUSTERING, {"Y": rows}, engine="bayespy", restarts=restarts)
    assert ours.groups is not None
    assert theirs.groups is not None
    assert len(ours.groups.components) == len(theirs.groups.components) == 4
    assert same_groups(ours.labels, theirs.labels)
    assert ours.bound >= theirs.bound - 1e-6
    assert ours.bound == pytest.approx(theirs.bound, rel=1e-6)
    order = min(
        itertools.permutations(range(4)),
        key=lambda p: float(np.abs(ours.groups.means - theirs.groups.means[list(p)]).sum()),  # type: ignore[union-attr]
    )
    np.testing.assert_allclose(ours.groups.means, theirs.groups.means[list(order)], atol=2e-2)


def test_recognising_does_not_import_bayespy() -> None:
    code = (
        "import sys\n"
        "from headwater.engines.network.recognise import recognise\n"
        "from tests.engines.network.networks import CLUSTERING\n"
        "assert recognise(CLUSTERING, {'Y': (200, 2)}) is not None\n"
        "assert not any(name.startswith('bayespy') for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
