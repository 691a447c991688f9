"""Priors that know a posterior, and fewer components: the texts parse, run, and mean it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headwater.engines.network.check import check
from headwater.engines.network.definition import Definition
from headwater.engines.network.errors import DefinitionChanged, NetworkError
from headwater.engines.network.inference import infer
from headwater.engines.network.language import parse
from headwater.engines.network.posterior import Posterior
from headwater.engines.network.prior import informed, limited
from tests.engines.mixture.draws import Array, usage
from tests.engines.network.networks import CLUSTERING, ONE_METRIC, metric, network


def joined(definition: Definition) -> Definition:
    """Return the definition with the edges that its parameters use, and check it."""
    edges = tuple(
        (name, node.name)
        for node in definition.nodes
        for name in parse(node.parameters).names()
        if f":dl|{name}" not in node.parameters
    )
    problems = check(Definition(definition.nodes, edges, definition.network_type))
    assert not problems, problems
    return definition


COIN = network("p ~ Beta: [1, 1]", "x* ~ Bernoulli: p")
FIRST, SECOND = np.array([1, 1, 0, 1, 0, 1, 1]), np.array([0, 0, 1])
PAIRS = np.random.default_rng(2).normal([1, -2], [1, 2], (40, 2))


def test_with_weight_1_the_next_rows_are_added_to_the_first_ones() -> None:
    after = joined(informed(COIN, infer(COIN, {"x": FIRST}), weight=1))
    assert after.by_name["p"].parameters == "[6.0, 3.0]"
    both = infer(COIN, {"x": np.concatenate([FIRST, SECOND])})
    then = infer(after, {"x": SECOND})
    np.testing.assert_allclose(then["p"].phi[0], both["p"].phi[0], rtol=1e-12)


def test_with_weight_0_nothing_is_learned_and_half_counts_half() -> None:
    posterior = infer(COIN, {"x": FIRST})
    assert informed(COIN, posterior, weight=0).by_name["p"].parameters == "[1.0, 1.0]"
    assert informed(COIN, posterior, weight=0.5).by_name["p"].parameters == "[3.5, 2.0]"


CONJUGATE = [
    (
        network("l ~ Gamma: 2, 3", "x* ~ Poisson: l"),
        np.array([3, 1, 4, 1, 5]),
        np.array([2, 2]),
        "l",
    ),
    (network("l ~ Exponential: 3", "x* ~ Poisson: l"), np.array([3, 1, 4]), np.array([2, 2]), "l"),
    (
        network("p ~ Dirichlet: [1, 2, 3]", "x* ~ Categorical: p"),
        np.array([0, 1, 2, 2]),
        np.array([2, 0]),
        "p",
    ),
    (
        network("mu ~ GaussianARD: 1, 0.5", "x* ~ GaussianARD: mu, 2"),
        np.array([3.0, 1, 4]),
        np.array([2.0, 2.5]),
        "mu",
    ),
    (
        network(
            "mu ~ Gaussian: [1, 0], [[2, 0.3], [0.3, 1]]", "x* ~ Gaussian: mu, [[1, 0], [0, 2]]"
        ),
        PAIRS[:25],
        PAIRS[25:],
        "mu",
    ),
    (
        network("L ~ Wishart: 4, [[2, 0.3], [0.3, 1]]", "x* ~ Gaussian: [1, -2], L"),
        PAIRS[:25],
        PAIRS[25:],
        "L",
    ),
    (
        network("mu ~ GaussianARD: 0, [1, 2], plates=(2, )", "x* ~ GaussianARD: mu, 2"),
        PAIRS[:25],
        PAIRS[25:],
        "mu",
    ),
    (
        network(
            "w ~ GaussianARD: 0, [1, 2], shape=(2, )",
            "F ~ SumMultiply: 'd,d->', w, [1, 3]",
            "x* ~ GaussianARD: F, 2",
        ),
        np.array([3.0, 1, 4]),
        np.array([2.0, 2.5]),
        "w",
    ),
]


@pytest.mark.parametrize(
    ("definition", "first", "second", "name"), CONJUGATE, ids=lambda x: str(x)[:60]
)
def test_weight_1_is_the_conjugate_update_of_each_distribution(
    definition: Definition, first: Array, second: Array, name: str
) -> None:
    after = joined(informed(definition, infer(definition, {"x": first}), weight=1))
    both = infer(definition, {"x": np.concatenate([first, second])})
    then = infer(after, {"x": second})
    for got, expected in zip(then[name].phi, both[name].phi, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


def test_distributions_that_change_say_so() -> None:
    exponential = network("l ~ Exponential: 3", "x* ~ Poisson: l")
    after = informed(exponential, infer(exponential, {"x": np.array([2, 4])}), weight=1)
    assert (after.by_name["l"].type, after.by_name["l"].parameters) == ("Gamma", "7.0, 5.0")
    vector = network(
        "w ~ GaussianARD: 0, 1, shape=(2, )",
        "F ~ SumMultiply: 'd,d->', w, [1, 3]",
        "x* ~ GaussianARD: F, 2",
    )
    after = informed(vector, infer(vector, {"x": np.array([2.0])}), weight=1)
    assert after.by_name["w"].type == "Gaussian"  # its numbers vary together now


def test_the_published_metric_starts_from_what_was_learned() -> None:
    posterior = infer(ONE_METRIC, metric())
    after = joined(informed(ONE_METRIC, posterior, weight=0.1))
    mu, tau = (parse(after.by_name[name].parameters).positional for name in ("mu", "tau"))
    assert float(mu[0].value) == pytest.approx(9.8093, abs=1e-3)  # type: ignore[union-attr]
    assert float(tau[0].value) == pytest.approx(10, abs=1e-3)  # type: ignore[union-attr]
    assert after.by_name["avg1"] == ONE_METRIC.by_name["avg1"]
    again = infer(after, metric())
    assert float(again["mu"].mean) == pytest.approx(9.8093, abs=1e-3)


def test_what_is_per_row_or_has_nodes_as_parameters_stays() -> None:
    stated = network(
        "level ~ GaussianARD: 0, 1",
        "each ~ GaussianARD: 0, 1, plates=(:dl|x, )",
        "mean ~ GaussianARD: level, 1",
        "F ~ Add: each, mean",
        "x* ~ GaussianARD: F, 1",
    )
    after = informed(stated, infer(stated, {"x": np.array([1.0, 2.0])}), weight=1)
    assert [n.name for n in after.nodes if n != stated.by_name[n.name]] == ["level"]


@pytest.fixture(scope="module")
def found() -> Posterior:
    return infer(CLUSTERING, {"Y": usage(800)})


def test_groups_keep_their_places_from_one_run_to_the_next(found: Posterior) -> None:
    after = joined(informed(CLUSTERING, found, weight=0.1))
    assert found.groups is not None
    posterior = infer(after, {"Y": usage(800)})
    assert posterior.engine == "BayesPy"
    assert "alpha” has different counts" in posterior.why_engine
    assert posterior.groups is not None
    assert sorted(posterior.groups.components.tolist()) == [0, 1, 2, 3]
    components = posterior.groups.components[posterior.labels]
    assert (components == found.labels).mean() > 0.99
    np.testing.assert_allclose(posterior["mu"].mean[:4], found.groups.means, atol=0.05)


def test_other_rows_get_the_same_groups(found: Posterior) -> None:
    after = informed(CLUSTERING, found, weight=0.1)
    rng = np.random.default_rng(5)
    rows = np.concatenate(
        [
            rng.multivariate_normal([16, 16], 0.5 * np.eye(2), 60),
            rng.multivariate_normal([25, 25], [[2, -1.5], [-1.5, 2]], 40),
        ]
    )
    assert found.groups is not None
    first, second = (
        int(np.abs(found.groups.means - centre).sum(axis=1).argmin())
        for centre in ([16, 16], [25, 25])
    )
    posterior = infer(after, {"Y": rows})
    assert posterior.groups is not None
    components = posterior.groups.components[posterior.labels]
    assert (components[:60] == first).mean() > 0.95
    assert (components[60:] == second).mean() > 0.95


def test_one_spare_component_has_the_prior_as_it_was_stated(found: Posterior) -> None:
    after = informed(CLUSTERING, found, weight=0.1)
    assert ":ifr" not in after.by_name["Z"].parameters
    assert "plates=(5,)" in after.by_name["mu"].parameters
    prior = infer(after, {"Y": usage(200)}, iterations=1)
    np.testing.assert_array_equal(prior["alpha"].phi[0][4], 1e-5)
    np.testing.assert_array_equal(-2 * prior["mu"].phi[1][4], 1e-5 * np.eye(2))
    np.testing.assert_array_equal(-2 * prior["Lambda"].phi[0][4], 1e-5 * np.eye(2))


def test_the_spare_component_takes_outliers_and_the_groups_keep_their_places(
    found: Posterior,
) -> None:
    rng = np.random.default_rng(0)
    rows, outliers = usage(800), rng.choice(800, 40, replace=False)
    rows[outliers] = rng.uniform(-20, 60, (40, 2))
    after = informed(CLUSTERING, found, weight=0.1)
    posterior = infer(after, {"Y": rows})
    assert posterior.groups is not None
    components = posterior.groups.components[posterior.labels]
    assert (components[outliers] == 4).sum() >= 38
    inliers = np.setdiff1d(np.arange(800), outliers)
    assert found.labels is not None
    assert (components[inliers] == found.labels[inliers]).mean() > 0.98
    # Without the move the outliers stay in a group, which they widen.
    alone = infer(replace(after, network_type="general"), {"Y": rows})
    assert posterior.bound > alone.bound + 100
    assert np.diff(posterior.bounds).min() > -1e-6


def test_a_move_that_gains_nothing_leaves_no_trace(found: Posterior) -> None:
    after = informed(CLUSTERING, found, weight=0.1)
    one = infer(after, {"Y": usage(800)})
    other = infer(replace(after, network_type="general"), {"Y": usage(800)})
    assert one.bounds == other.bounds
    for name in ("alpha", "Z", "mu", "Lambda"):
        for a, b in zip(one[name].get_moments(), other[name].get_moments(), strict=True):
            np.testing.assert_array_equal(a, b)


def test_the_same_on_bayespys_posterior() -> None:
    posterior = infer(CLUSTERING, {"Y": usage(200)}, engine="bayespy", restarts=5)
    assert posterior.groups is not None
    after = joined(informed(CLUSTERING, posterior, weight=0.2))
    again = infer(after, {"Y": usage(200)})
    assert again.groups is not None
    components = again.groups.components[again.labels]
    assert (components == posterior.labels).mean() > 0.97


def test_a_limit_keeps_the_network_as_it_is_otherwise() -> None:
    after = joined(limited(CLUSTERING, 5))
    texts = {node.name: node.parameters for node in after.nodes}
    assert texts["alpha"] == "numpy.full(5, 1e-05)"
    assert texts["mu"] == "numpy.zeros(2), [[1e-05, 0], [0, 1e-05]], plates=(5,)"
    assert texts["Lambda"] == "2, [[1e-05, 0], [0, 1e-05]], plates=(5,)"
    assert after.by_name["Z"] == CLUSTERING.by_name["Z"]
    posterior = infer(after, {"Y": usage(800)})
    assert posterior.engine == "mixture kernel"
    assert posterior.groups is not None
    assert len(posterior.groups.components) == 4
    assert limited(after, 10) != after
    assert (
        limited(limited(CLUSTERING, 5), 10).by_name["alpha"].parameters == "numpy.full(10, 1e-05)"
    )


def test_a_limit_with_different_priors_keeps_the_first_ones() -> None:
    stated = network(
        "Z ~ Categorical: [0.375, 0.125, 0.5], plates=(:dl|x, ), :ifr",
        "tau ~ Gamma: 1, [1, 2, 3]",
        "mu ~ GaussianARD: [-1, 0, 1], tau, plates=(3, )",
        "x* ~ Mixture: Z, @bayespy.nodes.GaussianARD(), mu, 1",
        network_type="clustering",
    )
    after = joined(limited(stated, 2))
    texts = {node.name: node.parameters for node in after.nodes}
    assert texts["Z"] == "[0.75, 0.25], plates=(:dl|x,), :ifr"
    assert texts["tau"] == "1, [1.0, 2.0]"
    assert texts["mu"] == "[-1.0, 0.0], tau, plates=(2,)"
    rows = np.concatenate([np.full(5, -1.0), np.full(5, 0.5)])
    assert infer(after, {"x": rows})["mu"].plates == (2,)
    assert limited(stated, 4).by_name["mu"].parameters.startswith("[-1.0, 0.0, 1.0, 1.0]")


def test_columns_apart_keep_their_plates() -> None:
    stated = network(
        "alpha ~ Dirichlet: [0.5, 0.5, 0.5]",
        "Z ~ Categorical: alpha, plates=(:dl|Y, 1), :ifr",
        "rate ~ Gamma: 1, 0.2, plates=(2, 3)",
        "Y* ~ Mixture: Z, @bayespy.nodes.Poisson(), rate",
        network_type="clustering",
    )
    rows = np.random.default_rng(3).poisson(np.repeat([[1, 9], [8, 2]], 40, axis=0))
    posterior = infer(stated, {"Y": rows}, restarts=3)
    after = joined(informed(stated, posterior, weight=0.3))
    assert posterior.groups is not None
    size = len(posterior.groups.components) + 1
    again = infer(after, {"Y": rows})
    assert again["rate"].plates == (2, size)
    assert again.groups is not None
    assert (again.groups.components[again.labels] == posterior.labels).all()
    assert infer(limited(stated, 2), {"Y": rows})["rate"].plates == (2, 2)


def test_what_cannot_be_done_is_said(found: Posterior) -> None:
    with pytest.raises(NetworkError, match="weight was 1"):
        informed(CLUSTERING, found, weight=1.5)
    with pytest.raises(DefinitionChanged, match="changed are “alpha”"):
        informed(limited(CLUSTERING, 5), found, weight=0.1)
    with pytest.raises(NetworkError, match="The limit was 0"):
        limited(CLUSTERING, 0)
    with pytest.raises(NetworkError, match="has an observed Mixture"):
        limited(ONE_METRIC, 3)
    free = network(
        "a ~ Concentration: 3",
        "alpha ~ Dirichlet: a",
        "Z ~ Categorical: alpha, plates=(:dl|x, ), :ifr",
        "mu ~ GaussianARD: 0, 1, plates=(3, )",
        "x* ~ Mixture: Z, @bayespy.nodes.GaussianARD(), mu, 1",
    )
    with pytest.raises(NetworkError, match="no constant in the parameters of “alpha”"):
        limited(free, 2)
