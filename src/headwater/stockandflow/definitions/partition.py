"""Partition: one expression whose exclusive values are the stocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    F,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, NullIf

from headwater.engines.periods import DAILY
from headwater.stockandflow.definitions.facet import Facet, FacetUse, facet_uses
from headwater.stockandflow.definitions.flow import Flow
from headwater.stockandflow.definitions.slug import MAX_STATE, checked_slug
from headwater.stockandflow.definitions.stock import Stock
from headwater.stockandflow.definitions.subject import Subject, model_of, objects_of
from headwater.stockandflow.errors import DefinitionError

if TYPE_CHECKING:
    from headwater.stockandflow.models import FlowEventModel

STATE = "headwater_state"
"""Name of the annotation that holds the state of an object."""
By = str | Any | Callable[[datetime], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """Divides the objects of ``subject`` by the value of ``by``; each value is a stock.

    ``by`` is a field lookup, an expression such as ``Case(...)``, or a function that takes the
    moment of the count and returns one. An object whose value is NULL or "" is outside. A value
    that is new is a new stock by itself. ``names`` are the words for values, in the order in which
    they are shown; without them a field's choices serve. ``flows`` name moves; a move that no flow
    names is recorded as well. ``every`` None: counted only where code asks for it.
    """

    slug: str
    subject: Subject
    by: By
    name: str = ""
    names: Mapping[Any, str] = field(default_factory=dict)
    facets: Sequence[Facet | FacetUse | tuple[Facet, str]] = ()
    flows: Sequence[Flow] = ()
    flow_event_model: type[FlowEventModel] | str | None = None
    every: str | None = DAILY
    description: str = ""

    def __post_init__(self) -> None:
        checked_slug("partition", self.slug)
        facet_uses(self.facets)
        if not isinstance(self.names, Mapping):
            raise DefinitionError(
                f"{self.what} has {self.names!r} as its names. Give a dictionary of values and "
                "the words for them."
            )
        taken: dict[tuple[str, str], str] = {}
        slugs: set[str] = set()
        for flow in self.flows:
            if flow.slug in slugs:
                raise DefinitionError(f"{self.what} has the flow “{flow.slug}” twice.")
            slugs.add(flow.slug)
            for source in flow.source_keys:
                for sink in flow.sink_keys:
                    if source == sink:
                        continue
                    other = taken.setdefault((source, sink), flow.slug)
                    if other != flow.slug:
                        raise DefinitionError(
                            f"{self.what} has two flows, “{other}” and “{flow.slug}”, from "
                            f"“{source or 'outside'}” to “{sink or 'outside'}”. A move is of one "
                            "flow; take it out of one of them."
                        )

    def __str__(self) -> str:
        return self.name or self.slug

    @property
    def what(self) -> str:
        """The partition in a sentence."""
        return f"The partition “{self.slug}”"

    @property
    def model(self) -> type[Model]:
        """The model of its objects."""
        return model_of(self.what, self.subject)

    @property
    def facet_uses(self) -> tuple[FacetUse, ...]:
        """Its facets, each with its prefix."""
        return facet_uses(self.facets)

    @property
    def field_name(self) -> str:
        """The field of the subject that divides it; "" where something else does.

        That may be an expression, a field behind a relation, or an annotation of the queryset.
        """
        name = getattr(self.by, "name", "") if isinstance(self.by, F) else self.by
        if not isinstance(name, str):
            return ""
        return name if any(name == one.name for one in self.model._meta.get_fields()) else ""

    @property
    def events(self) -> type[FlowEventModel]:
        """The model of its events."""
        from headwater.stockandflow.models import FlowEvent

        given = self.flow_event_model
        if given is None:
            return FlowEvent
        return apps.get_model(given) if isinstance(given, str) else given

    def state_names(self) -> dict[str, str]:
        """Return state -> words, for the states that are stated, in their order."""
        names = {_text(value): str(words) for value, words in self.names.items()}
        if self.field_name and not names:
            found: Any = self.model._meta.get_field(self.field_name)
            names = {_text(v): str(w) for v, w in found.flatchoices if v not in (None, "")}
            if not names and isinstance(found, BooleanField):
                names = {"true": f"{found.verbose_name}", "false": f"not {found.verbose_name}"}
        return names

    def name_of(self, state: str) -> str:
        """Return the words for ``state``."""
        return self.state_names().get(state, state)

    def objects(self, as_of: datetime | None = None) -> QuerySet[Any, Any]:
        """Return its objects with their state as the annotation ``headwater_state``.

        The state is text; NULL is outside. The order of the queryset is taken away.
        """
        moment_by = self.by
        if callable(moment_by) and not hasattr(moment_by, "resolve_expression"):
            from django.utils import timezone

            moment_by = moment_by(as_of or timezone.now())
        expression = F(moment_by) if isinstance(moment_by, str) else moment_by
        rows = objects_of(self.what, self.subject, as_of).order_by()
        annotated = rows.annotate(headwater_value=expression)
        kind = annotated.query.annotations["headwater_value"].output_field
        if isinstance(kind, BooleanField):
            state: Any = Case(
                When(headwater_value=True, then=Value("true")),
                When(headwater_value=False, then=Value("false")),
                default=Value(None),
                output_field=CharField(max_length=MAX_STATE),
            )
        else:
            as_text = Cast(F("headwater_value"), TextField())
            state = NullIf(as_text, Value("", output_field=TextField()))
        stated: QuerySet[Any, Any] = annotated.annotate(**{STATE: state})
        return stated

    def stock(self, state: str) -> Stock:
        """Return the stock of the objects that are in ``state``."""

        def members(as_of: datetime) -> QuerySet[Any, Any]:
            inside = self.objects(as_of).filter(**{STATE: state}).values("pk")
            return self.model._default_manager.filter(Q(pk__in=inside))

        return Stock(
            slug=f"{self.slug}.{state}",
            name=self.name_of(state),
            queryset=members,
            facets=self.facet_uses,
            every=self.every,
            partition=self.slug,
            state=state,
        )

    def flow_of(self, source: str, sink: str) -> Flow | None:
        """Return the flow that names the move from ``source`` to ``sink`` ("" is outside)."""
        return next((flow for flow in self.flows if flow.takes(source, sink)), None)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(getattr(value, "value", value))
