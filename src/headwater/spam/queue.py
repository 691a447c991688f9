"""Queue: the rows of a filter's models that meet what is asked, doubtful ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from headwater.spam.claims import claim_key
from headwater.spam.item import Item, item_of, made_field
from headwater.spam.models import Claim, Decision, SpamFilter, Verb
from headwater.spam.spammable import Spammable, judged_by_filter
from headwater.spam.waiting import AUDIT, EDITED, UNREVISED, in_order, in_zone, is_waiting

STATES = {
    "waiting": "Waiting for a person",
    "open": "Not decided by a person",
    "decided": "Decided by a person",
    "mistaken": "Decided against the filter",
    "all": "All",
}
SKIPPED_HOURS = 12
"""How long a person is not asked again about what they skipped."""
TRIES = 20
"""Rows that are asked for until one is found that nobody else takes at the same moment."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows are wanted; empty is whatever."""

    state: str = "waiting"
    zone: str = ""
    """“ham”, “unsure”, “spam” or “none”."""
    model: str = ""
    """Such as “app.comment”."""
    text: str = ""
    lowest: float | None = None
    highest: float | None = None
    older: int | None = None
    """Made at least so many days ago."""
    newer: int | None = None
    """Made at most so many days ago."""
    edited: bool = False
    audit: bool = False
    skipped: bool = False
    """Skipped by the person who asks."""

    @property
    def is_any(self) -> bool:
        """Whether anything but the state is asked for."""
        return self != Asked(state=self.state)


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows of all models that name a filter; each use reads anew."""

    spam_filter: SpamFilter
    asked: Asked = field(default_factory=Asked)
    person: Any = None
    """Who asks: a user, or None."""

    def models(self) -> list[Spammable]:
        """Return the models that are looked at."""
        found = judged_by_filter(self.spam_filter.name)
        if self.asked.model:
            found = [one for one in found if one.model._meta.label_lower == self.asked.model]
        if self.asked.older is not None or self.asked.newer is not None:
            found = [one for one in found if made_field(one.model)]
        return found

    def count(self) -> int:
        """Return how many rows there are."""
        return sum(self.rows(one).count() for one in self.models())

    def rows(self, spammable: Spammable) -> QuerySet[Any]:
        """Return the rows of one model, in order."""
        asked, rows = self.asked, spammable.verdicts()
        rows = rows.filter(self._state())
        if asked.zone == "none":
            rows = rows.filter(v_spam_probability__isnull=True)
        elif asked.zone:
            rows = rows.filter(in_zone(asked.zone, self.spam_filter))
        if asked.text:
            said = Q()
            for name in spammable.text_fields:
                said |= Q(**{f"{name}__icontains": asked.text})
            rows = rows.filter(said)
        if asked.lowest is not None:
            rows = rows.filter(v_spam_probability__gte=asked.lowest)
        if asked.highest is not None:
            rows = rows.filter(v_spam_probability__lte=asked.highest)
        made = made_field(spammable.model)
        if asked.older is not None:
            rows = rows.filter(**{f"{made}__lte": timezone.now() - timedelta(days=asked.older)})
        if asked.newer is not None:
            rows = rows.filter(**{f"{made}__gte": timezone.now() - timedelta(days=asked.newer)})
        if asked.edited:
            rows = rows.filter(EDITED)
        if asked.audit:
            rows = rows.filter(AUDIT)
        if asked.skipped:
            rows = rows.filter(pk__in=self._skipped(spammable))
        return in_order(rows, self.spam_filter)

    def open_rows(self, spammable: Spammable) -> QuerySet[Any]:
        """Return the rows of one model that nobody else looks at, in order."""
        return self.rows(spammable).exclude(pk__in=self._claimed(spammable, mine=False))

    def items(self, start: int, stop: int) -> list[Item]:
        """Return the rows from ``start`` to before ``stop``, over all models in one order."""
        keys = list(islice(self._merged(stop), start, stop))
        found: dict[tuple[int, Any], Any] = {}
        models = self.models()
        for position, spammable in enumerate(models):
            pks = [pk for at, pk in keys if at == position]
            if pks:
                rows = spammable.verdicts().filter(pk__in=pks)
                found |= {(position, row.pk): row for row in rows}
        return [
            item_of(models[key[0]], found[key], self.spam_filter) for key in keys if key in found
        ]

    def current(self) -> Item | None:
        """Return the item that the person holds already; None where it is none of these."""
        return self._first(mine=True)

    def next(self) -> Item | None:
        """Return the next item for the person, which is theirs from now on; None: none is left.

        What they hold already comes first; what others hold or they skipped is left out.
        """
        mine = self.current()
        if mine is not None and self._take(mine):
            return mine
        for _ in range(TRIES):
            item = self._first(mine=False)
            if item is None or self._take(item):
                return item
        return None

    def left_by_person(self) -> int:
        """Return how many of the rows the person has skipped."""
        return self._n_of(self._skipped)

    def held_by_others(self) -> int:
        """Return how many of the rows somebody else looks at."""
        return self._n_of(partial(self._claimed, mine=False))

    def _n_of(self, keys_of: Callable[[Spammable], list[str]]) -> int:
        keys = [(one, keys_of(one)) for one in self.models()]
        return sum(self.rows(one).filter(pk__in=some).count() for one, some in keys if some)

    def _take(self, item: Item) -> bool:
        return claim_key(item.spammable.content_type, item.key, self.person)

    def _first(self, *, mine: bool) -> Item | None:
        """Return the first row that the person holds, or the first that nobody else holds.

        What they skipped is left out, unless it is what they ask for.
        """
        best: tuple[int, float] | None = None
        first: Item | None = None
        for spammable in self.models():
            held = self._claimed(spammable, mine=mine)
            if mine and not held:
                continue
            rows = self.rows(spammable)
            rows = rows.filter(pk__in=held) if mine else rows.exclude(pk__in=held)
            if not self.asked.skipped:
                rows = rows.exclude(pk__in=self._skipped(spammable))
            row = rows.first()
            if row is not None and (best is None or (row.q_rank, row.q_distance) < best):
                best = (row.q_rank, row.q_distance)
                first = item_of(spammable, row, self.spam_filter)
        return first

    def _state(self) -> Q:
        return {
            "waiting": is_waiting(self.spam_filter),
            "open": UNREVISED,
            "decided": Q(v_is_revised=True),
            "mistaken": Q(v_is_misclassified=True),
        }.get(self.asked.state, Q())

    def _merged(self, most: int) -> Iterator[tuple[int, Any]]:
        """Yield (which model, primary key) in order, looking at ``most`` rows of each model."""
        streams = [
            [
                (rank, distance, position, pk)
                for rank, distance, pk in self.rows(spammable).values_list(
                    "q_rank", "q_distance", "pk"
                )[:most]
            ]
            for position, spammable in enumerate(self.models())
        ]
        for _, _, position, pk in merge(*streams, key=lambda one: one[:3]):
            yield position, pk

    def _claimed(self, spammable: Spammable, *, mine: bool) -> list[str]:
        """Return the names of the rows that the person holds, or that others hold."""
        claims = Claim.objects.filter(content_type=spammable.content_type, until__gt=timezone.now())
        claims = claims.filter(by=self.person) if mine else claims.exclude(by=self.person)
        return list(claims.values_list("object_id", flat=True))

    def _skipped(self, spammable: Spammable) -> list[str]:
        """Return the names of the rows that the person has skipped; they are few."""
        if self.person is None:
            return []
        skips = Decision.objects.filter(
            content_type=spammable.content_type,
            by=self.person,
            verb=Verb.SKIP,
            undone_by=None,
            at__gte=timezone.now() - timedelta(hours=SKIPPED_HOURS),
        )
        return list(dict.fromkeys(skips.values_list("object_id", flat=True)))
