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
    """A linkage as SciPy makes it, with the order in which its leaves are drawn.

    Nodes are SciPy's: the leaves 0 to n - 1, then the merges n to 2 n - 2. A leaf is a row, or
    stands for several. At each merge the child that was itself merged higher stands first (SciPy's
    ``distance_sort="descending"``).
    """

    n: int
    """Leaves."""
    children: NDArray[np.int64]
    """(n - 1, 2) nodes that each merge joins, in drawn order."""
    heights: Floats
    """(2 n - 1,) of each node, 0 for leaves; merges never fall."""
    sizes: NDArray[np.int64]
    """(2 n - 1,) rows below each node."""
    widths: NDArray[np.int64]
    """(2 n - 1,) leaves below each node."""
    starts: NDArray[np.int64]
    """(2 n - 1,) place in ``order`` of the first leaf below each node."""
    firsts: NDArray[np.int64]
    """(2 n - 1,) least leaf below each node."""
    order: NDArray[np.int64]
    """(n,) leaves as they are drawn, from left to right; each node's stand together."""

    @classmethod
    def of(cls, linkage: NDArray[Any], leaf_sizes: NDArray[Any] | None = None) -> Self:
        """Return the tree of a ``linkage`` (n - 1, 4) whose leaves stand for ``leaf_sizes`` rows.

        Those are 1 where they are not given.
        """
        linkage = np.asarray(linkage, dtype=np.float64).reshape(-1, 4)
        n = len(linkage) + 1
        heights = np.concatenate([np.zeros(n), linkage[:, 2]])
        pairs = linkage[:, :2].astype(np.int64)
        swapped = heights[pairs[:, 0]] <= heights[pairs[:, 1]]
        children = np.where(swapped[:, np.newaxis], pairs[:, ::-1], pairs)
        widths = np.ones(2 * n - 1, dtype=np.int64)
        sizes = widths.copy()
        if leaf_sizes is not None:
            sizes[:n] = leaf_sizes
        firsts = np.arange(2 * n - 1)
        for merge, (one, other) in enumerate(children.tolist(), start=n):
            widths[merge] = widths[one] + widths[other]
            sizes[merge] = sizes[one] + sizes[other]
            firsts[merge] = min(firsts[one], firsts[other])
        starts = np.zeros(2 * n - 1, dtype=np.int64)
        for merge in range(2 * n - 2, n - 1, -1):
            one, other = children[merge - n]
            starts[one] = starts[merge]
            starts[other] = starts[merge] + widths[one]
        order = np.empty(n, dtype=np.int64)
        order[starts[:n]] = np.arange(n)
        return cls(n, children, heights, sizes, widths, starts, firsts, order)

    def leaves_below(self, node: int) -> NDArray[np.int64]:
        """Return the leaves below a node, as they are drawn."""
        return self.order[self.starts[node] : self.starts[node] + self.widths[node]]

    @property
    def most_groups(self) -> int:
        """How many groups a cut can leave: leaves at no distance are never divided."""
        return self.n - int((self.heights[self.n :] <= 0).sum())

    def interval(self, n_groups: int) -> tuple[float, float | None] | None:
        """Return the heights [low, high) at which a line cuts the tree into ``n_groups``.

        High is None for one group; the whole is None where no height leaves that many, because
        merges at the same height stand between.
        """
        low = float(self.heights[2 * self.n - 1 - n_groups]) if n_groups < self.n else 0.0
        if n_groups == 1:
            return low, None
        high = float(self.heights[2 * self.n - n_groups])
        return (low, high) if low < high else None

    def groups_at(self, n_groups: int) -> list[int]:
        """Return the nodes that are left when the last ``n_groups`` - 1 merges are undone.

        ``most_groups`` at most. Larger groups first, then the one with the first leaf: the number
        of a group is its place.
        """
        if n_groups < 1:
            raise ValueError(f"{n_groups} groups were asked for; a tree is cut into 1 or more.")
        n_groups = min(n_groups, self.most_groups)
        nodes = [2 * self.n - 2]
        if n_groups > 1:
            below = self.children[self.n - n_groups :].ravel()
            nodes = below[below < 2 * self.n - n_groups].tolist()
        return sorted(nodes, key=self.rank)

    def rank(self, node: int) -> tuple[int, int]:
        """Return what sorts nodes: larger first, then the one with the first leaf."""
        return -int(self.sizes[node]), int(self.firsts[node])


def cut(linkage: NDArray[Any] | Tree, n_groups: int) -> NDArray[np.int64]:
    """Return the group (n,) of each leaf where the tree is cut into ``n_groups``; larger first.

    The same groups as SciPy's ``fcluster(linkage, n_groups, "maxclust")``, which gives fewer where
    merges are at the same height: of those, the later ones are undone here. The same groups and
    numbers as those of ``engines.clustering.hierarchical``.
    """
    tree = linkage if isinstance(linkage, Tree) else Tree.of(linkage)
    labels = np.empty(tree.n, dtype=np.int64)
    for group, node in enumerate(tree.groups_at(n_groups)):
        labels[tree.leaves_below(node)] = group
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
    first leaf) keeps the letter and the other gets the next that is in neither ``base_letters`` nor
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
    for merge in range(tree.n - len(base) - 1, tree.n - min(limit, tree.most_groups) - 1, -1):
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
    """Return k -> the letters of the groups of each cut, numbered as ``cut`` does.

    From 1 to ``limit`` groups, or as many as there can be; ``letters_of_nodes`` has the rule.
    """
    tree = linkage if isinstance(linkage, Tree) else Tree.of(linkage)
    letters = letters_of_nodes(tree, base_k, base_letters, limit=limit, used=used)
    return {
        k: tuple(letters[node] for node in tree.groups_at(k))
        for k in range(1, min(limit, tree.most_groups) + 1)
    }


def _by_size(tree: Tree, merge: int) -> tuple[int, int]:
    """Return the two nodes of a merge, the larger first."""
    first, second = sorted(tree.children[merge].tolist(), key=tree.rank)
    return first, second
