"""Cuts of a dendrogram: its groups at each number of groups, with letters that do not jump."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from headwater.engines.matching import letter_at, position_of
from headwater.engines.scales import Floats

CUTS = 50
"""Numbers of groups that are offered, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A linkage as SciPy makes it, with the order in which its rows are drawn.

    Nodes are SciPy's: the rows 0 to n - 1, then the merges n to 2 n - 2. At each merge the child
    that was itself merged higher stands first (SciPy's ``distance_sort="descending"``).
    """

    n: int
    children: NDArray[np.int64]
    """(n - 1, 2) nodes that each merge joins, in drawn order."""
    heights: Floats
    """(2 n - 1,) of each node, 0 for rows; merges never fall."""
    sizes: NDArray[np.int64]
    """(2 n - 1,) rows below each node."""
    starts: NDArray[np.int64]
    """(2 n - 1,) place in ``order`` of the first row below each node."""
    order: NDArray[np.int64]
    """(n,) rows as they are drawn, from left to right; each node's rows stand together."""

    @classmethod
    def of(cls, linkage: NDArray[Any]) -> Self:
        """Return the tree of a ``linkage`` (n - 1, 4)."""
        linkage = np.asarray(linkage, dtype=np.float64).reshape(-1, 4)
        n = len(linkage) + 1
        heights = np.concatenate([np.zeros(n), linkage[:, 2]])
        sizes = np.concatenate([np.ones(n), linkage[:, 3]]).astype(np.int64)
        pairs = linkage[:, :2].astype(np.int64)
        swapped = heights[pairs[:, 0]] <= heights[pairs[:, 1]]
        children = np.where(swapped[:, np.newaxis], pairs[:, ::-1], pairs)
        starts = np.zeros(2 * n - 1, dtype=np.int64)
        for merge in range(n - 2, -1, -1):
            first, second = children[merge]
            starts[first] = starts[n + merge]
            starts[second] = starts[n + merge] + sizes[first]
        order = np.empty(n, dtype=np.int64)
        order[starts[:n]] = np.arange(n)
        return cls(n, children, heights, sizes, starts, order)

    def rows_below(self, node: int) -> NDArray[np.int64]:
        """Return the rows below a node, as they are drawn."""
        return self.order[self.starts[node] : self.starts[node] + self.sizes[node]]

    def interval(self, n_groups: int) -> tuple[float, float | None] | None:
        """Return the heights [low, high) at which a cut leaves ``n_groups`` groups.

        High is None for one group; the whole is None where no height leaves that many, because
        merges at the same height stand between.
        """
        low = float(self.heights[2 * self.n - 1 - n_groups]) if n_groups < self.n else 0.0
        if n_groups == 1:
            return low, None
        high = float(self.heights[2 * self.n - n_groups])
        return (low, high) if low < high else None

    def groups_at(self, n_groups: int) -> list[int]:
        """Return the nodes that are the groups of a cut that leaves at most ``n_groups``.

        Fewer come out where merges are at one height; n and more are each row by itself. Larger
        groups first, then the one with the first row: the number of a group is its place.
        """
        if n_groups < 1:
            raise ValueError(f"{n_groups} groups were asked for; a tree is cut into 1 or more.")
        if n_groups >= self.n:
            return list(range(self.n))
        while self.interval(n_groups) is None:
            n_groups -= 1
        nodes = self._nodes_at(n_groups)
        return sorted(nodes, key=lambda node: (-self.sizes[node], self.rows_below(node).min()))

    def _nodes_at(self, n_groups: int) -> list[int]:
        """Return the nodes that are left after all but the last ``n_groups`` - 1 merges."""
        if n_groups == 1:
            return [2 * self.n - 2]
        below = self.children[self.n - n_groups :].ravel()
        return [int(node) for node in below[below < 2 * self.n - n_groups]]


def cut(linkage: NDArray[Any] | Tree, n_groups: int) -> NDArray[np.int64]:
    """Return the group (n,) of each row where the tree is cut into ``n_groups``; larger first.

    The same groups as SciPy's ``fcluster(linkage, n_groups, "maxclust")``: fewer where merges at
    the same height stand between.
    """
    tree = linkage if isinstance(linkage, Tree) else Tree.of(linkage)
    labels = np.empty(tree.n, dtype=np.int64)
    for group, node in enumerate(tree.groups_at(n_groups)):
        labels[tree.rows_below(node)] = group
    return labels


def cut_heights(linkage: NDArray[Any] | Tree, *, limit: int = CUTS) -> list[dict[str, Any]]:
    """Return ``k``, ``low`` and ``high`` of each number of groups, from 1 to ``limit`` or n.

    A line at a height of at least ``low`` and less than ``high`` (None: no upper end) cuts the
    tree into ``k`` groups. Numbers that no height leaves, because of ties, are left out.
    """
    tree = linkage if isinstance(linkage, Tree) else Tree.of(linkage)
    found = ((k, tree.interval(k)) for k in range(1, min(tree.n, limit) + 1))
    return [{"k": k, "low": at[0], "high": at[1]} for k, at in found if at is not None]


def letters_of_nodes(
    linkage: NDArray[Any] | Tree,
    base_k: int,
    base_letters: Sequence[str],
    *,
    limit: int = CUTS,
    used: Iterable[str] = (),
) -> dict[int, str]:
    """Return the letter of each node that is a group of a cut into 1 to ``limit`` groups.

    The groups of the cut into ``base_k``, in the order of ``Tree.groups_at``, have
    ``base_letters``. Where a group falls in two, the larger half (of equal ones, the one with the
    first row) keeps the letter and the other gets the next that is in neither ``base_letters`` nor
    ``used``. Where two become one, it has the letter of the larger. So a node has one letter, no
    matter where the tree is cut.
    """
    tree = linkage if isinstance(linkage, Tree) else Tree.of(linkage)
    base = tree.groups_at(base_k)
    if len(base) != len(base_letters):
        raise ValueError(
            f"The tree cut into {base_k} has {len(base)} groups, and {len(base_letters)} letters "
            "were given; it takes one for each."
        )
    letters = dict(zip(base, base_letters, strict=True))
    free = max((position_of(letter) for letter in (*base_letters, *used)), default=-1) + 1
    for merge in range(tree.n - len(base), tree.n - 1):
        larger, _ = _by_size(tree, merge)
        letters[tree.n + merge] = letters[larger]
    for merge in range(tree.n - len(base) - 1, tree.n - min(limit, tree.n) - 1, -1):
        larger, smaller = _by_size(tree, merge)
        letters[larger] = letters[tree.n + merge]
        letters[smaller] = letter_at(free)
        free += 1
    return letters


def letters_of_cuts(
    linkage: NDArray[Any] | Tree,
    base_k: int,
    base_letters: Sequence[str],
    *,
    limit: int = CUTS,
    used: Iterable[str] = (),
) -> dict[int, tuple[str, ...]]:
    """Return the letters of the groups of each cut, numbered as ``cut`` does.

    Numbers of groups that no height leaves are left out; ``letters_of_nodes`` has the rule.
    """
    tree = linkage if isinstance(linkage, Tree) else Tree.of(linkage)
    letters = letters_of_nodes(tree, base_k, base_letters, limit=limit, used=used)
    return {
        each["k"]: tuple(letters[node] for node in tree.groups_at(each["k"]))
        for each in cut_heights(tree, limit=limit)
    }


def _by_size(tree: Tree, merge: int) -> tuple[int, int]:
    """Return the two nodes of a merge, the larger first."""
    first, second = sorted(
        tree.children[merge].tolist(),
        key=lambda node: (-tree.sizes[node], tree.rows_below(node).min()),
    )
    return first, second
