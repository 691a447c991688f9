"""revise: a person decides whether a row is spam; undo, skip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet

from headwater.spam.claims import held_by_others, release_keys
from headwater.spam.errors import (
    DecidedMeanwhile,
    DecisionRefused,
    HeldByAnother,
    RowGone,
    TextChanged,
)
from headwater.spam.hold import (
    STATE,
    Held,
    begin_writing,
    filter_of,
    hold,
    one_transaction,
    spammable_or_refuse,
    write,
)
from headwater.spam.models import Decision, SpamFilter, Verb
from headwater.spam.spammable import Spammable
from headwater.spam.zones import zone_of

DECIDED = (Verb.SPAM, Verb.HAM)


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it was shown to whoever decides."""

    pk: Any
    digest: str | None = None
    """Of the text that was shown; None: whatever it is."""
    after: int | None = None
    """The last decision on it that was known, 0 for none; None: whatever was decided."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of deciding on some rows: each is in one of the two."""

    decisions: list[Decision]
    refused: list[DecisionRefused]


def revise(
    row: models.Model,
    is_spam: bool,
    by: Any,
    *,
    spam_filter: SpamFilter | None = None,
    expected_digest: str | None = None,
    after: int | None = None,
) -> Decision:
    """Decide that ``row`` is spam, or that it is not, and return the decision.

    What the filter had guessed is kept beside it, the filter's counter counts it once, and
    nothing but another decision changes it. What is decided on is the text as it is stored.

    Of two people who decide at once, one is first, and the other is told where they said what
    they had seen: ``expected_digest``, the digest of the text, and ``after``, the last decision
    (0: none). Raises a ``DecisionRefused`` with a sentence where that is not so any more, or
    where somebody else holds the row; nothing is changed then.
    """
    outcome = decide(
        spammable_or_refuse(type(row)),
        [Shown(row.pk, expected_digest, after)],
        is_spam,
        by,
        spam_filter=spam_filter,
    )
    if outcome.refused:
        raise outcome.refused[0]
    row.refresh_from_db(fields=_verdict_fields(row))
    return outcome.decisions[0]


def decide(
    spammable: Spammable,
    shown: Sequence[Shown],
    is_spam: bool,
    by: Any,
    *,
    spam_filter: SpamFilter | None = None,
    batch: UUID | None = None,
) -> Outcome:
    """Decide on rows of one model in one transaction; those that cannot be are told apart."""
    if spam_filter is None:
        spam_filter = filter_of(spammable)
    keys = {str(one.pk): one for one in shown}
    with one_transaction(spammable.model):
        begin_writing(spammable.content_type, keys)
        rows = hold(spammable, [one.pk for one in shown])
        found = {held.key for held in rows}
        refused: list[DecisionRefused] = [_gone(spammable, key) for key in keys if key not in found]
        others = held_by_others(spammable.content_type, keys, by)
        last = _last(spammable.content_type, keys)
        taken = []
        for held in rows:
            reason = _reason(held, keys[held.key], others.get(held.key), last.get(held.key), by)
            if reason is None:
                taken.append(held)
            else:
                refused.append(reason)
        write(spammable, [(held, _after(held, is_spam)) for held in taken])
        decisions = Decision.objects.bulk_create(
            [_decision(spammable, held, is_spam, by, spam_filter, batch) for held in taken]
        )
        release_keys(spammable.content_type, [held.key for held in taken], by)
        if spam_filter is not None and decisions:
            spam_filter.increment_counter(len(decisions))
    return Outcome(decisions, refused)


def undo(decision: Decision, by: Any) -> Decision:
    """Put back the verdict that was before ``decision``, and return what says so.

    Raises a ``DecisionRefused`` where it was undone already, or where something came after it:
    another decision, or another text.
    """
    outcome = undo_all([decision], by)
    if outcome.refused:
        raise outcome.refused[0]
    return outcome.decisions[0]


