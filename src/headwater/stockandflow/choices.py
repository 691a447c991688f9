"""Choices: the stocks and flows of a field with choices, without writing each down."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet

from headwater.engines.periods import DAILY
from headwater.stockandflow.definitions import Facet, FacetUse, Flow, Stock
from headwater.stockandflow.definitions.flow import EventCallable
from headwater.stockandflow.definitions.subject import Subject, model_of, objects_of
from headwater.stockandflow.errors import DefinitionError

if TYPE_CHECKING:
    from headwater.stockandflow.models import FlowEventModel

_NO_SLUG = re.compile(r"[^-a-zA-Z0-9_]+")


def stocks_from_choices(
    subject: Subject,
    field: str,
    *,
    prefix: str = "",
    facets: Sequence[Facet | FacetUse | tuple[Facet, str]] = (),
    every: str | None = DAILY,
) -> list[Stock]:
    """Return a stock for each choice of ``field``, in their order.

    Their slugs are ``prefix`` and the value, as far as a slug can hold it. Where objects move
    between them, state a ``Partition`` instead: it has the stocks of any field by itself, and keeps
    books. Raises DefinitionError for a field without choices.
    """
    return [
        Stock(f"{prefix}{slug}", words, _holding(subject, field, value), facets, every=every)
        for slug, words, value in _choices(subject, field)
    ]


def flows_from_choices(
    subject: Subject,
    field: str,
    *,
    prefix: str = "",
    stocks: Sequence[Stock] | None = None,
    flow_event_model: type[FlowEventModel] | str | None = None,
    event_callables: Sequence[EventCallable] = (),
) -> list[Flow]:
    """Return the flows between choices of ``field`` that are neighbours in their order.

    ``rising_<value>`` leads to a value from the one before it, ``dropping_<value>`` from the one
    after it. The ends are values, as the flows of a partition have them; or ``stocks``, one for
    each choice, as ``stocks_from_choices`` returns them.
    """
    choices = _choices(subject, field)
    ends: list[Any] = [value for _, _, value in choices]
    if stocks is not None:
        if len(stocks) != len(choices):
            raise DefinitionError(
                f"There are {len(stocks)} stocks for the {len(choices)} choices of “{field}”. Give "
                "one for each, in their order."
            )
        ends = list(stocks)
    steps = list(zip(choices, ends, strict=True))

    def flow(word: str, source: Any, slug: str, words: str, sink: Any) -> Flow:
        return Flow(
            f"{prefix}{word}_{slug}",
            f"{word.capitalize()} to {words}",
            flow_event_model,
            sources=[source],
            sinks=[sink],
            event_callables=event_callables,
        )

    rising = [
        flow("rising", before, slug, words, end)
        for (_, before), ((slug, words, _), end) in pairwise(steps)
    ]
    dropping = [
        flow("dropping", after, slug, words, end)
        for ((slug, words, _), end), (_, after) in pairwise(steps)
    ]
    return [*rising, *dropping]


def _choices(subject: Subject, field: str) -> list[tuple[str, str, Any]]:
    """Return slug, words and value of each choice that is a state."""
    model = model_of(f"The choices of “{field}”", subject)
    try:
        found: Any = model._meta.get_field(field)
    except FieldDoesNotExist:
        names = ", ".join(one.name for one in model._meta.concrete_fields)
        raise DefinitionError(
            f"{model._meta.label} has no field “{field}”. It has {names}."
        ) from None
    made: dict[str, tuple[str, str, Any]] = {}
    for value, words in getattr(found, "flatchoices", ()):
        if value in (None, ""):
            continue
        slug = _NO_SLUG.sub("_", str(value)).strip("_")
        if not slug or slug in made:
            raise DefinitionError(
                f"The choice {value!r} of {model._meta.label}.{field} has no slug of its own. "
                "State its stock by itself."
            )
        made[slug] = (slug, str(words), value)
    if not made:
        raise DefinitionError(
            f"{model._meta.label}.{field} has no choices. Give a field with choices, or state a "
            "partition: its stocks appear by themselves."
        )
    return list(made.values())


def _holding(
    subject: Subject, field: str, value: Any
) -> QuerySet[Any, Any] | Callable[[datetime], QuerySet[Any, Any]]:
    what = f"The stock “{value}” of “{field}”"
    if isinstance(subject, (type, QuerySet)):
        return objects_of(what, subject).filter(**{field: value})
    return lambda as_of: objects_of(what, subject, as_of).filter(**{field: value})
