"""history_of, decisions_of: what people decided, on one row or of one filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType

from headwater.spam.models import Decision, Verb
from headwater.spam.revise import DECIDED


@dataclass(frozen=True, slots=True)
class Past:
    """One decision as it stands now."""

    decision: Decision
    is_undone: bool
    can_undo: bool
    """Whether it is the last one that stands; the text may still have changed since."""


def history_of(content_type: ContentType, key: str) -> list[Past]:
    """Return all decisions on a row, the latest first."""
    decisions = list(
        Decision.objects.filter(content_type=content_type, object_id=key).select_related(
            "by", "undoes__by", "spam_filter"
        )
    )
    undone = {one.undoes_id for one in decisions if one.undoes_id is not None}
    standing = next(
        (one.pk for one in decisions if one.verb in DECIDED and one.pk not in undone), None
    )
    return [Past(one, one.pk in undone, one.pk == standing) for one in decisions]


def last_standing(content_type: ContentType, key: str) -> Decision | None:
    """Return the decision that holds on a row; None where nobody has decided, or all is undone."""
    return next(
        (past.decision for past in history_of(content_type, key) if past.can_undo),
        None,
    )


def last_of_person(by: Any, spam_filter_id: int) -> Decision | None:
    """Return the last decision or skip of a person that is not undone, for a filter."""
    return (
        Decision.objects.filter(by=by, spam_filter_id=spam_filter_id, undone_by=None)
        .exclude(verb=Verb.UNDO)
        .first()
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """What one press of a person decided, as far as it stands."""

    batch: UUID
    verb: str
    at: datetime
    n: int


def last_batch(by: Any, spam_filter_id: int, since: datetime) -> Batch | None:
    """Return the last decision of a person on many rows at once that stands, since a time."""
    standing = Decision.objects.filter(
        by=by,
        spam_filter_id=spam_filter_id,
        batch__isnull=False,
        verb__in=DECIDED,
        undone_by=None,
        at__gte=since,
    )
    last = standing.first()
    if last is None or last.batch is None:
        return None
    return Batch(last.batch, last.verb, last.at, standing.filter(batch=last.batch).count())
