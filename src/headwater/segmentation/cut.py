"""Cut the tree of a hierarchical fit elsewhere: to look at, or as a new fit. Nothing is learned."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from headwater.engines.artifact import pack
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.matching import Grouping, match_labels
from headwater.engines.parameters import ParameterError
from headwater.engines.segments.tree import CUTS, Tree, letters_of_nodes
from headwater.learning.describe import Learned, describe, summarise
from headwater.learning.errors import FitError
from headwater.learning.fit import run_fit
from headwater.learning.models import Fit, FitReason, StatisticalModel
from headwater.learning.reporter import Reporter
from headwater.learning.request import open_fit
from headwater.segmentation.fit_rows import FitRows, fit_rows

TECHNIQUE = "hierarchical"
GROUPS = "n_clusters"
"""The parameter that says where the tree is cut."""
KEY = "cut"
"""Of what a cut keeps of itself in a fit's summary."""


@dataclass(frozen=True, slots=True)
class _Base:
    """The run that grew the tree: letters of all cuts follow from its own."""

    fit_id: int
    n_groups: int
    letters: tuple[str, ...]
    used: tuple[str, ...]
    """Every letter of the model before the first cut; none of them is given to another group."""

    def as_json(self) -> dict[str, Any]:
        return {
            "of": self.fit_id,
            "base": self.n_groups,
            "base_letters": list(self.letters),
            "used": list(self.used),
        }


def is_cuttable(fit: Fit) -> bool:
    """Return whether ``fit`` keeps a tree that can be cut into another number of groups."""
    return fit.technique == TECHNIQUE and bool(fit.artifact_digest)


def tree_of(fit: Fit) -> int:
    """Return the key of the fit that grew the tree of ``fit``: its own, if it is no cut."""
    return int(fit.summary.get(KEY, {}).get("of", fit.pk))


def preview_cut(fit: Fit, n_groups: int) -> dict[str, Any]:
    """Return what ``fit.summary`` would be if its tree were cut into ``n_groups``.

    Nothing is learned, kept or written. Besides the keys of a summary, ``cut`` has ``n_groups``,
    ``letters`` (by group index) and ``sizes``. Raises FitError where ``fit`` has no tree, its rows
    or memberships are gone, or the tree cannot be cut so.
    """
    _parameters(fit, n_groups)
    cut = _cut(fit, n_groups)
    rows, encoder = cut.rows, cut.rows.pipeline.encoder
    before, groups = rows.members.grouping, cut.estimator.labels_
    matching = match_labels(before, Grouping(before.ids, groups, letters=cut.letters))
    return cut.told(
        summarise(
            fit,
            rows.table,
            encoder.transform(rows.table),
            encoder,
            cut.present,
            matching,
            source=rows.source,
            nodes=cut.nodes,
        )
    )


def cut_fit(fit: Fit, n_groups: int, user: Any = None) -> Fit:
    """Return a new finished fit of the model of ``fit``: the same tree, cut into ``n_groups``.

    It serves from then on, its labels are written where the model's labels go, and the model's
    own parameter follows, all in one transaction. Letters are nested: of a group that falls in
    two, the larger half keeps its letter. Where the model is cut so already, the fit that serves
    is returned. A cut that fails is returned as a fit that failed, with its sentence, as any.

    Raises FitError where ``fit`` has no tree, or another tree serves by now, and
    ``AlreadyRunning`` while a fit of the model waits or runs.
    """
    parameters = _parameters(fit, n_groups)
    model = StatisticalModel.objects.select_related("current_fit").get(pk=fit.model_id)
    serving = model.current_fit
    if serving is None or tree_of(serving) != tree_of(fit):
        raise FitError(
            f"“{fit}” is not the run that serves any more, and neither is a cut of its tree. "
            "Cut the run that serves, or run it again."
        )
    if serving.parameters.get(GROUPS) == n_groups:
        return serving
    asked = open_fit(
        model,
        user=user,
        reason=FitReason.CUT,
        detail=f"Cut at {n_groups}",
        changes={
            "technique": fit.technique,
            "parameters": parameters,
            "encoding": fit.encoding,
            "source": fit.source,
            "definition": fit.definition,
        },
    )
    return run_fit(
        asked,
        learn=lambda new, reporter: _learned(fit, new, n_groups, reporter),
        sets={GROUPS: n_groups},
    )


