"""Which nodes may stand where is as BayesPy converts them, tried one by one."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.fits import FITS, resolve
from headwater.engines.network.language import parse
from headwater.engines.network.node_types import NODE_TYPES

TWO = np.identity(2)
GIVEN: dict[str, list[Callable[[Any], Any]]] = {
    "Gaussian": [lambda n: n.Gaussian(np.zeros(2), TWO)],
    "GaussianARD": [lambda n: n.GaussianARD(0, 1), lambda n: n.GaussianARD(0, 1, shape=(2,))],
    "Gamma": [lambda n: n.Gamma(1, 1)],
    "Wishart": [lambda n: n.Wishart(2, TWO)],
    "GaussianGamma": [lambda n: n.GaussianGamma(np.zeros(2), TWO, 1, 1)],
    "Bernoulli": [lambda n: n.Bernoulli(0.5)],
    "Binomial": [lambda n: n.Binomial(3, 0.5)],
    "Categorical": [lambda n: n.Categorical([0.5, 0.5])],
    "Multinomial": [lambda n: n.Multinomial(3, [0.5, 0.5])],
    "Poisson": [lambda n: n.Poisson(1)],
    "Beta": [lambda n: n.Beta([1, 1])],
    "Dirichlet": [lambda n: n.Dirichlet([1, 1])],
    "MaximumLikelihood": [lambda n: n.MaximumLikelihood(TWO)],
    "Concentration": [lambda n: n.Concentration(2)],
    "GammaShape": [lambda n: n.GammaShape()],
}
"""Type -> nodes of it, in the shapes that it may have."""

TAKING: dict[str, list[Callable[[Any, Any], Any]]] = {
    "Gaussian": [lambda n, x: n.Gaussian(x, TWO), lambda n, x: n.Gaussian(np.zeros(2), x)],
    "GaussianARD": [lambda n, x: n.GaussianARD(x, 1), lambda n, x: n.GaussianARD(0, x)],
    "Gamma": [lambda n, x: n.Gamma(x, 1), lambda n, x: n.Gamma(1, x)],
    "Wishart": [lambda n, x: n.Wishart(x, TWO), lambda n, x: n.Wishart(2, x)],
    "GaussianGamma": [
        lambda n, x: n.GaussianGamma(x, TWO, 1, 1),
        lambda n, x: n.GaussianGamma(np.zeros(2), x, 1, 1),
        lambda n, x: n.GaussianGamma(np.zeros(2), TWO, x, 1),
        lambda n, x: n.GaussianGamma(np.zeros(2), TWO, 1, x),
    ],
    "Bernoulli": [lambda n, x: n.Bernoulli(x)],
    "Binomial": [lambda n, x: n.Binomial(x, 0.5), lambda n, x: n.Binomial(3, x)],
    "Categorical": [lambda n, x: n.Categorical(x)],
    "Multinomial": [lambda n, x: n.Multinomial(x, [0.5, 0.5]), lambda n, x: n.Multinomial(3, x)],
    "Poisson": [lambda n, x: n.Poisson(x)],
    "Beta": [lambda n, x: n.Beta(x)],
    "Dirichlet": [lambda n, x: n.Dirichlet(x)],
    "Mixture": [lambda n, x: n.Mixture(x, n.GaussianARD, n.GaussianARD(0, 1, plates=(2,)), 1)],
    "Concentration": [lambda n, x: n.Concentration(x)],
    "Dot": [lambda n, x: n.Dot(x, n.GaussianARD(0, 1, shape=(2,)))],
    "SumMultiply": [
        lambda n, x: None,
        lambda n, x: n.SumMultiply("i,i", x, n.GaussianARD(0, 1, shape=(2,))),
    ],
    "Add": [
        lambda n, x: n.Add(x, n.GaussianARD(0, 1, shape=x.dims[0])),
        lambda n, x: n.Add(n.GaussianARD(0, 1, shape=x.dims[0]), x),
    ],
    "Gate": [lambda n, x: n.Gate(x, n.GaussianARD(0, 1, plates=(2,)))],
    "Take": [lambda n, x: None, lambda n, x: n.Take(n.GaussianARD(0, 1, plates=(3,)), x)],
    "ConcatGaussian": [lambda n, x: n.ConcatGaussian(x, n.GaussianARD(0, 1, shape=(2,)))],
    "Choose": [lambda n, x: n.Choose(x, n.GaussianARD(0, 1), n.GaussianARD(1, 1))],
}
"""Type -> for each of its arguments, the node made with another node standing there."""

PLACES = [
    (key, place)
    for key, makers in TAKING.items()
    for place in range(len(makers))
    if FITS[key][place] is not None
]


@pytest.fixture(scope="module")
def bayespy() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bayespy.nodes

    return bayespy.nodes


@pytest.mark.parametrize(("key", "place"), PLACES, ids=str)
def test_what_fits_is_what_bayespy_takes(bayespy: ModuleType, key: str, place: int) -> None:
    taken = set()
    for given, makers in GIVEN.items():
        for make in makers:
            try:
                with np.errstate(all="ignore"):
                    TAKING[key][place](bayespy, make(bayespy)).get_moments()
            except Exception:  # noqa: S112 - BayesPy refuses with any class of error
                continue
            taken.add(given)
    fits = FITS[key][place]
    assert fits is not None
    # an Exponential is built as a Gamma, and a Function stands where its MaximumLikelihood does
    assert taken == set(fits) - {"Exponential", "Function"}
    assert ("Exponential" in fits) == ("Gamma" in fits)
    assert ("Function" in fits) == ("MaximumLikelihood" in fits)


def test_every_argument_of_every_type_is_said() -> None:
    missing = {key for key, known in NODE_TYPES.items() if known.buildable} - set(FITS)
    assert missing == {"Function"}  # what it takes is checked as best values
    for key, places in FITS.items():
        arguments = NODE_TYPES[key].arguments
        single = [argument for argument in arguments if not argument.repeated]
        assert len(single) <= len(places) <= len(arguments)
        for fits in places:
            assert set(fits or ()) <= set(NODE_TYPES)
    untried = {(key, at) for key, places in FITS.items() for at in range(len(places))}
    untried -= {(key, at) for key, makers in TAKING.items() for at in range(len(makers))}
    untried -= {("Exponential", 0)}  # it is built as a Gamma, whose rate is tried
    assert all(FITS[key][at] in (None, ()) for key, at in untried), untried


NODES = (
    ("Z", "Categorical", "[0.5, 0.5]"),
    ("a", "Gamma", "1, 1, plates=(2, )"),
    ("taken", "Take", "a, [0]"),
    ("gated", "Gate", "Z, taken"),
    ("chosen", "Choose", "Z, gated, a"),
    ("mixed", "Mixture", "Z, @bayespy.nodes.Poisson, a"),
    ("unsaid", "Mixture", "Z, @bayespy.nodes.Nothing, a"),
    ("sum", "Add", "a, 1"),
    ("dot", "Dot", "a, 1"),
    ("round", "Take", "circle, [0]"),
    ("circle", "Take", "round, [0]"),
    ("number", "Take", "3, [0]"),
    ("wrong", "Nothing", "a"),
)


def test_what_a_node_gives() -> None:
    nodes = tuple(Node(name, "stochastic", kind, text) for name, kind, text in NODES)
    arguments = {node.name: parse(node.parameters) for node in nodes}
    found = {node.name: resolve(Definition(nodes), node.name, arguments) for node in nodes}
    assert found == {
        "Z": "Categorical",
        **dict.fromkeys(("a", "taken", "gated", "chosen"), "Gamma"),
        "mixed": "Poisson",
        "sum": "Gaussian",
        **dict.fromkeys(("unsaid", "dot", "round", "circle", "number", "wrong")),
    }
    assert resolve(Definition(nodes), "nobody", arguments) is None
    assert list(itertools.chain(found)) == [name for name, _, _ in NODES]
