"""decide_all, undo_batch: one decision on many rows, and all of it undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from headwater.spam.errors import DecisionRefused
from headwater.spam.item import Item
from headwater.spam.models import Decision, SpamFilter
from headwater.spam.queue import Queue
from headwater.spam.revise import DECIDED, Shown, decide, undo_all
from headwater.spam.spammable import Spammable

MOST = 2000
"""Rows that are decided at once, in one request; what is more waits for the next press."""
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Bulk:
    """What came of it."""

    batch: UUID
    decided: int
    refused: list[DecisionRefused]
    """Why some were not: others hold them, or they changed meanwhile."""
    left: int
    """How many met what was asked and were more than ``MOST``."""


def decide_all(queue: Queue, is_spam: bool, by: Any, *, most: int = MOST) -> Bulk:
    """Decide on all rows of ``queue`` that nobody else holds, ``most`` of them in its order.

    Each gets a decision of its own, and all of them the same ``batch``.
    """
    wanted: dict[Spammable, list[Shown]] = defaultdict(list)
    total, room = 0, most
    for spammable in queue.models():
        rows = queue.rows(spammable)
        total += rows.count()
        wanted[spammable] = [Shown(pk) for pk in rows.values_list("pk", flat=True)[:room]]
        room -= len(wanted[spammable])
    bulk = _decide(wanted, is_spam, by, queue.spam_filter)
    return Bulk(bulk.batch, bulk.decided, bulk.refused, total - (most - room))


def decide_items(
    items: Sequence[tuple[Spammable, Shown]], is_spam: bool, by: Any, spam_filter: SpamFilter
) -> Bulk:
    """Decide on the rows that somebody ticked or saw together."""
    wanted: dict[Spammable, list[Shown]] = defaultdict(list)
    for spammable, shown in items:
        wanted[spammable].append(shown)
    return _decide(wanted, is_spam, by, spam_filter)


def shown(item: Item, after: int | None = None) -> Shown:
    """Return ``item`` as what a person has seen."""
    return Shown(item.row.pk, item.digest, after)


def _decide(
    wanted: dict[Spammable, list[Shown]], is_spam: bool, by: Any, spam_filter: SpamFilter
) -> Bulk:
    batch, decided = uuid4(), 0
    refused: list[DecisionRefused] = []
    for spammable, rows in wanted.items():
        for start in range(0, len(rows), CHUNK):
            outcome = decide(
                spammable,
                rows[start : start + CHUNK],
                is_spam,
                by,
                spam_filter=spam_filter,
                batch=batch,
            )
            decided += len(outcome.decisions)
            refused += outcome.refused
    return Bulk(batch, decided, refused, 0)


def undo_batch(batch: UUID, by: Any) -> Bulk:
    """Undo every decision of a batch that still stands; those that cannot be are told apart."""
    by_model: dict[int, list[Decision]] = defaultdict(list)
    for decision in Decision.objects.filter(batch=batch, verb__in=DECIDED, undone_by=None):
        by_model[decision.content_type_id].append(decision)
    undone, refused = 0, []
    for decisions in by_model.values():
        for start in range(0, len(decisions), CHUNK):
            outcome = undo_all(decisions[start : start + CHUNK], by)
            undone += len(outcome.decisions)
            refused += outcome.refused
    return Bulk(batch, undone, refused, 0)