def _parameters(fit: Fit, n_groups: int) -> dict[str, Any]:
    """Return the parameters of ``fit`` with another number of groups."""
    if not is_cuttable(fit):
        raise FitError(
            f"“{fit}” has no tree to cut: only “{TECHNIQUES[TECHNIQUE].label}” grows one."
        )
    try:
        return TECHNIQUES[TECHNIQUE].parameters.clean({**fit.parameters, GROUPS: n_groups})
    except ParameterError as error:
        raise FitError(" ".join(error.errors.values())) from None


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """A tree cut into some groups, with the rows that it is of."""

    rows: FitRows
    base: _Base
    estimator: Any
    letters: tuple[str, ...]
    nodes: Mapping[int, str]
    """Letters of the tree's nodes, wherever it is cut."""

    @property
    def present(self) -> Any:
        """The estimator, as of the rows that are still there."""
        present = copy.copy(self.estimator)
        present.labels_ = self.estimator.labels_[self.rows.at]
        present.leaf_of_row_ = self.estimator.leaf_of_row_[self.rows.at]
        return present

    def told(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """Return ``summary`` with what a cut says of itself."""
        groups = self.estimator.labels_[self.rows.at]
        return {
            **summary,
            "notes": [*summary["notes"], *self.rows.notes()],
            KEY: {
                **self.base.as_json(),
                "n_groups": len(self.letters),
                "letters": list(self.letters),
                "sizes": np.bincount(groups, minlength=len(self.letters)).tolist(),
            },
        }


def _cut(fit: Fit, n_groups: int) -> _Cut:
    """Return the tree of ``fit`` cut into ``n_groups``, read from what is kept."""
    rows = fit_rows(fit)
    estimator = rows.pipeline.estimator
    base = _base(fit, rows)
    try:
        cut = estimator.with_cut(n_groups)
    except ValueError as error:  # an estimator's errors are sentences
        raise FitError(str(error)) from None
    tree = Tree.of(estimator.linkage_, estimator.leaf_sizes_)
    nodes = letters_of_nodes(
        tree, base.n_groups, base.letters, used=base.used, limit=max(CUTS, n_groups)
    )
    letters = tuple(nodes[node] for node in tree.groups_at(n_groups))
    return _Cut(rows, base, cut, letters, nodes)


def _learned(fit: Fit, asked: Fit, n_groups: int, reporter: Reporter) -> Learned:
    """Return what is kept of the tree of ``fit`` cut into ``n_groups``.

    It has the labels of all rows of the tree, also of those that are gone. What was read of each
    row is what the tree was grown from, and not what is there now: so a row that has changed since
    is still known to have.
    """
    reporter.phase("reading", share=0.0)
    cut = _cut(fit, n_groups)
    rows, encoder, letters = cut.rows, cut.rows.pipeline.encoder, cut.letters
    learned = describe(
        asked,
        TECHNIQUES[fit.technique],
        rows.table,
        encoder.transform(rows.table),
        encoder,
        cut.present,
        reporter,
        letters=letters,
        source=rows.source,
        nodes=cut.nodes,
    )
    before, groups = rows.members.grouping, cut.estimator.labels_
    centres = None if learned.members is None else learned.members.grouping.centres
    return replace(
        learned,
        ids=before.ids,
        labels=np.array([*letters, ""])[groups],
        members=replace(rows.members, grouping=Grouping(before.ids, groups, centres, letters)),
        artifact=pack(replace(rows.pipeline, estimator=cut.estimator, letters=letters)),
        summary=cut.told(learned.summary),
    )


def _base(fit: Fit, rows: FitRows) -> _Base:
    kept: Mapping[str, Any] | None = fit.summary.get(KEY)
    if kept is None:
        return _Base(
            fit_id=fit.pk,
            n_groups=int(rows.pipeline.estimator.n_clusters),
            letters=rows.pipeline.letters,
            used=tuple(fit.model.letters),
        )
    return _Base(
        int(kept["of"]), int(kept["base"]), tuple(kept["base_letters"]), tuple(kept["used"])
    )
