"""TreeCut: the kept tree of a hierarchical fit, cut into some groups, with the tree's rows."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from headwater.engines.segments.tree import CUTS, Tree, letters_of_nodes
from headwater.learning.errors import FitError
from headwater.learning.models import Fit
from headwater.segmentation.fit_rows import FitRows, fit_rows, taken

KEY = "cut"
"""Of what a cut keeps of itself in a fit's summary."""
OF_EACH = 20
"""Rows of every group that are in a sample besides those that are drawn."""


def tree_of(fit: Fit) -> int:
    """Return the key of the fit that grew the tree of ``fit``: its own, if it is no cut."""
    return int(fit.summary.get(KEY, {}).get("of", fit.pk))


@dataclass(frozen=True, slots=True)
class Base:
    """The run that grew the tree: letters of all cuts follow from its own."""

    fit_id: int
    n_groups: int
    letters: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as a summary keeps it."""
        return {
            "of": self.fit_id,
            "base": self.n_groups,
            "base_letters": list(self.letters),
        }


@dataclass(frozen=True, slots=True, eq=False)
class TreeCut:
    """A tree cut into some groups, with the rows that it is of."""

    fit: Fit
    """Whose tree it is."""
    rows: FitRows
    base: Base
    estimator: Any
    letters: tuple[str, ...]

    @property
    def groups(self) -> Any:
        """The estimator as of the rows that are still there, without the tree: it is the same."""
        groups = copy.copy(self.estimator)
        groups.labels_ = self.estimator.labels_[self.rows.at]
        del groups.linkage_
        return groups

    def told(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """Return ``summary`` with what a cut says of itself."""
        groups = self.estimator.labels_[self.rows.at]
        sizes = np.bincount(groups, minlength=len(self.letters)).tolist()
        looked_at = sum(group["size"] for group in summary["groups"])
        told = f"Figures are those of {looked_at:,} rows until the cut is kept; sizes are of all."
        partly = [] if looked_at == len(groups) else [told]
        return {
            **summary,
            "groups": [
                {**group, "size": sizes[at], "share": sizes[at] / max(len(groups), 1)}
                for group in summary["groups"]
                for at in [group["index"]]
            ],
            "notes": [*summary["notes"], *self.rows.notes(), *partly],
            # As of all rows, also where only some are looked at.
            "overall": self.fit.summary["overall"] if partly else summary["overall"],
            "tree": self.fit.summary["tree"],
            "cuts": self.fit.summary["cuts"],
            KEY: {
                **self.base.as_json(),
                "n_groups": len(self.letters),
                "letters": list(self.letters),
                "sizes": sizes,
            },
        }


def cut_tree(fit: Fit, n_groups: int) -> TreeCut:
    """Return the tree of ``fit`` cut into ``n_groups``, read from what is kept.

    Letters follow from those of the run that grew the tree, wherever it was cut since. Raises
    FitError where the rows are gone or the tree cannot be cut so.
    """
    rows = fit_rows(fit)
    estimator = rows.pipeline.estimator
    base = _base(fit, rows)
    try:
        cut = estimator.with_cut(n_groups)
    except ValueError as error:  # an estimator's errors are sentences
        raise FitError(str(error)) from None
    tree = Tree.of(estimator.linkage_, estimator.leaf_sizes_)
    nodes = letters_of_nodes(
        tree,
        base.n_groups,
        base.letters,
        used=fit.summary["tree"].get("used", ()),
        limit=max(CUTS, n_groups),
    )
    letters = tuple(nodes[node] for node in tree.groups_at(n_groups))
    return TreeCut(fit, rows, base, cut, letters)


def sampled(cut: TreeCut, limit: int) -> TreeCut:
    """Return ``cut`` with about ``limit`` of its rows, where it has more; a few of every group."""
    rows = cut.rows
    n = len(rows.table)
    if n <= limit:
        return cut
    groups = cut.estimator.labels_[rows.at]
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(len(cut.letters)))
    few = [order[start : start + OF_EACH] for start in starts.tolist()]
    drawn = np.random.default_rng(0).choice(n, size=limit, replace=False)
    chosen = np.unique(np.concatenate([drawn, *few]))
    return replace(cut, rows=replace(rows, at=rows.at[chosen], table=taken(rows.table, chosen)))


def _base(fit: Fit, rows: FitRows) -> Base:
    kept: Mapping[str, Any] | None = fit.summary.get(KEY)
    if kept is None:
        return Base(
            fit_id=fit.pk,
            n_groups=int(rows.pipeline.estimator.n_clusters),
            letters=rows.pipeline.letters,
        )
    return Base(int(kept["of"]), int(kept["base"]), tuple(kept["base_letters"]))
