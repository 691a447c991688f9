"""Count flows: the events of flows that are of no partition, between two counts."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, router, transaction
from django.db.models import Count, Max, Model, Q, QuerySet
from django.utils import timezone

from headwater.engines.periods import DAILY, period_start
from headwater.stockandflow.counted import Counted
from headwater.stockandflow.definitions import FacetUse, Flow, Stock
from headwater.stockandflow.errors import ClockError
from headwater.stockandflow.models import Cause, FlowEvent, FlowFacetRecord, FlowRecord
from headwater.stockandflow.split import OTHER, Split, split_by

logger = logging.getLogger("headwater.stockandflow")

Move = tuple[str, str]
"""Source and sink, as records write them."""
_BLOCK = 500
"""Objects whose facets are asked for at a time."""


def count_flows(
    flows: Iterable[Flow], as_of: datetime | None = None, every: str | None = None
) -> list[Counted]:
    """Record the events of ``flows`` since their last record, once in each period of ``every``.

    A day, where ``every`` is None. Each move that a flow names gets a record, also of zero events.
    The first record of a flow begins with the period. Facets are those of its stocks, and tell what
    an object is at the count. An event belongs to the record of the time when it occurred; one that
    is committed after that time was counted is in no record, though it stays among the events.
    """
    moment = as_of or timezone.now()
    period = every or DAILY
    start = period_start(period, moment, timezone.get_default_timezone())
    counted = []
    for flow in flows:
        one = Counted(flow.slug, str(flow), period, start, moment)
        using = router.db_for_write(FlowRecord)
        inside = connections[using].in_atomic_block
        try:
            with transaction.atomic(using=using) if inside else nullcontext():
                counted.append(_count(flow, one))
        except Exception as error:
            logger.exception("The flow “%s” could not be counted.", flow.slug)
            sentence = f"“{flow}” could not be counted. {error}"
            counted.append(replace(one, failed=True, sentence=sentence))
    return counted


def _count(flow: Flow, counted: Counted) -> Counted:
    records = FlowRecord.objects.filter(partition="", flow=flow.slug, period=counted.period)
    done = records.filter(period_start=counted.period_start)
    if done.exists():
        return _counted_already(counted, done)
    # A record of the future was made by a clock that was wrong.
    before = records.filter(ended_at__lte=max(counted.as_of, timezone.now()))
    since = before.aggregate(last=Max("ended_at"))["last"] or counted.period_start
    if since > counted.as_of:
        raise ClockError(
            f"Its events were counted up to {since.isoformat()}, which is after "
            f"{counted.as_of.isoformat()}. Count them as of a later moment."
        )
    events = _Events.of(flow, since, counted.as_of)
    rows = [
        FlowRecord(
            flow=flow.slug,
            source=source,
            sink=sink,
            period=counted.period,
            period_start=counted.period_start,
            started_at=since,
            ended_at=counted.as_of,
            **numbers,
        )
        for (source, sink), numbers in events.by_move().items()
    ]
    facets = events.by_facet()
    try:
        with transaction.atomic(using=router.db_for_write(FlowRecord)):
            for row in rows:
                row.save(force_insert=True)
            FlowFacetRecord.objects.bulk_create(
                FlowFacetRecord(record=row, facet=facet, value=value, events=number)
                for row in rows
                for facet, values in facets.get((row.source, row.sink), {}).items()
                for value, number in values.items()
            )
    except IntegrityError:  # another process was quicker
        return _counted_already(counted, done)
    total = sum(row.events for row in rows)
    noun = "event" if total == 1 else "events"
    sentence = f"“{flow}” had {total:,} {noun} since {since.isoformat(timespec='minutes')}."
    return replace(counted, events=total, sentence=sentence)


def _counted_already(counted: Counted, done: Any) -> Counted:
    total = sum(done.values_list("events", flat=True))
    sentence = f"“{counted.name}” was counted already in this period: {total:,}."
    return replace(counted, events=total, skipped=True, sentence=sentence)


@dataclass(frozen=True, slots=True, eq=False)
class _Events:
    """The events of a flow in an interval; the moment of the count before is not in it any more."""

    flow: Flow
    rows: Any
    key: str
    model: type[Model] | None
    """The model of the objects, where a stock of the flow tells it."""

    @classmethod
    def of(cls, flow: Flow, since: datetime, until: datetime) -> _Events:
        given = flow.flow_event_model
        events: Any = apps.get_model(given) if isinstance(given, str) else given or FlowEvent
        stocks = [end for end in (*flow.sources, *flow.sinks) if isinstance(end, Stock)]
        rows = events._default_manager.filter(
            partition="", flow=flow.slug, occurred_at__gte=since, occurred_at__lt=until
        )
        model = stocks[0].model if stocks else None
        return cls(flow, rows.exclude(cause=Cause.OPENING), events.subject_key, model)

    def by_move(self) -> dict[Move, dict[str, int]]:
        """Return the numbers of a record for each move; one that the flow does not name, too."""
        found: dict[Move, dict[str, int]] = {
            move: {"events": 0, "inferred": 0, "relabelled": 0} for move in self._named()
        }
        grouped = (
            self.rows.order_by()
            .values("source", "sink")
            .annotate(
                events=Count("pk"),
                inferred=Count("pk", filter=Q(is_inferred=True)),
                relabelled=Count("pk", filter=Q(cause=Cause.RELABELLED)),
            )
        )
        for row in grouped:
            found[row.pop("source"), row.pop("sink")] = row
        return found

    def by_facet(self) -> dict[Move, dict[str, Mapping[str, int]]]:
        """Return the events of each move by facet and value."""
        splits = self._splits()
        if not splits:
            return {}
        found: dict[Move, dict[str, Counter[str]]] = {}

        def of(move: Move) -> dict[str, Counter[str]]:
            if move not in found:
                found[move] = {s.slug: Counter(dict.fromkeys(s.texts, 0)) for s in splits}
            return found[move]

        for move in self._named():
            of(move)
        grouped = self.rows.order_by().values_list("source", "sink", self.key)
        counts = list(grouped.annotate(number=Count("pk")))
        keys = list(dict.fromkeys(key for _, _, key, _ in counts))
        values: dict[str, dict[Any, set[str]]] = {}
        for split in splits:
            values[split.slug] = _values(self.model, split, keys)
        for source, sink, key, number in counts:
            for slug, per_object in values.items():
                for text in per_object.get(key) or {OTHER}:
                    of((source, sink))[slug][text] += number
        return {move: dict(facets) for move, facets in found.items()}

    def _named(self) -> Iterator[Move]:
        ends = product(dict.fromkeys(self.flow.source_keys), dict.fromkeys(self.flow.sink_keys))
        return ((source, sink) for source, sink in ends if source != sink)

    def _splits(self) -> list[Split]:
        if self.model is None:
            return []
        uses: dict[str, FacetUse] = {}
        for end in (*self.flow.sources, *self.flow.sinks):
            for use in end.facet_uses if isinstance(end, Stock) else ():
                uses.setdefault(use.facet.slug, use)
        return [split_by(use, self.model) for use in uses.values()]


def _values(model: type[Model] | None, split: Split, keys: list[Any]) -> dict[Any, set[str]]:
    """Return which values of a facet the objects with these keys have; nothing for other ones."""
    pk: Any = model._meta.pk if model else None
    found: dict[Any, set[str]] = {}
    rows = split.annotated(QuerySet(model), "headwater_0")
    read = split.reader(rows, "headwater_0")
    for first in range(0, len(keys), _BLOCK):
        known = {}
        for key in keys[first : first + _BLOCK]:
            with suppress(ValidationError, ValueError):  # a key of another kind than it was
                known[pk.to_python(key)] = key
        for one, value in rows.filter(pk__in=known).values_list("pk", "headwater_0"):
            if (text := read(value)) != OTHER:
                found.setdefault(known[one], set()).add(text)
    return found
