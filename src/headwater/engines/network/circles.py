"""Circles: nodes that depend on themselves, named along the way. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def find_circles(names: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return circles of ``edges`` (parent, child), one for each way that must be cut.

    Each begins with the first of its names in the order of ``names``. No node is in two of them,
    and with the nodes of all of them taken away nothing goes round. An edge from a node to
    itself is none.
    """
    parents: dict[str, list[str]] = {name: [] for name in names}
    for parent, child in dict.fromkeys(edges):
        if parent != child and parent in parents and child in parents:
            parents[child].append(parent)
    order = {name: place for place, name in enumerate(parents)}
    circles: list[tuple[str, ...]] = []
    while True:
        parents = _left(parents)
        if not parents:
            return circles
        circle = _walk(parents)
        first = circle.index(min(circle, key=order.__getitem__))
        circles.append(circle[first:] + circle[:first])
        parents = _without(parents, set(circle))


def _left(parents: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what remains when nodes without parents are taken away again and again."""
    waiting = {name: len(above) for name, above in parents.items()}
    children: dict[str, list[str]] = {name: [] for name in parents}
    for name, above in parents.items():
        for parent in above:
            children[parent].append(name)
    free = [name for name, count in waiting.items() if count == 0]
    for name in free:
        for child in children[name]:
            waiting[child] -= 1
            if waiting[child] == 0:
                free.append(child)
    return _without(parents, set(free))


def _without(parents: dict[str, list[str]], gone: set[str]) -> dict[str, list[str]]:
    return {
        name: [parent for parent in above if parent not in gone]
        for name, above in parents.items()
        if name not in gone
    }


def _walk(parents: dict[str, list[str]]) -> tuple[str, ...]:
    """Return one circle, parents before children; every node of ``parents`` has a parent."""
    seen: dict[str, int] = {}
    name = next(iter(parents))
    while name not in seen:
        seen[name] = len(seen)
        name = parents[name][0]
    return tuple(reversed([passed for passed, place in seen.items() if place >= seen[name]]))