def undo_all(decisions: Sequence[Decision], by: Any) -> Outcome:
    """Undo decisions, which are on rows of one model, in one transaction; as ``undo`` does."""
    content_type = ContentType.objects.get_for_id(decisions[0].content_type_id)
    model = content_type.model_class()
    if model is None:
        raise RowGone(f"The model “{content_type}” is no longer part of the project.")
    spammable = spammable_or_refuse(model)
    given = {one.object_id: one for one in decisions}
    with one_transaction(model):
        begin_writing(content_type, given)
        rows = hold(spammable, list(given))
        found = {held.key for held in rows}
        refused: list[DecisionRefused] = [
            _gone(spammable, key) for key in given if key not in found
        ]
        others = held_by_others(content_type, given, by)
        last = _last(content_type, given)
        undone = set(
            Decision.objects.filter(undoes__in=[one.pk for one in decisions]).values_list(
                "undoes_id", flat=True
            )
        )
        taken: list[tuple[Held, Decision]] = []
        for held in rows:
            one = given[held.key]
            reason = _stays(held, one, others.get(held.key), last.get(held.key), undone, by)
            if reason is None:
                taken.append((held, one))
            else:
                refused.append(reason)
        write(spammable, [(held, one.before) for held, one in taken if one.verb in DECIDED])
        undoing = Decision.objects.bulk_create(
            [
                _made(spammable, held, Verb.UNDO, by, one.spam_filter_id, one.batch, undoes=one)
                for held, one in taken
            ]
        )
    return Outcome(undoing, refused)


def skip(row: models.Model, by: Any, *, spam_filter: SpamFilter | None = None) -> Decision:
    """Leave ``row`` to others: it waits on, and ``by`` is not asked again.

    Raises ``HeldByAnother`` where somebody else holds it.
    """
    spammable = spammable_or_refuse(type(row))
    if spam_filter is None:
        spam_filter = filter_of(spammable)
    with one_transaction(spammable.model):
        begin_writing(spammable.content_type, [str(row.pk)])
        rows = hold(spammable, [row.pk])
        if not rows:
            raise _gone(spammable, str(row.pk))
        held = rows[0]
        other = held_by_others(spammable.content_type, [held.key], by).get(held.key)
        if other is not None:
            raise _held_by(other)
        decision = _made(
            spammable, held, Verb.SKIP, by, spam_filter.pk if spam_filter else None, None
        )
        decision.save()
        release_keys(spammable.content_type, [held.key], by)
    return decision


def standing(content_type: ContentType, keys: Sequence[str] | Any) -> QuerySet[Decision]:
    """Return the decisions on rows that were not undone, skips left out; the latest first."""
    return Decision.objects.filter(
        content_type=content_type, object_id__in=list(keys), verb__in=DECIDED, undone_by=None
    )


def _verdict_fields(row: models.Model) -> list[str]:
    """Return the fields of ``row`` that a decision writes; the caller's other changes stay."""
    spammable = spammable_or_refuse(type(row))
    own = STATE if spammable.has_own_fields else ()
    return list(dict.fromkeys((*own, spammable.label_field)))


def _last(content_type: ContentType, keys: Any) -> dict[str, Decision]:
    """Return the last standing decision on each row."""
    last: dict[str, Decision] = {}
    for decision in standing(content_type, keys).select_related("by"):
        last.setdefault(decision.object_id, decision)
    return last


def _reason(
    held: Held, shown: Shown, other: Any, last: Decision | None, by: Any
) -> DecisionRefused | None:
    """Return why no decision can be taken on the row; None where it can."""
    if other is not None:
        return _held_by(other)
    if shown.after is not None and (last.pk if last else 0) != shown.after:
        if last is None:
            return DecidedMeanwhile("What you were shown was undone meanwhile. Look at it again.")
        if _is_own(last, by):
            return DecidedMeanwhile(
                f"You have decided it meanwhile, in another window: this is {word_of(last)}. What "
                "you pressed here was not taken; decide again on the item’s page, if it is wrong."
            )
        return DecidedMeanwhile(
            f"{name_of(last.by)} has decided meanwhile that this is {word_of(last)}. Your decision "
            "was not taken; change theirs on the item’s page, if it is wrong."
        )
    if shown.digest is not None and shown.digest != held.digest:
        return TextChanged(
            "The text was changed after you were shown it. Your decision was not taken; read it "
            "again."
        )
    return None


