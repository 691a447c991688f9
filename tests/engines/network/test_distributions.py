"""Every distribution and function that is offered: rows give what BayesPy gives by hand."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from headwater.engines.network.definition import Definition
from headwater.engines.network.draws import start_at_random
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.graph import DETERMINISTIC, STOCHASTIC, bayespy
from headwater.engines.network.inference import infer
from headwater.engines.network.node_types import NODE_TYPES
from tests.engines.network.networks import Array, moments, network

UPDATES = 12
SEED = 5
rng = np.random.default_rng(3)
LINE = rng.normal(size=(40, 2)).round(2)


@dataclass(frozen=True)
class Case:
    """One network in both ways."""

    about: str
    definition: Definition
    data: dict[str, Array]
    by_hand: Callable[[Any, dict[str, Array]], dict[str, Any]]
    """(bayespy.nodes, data) -> nodes of BayesPy by name, in the order of their updates."""
    random: tuple[str, ...] = ()


def _one_metric(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    mu, tau = b.GaussianARD(0, 1e-6), b.Gamma(1e-6, 1e-6)
    x = b.GaussianARD(mu, tau, plates=(40,))
    x.observe(data["x"])
    return {"mu": mu, "tau": tau, "x": x}


def _vectors(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    mu = b.Gaussian(np.zeros(2), 1e-3 * np.identity(2))
    Lambda = b.Wishart(2, 1e-3 * np.identity(2))
    x = b.Gaussian(mu, Lambda, plates=(40,))
    x.observe(data["x"])
    return {"mu": mu, "Lambda": Lambda, "x": x}


def _columns_apart(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    mu, tau = b.GaussianARD(0, 1e-3, plates=(2,)), b.Gamma(1e-3, 1e-3, plates=(2,))
    x = b.GaussianARD(mu, tau, plates=(40, 2))
    x.observe(data["x"])
    return {"mu": mu, "tau": tau, "x": x}


def _scaled(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    both = b.GaussianGamma(np.zeros(2), 0.1 * np.identity(2), 1e-2, 1e-2)
    x = b.Gaussian(both, np.identity(2), plates=(40,))
    x.observe(data["x"])
    return {"both": both, "x": x}


def _waiting(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    rate = b.Gamma(2, 3)
    x = b.Gamma(1, rate, plates=(40,))
    x.observe(data["x"])
    return {"rate": rate, "x": x}


def _rate_of_rates(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    l = b.Gamma(1, 2)  # noqa: E741
    x = b.Poisson(l, plates=(40,))
    x.observe(data["x"])
    return {"l": l, "x": x}


def _bernoulli(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    p = b.Beta([1, 2])
    x = b.Bernoulli(p, plates=(40,))
    x.observe(data["x"])
    return {"p": p, "x": x}


def _binomial(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    p = b.Beta([1, 2])
    x = b.Binomial(7, p, plates=(40,))
    x.observe(data["x"])
    return {"p": p, "x": x}


def _categorical(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    p = b.Dirichlet([1, 2, 0.5])
    x = b.Categorical(p, plates=(40,))
    x.observe(data["x"])
    return {"p": p, "x": x}


def _multinomial(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    p = b.Dirichlet([1, 2, 0.5])
    x = b.Multinomial(6, p, plates=(40,))
    x.observe(data["x"])
    return {"p": p, "x": x}


def _concentration(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    a = b.Concentration(3)
    x = b.Dirichlet(a, plates=(40,))
    x.observe(data["x"])
    return {"a": a, "x": x}


def _gamma_shape(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    a, rate = b.GammaShape(), b.Gamma(1, 1)
    x = b.Gamma(a, rate, plates=(40,))
    x.observe(data["x"])
    return {"a": a, "rate": rate, "x": x}


def _betas(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    a = b.Concentration(2, regularization=[np.log(0.5), 1])
    x = b.Beta(a, plates=(40,))
    x.observe(data["x"])
    return {"a": a, "x": x}


def _mixture(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    alpha = b.Dirichlet(np.full(3, 0.1))
    Z = b.Categorical(alpha, plates=(40,))
    mu, tau = b.GaussianARD(0, 1e-2, plates=(3,)), b.Gamma(1e-2, 1e-2, plates=(3,))
    x = b.Mixture(Z, b.GaussianARD, mu, tau)
    x.observe(data["x"])
    return {"alpha": alpha, "mu": mu, "tau": tau, "Z": Z, "x": x}


def _mixture_of_waits(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    Z = b.Categorical(b.Dirichlet([1, 1]), plates=(40,))
    rate = b.Gamma(1, 1, plates=(2,))
    x = b.Mixture(Z, b.Gamma, 1, rate)
    x.observe(data["x"])
    return {"alpha": Z.parents[0], "rate": rate, "Z": Z, "x": x}


def _regression(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    w = b.GaussianARD(0, 1e-3, shape=(2,))
    F, tau = b.Dot(w, LINE), b.Gamma(1e-3, 1e-3)
    x = b.GaussianARD(F, tau, plates=(40,))
    x.observe(data["x"])
    return {"w": w, "F": F, "tau": tau, "x": x}


def _sum_multiply(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    w = b.GaussianARD(0, 1e-3, shape=(2,))
    F, tau = b.SumMultiply("d,d->", w, LINE), b.Gamma(1e-3, 1e-3)
    x = b.GaussianARD(F, tau, plates=(40,))
    x.observe(data["x"])
    return {"w": w, "F": F, "tau": tau, "x": x}


def _add(b: Any, data: dict[str, Any]) -> dict[str, Any]:
    level, season = b.GaussianARD(0, 1e-2), b.GaussianARD(0, 1, plates=(40,))
    F, tau = b.Add(level, season), b.Gamma(2, 1)
    x = b.GaussianARD(F, tau, plates=(40,))
    x.observe(data["x"])
    return {"level": level, "season": season, "F": F, "tau": tau, "x": x}


def _gate(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    mu = b.GaussianARD([-1, 1], 1, plates=(2,))
    Z = b.Categorical([0.5, 0.5], plates=(40,))
    F = b.Gate(Z, mu)
    x = b.GaussianARD(F, 3, plates=(40,))
    x.observe(data["x"])
    return {"Z": Z, "mu": mu, "F": F, "x": x}


def _take(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    mu = b.GaussianARD(0, 1e-2, plates=(2,))
    F = b.Take(mu, np.repeat([0, 1], 20))
    x = b.GaussianARD(F, 3, plates=(40,))
    x.observe(data["x"])
    return {"mu": mu, "F": F, "x": x}


def _concatenated(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    first = b.Gaussian(np.zeros(1), [[1e-2]])
    second = b.Gaussian(np.zeros(1), [[1e-2]])
    F = b.ConcatGaussian(first, second)
    x = b.Gaussian(F, 2 * np.identity(2), plates=(40,))
    x.observe(data["x"])
    return {"first": first, "second": second, "F": F, "x": x}


def _choose(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    low, high = b.GaussianARD(-1, 1), b.GaussianARD(1, 1)
    Z = b.Categorical([0.5, 0.5], plates=(40,))
    F = b.Choose(Z, low, high)
    x = b.GaussianARD(F, 3, plates=(40,))
    x.observe(data["x"])
    return {"Z": Z, "low": low, "high": high, "F": F, "x": x}


NUMBERS = rng.normal(2, 3, 40)
TWO_SIDES = np.concatenate([rng.normal(-2, 0.5, 20), rng.normal(2, 0.5, 20)])
PAIRS = rng.normal([1, -2], [1, 3], (40, 2))
WAITS = np.concatenate([rng.exponential(0.1, 20), rng.exponential(5, 20)])
SHARES = rng.dirichlet([2, 3, 4], 40)
CASES = [
    Case(
        "GaussianARD Gamma",
        network(
            "mu ~ GaussianARD: 0, 1e-6", "tau ~ Gamma: 1e-6, 1e-6", "x* ~ GaussianARD: mu, tau"
        ),
        {"x": NUMBERS},
        _one_metric,
    ),
    Case(
        "Gaussian Wishart",
        network(
            "mu ~ Gaussian: [0, 0], [[1e-3, 0], [0, 1e-3]]",
            "Lambda ~ Wishart: 2, numpy.diag([1e-3, 1e-3])",
            "x* ~ Gaussian: mu, Lambda",
        ),
        {"x": PAIRS},
        _vectors,
    ),
    Case(
        "GaussianARD of two columns",
        network(
            "mu ~ GaussianARD: 0, 1e-3, plates=(2, )",
            "tau ~ Gamma: 1e-3, 1e-3, plates=(2, )",
            "x* ~ GaussianARD: mu, tau",
        ),
        {"x": PAIRS},
        _columns_apart,
    ),
    Case(
        "GaussianGamma",
        network(
            "both ~ GaussianGamma: numpy.zeros(2), [[0.1, 0], [0, 0.1]], 1e-2, 1e-2",
            "x* ~ Gaussian: both, numpy.identity(2)",
        ),
        {"x": PAIRS},
        _scaled,
    ),
    Case(
        "Exponential",
        network("rate ~ Gamma: 2, 3", "x* ~ Exponential: rate"),
        {"x": WAITS},
        _waiting,
    ),
    Case(
        "Poisson and latent Exponential",
        network("l ~ Exponential: 2", "x* ~ Poisson: l"),
        {"x": rng.poisson(3, 40)},
        _rate_of_rates,
    ),
    Case(
        "Bernoulli Beta",
        network("p ~ Beta: [1, 2]", "x* ~ Bernoulli: p"),
        {"x": rng.integers(0, 2, 40)},
        _bernoulli,
    ),
    Case(
        "Binomial Beta",
        network("p ~ Beta: [1, 2]", "x* ~ Binomial: 7, p"),
        {"x": rng.binomial(7, 0.3, 40)},
        _binomial,
    ),
    Case(
        "Categorical Dirichlet",
        network("p ~ Dirichlet: [1, 2, 0.5]", "x* ~ Categorical: p"),
        {"x": rng.integers(0, 3, 40)},
        _categorical,
    ),
    Case(
        "Multinomial Dirichlet",
        network("p ~ Dirichlet: [1, 2, 0.5]", "x* ~ Multinomial: 6, p"),
        {"x": rng.multinomial(6, [0.2, 0.5, 0.3], 40)},
        _multinomial,
    ),
    Case(
        "Concentration, Dirichlet observed",
        network("a ~ Concentration: 3", "x* ~ Dirichlet: a"),
        {"x": SHARES},
        _concentration,
    ),
    Case(
        "GammaShape, Gamma observed",
        network("a ~ GammaShape:", "rate ~ Gamma: 1, 1", "x* ~ Gamma: a, rate"),
        {"x": WAITS},
        _gamma_shape,
    ),
    Case(
        "Concentration, Beta observed",
        network(
            f"a ~ Concentration: 2, regularization=({np.log(0.5)!r}, 1)".replace(
                "np.float64(", ""
            ).replace("),", ","),
            "x* ~ Beta: a",
        ),
        {"x": SHARES[:, 0]},
        _betas,
    ),
    Case(
        "Mixture of GaussianARD",
        network(
            "alpha ~ Dirichlet: numpy.full(3, 0.1)",
            "Z ~ Categorical: alpha, plates=(:dl|x, ), :ifr",
            "mu ~ GaussianARD: 0, 1e-2, plates=(3, )",
            "tau ~ Gamma: 1e-2, 1e-2, plates=(3, )",
            "x* ~ Mixture: Z, @bayespy.nodes.GaussianARD(), mu, tau",
        ),
        {"x": TWO_SIDES},
        _mixture,
        ("Z",),
    ),
    Case(
        "Mixture of Exponential",
        network(
            "alpha ~ Dirichlet: [1, 1]",
            "Z ~ Categorical: alpha, plates=(:dl|x, ), :ifr",
            "rate ~ Gamma: 1, 1, plates=(2, )",
            "x* ~ Mixture: Z, @bayespy.nodes.Exponential, rate",
        ),
        {"x": WAITS},
        _mixture_of_waits,
        ("Z",),
    ),
    Case(
        "Dot",
        network(
            "w ~ GaussianARD: 0, 1e-3, shape=(2, )",
            f"F ~ Dot: w, {LINE.tolist()}",
            "tau ~ Gamma: 1e-3, 1e-3",
            "x* ~ GaussianARD: F, tau",
        ),
        {"x": NUMBERS},
        _regression,
    ),
    Case(
        "SumMultiply",
        network(
            "w ~ GaussianARD: 0, 1e-3, shape=(2, )",
            f"F ~ SumMultiply: 'd,d->', w, {LINE.tolist()}",
            "tau ~ Gamma: 1e-3, 1e-3",
            "x* ~ GaussianARD: F, tau",
        ),
        {"x": NUMBERS},
        _sum_multiply,
    ),
    Case(
        "Add",
        network(
            "level ~ GaussianARD: 0, 1e-2",
            "season ~ GaussianARD: 0, 1, plates=(:dl|x, )",
            "F ~ Add: level, season",
            "tau ~ Gamma: 2, 1",
            "x* ~ GaussianARD: F, tau",
        ),
        {"x": NUMBERS},
        _add,
    ),
    Case(
        "Gate",
        network(
            "mu ~ GaussianARD: [-1, 1], 1, plates=(2, )",
            "Z ~ Categorical: [0.5, 0.5], plates=(:dl|x, )",
            "F ~ Gate: Z, mu",
            "x* ~ GaussianARD: F, 3",
        ),
        {"x": TWO_SIDES},
        _gate,
    ),
    Case(
        "Take",
        network(
            "mu ~ GaussianARD: 0, 1e-2, plates=(2, )",
            "F ~ Take: mu, numpy.repeat([0, 1], 20)",
            "x* ~ GaussianARD: F, 3",
        ),
        {"x": TWO_SIDES},
        _take,
    ),
    Case(
        "ConcatGaussian",
        network(
            "first ~ Gaussian: [0], [[1e-2]]",
            "second ~ Gaussian: [0], [[1e-2]]",
            "F ~ ConcatGaussian: first, second",
            "x* ~ Gaussian: F, [[2, 0], [0, 2]]",
        ),
        {"x": PAIRS},
        _concatenated,
    ),
    Case(
        "Choose",
        network(
            "low ~ GaussianARD: -1, 1",
            "high ~ GaussianARD: 1, 1",
            "Z ~ Categorical: [0.5, 0.5], plates=(:dl|x, )",
            "F ~ Choose: Z, low, high",
            "x* ~ GaussianARD: F, 3",
        ),
        {"x": TWO_SIDES},
        _choose,
    ),
]


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
