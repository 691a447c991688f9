"""Ask for a study, and cancel one. A background worker runs it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import router, transaction
from django.utils import timezone

from headwater.conf import settings
from headwater.engines.catalog import ENCODING
from headwater.engines.parameters import ParameterError
from headwater.learning.errors import FitError
from headwater.learning.models import Fit, FitStatus
from headwater.segmentation.models import (
    STUDY_LOST,
    UNFINISHED_STUDIES,
    Study,
    StudyKind,
    StudyStatus,
)
from headwater.segmentation.study_parameters import clean_parameters
from headwater.sources.reads import dataset_id

logger = logging.getLogger("headwater.segmentation")

LOOKED_THROUGH = 100
"""Newest studies of a person among which one that was asked for before is looked for."""


def request_study(
    kind: str,
    owner: Any,
    *,
    source: Mapping[str, Any] | None = None,
    fit: Fit | None = None,
    encoding: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Study:
    """Return a study of ``kind`` that waits for a worker, or the same one as it is kept.

    It is of the rows and columns of ``source`` (``Source.as_json``) encoded as ``encoding`` says,
    or of those of ``fit``; a study of stability always is of a fit. One that ``owner`` asked for
    before with the same settings is returned where it waits or runs, or where it succeeded and its
    rows cannot have changed since: those of one version of a dataset. Raises FitError for what
    cannot be studied. The task is handed over when the transaction commits.
    """
    asked = _asked(kind, source, fit, encoding, parameters)
    expire_lost_studies()
    kept = _same(owner, asked)
    if kept is not None:
        return kept
    study = Study.objects.create(owner=owner, **asked)
    transaction.on_commit(partial(_enqueue, study.pk), using=router.db_for_write(Study))
    return study


def cancel_study(study: Study) -> bool:
    """Stop ``study``: at once while it waits, at its next step while it runs.

    Returns whether there was something to cancel; a finished study is left as it is.
    """
    expire_lost_studies()
    rows = Study.objects.filter(pk=study.pk)
    cancelled = rows.filter(status=StudyStatus.QUEUED).update(
        status=StudyStatus.CANCELLED, cancel_requested=True, finished_at=timezone.now()
    ) or rows.filter(status=StudyStatus.RUNNING).update(cancel_requested=True)
    study.refresh_from_db()
    return bool(cancelled)


def expire_lost_studies() -> int:
    """Mark running studies whose lease has passed as failed; return how many there were."""
    now = timezone.now()
    lost = Study.objects.filter(status=StudyStatus.RUNNING, lease_expires_at__lt=now)
    return lost.update(status=StudyStatus.FAILED, error=STUDY_LOST, finished_at=now)


def _asked(
    kind: str,
    source: Mapping[str, Any] | None,
    fit: Fit | None,
    encoding: Mapping[str, Any] | None,
    parameters: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the fields of a new study; raise FitError for what cannot be studied."""
    if kind not in StudyKind.values:
        raise FitError(f"There is no study “{kind}”; there are {', '.join(StudyKind.values)}.")
    if (source is None) == (fit is None):
        raise FitError("A study is of the rows of a source or of a fit: give one of them.")
    if fit is not None and fit.status != FitStatus.SUCCEEDED:
        raise FitError(f"“{fit}” has not succeeded, so there is nothing to study.")
    if kind == StudyKind.STABILITY and (fit is None or not fit.n_groups):
        raise FitError("A study of stability is of the groups of a run that has some.")
    reads = {"filter": {}, **source} if source is not None else {}
    if fit is None and not reads.get("columns"):
        raise FitError("Choose at least one column.")
    try:
        encoded = ENCODING.clean(fit.encoding if fit is not None else encoding or {})
    except ParameterError as error:
        raise FitError(" ".join(error.errors.values())) from None
    return {
        "kind": kind,
        "fit": fit,
        "source": dict(fit.source) if fit is not None else reads,
        "encoding": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in encoded.items()
        },
        "parameters": clean_parameters(kind, parameters or {}),
    }


def _same(owner: Any, asked: Mapping[str, Any]) -> Study | None:
    """Return a study that would come to the same, if one is kept or under way."""
    statuses = [*UNFINISHED_STUDIES]
    if dataset_id(asked["source"]) is not None:
        statuses.append(StudyStatus.SUCCEEDED)
    before = Study.objects.filter(
        owner=owner, kind=asked["kind"], status__in=statuses, cancel_requested=False
    )
    matters = ("encoding", "parameters")
    for one in before.order_by("-pk")[:LOOKED_THROUGH]:
        if (
            _read(one.source) == _read(asked["source"])
            and all(getattr(one, name) == asked[name] for name in matters)
            and (asked["kind"] != StudyKind.STABILITY or one.fit == asked["fit"])
        ):
            return one
    return None


def _read(reads: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a source a study hangs on: not how its rows are called."""
    return {name: value for name, value in reads.items() if name not in ("name", "known")}


def _enqueue(study_id: int) -> None:
    options = settings()
    try:
        from headwater.segmentation.tasks import run_study_task  # which needs the backend

        run_study_task.using(backend=options.TASK_BACKEND, queue_name=options.TASK_QUEUE).enqueue(
            study_id
        )
    except Exception:
        logger.exception("Study %d could not be handed to the task backend.", study_id)
        Study.objects.filter(pk=study_id, status=StudyStatus.QUEUED).update(
            status=StudyStatus.FAILED,
            finished_at=timezone.now(),
            error=(
                f"The task backend “{options.TASK_BACKEND}” could not take the study. "
                "See the log, and whether the backend is up."
            ),
        )
