"""Networks by hand: (bayespy.nodes, data) -> nodes of BayesPy, in the order of updates."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.engines.network.networks import Array

LINE = np.random.default_rng(3).normal(size=(40, 2)).round(2)
"""Inputs of the regressions."""


def one_metric(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    mu, tau = b.GaussianARD(0, 1e-6), b.Gamma(1e-6, 1e-6)
    x = b.GaussianARD(mu, tau, plates=(40,))
    x.observe(data["x"])
    return {"mu": mu, "tau": tau, "x": x}


def vectors(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    mu = b.Gaussian(np.zeros(2), 1e-3 * np.identity(2))
    Lambda = b.Wishart(2, 1e-3 * np.identity(2))
    x = b.Gaussian(mu, Lambda, plates=(40,))
    x.observe(data["x"])
    return {"mu": mu, "Lambda": Lambda, "x": x}


def columns_apart(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    mu, tau = b.GaussianARD(0, 1e-3, plates=(2,)), b.Gamma(1e-3, 1e-3, plates=(2,))
    x = b.GaussianARD(mu, tau, plates=(40, 2))
    x.observe(data["x"])
    return {"mu": mu, "tau": tau, "x": x}


def scaled(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    both = b.GaussianGamma(np.zeros(2), 0.1 * np.identity(2), 1e-2, 1e-2)
    x = b.Gaussian(both, np.identity(2), plates=(40,))
    x.observe(data["x"])
    return {"both": both, "x": x}


def waiting(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    rate = b.Gamma(2, 3)
    x = b.Gamma(1, rate, plates=(40,))
    x.observe(data["x"])
    return {"rate": rate, "x": x}


def rate_of_rates(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    l = b.Gamma(1, 2)  # noqa: E741
    x = b.Poisson(l, plates=(40,))
    x.observe(data["x"])
    return {"l": l, "x": x}


def bernoulli(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    p = b.Beta([1, 2])
    x = b.Bernoulli(p, plates=(40,))
    x.observe(data["x"])
    return {"p": p, "x": x}


def binomial(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    p = b.Beta([1, 2])
    x = b.Binomial(7, p, plates=(40,))
    x.observe(data["x"])
    return {"p": p, "x": x}


def categorical(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    p = b.Dirichlet([1, 2, 0.5])
    x = b.Categorical(p, plates=(40,))
    x.observe(data["x"])
    return {"p": p, "x": x}


def multinomial(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    p = b.Dirichlet([1, 2, 0.5])
    x = b.Multinomial(6, p, plates=(40,))
    x.observe(data["x"])
    return {"p": p, "x": x}


def concentration(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    a = b.Concentration(3)
    x = b.Dirichlet(a, plates=(40,))
    x.observe(data["x"])
    return {"a": a, "x": x}


def gamma_shape(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    a, rate = b.GammaShape(), b.Gamma(1, 1)
    x = b.Gamma(a, rate, plates=(40,))
    x.observe(data["x"])
    return {"a": a, "rate": rate, "x": x}


def betas(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    a = b.Concentration(2, regularization=[np.log(0.5), 1])
    x = b.Beta(a, plates=(40,))
    x.observe(data["x"])
    return {"a": a, "x": x}


def mixture(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    alpha = b.Dirichlet(np.full(3, 0.1))
    Z = b.Categorical(alpha, plates=(40,))
    mu, tau = b.GaussianARD(0, 1e-2, plates=(3,)), b.Gamma(1e-2, 1e-2, plates=(3,))
    x = b.Mixture(Z, b.GaussianARD, mu, tau)
    x.observe(data["x"])
    return {"alpha": alpha, "mu": mu, "tau": tau, "Z": Z, "x": x}


def mixture_of_waits(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    Z = b.Categorical(b.Dirichlet([1, 1]), plates=(40,))
    rate = b.Gamma(1, 1, plates=(2,))
    x = b.Mixture(Z, b.Gamma, 1, rate)
    x.observe(data["x"])
    return {"alpha": Z.parents[0], "rate": rate, "Z": Z, "x": x}


def regression(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    w = b.GaussianARD(0, 1e-3, shape=(2,))
    F, tau = b.Dot(w, LINE), b.Gamma(1e-3, 1e-3)
    x = b.GaussianARD(F, tau, plates=(40,))
    x.observe(data["x"])
    return {"w": w, "F": F, "tau": tau, "x": x}


def sum_multiply(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    w = b.GaussianARD(0, 1e-3, shape=(2,))
    F, tau = b.SumMultiply("d,d->", w, LINE), b.Gamma(1e-3, 1e-3)
    x = b.GaussianARD(F, tau, plates=(40,))
    x.observe(data["x"])
    return {"w": w, "F": F, "tau": tau, "x": x}


def add(b: Any, data: dict[str, Any]) -> dict[str, Any]:
    level, season = b.GaussianARD(0, 1e-2), b.GaussianARD(0, 1, plates=(40,))
    F, tau = b.Add(level, season), b.Gamma(2, 1)
    x = b.GaussianARD(F, tau, plates=(40,))
    x.observe(data["x"])
    return {"level": level, "season": season, "F": F, "tau": tau, "x": x}


def gate(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    mu = b.GaussianARD([-1, 1], 1, plates=(2,))
    Z = b.Categorical([0.5, 0.5], plates=(40,))
    F = b.Gate(Z, mu)
    x = b.GaussianARD(F, 3, plates=(40,))
    x.observe(data["x"])
    return {"Z": Z, "mu": mu, "F": F, "x": x}


def take(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    mu = b.GaussianARD(0, 1e-2, plates=(2,))
    F = b.Take(mu, np.repeat([0, 1], 20))
    x = b.GaussianARD(F, 3, plates=(40,))
    x.observe(data["x"])
    return {"mu": mu, "F": F, "x": x}


def concatenated(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    first = b.Gaussian(np.zeros(1), [[1e-2]])
    second = b.Gaussian(np.zeros(1), [[1e-2]])
    F = b.ConcatGaussian(first, second)
    x = b.Gaussian(F, 2 * np.identity(2), plates=(40,))
    x.observe(data["x"])
    return {"first": first, "second": second, "F": F, "x": x}


def choose(b: Any, data: dict[str, Array]) -> dict[str, Any]:
    low, high = b.GaussianARD(-1, 1), b.GaussianARD(1, 1)
    Z = b.Categorical([0.5, 0.5], plates=(40,))
    F = b.Choose(Z, low, high)
    x = b.GaussianARD(F, 3, plates=(40,))
    x.observe(data["x"])
    return {"Z": Z, "low": low, "high": high, "F": F, "x": x}
