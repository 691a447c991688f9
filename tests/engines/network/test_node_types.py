"""The catalog of node types says what BayesPy takes, and needs neither BayesPy nor NumPy."""

from __future__ import annotations

import inspect
import subprocess
import sys
import warnings
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from headwater.engines.network.differentiable import DIFFERENTIABLE
from headwater.engines.network.language import evaluate_all, parse, write
from headwater.engines.network.node_types import FUNCTION_NAMES, NODE_TYPES, NodeType

BUILDABLE = [node_type for node_type in NODE_TYPES.values() if node_type.buildable]

STOCHASTIC = """
    Gaussian GaussianARD Gamma Wishart Exponential GaussianGamma GaussianWishart Bernoulli Binomial
    Categorical Multinomial Poisson Beta Dirichlet Mixture MaximumLikelihood Concentration
    GammaShape
"""
DETERMINISTIC = "Dot SumMultiply Add Gate Take Function ConcatGaussian Choose"


@pytest.fixture(scope="module")
def bayespy() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bayespy.nodes

    return bayespy.nodes


def context(nodes: ModuleType) -> dict[str, Any]:
    """Return nodes for the names of the examples that do not mean the same in all of them."""
    alpha = nodes.Dirichlet(np.ones(3))
    groups = nodes.Categorical(alpha, plates=(5,))
    return {
        "alpha": alpha,
        "Z": groups,
        "mu": nodes.Gaussian(np.zeros(2), np.identity(2), plates=(3,)),
        "Lambda": nodes.Wishart(2, np.identity(2), plates=(3,)),
        "rate": nodes.Gamma(1, 1),
        "p": nodes.Beta([1, 1]),
        "weights": nodes.GaussianARD(0, 1, shape=(2,)),
        "offsets": nodes.GaussianARD(0, 1, shape=(2,)),
        "X": nodes.GaussianARD(0, 1, shape=(2,), plates=(5,)),
        "level": nodes.GaussianARD(0, 1),
        "season": nodes.GaussianARD(0, 1, plates=(4,)),
        "low": nodes.GaussianARD(0, 1),
        "high": nodes.GaussianARD(1, 1),
        "scale": nodes.MaximumLikelihood(np.identity(2)),
    }


def build(nodes: ModuleType, node_type: NodeType) -> Any:
    """Return a node of BayesPy from the example of its type."""
    named = context(nodes)
    if node_type.key == "Choose":
        named["Z"] = nodes.Categorical([0.5, 0.5], plates=(5,))
    if node_type.key == "Multinomial":
        named["p"] = named["alpha"]
    references: dict[str, Any] = {"bayespy.nodes.Gaussian": nodes.Gaussian, **DIFFERENTIABLE}
    positional, keywords = evaluate_all(
        parse(node_type.example), nodes=named, lengths={"Y": 5}, references=references
    )
    if node_type.key == "Exponential":
        return nodes.Gamma(1, *positional, **keywords)
    if node_type.key == "Function":
        function = positional[0]
        pairs = zip(positional[1:], function.gradients, strict=True)
        return nodes.Function(function, *pairs)
    return getattr(nodes, node_type.key)(*positional, **keywords)


def test_all_that_is_offered() -> None:
    stochastic = [key for key, known in NODE_TYPES.items() if known.kind == "stochastic"]
    assert stochastic == STOCHASTIC.split()
    deterministic = [key for key, known in NODE_TYPES.items() if known.kind == "deterministic"]
    assert deterministic == DETERMINISTIC.split()


@pytest.mark.parametrize("node_type", BUILDABLE, ids=lambda node_type: node_type.key)
def test_example_is_built_by_bayespy(bayespy: ModuleType, node_type: NodeType) -> None:
    assert build(bayespy, node_type).get_moments()


def by_position(function: Any) -> list[str]:
    """Return the names of what a function takes by position."""
    return [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and parameter.name != "self"
    ]


