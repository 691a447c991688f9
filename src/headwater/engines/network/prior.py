"""Informed, limited: the same network with priors that know a posterior, or with fewer components.

The priors are power priors (Ibrahim & Chen, 2000, Statistical Science 15): what the rows said
counts for a share ``weight`` of itself. For natural parameters that is
``prior + weight * (posterior - prior)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.components import Components
from headwater.engines.network.conjugate import CONJUGATE, diagonal_as_matrix
from headwater.engines.network.definition import Definition, Node
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.given import Functions, Given
from headwater.engines.network.groups import clustering_of
from headwater.engines.network.language import DataLength
from headwater.engines.network.posterior import NodePosterior, Posterior
from headwater.engines.network.rewrite import bound, is_constant, numbers, restated

Array = NDArray[np.float64]

MOST = 1_000
"""Components that a limit may allow."""


def informed(
    definition: Definition,
    posterior: Posterior,
    *,
    weight: float,
    functions: Functions = None,
) -> Definition:
    """Return ``definition`` with priors that know ``posterior``, counted by ``weight``, 0 to 1.

    Rewritten are latent GaussianARD, Gaussian, Gamma, Exponential (which becomes a Gamma), Wishart,
    Beta and Dirichlet nodes whose parameters are constants and do not depend on the number of rows.
    They start from their prior, no longer from a random draw.

    A clustering network keeps the components that hold rows, the largest first, and gets one spare
    one with the prior as stated; its categories start from the priors, so that each group keeps its
    place. The spare one begins empty, and takes the rows that no group explains, if there are such
    (see ``revive``).

    Raises DefinitionChanged where ``posterior`` is of another definition, and NetworkError.
    """
    if not 0 <= weight <= 1:
        raise NetworkError(f"weight was {weight!r}; it takes a number from 0 to 1.")
    posterior.require(definition)
    groups = posterior.groups
    places: list[int] | None = None
    with_plates: list[str] = []
    weights: str | None = None
    if groups is not None:
        kept = [int(component) for component in groups.components]
        components = Components(definition, clustering_of(definition), functions)
        unused = [k for k in range(components.n) if k not in kept]
        places = [*kept, unused[0] if unused else components.n - 1]
        with_plates, weights = components.nodes, components.weights
        stated = components.restate(places, at_random=False)
    else:
        stated = definition
    before = Given(definition, posterior.rows, functions)
    after = Given(stated, posterior.rows, functions)
    nodes = []
    for node in stated.nodes:
        new = None
        if not node.is_observed and node.type in CONJUGATE:
            axis: int | None = None
            if places is not None and node.name in with_plates:
                axis = len(posterior[node.name].plates) - 1
            elif places is not None and node.name == weights:
                axis = 0
            new = _informed(node, before, after, posterior[node.name], weight, places, axis)
        nodes.append(new or node)
    return replace(stated, nodes=tuple(nodes))


def limited(definition: Definition, limit: int, *, functions: Functions = None) -> Definition:
    """Return ``definition`` with at most ``limit`` components in its mixture.

    Components keep the priors that they have; one beyond those stated gets that of the last.

    Raises NetworkError where there is no mixture, or its parameters do not tell their number.
    """
    if not 1 <= limit <= MOST:
        raise NetworkError(f"The limit was {limit:,}; it takes a whole number from 1 to {MOST:,}.")
    components = Components(definition, clustering_of(definition), functions)
    return components.restate([min(k, components.n - 1) for k in range(limit)])


def _informed(
    node: Node,
    before: Given,
    after: Given,
    found: NodePosterior,
    weight: float,
    places: Sequence[int] | None,
    axis: int | None,
) -> Node | None:
    """Return ``node`` with its prior moved towards ``found``; None where it is not of the kind.

    ``axis`` is that of the natural parameters which counts the components; those at ``places`` are
    taken, the last of them with the prior as it is.
    """
    arguments = after.arguments[node.name]
    syntax, keywords = bound(node, arguments)
    per_row = any(isinstance(value, DataLength) for value in arguments.values())
    if per_row or not found.phi or not all(is_constant(value) for value in syntax):
        return None
    conjugate = CONJUGATE[node.type]
    values, options = before.of(node.name)
    parameters = [np.asarray(value, dtype=np.float64) for value in values]
    type = conjugate.type
    if node.type == "GaussianARD" and found.dims[0] != ():
        if len(found.dims[0]) != 1:
            return None  # numbers of a matrix that vary together have no node to be stated by
        D = found.dims[0][0]
        mean, alpha = (np.broadcast_to(p, np.broadcast_shapes(p.shape, (D,))) for p in parameters)
        parameters = diagonal_as_matrix(mean, alpha, D)
        type, conjugate = "Gaussian", CONJUGATE["Gaussian"]
        keywords.pop("shape", None)
        keywords.pop("ndim", None)
    prior = conjugate.natural(parameters)
    moved = []
    for first, now, inner in zip(prior, found.phi, conjugate.natural_axes, strict=True):
        shape = found.plates + now.shape[now.ndim - inner :]
        old = np.broadcast_to(first, shape)
        new = np.asarray(old + weight * (np.broadcast_to(now, shape) - old))
        if axis is not None and places is not None:
            new = np.take(new, places, axis)
            np.moveaxis(new, axis, 0)[-1] = np.moveaxis(old, axis, 0)[places[-1]]
        moved.append(new)
    _check(node, options)
    standard = [numbers(part) for part in conjugate.standard(moved)]
    return restated(node, arguments, list(standard), keywords, type=type, at_random=False)


def _check(node: Node, options: dict[str, Any]) -> None:
    if node.type == "Gaussian" and options.get("ndim", 1) != 1:
        raise NetworkError(
            f"“{node.name}” is a Gaussian with ndim={options['ndim']}; a prior can be learned for "
            "vectors, ndim=1."
        )
