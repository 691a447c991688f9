"""Recognise: whether a network is a conjugate Gaussian mixture, whatever its nodes are called.

It is one where weights are a symmetric Dirichlet, groups a Categorical of them with a plate per
row, means a Gaussian and precisions a Wishart with a plate per component and constant parameters,
and the rows a Mixture of Gaussians of these: and nothing else. That is the model of
``headwater.engines.mixture``, which infers it with a better search in a small share of the time.
BayesPy is not imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.given import Functions, Given
from headwater.engines.network.language import NodeName

Array = NDArray[np.float64]
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class RecognisedMixture:
    """A conjugate mixture of K Gaussians in D dimensions: names of its nodes, and its priors."""

    weights: str
    groups: str
    means: str
    precisions: str
    rows: str
    n_components: int
    concentration: float
    mean: Array
    """(D,)."""
    mean_precision: Array
    """(D, D)."""
    dof: float
    scale: Array
    """(D, D), an inverse scale: E[Λ] = dof scale⁻¹."""


class _Other(Exception):  # noqa: N818
    """The network is something else; the message says why, as a sentence."""


def recognise(
    definition: Definition, shapes: Shapes, *, functions: Functions = None
) -> RecognisedMixture | None:
    """Return the mixture that ``definition`` is, or None; ``shapes`` are those of the data.

    ``why_not`` says why it is None.
    """
    try:
        return _recognise(definition, shapes, functions)
    except (_Other, NetworkError):
        return None


def why_not(definition: Definition, shapes: Shapes, *, functions: Functions = None) -> str:
    """Return a sentence that says why the mixture kernel cannot run the network; “” if it can."""
    try:
        _recognise(definition, shapes, functions)
    except (_Other, NetworkError) as reason:
        return str(reason)
    return ""


def _recognise(definition: Definition, shapes: Shapes, functions: Functions) -> RecognisedMixture:
    rows = _rows(definition)
    if len(shapes.get(rows.name, ())) not in (1, 2):
        raise _Other(f"There are no rows and columns of data for “{rows.name}”.")
    given = Given(definition, {rows.name: shapes[rows.name][0]}, functions)
    positional, keywords = given.of(rows.name)
    if keywords.pop("cluster_plate", -1) != -1 or len(positional) != 4:
        raise _Other(f"“{rows.name}” is no Mixture of a Gaussian with a mean and a precision.")
    if positional[1] != "Gaussian":
        raise _Other(
            f"The groups of “{rows.name}” are {positional[1]}; the mixture kernel knows Gaussian "
            "ones with full precision matrices."
        )
    n, D = shapes[rows.name][0], (*shapes[rows.name], 1)[1]
    _plates_are(rows.name, keywords, (n,))
    groups = _node(given, rows.name, positional[0], "Categorical")
    means = _node(given, rows.name, positional[2], "Gaussian")
    precisions = _node(given, rows.name, positional[3], "Wishart")
    positional, keywords = given.of(groups)
    if "plates" not in keywords:
        raise _Other(f"“{groups}” has no plate for the rows.")
    _plates_are(groups, keywords, (n,))
    weights = _node(given, groups, positional[0], "Dirichlet")
    names = {weights, groups, means, precisions, rows.name}
    others = [node.name for node in definition.nodes if node.name not in names]
    if others:
        raise _Other(f"“{others[0]}” is no part of a Gaussian mixture.")
    concentration, K = _concentration(given, weights)
    mean, mean_precision = _constants(given, means, ("mu", "Lambda"), ((D,), (D, D)), K)
    dof, scale = _constants(given, precisions, ("n", "V"), ((), (D, D)), K)
    _positive_definite(means, "precision", mean_precision)
    _positive_definite(precisions, "scale", scale)
    if float(dof) <= D - 1:
        raise _Other(f"“{precisions}” has {float(dof):g} degrees of freedom for {D} columns.")
    if n < max(K, 2):
        raise _Other(f"There are fewer rows ({n}) than components ({K}).")
    return RecognisedMixture(
        weights=weights,
        groups=groups,
        means=means,
        precisions=precisions,
        rows=rows.name,
        n_components=K,
        concentration=concentration,
        mean=mean,
        mean_precision=mean_precision,
        dof=float(dof),
        scale=scale,
    )


def _rows(definition: Definition) -> Node:
    observed = definition.observed
    if len(observed) != 1:
        raise _Other(
            f"{len(observed)} nodes observe columns; in a Gaussian mixture one does."
            if observed
            else "No node observes columns."
        )
    if observed[0].type != "Mixture":
        raise _Other(f"“{observed[0].name}”, which is observed, is no Mixture.")
    return observed[0]


def _node(given: Given, child: str, value: Any, type: str) -> str:
    """Return the name of the node that ``value`` is, of the given type and not observed."""
    if not isinstance(value, NodeName):
        raise _Other(f"“{child}” takes a constant where a mixture has a {type} node.")
    node = given.nodes.get(value.name)
    if node is None or node.type != type:
        kind = "no node" if node is None else node.type
        raise _Other(f"“{child}” takes “{value.name}”, which is {kind} and not {type}.")
    return value.name


def _constants(
    given: Given, name: str, names: tuple[str, str], shapes: tuple[tuple[int, ...], ...], K: int
) -> list[Array]:
    """Return the two constants of a node with a plate per component, each the same for all."""
    positional, keywords = given.of(name)
    if keywords.pop("ndim", 1) != 1 or len(positional) != 2:
        raise _Other(f"“{name}” is not given {names[0]} and {names[1]} as a mixture's is.")
    found, plates = [], _plates(keywords)
    for argument, value, shape in zip(names, positional, shapes, strict=True):
        numbers = _numbers(name, argument, value)
        extra = numbers.shape[: numbers.ndim - len(shape)]
        if numbers.shape[len(extra) :] != shape or len(extra) > 1:
            raise _Other(
                f"“{name}” has {argument} of shape {numbers.shape}, where these data take {shape}."
            )
        if extra:
            if not (numbers == numbers[:1]).all():
                raise _Other(f"{argument} of “{name}” differs between the components.")
            plates = plates or extra
            numbers = numbers[0]
        found.append(numbers)
    if plates != (K,):
        raise _Other(f"“{name}” has plates {plates or '()'}, and there are {K} weights.")
    return found


def _concentration(given: Given, weights: str) -> tuple[float, int]:
    positional, keywords = given.of(weights)
    _plates_are(weights, keywords, ())
    counts = _numbers(weights, "alpha", positional[0] if positional else None)
    if counts.ndim != 1 or not (counts == counts[:1]).all():
        raise _Other(f"“{weights}” has different counts for the components, or several rows.")
    if not counts.size or counts[0] <= 0:
        raise _Other(f"“{weights}” has no count above 0.")
    return float(counts[0]), len(counts)


def _numbers(name: str, argument: str, value: Any) -> Array:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise _Other(f"{argument} of “{name}” is no constant.") from None


def _plates(keywords: Mapping[str, Any]) -> tuple[Any, ...]:
    given = keywords.get("plates", ())
    return tuple(given) if isinstance(given, (list, tuple)) else (given,)


def _plates_are(name: str, keywords: Mapping[str, Any], expected: tuple[int, ...]) -> None:
    if "plates" in keywords and _plates(keywords) != expected:
        raise _Other(f"“{name}” has plates {_plates(keywords)}, where a mixture has {expected}.")
    return


def _positive_definite(name: str, what: str, matrix: Array) -> None:
    size = float(np.abs(matrix).max(initial=0.0))
    symmetric = np.allclose(matrix, matrix.T, rtol=0, atol=1e-12 * size)
    try:
        if not symmetric or not np.isfinite(matrix).all():
            raise np.linalg.LinAlgError
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise _Other(
            f"The {what} matrix of “{name}” is not symmetric and positive definite."
        ) from None
