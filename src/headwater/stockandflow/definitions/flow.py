"""Flow: a named relationship between stocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headwater.stockandflow.definitions.slug import MAX_STATE, checked_slug
from headwater.stockandflow.definitions.stock import Stock
from headwater.stockandflow.errors import DefinitionError

if TYPE_CHECKING:
    from headwater.stockandflow.models import FlowEventModel

End = Stock | str | int | None
"""An end of a flow: a stock, a stand-in for one, or None, the outside."""
EventCallable = Callable[[Any, Any, Any], Any]
"""Called with the object (None where it is gone), the source and the sink."""

OUTSIDE = ""
"""How records and events write the outside."""


def key_of(end: End) -> str:
    """Return how records and events write ``end``; raise DefinitionError where they could not."""
    if end is None:
        return OUTSIDE
    if isinstance(end, Stock):
        return end.state or end.slug
    if isinstance(end, bool):
        return "true" if end else "false"
    if isinstance(end, (str, int)):
        text = str(end)
        if text and len(text) <= MAX_STATE:
            return text
    raise DefinitionError(
        f"{end!r} is no end of a flow. Give a stock, a short text or a whole number that stands "
        "for one, or None for the outside."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """The move of an object from one of ``sources`` to one of ``sinks``.

    Of a partition, the ends are values of the partition, and ``flow_event_model`` is left out: the
    partition has it. ``event_callables`` are called after the commit that records an event, and
    again until they succeed.
    """

    slug: str
    name: str
    flow_event_model: type[FlowEventModel] | str | None = None
    sources: Sequence[End] = ()
    sinks: Sequence[End] = ()
    event_callables: Sequence[EventCallable] = ()
    description: str = ""

    def __post_init__(self) -> None:
        checked_slug("flow", self.slug)
        for ends, word in ((self.sources, "source"), (self.sinks, "sink")):
            if isinstance(ends, (str, Stock)) or not isinstance(ends, Sequence) or not ends:
                raise DefinitionError(
                    f"The flow “{self.slug}” has {ends!r} as its {word}s. Give a list with at "
                    "least one stock, stand-in or None."
                )
            for end in ends:
                key_of(end)
        models = {end.model for end in (*self.sources, *self.sinks) if isinstance(end, Stock)}
        if len({model._meta.concrete_model for model in models}) > 1:
            named = " and ".join(sorted(f"“{model._meta.label}”" for model in models))
            raise DefinitionError(
                f"The flow “{self.slug}” leads between stocks of {named}. An object cannot become "
                "one of another model; use stocks of one model."
            )
        for one in self.event_callables:
            if not callable(one):
                raise DefinitionError(
                    f"The flow “{self.slug}” has {one!r} among its event callables, which cannot "
                    "be called."
                )

    def __str__(self) -> str:
        return self.name

    @property
    def source_keys(self) -> tuple[str, ...]:
        """Its sources as records write them."""
        return tuple(key_of(end) for end in self.sources)

    @property
    def sink_keys(self) -> tuple[str, ...]:
        """Its sinks as records write them."""
        return tuple(key_of(end) for end in self.sinks)

    def takes(self, source: str, sink: str) -> bool:
        """Return whether a move from ``source`` to ``sink``, as records write them, is of it."""
        return source != sink and source in self.source_keys and sink in self.sink_keys
