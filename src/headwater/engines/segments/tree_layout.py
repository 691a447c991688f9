"""tree_layout: where the leaves and merges of a dendrogram are drawn, ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.segments.tree import Tree

NAMED = 3
"""Names that are shown of a leaf that stands for several rows."""


def tree_layout(
    linkage: NDArray[Any] | Tree,
    names: Sequence[str],
    *,
    limit: int = 60,
    letters: Mapping[int, str] | None = None,
) -> dict[str, Any]:
    """Return what draws the tree of a SciPy ``linkage`` whose leaves have ``names``.

    ``leaves``: from left to right, each with ``name`` (None where it stands for several), ``row``
    (index in ``names``, or None), ``size`` (rows), ``names`` (the first three that it stands for),
    ``height`` (0, or at which these had become one) and ``x``. ``merges``: [left, right, height,
    size, x] of each, the lowest first; left and right are places in leaves followed by merges. x
    and height are those of SciPy's ``dendrogram(distance_sort="descending")``: leaves stand at 5,
    15, 25 ... and reach down to 0, a merge half way between its children. ``letters``: of each
    leaf, then of each merge, what ``letters_of_nodes`` gives it, or None.

    More than ``limit``: only the last merges are drawn, between ``limit`` leaves
    (``truncated`` is true). ``n`` is the number of rows, ``height`` that of the last merge.
    """
    tree = linkage if isinstance(linkage, Tree) else Tree.of(linkage)
    if len(names) != tree.n:
        raise ValueError(
            f"The tree has {tree.n:,} leaves and {len(names):,} names were given; "
            "it takes one for each."
        )
    shown = max(2, min(limit, tree.n))
    first = 2 * tree.n - min(shown, tree.n)
    """The first merge that is drawn; nodes before it are leaves."""
    below = tree.children[first - tree.n :].ravel()
    nodes = below[below < first] if tree.n > 1 else np.zeros(1, dtype=np.int64)
    leaves = nodes[np.argsort(tree.starts[nodes], kind="stable")].tolist()
    merges = list(range(first, 2 * tree.n - 1))
    place = {node: at for at, node in enumerate([*leaves, *merges])}
    x = {node: 5.0 + 10.0 * at for at, node in enumerate(leaves)}
    drawn = []
    for node in merges:
        left, right = tree.children[node - tree.n].tolist()
        x[node] = (x[left] + x[right]) / 2
        drawn.append(
            [place[left], place[right], float(tree.heights[node]), int(tree.sizes[node]), x[node]]
        )
    known = letters or {}
    return {
        "n": int(tree.sizes[-1]),
        "truncated": len(leaves) < tree.n,
        "height": float(tree.heights[-1]),
        "leaves": [_leaf(tree, node, names, x[node]) for node in leaves],
        "merges": drawn,
        "letters": [known.get(node) for node in place],
    }


def _leaf(tree: Tree, node: int, names: Sequence[str], x: float) -> dict[str, Any]:
    below = tree.leaves_below(node)
    return {
        "name": names[node] if node < tree.n else None,
        "row": node if node < tree.n else None,
        "size": int(tree.sizes[node]),
        "names": [names[leaf] for leaf in below[:NAMED].tolist()],
        "height": float(tree.heights[node]),
        "x": x,
    }
