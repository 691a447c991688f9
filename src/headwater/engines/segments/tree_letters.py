"""Letters of a tree's groups, wherever it is cut: nested, so that none jumps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from headwater.engines.matching import letter_at, position_of
from headwater.engines.scales import Floats

Ints = NDArray[np.int64]


def letters_of_tree(
    linkage: Floats,
    leaf_sizes: Ints,
    groups: Ints,
    letters: Sequence[str],
    *,
    used: Iterable[str] = (),
) -> dict[int, str]:
    """Return the letter of each node of ``linkage`` (L - 1, 4), SciPy's numbers of nodes.

    Nodes that are the ``groups`` (L,) of its leaves, which stand for ``leaf_sizes`` (L,) rows,
    have ``letters``. Where a group falls in two, the half with more rows (of equal ones, the one
    with the first leaf) keeps the letter, and the other gets the next that is in neither
    ``letters`` nor ``used``; the highest merge falls first. Where two become one, it has the
    letter of the one with more rows. Unlike a cut at a height, each merge is one step, also of
    those at the same height.
    """
    tree = _Nodes.of(linkage, leaf_sizes)
    group = _groups_of_nodes(tree, groups)
    found = {node: letters[group[node]] for node in tree.tops(group)}
    free = max((position_of(letter) for letter in (*letters, *used)), default=-1) + 1
    for node in range(len(group) - 1, tree.n - 1, -1):
        if node in found:
            larger, smaller = tree.halves(node)
            found[larger], found[smaller] = found[node], letter_at(free)
            free += 1
    for node in range(tree.n, len(group)):
        if group[node] < 0:
            found[node] = found[tree.halves(node)[0]]
    return found


def letters_at(
    linkage: Floats, leaf_sizes: Ints, groups: Ints, letters: Mapping[int, str]
) -> tuple[str, ...]:
    """Return the letter of each group of a cut, from the ``letters`` of all nodes."""
    tree = _Nodes.of(linkage, leaf_sizes)
    group = _groups_of_nodes(tree, groups)
    found = {group[node]: letters[node] for node in tree.tops(group)}
    return tuple(found[index] for index in range(len(found)))


class _Nodes:
    """A linkage in plain lists, which are quicker one by one."""

    def __init__(
        self, n: int, children: list[list[int]], sizes: list[float], firsts: list[int]
    ) -> None:
        self.n = n
        self.children = children
        self.sizes = sizes
        self.firsts = firsts

    @classmethod
    def of(cls, linkage: Floats, leaf_sizes: Ints) -> _Nodes:
        n = len(leaf_sizes)
        children: list[list[int]] = linkage[:, :2].astype(np.int64).tolist()
        sizes: list[float] = [*map(float, leaf_sizes.tolist()), *linkage[:, 3].tolist()]
        firsts = list(range(n))
        for one, other in children:
            firsts.append(min(firsts[one], firsts[other]))
        return cls(n, children, sizes, firsts)

    def halves(self, node: int) -> tuple[int, int]:
        """Return the two children of a merge, the one with more rows first."""
        one, other = self.children[node - self.n]
        first = (-self.sizes[one], self.firsts[one]) < (-self.sizes[other], self.firsts[other])
        return (one, other) if first else (other, one)

    def tops(self, group: Sequence[int]) -> list[int]:
        """Return the nodes that are whole groups: the highest whose leaves are all in one."""
        tops = [len(group) - 1] if group[-1] >= 0 else []
        for node in range(self.n, len(group)):
            if group[node] < 0:
                tops += [child for child in self.children[node - self.n] if group[child] >= 0]
        return tops


def _groups_of_nodes(tree: _Nodes, groups: Ints) -> list[int]:
    """Return the group of each node, -1 where its leaves are in several."""
    group: list[int] = groups.tolist()
    for one, other in tree.children:
        group.append(group[one] if group[one] == group[other] else -1)
    return group
