"""Graph: a definition with its data as nodes of BayesPy. BayesPy is imported when one is built."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.differentiable import DIFFERENTIABLE, Differentiable
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.language import (
    Arguments,
    NodeName,
    evaluate_all,
    parse,
)
from headwater.engines.network.observe import fit_shape, observed_values, variable_axes
from headwater.engines.network.said import said

STOCHASTIC = (
    "Gaussian",
    "GaussianARD",
    "Gamma",
    "Wishart",
    "Exponential",
    "GaussianGamma",
    "Bernoulli",
    "Binomial",
    "Categorical",
    "Multinomial",
    "Poisson",
    "Beta",
    "Dirichlet",
    "Mixture",
    "MaximumLikelihood",
    "Concentration",
    "GammaShape",
)
DETERMINISTIC = (
    "Dot",
    "SumMultiply",
    "Add",
    "Gate",
    "Take",
    "Function",
    "ConcatGaussian",
    "Choose",
)
POINTS = ("MaximumLikelihood", "Concentration", "GammaShape")
"""Nodes that are a point estimate: they have a value, and no distribution."""
_WITHOUT_POSTERIOR = {
    "GaussianWishart": (
        "BayesPy declares the distribution and has no posterior for it (version 0.6.6): use a "
        "Gaussian node for the mean and a Wishart node for the precision."
    ),
}


@dataclass(slots=True)
class Graph:
    """One network as BayesPy has it; it belongs to one run and is not shared."""

    definition: Definition
    nodes: dict[str, Any]
    """name -> node of BayesPy, parents before children."""
    arguments: dict[str, Arguments]
    lengths: dict[str, int]
    """Rows of each observed node."""

    @property
    def latent(self) -> list[str]:
        """Names of the stochastic nodes that are not observed, in the order of the definition."""
        return [
            node.name
            for node in self.definition.nodes
            if node.kind == "stochastic" and not node.is_observed
        ]

    @property
    def random(self) -> list[str]:
        """Names of the nodes that start from a random draw."""
        return [name for name in self.latent if self.arguments[name].initialise_from_random]

    def bound(self) -> float:
        """Return the lower bound of the evidence, in nats."""
        total = 0.0
        for node in self.definition.nodes:
            if node.kind == "stochastic":
                total += float(np.sum(self.nodes[node.name].lower_bound_contribution()))
        return total


def bayespy() -> ModuleType:
    """Return BayesPy's module of nodes, imported without the warnings of its imports."""
    loaded = sys.modules.get("bayespy.nodes")
    if loaded is not None:
        return loaded
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bayespy.nodes

    module: ModuleType = bayespy.nodes
    return module


def arguments_of(definition: Definition) -> dict[str, Arguments]:
    """Return name -> what its parameter text says; raises NetworkError that names the node."""
    found: dict[str, Arguments] = {}
    for node in definition.nodes:
        if node.name in found:
            raise NetworkError(f"Two nodes are called “{node.name}”; names must differ.")
        try:
            found[node.name] = parse(node.parameters)
        except NetworkError as error:
            raise NetworkError(f"The parameters of “{node.name}” cannot be read. {error}") from None
    return found


def parents_of(arguments: Arguments) -> list[str]:
    """Return the nodes that a parameter text takes, each once; not those it asks the length of."""
    names = {value.name: None for value in arguments.values() if isinstance(value, NodeName)}
    return list(names)


def topological(definition: Definition, arguments: Mapping[str, Arguments]) -> list[str]:
    """Return the names of all nodes, parents before children, else in the order of the definition.

    Raises NetworkError for a name that is no node, and for a circle.
    """
    order: list[str] = []
    path: list[str] = []

    def visit(name: str) -> Iterator[str]:
        """Walk depth first; yields the parents to visit, so that no recursion limit is met."""
        for parent in parents_of(arguments[name]):
            if parent not in arguments:
                raise NetworkError(f"“{name}” takes “{parent}”, and there is no node of that name.")
            if parent in path:
                circle = " → ".join([*path[path.index(parent) :], parent])
                raise NetworkError(f"The nodes go in a circle: {circle}.")
            yield parent

    done: set[str] = set()
    for first in definition.nodes:
        if first.name in done:
            continue
        path.append(first.name)
        walks = [visit(first.name)]
        while walks:
            parent = next(walks[-1], None)
            if parent is None:
                walks.pop()
                done.add(path[-1])
                order.append(path.pop())
            elif parent not in done:
                path.append(parent)
                walks.append(visit(parent))
    return order


def references(functions: Mapping[str, Callable[..., Any]] | None = None) -> dict[str, Any]:
    """Return path -> what “@” may mean: the offered distributions, and functions of nodes."""
    nodes = bayespy()
    allowed = {
        path: function
        for path, function in (functions or {}).items()
        if isinstance(function, Differentiable)
    }
    offered = {f"bayespy.nodes.{name}": getattr(nodes, name) for name in STOCHASTIC}
    return {**offered, **DIFFERENTIABLE, **allowed}


