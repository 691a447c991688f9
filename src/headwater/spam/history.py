"""history_of, decisions_of: what people decided, on one row or of one filter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max

from headwater.spam.models import Decision, Verb
from headwater.spam.revise import DECIDED, standing
from headwater.spam.spammable import Spammable, spammable_of

LOOKED_AT = 20
"""Decisions, or presses on many rows, among which one is looked for that can be undone."""
CHUNK = 500
STATE_NOW = ("v_is_spam", "v_is_revised", "v_is_edited", "v_judged_digest")


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


@dataclass(frozen=True, slots=True)
class LastOf:
    """What a person did last."""

    decision: Decision
    overruled_by: Decision | None
    """What was decided on the row since; None where the decision can be undone, or its text or row
    is another one by now."""
    can_undo: bool


def last_of_person(by: Any, spam_filter_id: int, since: datetime | None = None) -> LastOf | None:
    """Return the last decision or skip of a person, for a filter, that can still be undone.

    Where none can be, of the ``LOOKED_AT`` last ones since a time: the last one, with what was
    decided after it. None where they did nothing, or undid it all.
    """
    done = Decision.objects.filter(by=by, spam_filter_id=spam_filter_id, undone_by=None)
    done = done.exclude(verb=Verb.UNDO)
    if since is not None:
        done = done.filter(at__gte=since)
    last = list(done[:LOOKED_AT])
    open_ones = undoable(last)
    for decision in last:
        if decision.pk in open_ones:
            return LastOf(decision, None, True)
    if not last:
        return None
    return LastOf(last[0], _later(last[0]), False)


def undoable(decisions: Sequence[Decision]) -> set[int]:
    """Return the numbers of ``decisions``, none of them undone, that can still be undone.

    That is: nobody has decided on the row since, and its text and verdict are as they were left.
    Who looks at the row now is not asked.
    """
    found: set[int] = set()
    by_model: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_model[decision.content_type_id].append(decision)
    for number, some in by_model.items():
        model = ContentType.objects.get_for_id(number).model_class()
        spammable = None if model is None else spammable_of(model)
        if spammable is None:
            continue
        for start in range(0, len(some), CHUNK):
            found |= _undoable(spammable, some[start : start + CHUNK])
    return found


def _undoable(spammable: Spammable, decisions: Sequence[Decision]) -> set[int]:
    keys = list({one.object_id for one in decisions})
    last: dict[str, int] = {}
    for key, number in standing(spammable.content_type, keys).values_list("object_id", "pk"):
        last.setdefault(key, number)
    rows = spammable.verdicts().filter(pk__in=keys).values_list("pk", *STATE_NOW)
    now = {str(key): state for key, *state in rows}
    return {
        one.pk
        for one in decisions
        if one.object_id in now
        and last.get(one.object_id, 0) <= one.pk
        and (one.verb == Verb.SKIP or now[one.object_id] == _left_by(one))
    }


def _left_by(decision: Decision) -> list[Any]:
    """Return what ``STATE_NOW`` is where nothing changed the row after ``decision``."""
    return [decision.verb == Verb.SPAM, True, False, decision.digest]


def _later(decision: Decision) -> Decision | None:
    """Return the decision that holds on the row, where it came after ``decision``."""
    on_row = standing(decision.content_type, [decision.object_id]).select_related("by")
    return on_row.filter(pk__gt=decision.pk).first()


@dataclass(frozen=True, slots=True)
class Batch:
    """What one press of a person decided, as far as it can still be undone."""

    batch: UUID
    verb: str
    at: datetime
    n: int


def last_batch(by: Any, spam_filter_id: int, since: datetime) -> Batch | None:
    """Return the last decision of a person on many rows at once that can be undone, since a time.

    Rows that somebody decided on after it are not counted, nor those whose text is another one.
    """
    own = Decision.objects.filter(
        by=by,
        spam_filter_id=spam_filter_id,
        batch__isnull=False,
        verb__in=DECIDED,
        undone_by=None,
        at__gte=since,
    )
    latest = own.order_by().values("batch").annotate(last=Max("pk")).order_by("-last")
    for batch in latest.values_list("batch", flat=True)[:LOOKED_AT]:
        decisions = list(own.filter(batch=batch))
        if batch is not None and (n := len(undoable(decisions))):
            return Batch(batch, decisions[0].verb, decisions[0].at, n)
    return None
