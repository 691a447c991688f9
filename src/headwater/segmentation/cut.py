"""Cut the tree of a hierarchical fit elsewhere: to look at, or as a new fit. Nothing is learned."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from django.db import router, transaction
from django.utils import timezone

from headwater.conf import settings
from headwater.engines.artifact import pack
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.matching import Grouping, match_labels
from headwater.engines.parameters import ParameterError
from headwater.learning.describe import Learned, describe, summarise
from headwater.learning.errors import FitError
from headwater.learning.fit import run_fit
from headwater.learning.models import Fit, FitReason, FitStatus, StatisticalModel
from headwater.learning.reporter import Reporter
from headwater.learning.request import open_fit
from headwater.segmentation.tree_cut import TreeCut, cut_tree, sampled, tree_of

logger = logging.getLogger("headwater.segmentation")

TECHNIQUE = "hierarchical"
GROUPS = "n_clusters"
"""The parameter that says where the tree is cut."""
AT_ONCE = 50_000
"""Rows up to which a cut is made while somebody waits."""
SAMPLED = 20_000
"""Rows that a preview looks at, at most, and some of every group besides."""


def is_cuttable(fit: Fit) -> bool:
    """Return whether ``fit`` keeps a tree that can be cut into another number of groups."""
    return fit.technique == TECHNIQUE and bool(fit.artifact_digest)


def preview_cut(fit: Fit, n_groups: int) -> dict[str, Any]:
    """Return what ``fit.summary`` would be if its tree were cut into ``n_groups``.

    Nothing is learned, kept or written. Besides the keys of a summary, ``cut`` has ``n_groups``,
    ``letters`` (by group index) and ``sizes``. Of more than ``SAMPLED`` rows so many are looked
    at: sizes are of all, other figures those of the sample, and ``notes`` say so. Raises FitError
    where ``fit`` has no tree, its rows or memberships are gone, or the tree cannot be cut so.
    """
    _parameters(fit, n_groups)
    whole = cut_tree(fit, n_groups)
    cut = sampled(whole, SAMPLED)
    rows, encoder = cut.rows, cut.rows.pipeline.encoder
    before, groups = rows.members.grouping, cut.estimator.labels_
    matching = match_labels(before, Grouping(before.ids, groups, letters=cut.letters))
    return whole.told(
        summarise(
            fit,
            rows.table,
            encoder.transform(rows.table),
            encoder,
            cut.groups,
            matching,
            source=rows.source,
        )
    )


def cut_fit(fit: Fit, n_groups: int, user: Any = None) -> Fit:
    """Return a new finished fit of the model of ``fit``: the same tree, cut into ``n_groups``.

    It serves from then on, its labels are written where the model's labels go, and the model's
    own parameter follows, all in one transaction. Letters are nested: of a group that falls in
    two, the larger half keeps its letter. Where the model is cut so already, the fit that serves
    is returned. Where the labels cannot be written, a fit that failed is, with its sentence. Of
    more than ``AT_ONCE`` rows a waiting fit is returned, and a worker does the rest.

    Raises FitError where ``fit`` has no tree, it cannot be cut so, or another tree serves by now,
    and ``AlreadyRunning`` while a fit of the model waits or runs.
    """
    parameters = _parameters(fit, n_groups)
    cut = cut_tree(fit, n_groups)
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
    if len(cut.rows.members.grouping.ids) > AT_ONCE:
        transaction.on_commit(partial(_enqueue, asked.pk, fit.pk), using=router.db_for_write(Fit))
        return asked
    return _run(asked, cut)


def run_cut(asked: Fit, fit: Fit) -> Fit:
    """Run a waiting cut of the tree of ``fit`` to its end, and return it."""
    return _run(asked, lambda: cut_tree(fit, int(asked.parameters[GROUPS])))


def _run(asked: Fit, cut: TreeCut | Callable[[], TreeCut]) -> Fit:
    def learn(new: Fit, reporter: Reporter) -> Learned:
        return _learned(cut() if callable(cut) else cut, new, reporter)

    return run_fit(asked, learn=learn, sets={GROUPS: asked.parameters[GROUPS]})


def _enqueue(asked_id: int, fit_id: int) -> None:
    options = settings()
    try:
        from headwater.segmentation.tasks import run_cut_task  # which needs the backend

        task = run_cut_task.using(backend=options.TASK_BACKEND, queue_name=options.TASK_QUEUE)
        task.enqueue(asked_id, fit_id)
    except Exception:
        logger.exception("The cut %d could not be handed to the task backend.", asked_id)
        Fit.objects.filter(pk=asked_id, status=FitStatus.QUEUED).update(
            status=FitStatus.FAILED,
            finished_at=timezone.now(),
            error=(
                f"The task backend “{options.TASK_BACKEND}” could not take the cut. "
                "See the log, and whether the backend is up."
            ),
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


def _learned(cut: TreeCut, asked: Fit, reporter: Reporter) -> Learned:
    """Return what is kept of a cut as the fit ``asked``.

    It has the labels of all rows of the tree, also of those that are gone. What was read of each
    row is what the tree was grown from, and not what is there now: so a row that has changed since
    is still known to have.
    """
    rows, encoder, letters = cut.rows, cut.rows.pipeline.encoder, cut.letters
    learned = describe(
        asked,
        TECHNIQUES[asked.technique],
        rows.table,
        encoder.transform(rows.table),
        encoder,
        cut.groups,
        reporter,
        letters=letters,
        source=rows.source,
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
