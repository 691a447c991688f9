"""Points: the search for the values of MaximumLikelihood nodes that raise the bound most.

BayesPy gives their gradients and no update. The search is L-BFGS (Nocedal 1980) with halved steps:
a step may lead to a value that has no bound at all, such as a matrix that is not positive definite.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.network.graph import Graph

Array = NDArray[np.float64]
Pair = tuple[Array, Array]

CLIMBS = 20
"""Steps of one search."""
MEMORY = 10
"""Steps that tell the curvature."""
HALVINGS = 50


def climb_points(graph: Graph, names: Sequence[str]) -> None:
    """Set the nodes ``names`` to values with a higher bound, all other nodes as they are."""
    search = _Search(graph, names)
    x = search.now()
    bound, slope = search.at(x)
    pairs: list[Pair] = []
    for _ in range(CLIMBS):
        way = _direction(slope, pairs)
        rise = float(way @ slope)
        if not rise > 0:
            pairs, way = [], slope
            rise = float(way @ slope)
        step = 1.0 if pairs else 1.0 / max(1.0, math.sqrt(rise))
        for _ in range(HALVINGS):
            after, new_slope = search.at(x + step * way)
            if after >= bound + 1e-4 * step * rise:
                break
            step *= 0.5
        else:
            break
        pair = (step * way, slope - new_slope)
        if float(pair[0] @ pair[1]) > 1e-12 * float(pair[1] @ pair[1]):
            pairs = [*pairs, pair][-MEMORY:]
        gain, x, bound, slope = after - bound, x + step * way, after, new_slope
        if gain <= 1e-13 * max(1.0, abs(bound)):
            break
    search.set_to(x)


def _direction(slope: Array, pairs: Sequence[Pair]) -> Array:
    """Return the slope times the inverse curvature that the pairs of steps tell."""
    way = slope.copy()
    shares = []
    for s, y in reversed(pairs):
        share = float(s @ way) / float(s @ y)
        way -= share * y
        shares.append(share)
    if pairs:
        s, y = pairs[-1]
        way *= float(s @ y) / float(y @ y)
    for (s, y), share in zip(pairs, reversed(shares), strict=True):
        way += s * (share - float(y @ way) / float(s @ y))
    return way


class _Search:
    """The bound and its slope as functions of all values in one vector."""

    def __init__(self, graph: Graph, names: Sequence[str]) -> None:
        self.graph = graph
        self.made = [graph.nodes[name] for name in names]
        self.shapes = [np.shape(node.get_parameters()[0]) for node in self.made]

    def now(self) -> Array:
        return _flat(node.get_parameters()[0] for node in self.made)

    def set_to(self, x: Array) -> None:
        at = 0
        for node, shape in zip(self.made, self.shapes, strict=True):
            size = int(np.prod(shape, dtype=int))
            node.set_parameters([x[at : at + size].reshape(shape)])
            at += size

    def at(self, x: Array) -> tuple[float, Array]:
        """Return bound and slope; minus infinity where there is none."""
        nothing = -math.inf, np.zeros_like(x)
        self.set_to(x)
        with np.errstate(all="ignore"):
            try:
                bound = self.graph.bound()
                slope = _flat(
                    np.broadcast_to(node.get_riemannian_gradient()[0], shape)
                    for node, shape in zip(self.made, self.shapes, strict=True)
                )
            except Exception:  # whatever BayesPy raises for a value that has no bound
                return nothing
        if not math.isfinite(bound) or not np.isfinite(slope).all():
            return nothing
        return bound, slope


def _flat(parts: Iterable[Any]) -> Array:
    return np.concatenate([np.ravel(np.asarray(part, dtype=np.float64)) for part in parts])
