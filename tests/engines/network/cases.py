"""Each distribution and function in one network at least, stated as rows and written by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from headwater.engines.network.definition import Definition
from tests.engines.network import hand
from tests.engines.network.networks import Array, network


@dataclass(frozen=True)
class Case:
    """One network in both ways."""

    about: str
    definition: Definition
    data: dict[str, Array]
    by_hand: Callable[[Any, dict[str, Array]], dict[str, Any]]
    """(bayespy.nodes, data) -> nodes of BayesPy by name, in the order of their updates."""
    random: tuple[str, ...] = ()


rng = np.random.default_rng(3)
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
        hand.one_metric,
    ),
    Case(
        "Gaussian Wishart",
        network(
            "mu ~ Gaussian: [0, 0], [[1e-3, 0], [0, 1e-3]]",
            "Lambda ~ Wishart: 2, numpy.diag([1e-3, 1e-3])",
            "x* ~ Gaussian: mu, Lambda",
        ),
        {"x": PAIRS},
        hand.vectors,
    ),
    Case(
        "GaussianARD of two columns",
        network(
            "mu ~ GaussianARD: 0, 1e-3, plates=(2, )",
            "tau ~ Gamma: 1e-3, 1e-3, plates=(2, )",
            "x* ~ GaussianARD: mu, tau",
        ),
        {"x": PAIRS},
        hand.columns_apart,
    ),
    Case(
        "GaussianGamma",
        network(
            "both ~ GaussianGamma: numpy.zeros(2), [[0.1, 0], [0, 0.1]], 1e-2, 1e-2",
            "x* ~ Gaussian: both, numpy.identity(2)",
        ),
        {"x": PAIRS},
        hand.scaled,
    ),
    Case(
        "Exponential",
        network("rate ~ Gamma: 2, 3", "x* ~ Exponential: rate"),
        {"x": WAITS},
        hand.waiting,
    ),
    Case(
        "Poisson and latent Exponential",
        network("l ~ Exponential: 2", "x* ~ Poisson: l"),
        {"x": rng.poisson(3, 40)},
        hand.rate_of_rates,
    ),
    Case(
        "Bernoulli Beta",
        network("p ~ Beta: [1, 2]", "x* ~ Bernoulli: p"),
        {"x": rng.integers(0, 2, 40)},
        hand.bernoulli,
    ),
    Case(
        "Binomial Beta",
        network("p ~ Beta: [1, 2]", "x* ~ Binomial: 7, p"),
        {"x": rng.binomial(7, 0.3, 40)},
        hand.binomial,
    ),
    Case(
        "Categorical Dirichlet",
        network("p ~ Dirichlet: [1, 2, 0.5]", "x* ~ Categorical: p"),
        {"x": rng.integers(0, 3, 40)},
        hand.categorical,
    ),
    Case(
        "Multinomial Dirichlet",
        network("p ~ Dirichlet: [1, 2, 0.5]", "x* ~ Multinomial: 6, p"),
        {"x": rng.multinomial(6, [0.2, 0.5, 0.3], 40)},
        hand.multinomial,
    ),
    Case(
        "Concentration, Dirichlet observed",
        network("a ~ Concentration: 3", "x* ~ Dirichlet: a"),
        {"x": SHARES},
        hand.concentration,
    ),
    Case(
        "GammaShape, Gamma observed",
        network("a ~ GammaShape:", "rate ~ Gamma: 1, 1", "x* ~ Gamma: a, rate"),
        {"x": WAITS},
        hand.gamma_shape,
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
        hand.betas,
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
        hand.mixture,
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
        hand.mixture_of_waits,
        ("Z",),
    ),
    Case(
        "Dot",
        network(
            "w ~ GaussianARD: 0, 1e-3, shape=(2, )",
            f"F ~ Dot: w, {hand.LINE.tolist()}",
            "tau ~ Gamma: 1e-3, 1e-3",
            "x* ~ GaussianARD: F, tau",
        ),
        {"x": NUMBERS},
        hand.regression,
    ),
    Case(
        "SumMultiply",
        network(
            "w ~ GaussianARD: 0, 1e-3, shape=(2, )",
            f"F ~ SumMultiply: 'd,d->', w, {hand.LINE.tolist()}",
            "tau ~ Gamma: 1e-3, 1e-3",
            "x* ~ GaussianARD: F, tau",
        ),
        {"x": NUMBERS},
        hand.sum_multiply,
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
        hand.add,
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
        hand.gate,
    ),
    Case(
        "Take",
        network(
            "mu ~ GaussianARD: 0, 1e-2, plates=(2, )",
            "F ~ Take: mu, numpy.repeat([0, 1], 20)",
            "x* ~ GaussianARD: F, 3",
        ),
        {"x": TWO_SIDES},
        hand.take,
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
        hand.concatenated,
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
        hand.choose,
    ),
]
