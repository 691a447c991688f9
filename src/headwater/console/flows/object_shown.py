"""One object of a stock: its fields, its way through the stocks, and what can be done with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst

from headwater.console.flows.spans import span
from headwater.console.words import NOTHING, figure
from headwater.sources.kinds import is_secret
from headwater.stockandflow.definitions import Flow, Partition, Stock

LONGEST = 400
"""A longer text is cut, and says so by “…”."""
MOST_EVENTS = 100
"""Of an object with more moves, the newest ones are shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of an object, in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One move of an object."""

    source: str
    sink: str
    flow: str
    occurred_at: dt.datetime
    not_before: dt.datetime | None
    """Of an inferred move: it was after this moment."""
    is_inferred: bool
    cause: str
    stay: str
    """How long it stayed where this move led; "" where it is still there or went outside."""
    is_opening: bool = False
    """True: it was there when the books were opened, and came at no known time."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the project's admin can do with the object."""

    name: str
    label: str


def fields_of(thing: models.Model, user: Any) -> list[Shown]:
    """Return the fields of ``thing`` that ``user`` may see, without those that keep secrets.

    The caller has made sure that the person may see objects of this model. What a field leads to is
    named only where the person may see that model too; else its key stands for it.
    """
    shown = []
    for field in thing._meta.concrete_fields:
        if is_secret(field):
            continue
        label = capfirst(str(field.verbose_name))
        shown.append(Shown(label, _value(thing, field, user)))
    return shown


def _value(thing: models.Model, field: Any, user: Any) -> str:
    raw = getattr(thing, field.attname)
    if raw is None or raw == "":
        return NOTHING
    if field.is_relation:
        options = field.related_model._meta
        if user.has_perm(f"{options.app_label}.view_{options.model_name}"):
            related = field.related_model._base_manager.filter(**{field.target_field.name: raw})
            found = related.first()
            return NOTHING if found is None else Truncator(str(found)).chars(LONGEST)
        return str(raw)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(raw, raw))
    if field.primary_key or isinstance(raw, (bytes, memoryview)):
        return str(raw) if field.primary_key else "(bytes)"
    return value_in_words(raw)


def value_in_words(raw: Any) -> str:
    """Return a value of a field in words; a long text is cut.

    >>> value_in_words(True), value_in_words(1234567), value_in_words(dt.date(2026, 7, 1))
    ('yes', '1,234,567', '1 July 2026')
    """
    match raw:
        case bool() | int() | float():
            return figure(raw)
        case Decimal():
            return f"{raw:,}".replace("-", "−")
        case dt.datetime():
            moment = timezone.localtime(raw) if timezone.is_aware(raw) else raw
            return date_format(moment, "j F Y, H:i")
        case dt.date():
            return date_format(raw, "j F Y")
        case dt.timedelta():
            return span(raw)
    return Truncator(str(raw)).chars(LONGEST)


def way_of(
    thing_model: type[models.Model],
    pk: Any,
    *,
    partition: Partition | None,
    flows: Iterable[Flow] = (),
    stocks: Iterable[Stock] = (),
) -> list[Step]:
    """Return the newest moves of an object, the oldest of them first.

    ``pk`` may be of an object that is gone. Of a stock that is in no partition, the events of
    ``flows`` are taken.
    """
    events: list[Any] = []
    if partition is not None:
        chosen = _of(partition.events, thing_model, pk).filter(partition=partition.slug)
        events += chosen.order_by("-pk")[:MOST_EVENTS]
        words = partition.name_of
        named = {flow.slug: flow.name for flow in partition.flows}
    else:
        by_model: dict[Any, list[str]] = {}
        for flow in flows:
            by_model.setdefault(_event_model(flow), []).append(flow.slug)
        for model, slugs in by_model.items():
            if _is_about(model, thing_model):
                chosen = _of(model, thing_model, pk).filter(partition="", flow__in=slugs)
                events += chosen.order_by("-pk")[:MOST_EVENTS]
        names = {stock.slug: stock.name for stock in stocks}
        named = {flow.slug: flow.name for flow in flows}

        def words(state: str) -> str:
            return names.get(state, state)

    # Books are kept in the order of writing; only events of several tables need their times.
    events.sort(key=lambda event: event.pk if partition is not None else event.occurred_at)
    followed = [*events[1:], None][: len(events)]
    return [
        Step(
            source=words(event.source) if event.source else "",
            sink=words(event.sink) if event.sink else "",
            flow=named.get(event.flow, event.flow),
            occurred_at=event.occurred_at,
            not_before=event.not_before,
            is_inferred=event.is_inferred,
            cause=event.get_cause_display() if event.cause else "",
            stay=_stay(event, after) if partition is not None else "",
            is_opening=event.cause == "opening",
        )
        for event, after in zip(events, followed, strict=True)
    ]