def _stays(
    held: Held, decision: Decision, other: Any, last: Decision | None, undone: set[int], by: Any
) -> DecisionRefused | None:
    """Return why ``decision`` cannot be undone; None where it can."""
    if decision.pk in undone:
        return DecidedMeanwhile("This decision was undone already.")
    if decision.verb == Verb.UNDO:
        return DecisionRefused("An undoing cannot be undone. Decide again instead.")
    if other is not None:
        return _held_by(other)
    if decision.verb == Verb.SKIP:
        return None
    if last is None or last.pk != decision.pk:
        later = "Another decision came after this one"
        if last is not None:
            who = "You have" if _is_own(last, by) else f"{name_of(last.by)} has"
            later = f"{who} since decided that this is {word_of(last)}"
        return DecidedMeanwhile(
            f"{later}, so this decision cannot be undone. Undo the later one first, or decide "
            "again on the item’s page."
        )
    is_spam = decision.verb == Verb.SPAM
    if held.state["is_edited"] or held.state["judged_digest"] != decision.digest:
        return TextChanged(
            "The text was changed after this decision, so it cannot be undone. Decide again."
        )
    if held.state["is_spam"] is not is_spam or not held.state["is_revised"]:
        return DecidedMeanwhile(
            "The verdict was changed after this decision, so it cannot be undone. Decide again."
        )
    return None


def _after(held: Held, is_spam: bool) -> dict[str, Any]:
    """Return the verdict that a decision makes."""
    guess = held.guess
    if guess is None and not held.state["is_revised"]:
        guess = held.state["is_spam"]
    return {
        "is_spam": is_spam,
        "is_revised": True,
        "is_misclassified": guess is not None and guess is not is_spam,
        "judged_digest": held.digest,
        "is_edited": False,
    }


def _decision(
    spammable: Spammable,
    held: Held,
    is_spam: bool,
    by: Any,
    spam_filter: SpamFilter | None,
    batch: UUID | None,
) -> Decision:
    verb = Verb.SPAM if is_spam else Verb.HAM
    made = _made(spammable, held, verb, by, spam_filter.pk if spam_filter else None, batch)
    if spam_filter is not None and held.probability is not None:
        made.zone = zone_of(held.probability, spam_filter)
    return made


def _made(
    spammable: Spammable,
    held: Held,
    verb: Verb,
    by: Any,
    filter_id: int | None,
    batch: UUID | None,
    *,
    undoes: Decision | None = None,
) -> Decision:
    return Decision(
        content_type=spammable.content_type,
        object_id=held.key,
        spam_filter_id=filter_id,
        verb=verb,
        by=by,
        before={name: held.state[name] for name in STATE},
        probability=held.probability,
        was_sampled=held.is_sampled,
        fit_id=held.fit_id,
        digest=held.digest,
        batch=batch,
        undoes=undoes,
    )


def _gone(spammable: Spammable, key: str) -> RowGone:
    name = spammable.model._meta.verbose_name
    return RowGone(f"There is no {name} {key} any more; it was deleted.")


def _held_by(other: Any) -> HeldByAnother:
    return HeldByAnother(
        f"{name_of(other.by)} is looking at this now, so nothing was decided here."
    )


def _is_own(decision: Decision, by: Any) -> bool:
    return by is not None and decision.by_id == by.pk


def word_of(decision: Decision) -> str:
    """Return what was decided, in the middle of a sentence."""
    return "spam" if decision.verb == Verb.SPAM else "not spam"


def name_of(person: Any) -> str:
    """Return what a person is called; they may have left."""
    return "Somebody else" if person is None else (person.get_full_name() or str(person))
