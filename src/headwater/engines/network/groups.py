"""Groups: which component each row belongs to in a network that divides rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.definition import Definition
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.graph import Graph, arguments_of, parents_of
from headwater.engines.network.language import NodeName, Reference
from headwater.engines.network.observe import trials
from headwater.engines.network.scoring import KINDS, Scoring

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Clustering:
    """The nodes of a network that divide its rows."""

    rows: str
    """The observed Mixture."""
    groups: str
    """The Categorical that says the component of each row."""
    kind: str
    """The distribution of the components."""
    params: tuple[str | None, ...]
    """The nodes that the components take, None for constants."""
    alone: bool
    """Whether the rows alone tell the groups: no other node takes the categories."""


def clustering_of(definition: Definition) -> Clustering:
    """Return the nodes that divide the rows: the first observed Mixture over a Categorical.

    Raises NetworkError where there is none.
    """
    arguments = arguments_of(definition)
    for node in definition.observed:
        if node.type != "Mixture":
            continue
        first, *others = arguments[node.name].positional or (None,)
        category = definition.by_name.get(first.name) if isinstance(first, NodeName) else None
        if category is None or category.type != "Categorical" or category.is_observed:
            continue
        kind = others[0].path.rpartition(".")[2] if isinstance(others[0], Reference) else ""
        names = tuple(p.name if isinstance(p, NodeName) else None for p in others[1:])
        children = [n for n, given in arguments.items() if category.name in parents_of(given)]
        return Clustering(node.name, category.name, kind, names, children == [node.name])
    raise NetworkError(
        "A network that divides rows into groups has an observed Mixture whose first parameter is "
        "a Categorical node; this one has none."
    )


def responsibilities(graph: Graph, nodes: Clustering) -> Array:
    """Return (n, K) shares of the components in each row."""
    shares = np.asarray(graph.nodes[nodes.groups].get_moments()[0])
    n, K = graph.lengths[nodes.rows], shares.shape[-1]
    plates = tuple(graph.nodes[nodes.groups].plates)
    if plates[:1] != (n,) or any(side != 1 for side in plates[1:]):
        raise NetworkError(
            f"“{nodes.groups}” has plates {plates}; to divide the rows of “{nodes.rows}” it has "
            f"one plate per row: plates=(:dl|{nodes.rows}, )."
        )
    return np.broadcast_to(shares.reshape(-1, K), (n, K))


def count_groups(graph: Graph, nodes: Clustering) -> int:
    """Return how many components hold rows now."""
    return len(np.unique(responsibilities(graph, nodes).argmax(axis=1)))


def scoring_of(graph: Graph, nodes: Clustering, rows: NDArray[Any]) -> Scoring | None:
    """Return how new rows are scored; None where that takes more than the row itself."""
    if not nodes.alone or nodes.kind not in KINDS:
        return None
    made, category = graph.nodes[nodes.rows], graph.nodes[nodes.groups]
    distribution = made._distribution
    with np.errstate(all="ignore"):
        u = made._message_from_parents()[1:]
        phi = distribution.raw_distribution.compute_phi_from_parents(*u)
        g = distribution.raw_distribution.compute_cgf_from_parents(*u)
        log_weights = category._distribution.compute_phi_from_parents(
            *category._message_from_parents()
        )[0]
    K = distribution.K
    try:
        log_weights = _without_rows(np.asarray(log_weights), 1)
        place, n_plates = distribution.cluster_plate, len(made.plates)
        first = [
            _components_first(np.asarray(part), place, axes, n_plates)
            for part, axes in zip((g, *phi), (0, *made.ndims), strict=True)
        ]
    except _PerRow:
        return None
    X = np.asarray(rows, dtype=np.float64).reshape(len(rows), -1)
    limit = None
    if nodes.kind == "Categorical":
        limit = int(made.dims[0][0])
    elif nodes.kind in ("Binomial", "Multinomial"):
        counts = np.unique(trials(made))
        if len(counts) > 1:
            return None
        limit = int(counts[0])
    g, *phi = (np.broadcast_to(part, (K, *part.shape[1:])) for part in first)
    log_weights = np.broadcast_to(log_weights, (K,))
    return Scoring.of(nodes.kind, log_weights, g, phi, X.mean(axis=0), X.shape[1], limit)


class _PerRow(Exception):  # noqa: N818
    """A parameter differs from row to row."""


def _without_rows(part: Array, axes: int) -> Array:
    """Return ``part`` without plates before its last ``axes`` axes; raises _PerRow."""
    plates = part.shape[: part.ndim - axes]
    if any(side != 1 for side in plates):
        raise _PerRow
    return part.reshape(part.shape[len(plates) :])


def _components_first(part: Array, cluster_plate: int, axes: int, n_plates: int) -> Array:
    """Return ``part`` (plates..., K, plates..., variable...) as (K, plates of columns, variable).

    Of the ``n_plates`` of the rows' node the first counts the rows; it must not be among them.
    """
    place = cluster_plate - axes
    part = part[np.newaxis] if part.ndim < -place else np.moveaxis(part, place, 0)
    if part.ndim - axes - 1 == n_plates:
        if part.shape[1] != 1:
            raise _PerRow
        part = part[:, 0]
    return part


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The components that hold rows, largest first, and the group of each row."""

    labels: NDArray[np.int64]
    """(n,)."""
    components: NDArray[np.intp]
    """(G,) the component of each group."""
    sizes: NDArray[np.int64]
    """(G,)."""


def number(components: NDArray[np.intp]) -> Groups:
    """Return groups for the component (n,) of each row: those that hold rows, largest first."""
    found, inverse, sizes = np.unique(components, return_inverse=True, return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    labels = place[inverse].astype(np.int64)
    return Groups(labels, found[order].astype(np.intp), sizes[order].astype(np.int64))


def row_means(rows: NDArray[Any], labels: NDArray[np.int64], n_groups: int) -> Array:
    """Return (G, D) means of the rows of each group."""
    X = np.asarray(rows, dtype=np.float64).reshape(len(rows), -1)
    sums = np.zeros((n_groups, X.shape[1]))
    np.add.at(sums, labels, X)
    return np.asarray(sums / np.bincount(labels, minlength=n_groups)[:, np.newaxis])
