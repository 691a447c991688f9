"""How stable the segments of a run are: what a study told, or how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headwater.console.choices import User
from headwater.console.rights import Right, rights
from headwater.learning.models import Fit
from headwater.segmentation.models import UNFINISHED_STUDIES, Study, StudyKind, StudyStatus


@dataclass(frozen=True, slots=True)
class StabilityShown:
    """What the page says of it."""

    right: Right
    """Whether the person may start a study."""
    found: tuple[tuple[str, str], ...] = ()
    """(letter, sentence) of each segment."""
    draws: int = 0
    when: datetime | None = None
    unfinished: bool = False
    sentence: str = ""
    percent: int | None = None
    may_cancel: bool = False
    cancelling: bool = False
    error: str = ""


def newest_study(fit: Fit, *statuses: str) -> Study | None:
    """Return the newest study of the stability of ``fit``, of these ``statuses`` if any."""
    studies = Study.objects.filter(fit=fit.pk, kind=StudyKind.STABILITY)
    if statuses:
        studies = studies.filter(status__in=statuses)
    return studies.order_by("-pk").first()


def stability_shown(fit: Fit, user: User) -> StabilityShown:
    """Return what is known of the stability of the segments of ``fit``."""
    from headwater.segmentation.stability import stability_of, stability_sentence

    right = rights(user, fit.model).run
    newest = newest_study(fit)
    if newest is not None and newest.effective_status in UNFINISHED_STUDIES:
        waiting = newest.status == StudyStatus.QUEUED
        share = (newest.progress or {}).get("share")
        return StabilityShown(
            right,
            unfinished=True,
            sentence="Waiting for a worker to take it" if waiting else "Drawing the rows anew",
            percent=None if waiting or share is None else round(100 * float(share)),
            may_cancel=newest.owner_id == user.pk or bool(right),
            cancelling=newest.cancel_requested,
        )
    told = stability_of(fit)
    if told:
        study = newest_study(fit, StudyStatus.SUCCEEDED)
        return StabilityShown(
            right,
            found=tuple((letter, stability_sentence(value)) for letter, value in told.items()),
            draws=int((study.result if study else {}).get("bootstraps", 0)),
            when=study.finished_at if study else None,
        )
    failed = newest is not None and newest.effective_status == StudyStatus.FAILED
    return StabilityShown(right, error=newest.effective_error if failed and newest else "")
