"""Revive: give rows that no group explains to a component that is empty, where the bound rises.

Categories that start from the priors leave a component with a wide prior empty for good: while it
has no rows nothing is near to it, however badly a row fits elsewhere. This is the birth move of
Hughes and Sudderth (2013, Memoized online variational inference), from the rows that fit worst.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from headwater.engines.network.ascent import Ascent, Watch, climb, settle_categories, update
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.graph import Graph
from headwater.engines.network.groups import Clustering, responsibilities

SHARES = (0.01, 0.02, 0.05, 0.1)
"""Shares of the rows that are tried, those that fit worst."""
LEAST = 4
"""Rows that are tried, at least."""
TRIAL = 30
"""Updates after which a trial is judged."""
GAIN = 1e-3
"""Nats by which a trial must raise the bound."""

_STATE = ("u", "phi", "g", "_x")


def revive(
    run: Ascent,
    clustering: Clustering,
    *,
    iterations: int,
    tol: float,
    watch: Watch | None = None,
) -> Ascent:
    """Return ``run``, or a better one in which an empty component has taken the worst rows.

    The bounds of the better one go on from those of ``run``; trials are not counted, and none is
    made when fewer than TRIAL of ``iterations`` are left. All is deterministic.
    """
    for _ in range(len(_empty(run.graph, clustering))):
        left = iterations - len(run.bounds)
        if left < TRIAL:
            return run
        before = _save(run.graph)
        try:
            after = _best_trial(run, clustering)
            if after is not None:
                climb(after, iterations=left, tol=tol, watch=watch)
                settle_categories(after)
        except NetworkError:  # the arithmetic of a trial does not suffice: leave it
            after = None
        if after is None:
            _load(run.graph, before)
            return run
        way = [bound for bound in after.bounds if bound > run.bound]
        run = Ascent(run.graph, [*run.bounds, *way], after.converged, [*run.notes, *after.notes])
    return run


def _best_trial(run: Ascent, clustering: Clustering) -> Ascent | None:
    """Return the best trial, the graph left in its state; None where none is better."""
    graph = run.graph
    empty = _empty(graph, clustering)
    if not len(empty):
        return None
    start = _save(graph)
    n = graph.lengths[clustering.rows]
    worst = np.argsort(_fit(graph, clustering), kind="stable")
    best: tuple[Ascent, dict[str, dict[str, Any]]] | None = None
    for size in sorted({max(LEAST, round(share * n)) for share in SHARES}):
        if size >= n:
            continue
        _load(graph, start)
        _move(graph, clustering, worst[:size], int(empty[0]))
        trial = Ascent(graph, [], converged=False)
        update(graph, [name for name in graph.latent if name != clustering.groups])
        climb(trial, iterations=TRIAL, tol=0)
        if trial.bound > max(run.bound + GAIN, best[0].bound if best else -np.inf):
            best = trial, _save(graph)
    if best is None:
        return None
    _load(graph, best[1])
    return best[0]


def _empty(graph: Graph, clustering: Clustering) -> Any:
    """Return the components to which no row belongs most."""
    shares = responsibilities(graph, clustering)
    return np.setdiff1d(np.arange(shares.shape[1]), shares.argmax(axis=1))


def _fit(graph: Graph, clustering: Clustering) -> Any:
    """Return how well the best component explains each row, (n,)."""
    phi = np.asarray(graph.nodes[clustering.groups].phi[0])
    n, K = responsibilities(graph, clustering).shape
    return np.broadcast_to(phi.reshape(-1, K), (n, K)).max(axis=1)


def _move(graph: Graph, clustering: Clustering, rows: Any, component: int) -> None:
    node = graph.nodes[clustering.groups]
    shares = np.array(responsibilities(graph, clustering))
    shares[rows] = 0.0
    shares[rows, component] = 1.0
    node.u = [shares.reshape(*node.plates, shares.shape[1])]


def _save(graph: Graph) -> dict[str, dict[str, Any]]:
    return {
        name: {
            key: copy.deepcopy(value)
            for key, value in vars(graph.nodes[name]).items()
            if key in _STATE
        }
        for name in graph.latent
    }


def _load(graph: Graph, saved: dict[str, dict[str, Any]]) -> None:
    for name, state in saved.items():
        vars(graph.nodes[name]).update(copy.deepcopy(state))
