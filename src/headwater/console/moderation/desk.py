"""Desk: what a reviewer sees of one item, and what they have just done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.urls import NoReverseMatch
from django.utils import timezone

from headwater.console import words
from headwater.console.moderation.text_shown import Piece, Shown, line, pieces, shown
from headwater.console.moderation.why import Why, how_sure, why
from headwater.spam.alike import Alike, alike
from headwater.spam.history import Past, history_of, last_of_person, undoable
from headwater.spam.item import MARKS, Item, made_field
from headwater.spam.models import Decision, Note, SpamFilter, Verb
from headwater.spam.notes import notes_on
from headwater.spam.queue import Queue
from headwater.spam.revise import DECIDED, name_of, word_of
from headwater.spam.spammable import VERDICT_FIELDS
from headwater.spam.waiting import Waiting, number_waiting, waiting

UNDO_MINUTES = 30
"""How long the last thing that a person did stands above the next item."""
MOST_FACTS = 8


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note as it is safe to read: what is hidden in it is named."""

    note: Note
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item with all that speaks for and against it."""

    item: Item
    name: str
    texts: list[Shown]
    sure: str
    mark: tuple[str, str] | None
    why: Why
    history: list[Past]
    notes: list[NoteShown]
    after: int
    """The last decision that stands; 0 where there is none."""
    facts: list[tuple[str, tuple[Piece, ...]]]
    address: str
    """Where the site shows the row; empty where its model does not say."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a person did last that can be undone; else what they did last."""

    decision: Decision
    sentence: str
    line: tuple[Piece, ...]
    can_undo: bool
    """Not where somebody decided on it since, or its text was changed."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The page of a queue."""

    spam_filter: SpamFilter
    waiting: Waiting
    everywhere: int
    """How many wait of all filters."""
    here: int
    """How many meet what is asked for."""
    today: int
    """How many the person has decided today."""
    skipped: int
    held: int
    """How many others look at."""
    done: Done | None
    shown: ItemShown | None
    alike: Alike | None
    lines: list[tuple[Item, tuple[Piece, ...]]]
    """Items like the one, each in a line."""


def desk(queue: Queue, item: Item | None) -> Desk:
    """Return the page of ``queue`` with ``item`` on it, or with none."""
    person, spam_filter = queue.person, queue.spam_filter
    alikes = alike(item, queue) if item else None
    counted = waiting(spam_filter)
    return Desk(
        spam_filter,
        counted,
        counted.total + number_waiting(besides=spam_filter),
        queue.count() if queue.asked.is_any else counted.total,
        decided_today(spam_filter, person),
        queue.left_by_person(),
        queue.held_by_others(),
        _done(spam_filter, person),
        item_shown(item, spam_filter, person) if item else None,
        alikes,
        [(one, line(one.text)) for one in alikes.items] if alikes else [],
    )


def item_shown(item: Item, spam_filter: SpamFilter, person: Any) -> ItemShown:
    """Return ``item`` with its text, reasons, history and notes."""
    kind = item.spammable.content_type
    history = history_of(kind, item.key)
    name, reasons = item.name, why(spam_filter, item.text)
    return ItemShown(
        item,
        name[:1].upper() + name[1:],
        shown(item, reasons),
        how_sure(item.probability),
        MARKS[item.mark] if item.mark else None,
        reasons,
        history,
        [NoteShown(note, pieces(note.text)) for note in notes_on(kind, item.key)],
        next((past.decision.pk for past in history if past.can_undo), 0),
        _facts(item, person),
        _address(item.row),
    )


def decided_today(spam_filter: SpamFilter, person: Any = None) -> int:
    """Return how many decisions on a filter's rows stand from today: of a person, or of all."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    decisions = Decision.objects.filter(
        spam_filter=spam_filter, verb__in=DECIDED, undone_by=None, at__gte=midnight
    )
    return (decisions if person is None else decisions.filter(by=person)).count()


def _done(spam_filter: SpamFilter, person: Any) -> Done | None:
    since = timezone.now() - timedelta(minutes=UNDO_MINUTES)
    found = last_of_person(person, spam_filter.pk, since)
    if found is None:
        return None
    last = found.decision
    done = {Verb.SPAM: "Marked as spam", Verb.HAM: "Marked as not spam", Verb.SKIP: "Skipped"}
    sentence = done[Verb(last.verb)]
    if last.batch is not None and found.can_undo:
        batch = Decision.objects.filter(
            batch=last.batch, by=person, verb__in=DECIDED, undone_by=None
        )
        n = len(undoable(list(batch)))
        if n > 1:
            return Done(last, f"{sentence}: {words.counted(n, 'item')} at once", (), True)
    text = line(_text_of(last))
    if found.can_undo:
        return Done(last, sentence, text, True)
    if found.overruled_by is None:
        return Done(last, f"{sentence}, and changed since then", text, False)
    later = found.overruled_by
    who = "you have" if later.by_id == person.pk else f"{name_of(later.by)} has"
    return Done(last, f"{sentence}; {who} since decided {word_of(later)}", text, False)


def _text_of(decision: Decision) -> str:
    from headwater.spam.spammable import spammable_of

    model = decision.content_type.model_class()
    spammable = None if model is None else spammable_of(model)
    if model is None or spammable is None:
        return ""
    row = model._base_manager.filter(pk=decision.object_id).first()
    return spammable.text_of(row) if row else ""


def _facts(item: Item, person: Any) -> list[tuple[str, tuple[Piece, ...]]]:
    """Return further fields of the row, for those who may view its model."""
    meta = item.spammable.model._meta
    if not person.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
        return []
    left_out = {*item.spammable.text_fields, item.spammable.label_field, *VERDICT_FIELDS}
    left_out.add(made_field(item.spammable.model) or "")
    found = []
    for field in meta.concrete_fields:
        if field.name in left_out or field.primary_key or _is_secret(field):
            continue
        value = getattr(item.row, field.name)
        if value not in (None, ""):
            told = words.exactly(value) if isinstance(value, datetime) else str(value)
            found.append((str(field.verbose_name), line(told)))
    return found[:MOST_FACTS]


def _is_secret(field: models.Field[Any, Any]) -> bool:
    name = field.name.lower()
    return any(word in name for word in ("password", "secret", "token", "key", "hash"))


def _address(row: Any) -> str:
    """Return where the site shows ``row``, if its model says so and the address is of the web."""
    try:
        address = str(row.get_absolute_url())
    except (AttributeError, NoReverseMatch):
        return ""
    return address if address.startswith(("/", "https://", "http://")) else ""