def build(
    definition: Definition,
    data: Mapping[str, NDArray[Any]],
    *,
    functions: Mapping[str, Callable[..., Any]] | None = None,
) -> Graph:
    """Return the network of ``definition``, its observed nodes observing ``data``.

    ``data`` has (n,) values, or (n, D) for several columns, by name of the node. An observed node
    gets a plate for its rows, unless its text gives ``plates=`` or says ``:noplates``.

    Raises NetworkError, which names the node, for what cannot be built or observed.
    """
    arguments = arguments_of(definition)
    order = topological(definition, arguments)
    columns = {node.name: _column(node, data) for node in definition.observed}
    graph = Graph(definition, {}, arguments, {name: len(rows) for name, rows in columns.items()})
    known = references(functions)
    with np.errstate(all="ignore"):
        for name in order:
            node = definition.by_name[name]
            try:
                positional, keywords = evaluate_all(
                    arguments[name],
                    nodes=graph.nodes,
                    lengths=graph.lengths,
                    functions=functions,
                    references=known,
                    text=node.parameters,
                )
            except NetworkError as error:
                sentence = f"The parameters of “{name}” cannot be worked out. {error}"
                raise NetworkError(sentence) from None
            graph.nodes[name] = _build(node, arguments[name], positional, keywords, columns)
            # BayesPy numbers stochastic nodes by one counter for the process, which two threads
            # may read at once: two nodes of one network would then be taken for the same.
            if node.kind == "stochastic":
                graph.nodes[name]._id = len(graph.nodes)
    return graph


def _column(node: Node, data: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    if node.kind != "stochastic":
        raise NetworkError(
            f"“{node.name}” is a function of other nodes; only stochastic nodes observe columns."
        )
    if node.name not in data:
        raise NetworkError(f"“{node.name}” observes columns, and no data were given for it.")
    rows = np.asarray(data[node.name])
    if rows.ndim not in (1, 2) or not rows.size:
        raise NetworkError(
            f"“{node.name}” takes rows (n,) or (n, columns) with at least one value, and was given "
            f"the shape {rows.shape}."
        )
    return rows


def _build(
    node: Node,
    arguments: Arguments,
    positional: tuple[Any, ...],
    keywords: dict[str, Any],
    columns: Mapping[str, NDArray[Any]],
) -> Any:
    """Return one node of BayesPy, observed where it observes."""
    factory = _factory(node)
    positional = _without_exponential(node, positional)
    if "plates" in keywords:
        keywords["plates"] = _plates(node, keywords["plates"])
    rows = columns.get(node.name)
    if rows is not None:
        axes = variable_axes(node, positional, keywords)
        rows = fit_shape(rows, axes)
        if "plates" not in keywords and not arguments.no_plates:
            keywords["plates"] = rows.shape[: rows.ndim - axes]
    try:
        made = factory(*positional, **keywords)
    except Exception as error:
        given = ", ".join(
            [_shown(value) for value in positional]
            + [f"{name}={_shown(value)}" for name, value in keywords.items()]
        )
        raise NetworkError(
            f"“{node.name}” ({node.type}) cannot be built from what it was given: {given or '-'}. "
            f"BayesPy says: {said(error)}."
        ) from error
    made.name = node.name
    if rows is not None:
        _observe(node, made, rows, positional)
    return made


def _without_exponential(node: Node, positional: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments with Gamma(1, l) for Exponential(l), which BayesPy cannot construct."""
    nodes = bayespy()
    if node.type == "Exponential":
        return (1, *positional)
    if node.type == "Mixture" and positional[1:2] == (nodes.Exponential,):
        return (positional[0], nodes.Gamma, 1, *positional[2:])
    return positional


def _observe(node: Node, made: Any, values: NDArray[Any], positional: tuple[Any, ...]) -> None:
    try:
        made.observe(observed_values(node, made, values, positional))
    except NetworkError:
        raise
    except Exception as error:
        raise NetworkError(
            f"“{node.name}” ({node.type}) has plates {tuple(made.plates)} and variables of shape "
            f"{tuple(made.dims[0])}, and cannot observe data of shape {values.shape}. "
            f"BayesPy says: {said(error)}."
        ) from error


def _factory(node: Node) -> Callable[..., Any]:
    offered = STOCHASTIC if node.kind == "stochastic" else DETERMINISTIC
    if node.type in _WITHOUT_POSTERIOR:
        raise NetworkError(f"“{node.name}” is {node.type}. {_WITHOUT_POSTERIOR[node.type]}")
    if node.type not in offered:
        raise NetworkError(
            f"“{node.name}” is “{node.type}”, which is no {node.kind} node that is offered: "
            f"{', '.join(offered)}."
        )
    if node.type == "Function":
        return _function
    made: Callable[..., Any] = getattr(
        bayespy(), "Gamma" if node.type == "Exponential" else node.type
    )
    return made


def _function(function: Any, *nodes: Any, **keywords: Any) -> Any:
    """Return BayesPy's Function node of a function that knows its gradients."""
    if not isinstance(function, Differentiable):
        raise ValueError(f"the first thing it takes is one of @{', @'.join(DIFFERENTIABLE)}")
    if len(function.gradients) != len(nodes):
        raise ValueError(f"the function takes {len(function.gradients)} nodes, not {len(nodes)}")
    pairs = zip(nodes, function.gradients, strict=True)
    return bayespy().Function(function, *pairs, **keywords)


def _plates(node: Node, given: Any) -> tuple[int, ...]:
    sides = tuple(given) if isinstance(given, (list, tuple)) else (given,)
    if any(isinstance(side, bool) or not isinstance(side, int) or side < 1 for side in sides):
        raise NetworkError(
            f"“{node.name}” has plates={given!r}; plates are whole numbers of at least 1, "
            "such as plates=(10, )."
        )
    return sides


def _shown(value: Any) -> str:
    """Return a value for a message: a node with plates and shape, an array with its shape."""
    if isinstance(value, type):
        return value.__name__
    if hasattr(value, "get_moments"):
        shape = tuple(value.dims[0])
        return f"{value.name} with plates {tuple(value.plates)} and shape {shape}"
    if isinstance(value, (bool, int, float, str)) or value is None:
        return repr(value)
    try:
        return f"numbers of shape {np.shape(value)}"
    except ValueError:
        return "lists of different lengths"
