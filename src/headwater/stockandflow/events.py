"""Events: the rows of flows that are of no partition, and how books write the key of an object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.db.models import Model

from headwater.stockandflow.definitions import Flow
from headwater.stockandflow.rows import insert_rows


@dataclass(frozen=True, slots=True)
class Move:
    """One object, its key as text, from a stock to another, as records write them."""

    object_id: str
    source: str
    sink: str


def object_text(model: type[Model], key: Any) -> str:
    """Return the primary key ``key`` as the database writes it as text."""
    pk: Any = model._meta.pk
    return str(pk.get_db_prep_value(key, connections[router.db_for_write(model)]))


def write_events(
    flow: Flow, model: type[Model], moves: Iterable[tuple[Any, str, str]], occurred_at: datetime
) -> list[Move]:
    """Write an event of ``flow`` for each of ``moves``: object key, source, sink. Return them."""
    from headwater.stockandflow.models import FlowEvent

    given = flow.flow_event_model
    events: Any = apps.get_model(given) if isinstance(given, str) else given or FlowEvent
    same: dict[str, Any] = {"flow": flow.slug, "occurred_at": occurred_at}
    if issubclass(events, FlowEvent):
        same["content_type_id"] = ContentType.objects.get_for_model(model).pk
    made = [Move(object_text(model, key), source, sink) for key, source, sink in moves]
    columns = [events.subject_key, "source", "sink"]
    rows = ((move.object_id, move.source, move.sink) for move in made)
    insert_rows(events, columns, rows, using=router.db_for_write(events), same=same)
    return made
