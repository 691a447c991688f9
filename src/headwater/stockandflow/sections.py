"""Sections: the stocks and flows of a project as an admin site lists them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DatabaseError
from django.db.models import ForeignKey, Model
from django.utils.text import slugify

from headwater.stockandflow.definitions import (
    FacetUse,
    Flow,
    Partition,
    Process,
    Stock,
)
from headwater.stockandflow.discover import all_flows, all_processes, all_stocks, stated
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.models import FlowEvent, StockRecord


@dataclass(frozen=True, slots=True)
class Section:
    """A stock with its objects, or a flow with its events, under the heading ``group_name``."""

    group: str
    group_name: str
    slug: str
    """In addresses: letters, digits, “-” and “_”; one of its own in its group."""
    name: str
    model: type[Model]
    """The model of its rows."""
    subject: type[Model]
    """The model of the objects that it tells of; who sees it may view these."""
    stock: Stock | None = None
    flow: Flow | None = None
    partition: Partition | None = None

    @property
    def facets(self) -> tuple[FacetUse, ...]:
        """The facets to filter by, as lookups on its rows."""
        if self.stock is not None:
            return self.stock.facet_uses
        if self.partition is None or not _has_subject(self.model):
            return ()
        return tuple(
            FacetUse(use.facet, "__".join(one for one in ("subject", use.prefix) if one))
            for use in self.partition.facet_uses
        )


def sections() -> list[Section]:
    """Return all sections: process by process, stocks before flows, then what is in no process.

    A partition has a section for each state that is stated or was ever counted. A definition that
    cannot be read is left out; the system checks tell of it. Two queries.
    """
    counted = _counted_states()
    found: list[Section] = []
    shown: set[int] = set()
    for process in all_processes():
        for partition in process.partitions:
            if id(partition) not in shown:
                shown.add(id(partition))
                found += _of_partition(partition, counted.get(partition.slug, []))
                shown.update(id(flow) for flow in partition.flows)
        found += _single(process, process.single_stocks, process.flows, shown)
    found += _single(None, all_stocks(), all_flows(), shown)
    return found


def _counted_states() -> dict[str, list[str]]:
    rows = StockRecord.objects.exclude(partition="").order_by("partition", "stock")
    found: dict[str, list[str]] = {}
    try:
        for partition, state in rows.values_list("partition", "stock").distinct():
            found.setdefault(partition, []).append(state)
    except DatabaseError:  # before the first migration
        return {}
    return found


def _of_partition(partition: Partition, counted: Iterable[str]) -> Iterator[Section]:
    model = _readable(partition)
    if model is None:
        return
    for state in dict.fromkeys((*partition.state_names(), *counted)):
        yield Section(
            group=f"stocks-{partition.slug}",
            group_name=f"Stocks of {partition}",
            slug=_slug(state),
            name=partition.name_of(state),
            model=model,
            subject=model,
            stock=partition.stock(state),
            partition=partition,
        )
    for flow in partition.flows:
        yield Section(
            group=f"flows-{partition.slug}",
            group_name=f"Flows of {partition}",
            slug=_slug(flow.slug),
            name=flow.name,
            model=partition.events,
            subject=model,
            flow=flow,
            partition=partition,
        )


def _single(
    process: Process | None, stocks: Iterable[Stock], flows: Iterable[Flow], shown: set[int]
) -> Iterator[Section]:
    """Yield stocks and flows of no partition; ``shown`` is what has a section already."""
    of = f" of {process}" if process else ""
    suffix = f"-of-process-{process.slug}" if process else ""
    for stock in stocks:
        model = _readable(stock)
        if id(stock) in shown or model is None:
            continue
        shown.add(id(stock))
        group, name = f"stocks{suffix}", f"Stocks{of}"
        slug = _slug(stock.slug)
        yield Section(group, name, slug, stock.name, model, subject=model, stock=stock)
    for flow in flows:
        if id(flow) in shown:
            continue
        shown.add(id(flow))
        events = _events(flow)
        yield Section(
            group=f"flows{suffix}",
            group_name=f"Flows{of}",
            slug=_slug(flow.slug),
            name=flow.name,
            model=events,
            subject=_subject(flow, events),
            flow=flow,
        )


def _readable(what: Stock | Partition) -> type[Model] | None:
    try:
        model = what.model
    except StockAndFlowError:
        return None
    # An admin page needs one key in its address.
    return None if getattr(model._meta, "is_composite_pk", False) else model


def _events(flow: Flow) -> type[Model]:
    given = flow.flow_event_model
    if given is None:
        return FlowEvent
    return apps.get_model(given) if isinstance(given, str) else given


def _subject(flow: Flow, events: type[Model]) -> type[Model]:
    """Return the model of the objects of a flow that is of no partition."""
    if _has_subject(events):
        field: Any = events._meta.get_field("subject")
        model: type[Model] = field.related_model
        return model
    for end in (*flow.sources, *flow.sinks):
        if isinstance(end, Stock):
            return end.model
    for tracker in stated().trackers:
        if flow in tracker.flows:
            return tracker.model
    return events


def _has_subject(events: type[Model]) -> bool:
    return any(isinstance(f, ForeignKey) and f.name == "subject" for f in events._meta.fields)


def _slug(text: str) -> str:
    """Return ``text`` where an address can have it as it is, else what is like it, and unique."""
    plain = slugify(text)
    if plain == text:
        return plain
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{plain}-{digest}".strip("-")
