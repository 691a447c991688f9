"""Events: the rows of flows that are of no partition, and how books write the key of an object."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.db.models import Model

from headwater.stockandflow.definitions import Flow


def object_text(model: type[Model], key: Any) -> str:
    """Return the primary key ``key`` as the database writes it as text."""
    pk: Any = model._meta.pk
    return str(pk.get_db_prep_value(key, connections[router.db_for_write(model)]))


def write_events(
    flow: Flow, model: type[Model], moves: Iterable[tuple[Any, str, str]], occurred_at: datetime
) -> list[tuple[str, str, str]]:
    """Write an event of ``flow`` for each of ``moves``: object key, source, sink.

    Returns the moves with their keys as text.
    """
    from headwater.stockandflow.models import FlowEvent

    given = flow.flow_event_model
    events: Any = apps.get_model(given) if isinstance(given, str) else given or FlowEvent
    values: dict[str, Any] = {"flow": flow.slug, "occurred_at": occurred_at}
    if issubclass(events, FlowEvent):
        values["content_type"] = ContentType.objects.get_for_model(model)
    rows = []
    keyed = []
    for key, source, sink in moves:
        text = object_text(model, key)
        subject = {events.subject_key: text if issubclass(events, FlowEvent) else key}
        rows.append(events(source=source, sink=sink, **subject, **values))
        keyed.append((text, source, sink))
    events.objects.bulk_create(rows)
    return keyed
