"""Layers: a graph drawn from the top down, after Sugiyama, Tagawa & Toda (1981).

Nodes are put on layers so that edges go down, ordered on each layer so that few edges cross, and
moved sideways so that edges are straight. Standard library only, and the same for the same input.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SWEEPS = 12
"""Passes down and up; the best order of them all is kept."""
_STRAIGHTENING = 16
_BEND_WEIGHT = 4.0
"""How much more a bend of a long edge wants to be straight than a node does."""
_GROUP_PULL = 30.0

Edge = tuple[str, str]
Bend = tuple[str, int]
"""(parent, layer): where the long edges of one parent pass a layer, all at the same place."""


@dataclass(slots=True)
class Layers:
    """A graph in layers: what stands on each, nodes (names) and bends, from left to right."""

    rows: list[list[str | Bend]]
    layer: dict[str, int]
    down: list[Edge]
    """The edges, each from its upper to its lower end."""
    links: list[tuple[str | Bend, str | Bend]] = field(default_factory=list)
    """The pieces of the edges between neighbouring layers, upper end first."""

    def passing(self, upper: str, lower: str) -> list[Bend]:
        """Return the bends of the edge from ``upper`` down to ``lower``, from the top."""
        return [(upper, at) for at in range(self.layer[upper] + 1, self.layer[lower])]


def arrange(names: Sequence[str], edges: Sequence[Edge], groups: Mapping[str, Hashable]) -> Layers:
    """Return ``names`` in layers, ordered; nodes of one group stand together on each layer.

    ``edges`` are (parent, child) of ``names``, without repetitions. In a circle one edge goes up.
    """
    down = _downward(names, edges)
    layer = _assign(names, down)
    layers = Layers([[] for _ in range(max(layer.values(), default=-1) + 1)], layer, down)
    for name in names:
        layers.rows[layer[name]].append(name)
    links: dict[tuple[str | Bend, str | Bend], None] = {}
    bends: dict[Bend, None] = {}
    for upper, lower in down:
        passing = layers.passing(upper, lower)
        bends.update(dict.fromkeys(passing))
        way: list[str | Bend] = [upper, *passing, lower]
        links.update(dict.fromkeys(pairwise(way)))
    for bend in bends:
        layers.rows[bend[1]].append(bend)
    layers.links = list(links)
    _order(layers, groups)
    return layers


def straighten(
    layers: Layers,
    widths: Mapping[str, float],
    groups: Mapping[str, Hashable],
    *,
    gap: float,
    bend: float,
) -> dict[str | Bend, float]:
    """Return the middle of each node and bend: in order, ``gap`` apart, and near its neighbours.

    Neighbours of its own group draw a node much more, so that a group can be framed. ``bend`` is
    the width of a bend.
    """
    above, below = _neighbours(layers)

    def width(item: str | Bend) -> float:
        return widths[item] if isinstance(item, str) else bend

    offsets: list[list[float]] = []
    x: dict[str | Bend, float] = {}
    for row in layers.rows:
        at, row_offsets = 0.0, []
        for index, item in enumerate(row):
            if index:
                at += (width(row[index - 1]) + width(item)) / 2 + gap
            row_offsets.append(at)
        offsets.append(row_offsets)
        x.update({item: place - at / 2 for item, place in zip(row, row_offsets, strict=True)})
    places = list(range(len(layers.rows)))
    for turn in range(_STRAIGHTENING):
        sides = [above] if turn % 2 == 0 else [below]
        if turn >= _STRAIGHTENING - 2:
            sides = [above, below]
        for place in places if turn % 2 == 0 else reversed(places):
            row = layers.rows[place]
            wanted, weights = [], []
            for item in row:
                near = [other for side in sides for other in side.get(item, ())]
                pulls = [_pull(item, other, groups) for other in near]
                pulled = sum(x[other] * pull for other, pull in zip(near, pulls, strict=True))
                wanted.append(pulled / sum(pulls) if near else x[item])
                weights.append(max(pulls, default=1.0) if isinstance(item, str) else _BEND_WEIGHT)
            shifted = [want - offset for want, offset in zip(wanted, offsets[place], strict=True)]
            for item, level, offset in zip(
                row, _rising(shifted, weights), offsets[place], strict=True
            ):
                x[item] = level + offset
    return x


def _pull(item: str | Bend, other: str | Bend, groups: Mapping[str, Hashable]) -> float:
    if not isinstance(item, str) or not isinstance(other, str):
        return 1.0
    group = groups.get(item)
    return _GROUP_PULL if group is not None and group == groups.get(other) else 1.0


def _downward(names: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """Return the edges with those turned round that would close a circle, met depth first."""
    children: dict[str, list[str]] = {name: [] for name in names}
    for parent, child in edges:
        children[parent].append(child)
    turned: set[Edge] = set()
    state: dict[str, bool] = {}  # True: on the way, False: done
    for first in names:
        if first in state:
            continue
        state[first] = True
        walk = [(first, iter(children[first]))]
        while walk:
            name, left = walk[-1]
            lower = next(left, None)
            if lower is None:
                state[name] = False
                walk.pop()
            elif lower not in state:
                state[lower] = True
                walk.append((lower, iter(children[lower])))
            elif state[lower]:
                turned.add((name, lower))
    return list(dict.fromkeys((b, a) if (a, b) in turned else (a, b) for a, b in edges))


def _assign(names: Sequence[str], down: Sequence[Edge]) -> dict[str, int]:
    """Return the layer of each node: its longest way from the top; roots just above a child."""
    children: dict[str, list[str]] = {name: [] for name in names}
    waiting = dict.fromkeys(names, 0)
    for upper, lower in down:
        children[upper].append(lower)
        waiting[lower] += 1
    roots = [name for name in names if waiting[name] == 0]
    layer = dict.fromkeys(names, 0)
    free = list(roots)
    while free:
        name = free.pop()
        for child in children[name]:
            layer[child] = max(layer[child], layer[name] + 1)
            waiting[child] -= 1
            if waiting[child] == 0:
                free.append(child)
    for root in roots:
        if children[root]:
            layer[root] = min(layer[child] for child in children[root]) - 1
    return layer


def _neighbours(
    layers: Layers,
) -> tuple[dict[str | Bend, list[str | Bend]], dict[str | Bend, list[str | Bend]]]:
    above: dict[str | Bend, list[str | Bend]] = {}
    below: dict[str | Bend, list[str | Bend]] = {}
    for upper, lower in layers.links:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    return above, below


def _order(layers: Layers, groups: Mapping[str, Hashable]) -> None:
    """Order each layer by the means of its neighbours' places, sweep by sweep; keep the best."""
    above, below = _neighbours(layers)
    for row in layers.rows:
        row[:] = _by_groups(row, {item: float(i) for i, item in enumerate(row)}, groups)
    best = [list(row) for row in layers.rows]
    fewest = crossings(layers)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        near = above if sweep % 2 == 0 else below
        for index in range(len(layers.rows)) if sweep % 2 == 0 else _backwards(layers.rows):
            other = index - 1 if sweep % 2 == 0 else index + 1
            if not 0 <= other < len(layers.rows):
                continue
            place = {item: float(i) for i, item in enumerate(layers.rows[other])}
            row = layers.rows[index]
            means = {}
            for at, item in enumerate(row):
                places = [place[neighbour] for neighbour in near.get(item, ())]
                means[item] = sum(places) / len(places) if places else float(at)
            row[:] = _by_groups(row, means, groups)
        now = crossings(layers)
        if now < fewest:
            fewest, best = now, [list(row) for row in layers.rows]
    for row, kept in zip(layers.rows, best, strict=True):
        row[:] = kept