def _stay(event: Any, after: Any) -> str:
    if after is None or not event.sink or event.cause == "opening":
        return ""
    return span(after.occurred_at - event.occurred_at)


def _event_model(flow: Flow) -> Any:
    from headwater.stockandflow.models import FlowEvent

    given = flow.flow_event_model
    if given is None:
        return FlowEvent
    return apps.get_model(given) if isinstance(given, str) else given


def _is_about(events: Any, model: type[models.Model]) -> bool:
    """Return whether events of this model have objects of ``model`` as their subject."""
    if events.subject_key == "object_id":
        return True
    subject = events._meta.get_field("subject").related_model
    return bool(subject._meta.concrete_model is model._meta.concrete_model)


def _of(events: Any, model: type[models.Model], pk: Any) -> models.QuerySet[Any]:
    if events.subject_key != "object_id":
        return events.objects.filter(**{events.subject_key: pk})  # type: ignore[no-any-return]
    from django.contrib.contenttypes.models import ContentType

    from headwater.stockandflow.events import object_text

    content_type = ContentType.objects.get_for_model(model)
    return events.objects.filter(  # type: ignore[no-any-return]
        content_type=content_type, object_id=object_text(model, pk)
    )


def admin_of(model: type[models.Model]) -> Any:
    """Return the ModelAdmin of ``model`` in the project's admin; None where there is none."""
    if not apps.is_installed("django.contrib.admin"):
        return None
    from django.contrib import admin

    return admin.site._registry.get(model)


def actions_of(model: type[models.Model], request: HttpRequest) -> list[Action]:
    """Return the actions of the project's admin that the person may run on an object."""
    found = admin_of(model)
    user: Any = request.user
    if found is None or not (user.is_active and user.is_staff) or changes_at(model) == "":
        return []
    if not found.has_view_or_change_permission(request):
        return []
    named = {"verbose_name": model._meta.verbose_name}
    named["verbose_name_plural"] = model._meta.verbose_name_plural
    return [
        Action(name, capfirst(str(words) % named))
        for _, name, words in found.get_actions(request).values()
    ]


def changes_at(model: type[models.Model]) -> str:
    """Return where the admin takes actions on objects of ``model``; "" where it does not."""
    options = model._meta
    try:
        return reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    except NoReverseMatch:
        return ""


def pages_of(thing: models.Model, request: HttpRequest) -> list[tuple[str, str]]:
    """Return (label, address) of the pages of the project that are about ``thing``."""
    pages = []
    absolute = getattr(thing, "get_absolute_url", None)
    if callable(absolute):
        with suppress(NoReverseMatch):  # a page that is not part of this site
            pages.append(("Its page", str(absolute())))
    found = admin_of(type(thing))
    user: Any = request.user
    if found is not None and user.is_staff and found.has_view_or_change_permission(request, thing):
        options = thing._meta
        name = f"admin:{options.app_label}_{options.model_name}_change"
        with suppress(NoReverseMatch):  # an admin that is not among the addresses
            pages.append(("In the admin", reverse(name, args=[thing.pk])))
    return pages
