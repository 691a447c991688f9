"""What is told of groups besides their profiles: how well they are apart, and in what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.profile import profile_groups
from headwater.engines.segments.agreement import agreement
from headwater.engines.segments.apart import apart
from headwater.engines.segments.examples import examples_as_json, find_examples
from headwater.engines.segments.heat import heat
from headwater.engines.segments.parallel import parallel
from headwater.engines.segments.quality import quality
from headwater.engines.segments.rules import simple_rules
from headwater.engines.segments.tree import Tree, cut_heights, letters_of_nodes
from headwater.engines.segments.tree_layout import tree_layout
from headwater.engines.table import Matrix, Table

if TYPE_CHECKING:
    from headwater.sources.models import Source

OUTSIDE = 50
"""Rows outside of every group that are kept by key, at most."""


def describe_groups(
    table: Table,
    matrix: Matrix,
    groups: NDArray[np.int64],
    letters: tuple[str, ...],
    *,
    estimator: Any,
    source: Source | None,
    picture: dict[str, Any],
    used: Iterable[str] = (),
) -> dict[str, Any]:
    """Return what is kept of ``groups`` (n,), where -1 is in no group, as JSON can hold it.

    ``overall``: the profile of all rows; ``quality``, ``apart``, ``rules``, ``examples``, ``heat``
    and ``parallel``: see ``engines.segments``; ``outside``: the rows in no group; ``known``: how
    far the groups agree with the labels that ``source`` knows; ``names``: what ``source`` calls the
    rows that are in ``picture`` or named elsewhere; ``tree`` and ``cuts`` of a tree of groups, for
    which ``used`` are the letters that other groups had before.
    """
    examples = examples_as_json(find_examples(matrix.X, groups), table.ids, letters)
    outside = np.flatnonzero(groups < 0)
    told: dict[str, Any] = {
        "overall": _overall(table),
        "quality": quality(matrix.X, groups),
        "apart": apart(table, groups, letters),
        "rules": simple_rules(table, groups, letters),
        "examples": examples,
        "heat": heat(table, groups, letters),
        "parallel": parallel(table, groups, letters),
        "outside": {
            "n": len(outside),
            "share": len(outside) / len(table),
            "ids": table.ids[outside[:OUTSIDE]].tolist(),
        },
    }
    if source is not None:
        told |= _known(source, table, groups, letters)
        told["names"] = names_of(
            source,
            [
                *(point[3] for point in picture.get("points", ())),
                *told["outside"]["ids"],
                *(example["typical"] for example in examples.values()),
                *(example["counter"] for example in examples.values()),
            ],
        )
    if hasattr(estimator, "linkage_"):
        told |= describe_tree(estimator, table, letters, source=source, used=used)
    return told


def _overall(table: Table) -> dict[str, Any]:
    """Return the profile of all rows, in the form of a group's."""
    whole = profile_groups(table, np.zeros(len(table), dtype=np.int64), ("A",))[0]
    return {"size": whole["size"], "columns": whole["columns"]}


def names_of(source: Source, ids: Iterable[Any]) -> dict[str, str]:
    """Return id as text -> what ``source`` calls that row; nothing where rows have no names."""
    if not source.name_column:
        return {}
    wanted = [key for key in dict.fromkeys(ids) if key is not None]
    names = source.read_names(wanted)
    return {str(key): name for key, name in zip(wanted, names, strict=True)}


def describe_tree(
    estimator: Any,
    table: Table,
    letters: Sequence[str],
    *,
    source: Source | None,
    used: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the ``tree`` of a fitted hierarchical estimator as it is drawn, and its ``cuts``.

    ``letters`` are those of its groups; ``used``, letters that other groups had before. Leaves are
    called what ``source`` calls their rows; one that stands for several rows is not. ``used`` is
    kept with the tree, for other cuts of it.
    """
    tree = Tree.of(estimator.linkage_, estimator.leaf_sizes_)
    nodes = letters_of_nodes(tree, len(letters), letters, used=used)
    drawn = tree_layout(tree, _leaf_names(estimator, table, source), letters=nodes)
    return {"tree": {**drawn, "used": list(used)}, "cuts": cut_heights(tree)}


def _leaf_names(estimator: Any, table: Table, source: Source | None) -> list[str]:
    """Return the name of each leaf of the tree: of its row, or how many rows it stands for."""
    n_leaves = len(estimator.leaf_sizes_)
    first = np.full(n_leaves, len(table), dtype=np.int64)
    np.minimum.at(first, estimator.leaf_of_row_, np.arange(len(table)))
    ids = table.ids[first].tolist()
    names = source.read_names(ids) if source is not None else [str(key) for key in ids]
    return [
        name if size == 1 else f"{name} and {int(size) - 1:,} more"
        for name, size in zip(names, estimator.leaf_sizes_.tolist(), strict=True)
    ]


def _known(
    source: Source, table: Table, groups: NDArray[np.int64], letters: Sequence[str]
) -> dict[str, Any]:
    labels = source.read_known(table.ids.tolist())
    if labels is None:
        return {}
    own = [*letters, ""]
    agreed = agreement([own[group] for group in groups.tolist()], labels)
    return {"known": {"column": source.known_column, **agreed.as_json()}}