def _backwards(rows: Sequence[object]) -> range:
    return range(len(rows) - 1, -1, -1)


def _by_groups(
    row: Sequence[str | Bend],
    means: Mapping[str | Bend, float],
    groups: Mapping[str, Hashable],
) -> list[str | Bend]:
    """Return ``row`` by ``means``, nodes of one group side by side at the mean of the group."""
    parts: dict[Hashable, list[str | Bend]] = {}
    for item in row:
        group = groups.get(item) if isinstance(item, str) else None
        parts.setdefault(("alone", item) if group is None else ("group", group), []).append(item)

    def middle(part: list[str | Bend]) -> float:
        return sum(means[item] for item in part) / len(part)

    ordered = sorted(parts.values(), key=middle)
    return [item for part in ordered for item in sorted(part, key=means.__getitem__)]


def crossings(layers: Layers) -> int:
    """Return how many pairs of pieces of edges cross."""
    place = {item: i for row in layers.rows for i, item in enumerate(row)}
    layer_of = {item: at for at, row in enumerate(layers.rows) for item in row}
    between: list[list[tuple[int, int]]] = [[] for _ in layers.rows]
    for upper, lower in layers.links:
        between[layer_of[upper]].append((place[upper], place[lower]))
    count = 0
    for pieces in between:
        ends: list[int] = []
        for _, end in sorted(pieces):
            count += len(ends) - bisect_right(ends, end)
            insort(ends, end)
    return count


def _rising(wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the numbers nearest to ``wanted`` that never fall: pooling of adjacent violators."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many
    for value, weight in zip(wanted, weights, strict=True):
        block = (value, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            mean, heavy, many = blocks.pop()
            total = heavy + block[1]
            block = ((mean * heavy + block[0] * block[1]) / total, total, many + block[2])
        blocks.append(block)
    return [mean for mean, _, many in blocks for _ in range(many)]
