"""Best single values: MaximumLikelihood and functions of it, against closed forms and BayesPy."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from headwater.engines.network.differentiable import DIFFERENTIABLE, Differentiable
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.graph import bayespy
from headwater.engines.network.inference import infer
from tests.engines.network.networks import network

rng = np.random.default_rng(4)
ROWS = rng.multivariate_normal([0, 0], [[2, 0.6], [0.6, 1]], 300)
SCATTER = ROWS.T @ ROWS / len(ROWS)


def test_the_best_precision_is_the_inverse_of_the_scatter() -> None:
    stated = network("L ~ MaximumLikelihood: numpy.identity(2)", "x* ~ Gaussian: [0, 0], L")
    posterior = infer(stated, {"x": ROWS}, tol=1e-12)
    np.testing.assert_allclose(posterior["L"].mean, np.linalg.inv(SCATTER), rtol=1e-4)
    likelihood = -0.5 * len(ROWS) * (2 * np.log(2 * np.pi) + np.linalg.slogdet(SCATTER)[1] + 2)
    assert posterior.bound == pytest.approx(likelihood, rel=1e-8)


def test_a_function_of_it_is_searched_through() -> None:
    stated = network(
        "A ~ MaximumLikelihood: numpy.identity(2)",
        "L ~ Function: @headwater.square(), A",
        "x* ~ Gaussian: [0, 0], L",
    )
    posterior = infer(stated, {"x": ROWS}, tol=1e-12)
    A = posterior["A"].mean
    np.testing.assert_allclose(posterior["L"].mean, A @ A.T, rtol=1e-12)
    np.testing.assert_allclose(posterior["L"].mean, np.linalg.inv(SCATTER), rtol=1e-4)


def test_it_is_what_bayespys_own_search_finds() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bayespy.inference import VB

        nodes = bayespy()
        mu = nodes.Gaussian([0, 0], np.identity(2))
        A = nodes.MaximumLikelihood(np.identity(2))
        square = DIFFERENTIABLE["headwater.square"]
        L = nodes.Function(square.function, (A, square.gradients[0]))
        x = nodes.Gaussian(mu, L, plates=(300,))
        x.observe(ROWS)
        search = VB(x, mu, A)
        for _ in range(60):
            mu.update()
            search.optimize(A, maxiter=20, verbose=False)
        mu.update()
    stated = network(
        "mu ~ Gaussian: [0, 0], numpy.identity(2)",
        "A ~ MaximumLikelihood: numpy.identity(2)",
        "L ~ Function: @headwater.square(), A",
        "x* ~ Gaussian: mu, L",
    )
    posterior = infer(stated, {"x": ROWS}, tol=1e-12)
    np.testing.assert_allclose(posterior["mu"].mean, mu.u[0], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(posterior["L"].mean, L.get_moments()[0], rtol=1e-3)
    assert posterior.bound >= search.compute_lowerbound() - 1e-5


@pytest.mark.parametrize("path", DIFFERENTIABLE)
def test_gradients_are_those_of_small_differences(path: str) -> None:
    function = DIFFERENTIABLE[path]
    arguments = [rng.normal(size=(3, 3)) for _ in function.gradients]
    slope = rng.normal(size=(3, 3))
    for place, gradient in enumerate(function.gradients):
        got = np.zeros((3, 3))
        for i in np.ndindex(3, 3):
            up, down = ([a.copy() for a in arguments] for _ in range(2))
            up[place][i] += 1e-6
            down[place][i] -= 1e-6
            got[i] = (slope * (function(*up) - function(*down))).sum() / 2e-6
        np.testing.assert_allclose(gradient(slope, *arguments), got, rtol=1e-5, atol=1e-7)


def test_a_project_may_allow_functions_of_its_own() -> None:
    double = Differentiable(lambda x: 2 * x, (lambda slope, x: 2 * slope,))
    stated = network(
        "A ~ MaximumLikelihood: numpy.identity(2)",
        "L ~ Function: @shop.double, A",
        "x* ~ Gaussian: [0, 0], L",
    )
    posterior = infer(stated, {"x": ROWS}, tol=1e-12, functions={"shop.double": double})
    np.testing.assert_allclose(posterior["A"].mean, np.linalg.inv(SCATTER) / 2, rtol=1e-4)
    with pytest.raises(NetworkError, match="there is no reference “shop"):
        infer(stated, {"x": ROWS})


def test_a_function_takes_as_many_nodes_as_it_knows_gradients() -> None:
    stated = network(
        "A ~ MaximumLikelihood: numpy.identity(2)",
        "L ~ Function: @headwater.square(), A, A",
        "x* ~ Gaussian: [0, 0], L",
    )
    with pytest.raises(NetworkError, match="the function takes 1 nodes, not 2"):
        infer(stated, {"x": ROWS})
