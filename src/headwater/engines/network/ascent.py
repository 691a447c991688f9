"""Ascent: one run of BayesPy's updates from one start, until the bound has settled."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from headwater.engines.network.draws import start_at_random
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.graph import POINTS, Graph
from headwater.engines.network.points import climb_points
from headwater.engines.network.said import said

FALL = 1e-6
"""Share of the bound, or nats of a small one, that it may fall by rounding."""

Watch = Callable[[int, float], None]
"""Called with the iterations done and the bound."""


@dataclass(slots=True)
class Ascent:
    """What one run came to."""

    graph: Graph
    bounds: list[float]
    """After each iteration."""
    converged: bool
    notes: list[str] = field(default_factory=list)

    @property
    def bound(self) -> float:
        return self.bounds[-1]


def update_order(graph: Graph) -> tuple[list[str], list[str]]:
    """Return the nodes to update in each iteration, in order, and the points to search for.

    First come categories that do not start at random: what tells their groups apart is in the
    priors of the groups, which an update from all rows alike would wipe out. Then the other nodes
    in the order of the definition; last those that start at random, so that the others learn from
    the start before it is forgotten. A point estimate that nothing depends on stays as it is.
    """
    types = {node.name: node.type for node in graph.definition.nodes}
    latent = [n for n in graph.latent if types[n] not in POINTS or graph.nodes[n].children]
    random = set(graph.random)
    first = [name for name in latent if types[name] == "Categorical" and name not in random]
    last = [name for name in latent if name in random]
    points = [name for name in latent if types[name] == "MaximumLikelihood"]
    middle = [name for name in latent if name not in {*first, *last, *points}]
    return first + middle + last, points


def ascend(
    graph: Graph,
    *,
    rng: np.random.Generator,
    iterations: int,
    tol: float,
    watch: Watch | None = None,
) -> Ascent:
    """Start the random nodes of ``graph`` from ``rng`` and update all until the bound settles.

    Categories without a random start are updated once more at the end, so that they are those
    that the other nodes imply. Raises NetworkError where the arithmetic fails.
    """
    for name in graph.random:
        start_at_random(graph.nodes[name], rng)
    run = Ascent(graph, [], converged=False)
    climb(run, iterations=iterations, tol=tol, watch=watch)
    settle_categories(run)
    return run


def climb(run: Ascent, *, iterations: int, tol: float, watch: Watch | None = None) -> None:
    """Update all nodes from where they are, at most ``iterations`` times, until the bound settles.

    The bounds are added to those of ``run``.
    """
    graph, done = run.graph, len(run.bounds)
    order, points = update_order(graph)
    run.converged = False
    for iteration in range(done + 1, done + iterations + 1):
        update(graph, order)
        if points:
            climb_points(graph, points)
        bound = _bound(graph, iteration)
        fell = run.bound - bound if len(run.bounds) > done else 0.0
        if fell > FALL * max(1.0, abs(bound)) and not run.notes:
            run.notes.append(
                f"The lower bound fell by {fell:.3g} in iteration {iteration}: the arithmetic "
                "hardly suffices for these data and priors."
            )
        run.bounds.append(bound)
        if watch is not None:
            watch(iteration, bound)
        if settled(run.bounds[done:], tol):
            run.converged = True
            return


def settle_categories(run: Ascent) -> None:
    """Update categories that do not start at random: they are updated first, and now last too."""
    graph = run.graph
    types = {node.name: node.type for node in graph.definition.nodes}
    names = [n for n in graph.latent if types[n] == "Categorical" and n not in graph.random]
    if names:
        update(graph, names)
        run.bounds[-1] = max(run.bound, _bound(graph, len(run.bounds)))


def settled(bounds: list[float], tol: float) -> bool:
    """Return whether the bound has settled: twice a rise below the tolerance, and little to come.

    A rise is measured as a share of the bound, as BayesPy does; but where the rises shrink slowly,
    what a geometric series of them would still bring must be below the tolerance too, since a
    single small rise may be a plateau.
    """
    if len(bounds) < 3 or tol <= 0:
        return False
    enough = tol * max(0.5 * (abs(bounds[-1]) + abs(bounds[-2])), 1e-300)
    before, last = bounds[-2] - bounds[-3], bounds[-1] - bounds[-2]
    if max(abs(before), abs(last)) > enough:
        return False
    if last <= 0 or before <= 0:
        return True
    rate = last / before
    return rate < 1 and last * rate / (1 - rate) <= enough


def update(graph: Graph, names: Sequence[str]) -> None:
    """Update the nodes ``names`` in this order; raises NetworkError for one that cannot be."""
    for name in names:
        try:
            with np.errstate(all="ignore"):
                graph.nodes[name].update()
        except Exception as error:
            raise NetworkError(
                f"“{name}” ({graph.definition.by_name[name].type}) cannot be updated: the numbers "
                f"that its neighbours send do not make a distribution. BayesPy says: {said(error)}."
            ) from error


def _bound(graph: Graph, iteration: int) -> float:
    try:
        with np.errstate(all="ignore"):
            bound = graph.bound()
    except Exception as error:
        raise NetworkError(
            f"The lower bound cannot be computed in iteration {iteration}. BayesPy says: "
            f"{said(error)}."
        ) from error
    if not math.isfinite(bound):
        raise NetworkError(
            f"The lower bound is no finite number in iteration {iteration}: the priors are too "
            "wide or too narrow for these data, or a value lies where its distribution has none."
        )
    return bound