@pytest.mark.parametrize("node_type", BUILDABLE, ids=lambda node_type: node_type.key)
def test_arguments_are_those_of_bayespy(bayespy: ModuleType, node_type: NodeType) -> None:
    """Names and order are those of the class, its constructor's options included."""
    made = getattr(bayespy, node_type.key)
    single = [argument.name for argument in node_type.arguments if not argument.repeated]
    known = by_position(made if inspect.isfunction(made) else made.__init__)
    if not known and hasattr(made, "_constructor"):
        known = by_position(made._constructor)
    # BayesPy takes all that these take as *args
    known = {"SumMultiply": ["pattern"], "Add": ["node"]}.get(node_type.key, known)
    required = known[: len(single)]
    assert single == required
    options = {*known[len(single) :], "plates"}
    constructor = getattr(made, "_constructor", None)
    if constructor is not None:
        options |= set(inspect.signature(constructor).parameters)
    assert {keyword.name for keyword in node_type.keywords} <= options


@pytest.mark.parametrize("node_type", BUILDABLE, ids=lambda node_type: node_type.key)
def test_what_can_observe_can(bayespy: ModuleType, node_type: NodeType) -> None:
    made = build(bayespy, node_type)
    values: dict[str, Any] = {
        "Gaussian": [0.5, 2],
        "GaussianARD": 0.5,
        "Gamma": 0.5,
        "Exponential": 0.5,
        "Bernoulli": 1,
        "Binomial": 3,
        "Categorical": [0, 1, 2, 1, 0],
        "Multinomial": [3, 7, 10],
        "Poisson": 3,
        "Beta": 0.25,
        "Dirichlet": np.full(10, 0.1),
        "Mixture": np.ones((5, 2)),
    }
    assert node_type.observable == (node_type.key in values)
    if node_type.observable:
        made.observe(np.asarray(values[node_type.key]))
        assert np.isfinite(np.sum(made.lower_bound_contribution()))


@pytest.mark.parametrize(
    "node_type",
    # BayesPy makes a vector without elements when it joins none
    [known for known in BUILDABLE if known.least and known.key != "ConcatGaussian"],
    ids=lambda node_type: node_type.key,
)
def test_bayespy_takes_no_fewer(bayespy: ModuleType, node_type: NodeType) -> None:
    arguments = parse(node_type.example)
    fewer = replace(arguments, positional=arguments.positional[: node_type.least - 1])
    with pytest.raises((TypeError, ValueError, IndexError)):
        build(bayespy, replace(node_type, example=write(fewer)))


def test_gaussian_wishart_cannot_be_inferred_by_this_bayespy(bayespy: ModuleType) -> None:
    """When this fails, BayesPy has learned it, and the catalog may offer it."""
    node_type = NODE_TYPES["GaussianWishart"]
    assert not node_type.buildable
    with pytest.raises(NameError, match="WishartDistribution"):
        build(bayespy, node_type)


@pytest.mark.parametrize("node_type", NODE_TYPES.values(), ids=lambda node_type: node_type.key)
def test_words(node_type: NodeType) -> None:
    assert parse(node_type.example).positional or node_type.least == 0
    assert len(parse(node_type.example).positional) >= node_type.least
    for text in (node_type.summary, node_type.limitation):
        assert not text or (text[0].isupper() and text[-1] == ".")
    for argument in (*node_type.arguments, *node_type.keywords):
        assert argument.meaning[0].isupper()
        assert argument.meaning[-1] == "."
    labels = [known.label for known in NODE_TYPES.values()]
    assert labels.count(node_type.label) == 1
    assert node_type.support


def test_signature() -> None:
    assert (
        NODE_TYPES["GaussianARD"].signature
        == "GaussianARD(mu, alpha, [plates=…], [shape=…], [ndim=…])"
    )
    assert NODE_TYPES["Add"].signature == "Add(node, others, …)"
    assert (NODE_TYPES["Add"].least, NODE_TYPES["Add"].most) == (2, None)
    assert (NODE_TYPES["GammaShape"].least, NODE_TYPES["GammaShape"].most) == (0, 0)


def test_functions_are_those_that_know_their_gradients() -> None:
    assert tuple(DIFFERENTIABLE) == FUNCTION_NAMES


def test_import_is_light() -> None:
    code = (
        "import sys; import headwater.engines.network.node_types; "
        "print(sorted({'numpy', 'scipy', 'bayespy', 'django'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
