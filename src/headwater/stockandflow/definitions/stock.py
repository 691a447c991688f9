"""Stock: an accumulation, defined by a queryset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from headwater.engines.periods import DAILY
from headwater.stockandflow.definitions.facet import Facet, FacetUse, facet_uses
from headwater.stockandflow.definitions.slug import checked_slug
from headwater.stockandflow.definitions.subject import model_of, objects_of


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """A named queryset that is counted once in each period of ``every``.

    ``queryset`` may be a function that takes the moment of the count. ``every`` None: it is counted
    only where code asks for it. Stocks of a partition are made by the partition and carry its slug
    in ``partition`` and their value in ``state``.
    """

    slug: str
    name: str
    queryset: QuerySet[Any, Any] | Callable[[datetime], QuerySet[Any, Any]]
    facets: Sequence[Facet | FacetUse | tuple[Facet, str]] = ()
    description: str = ""
    every: str | None = DAILY
    partition: str = ""
    state: str = ""

    def __post_init__(self) -> None:
        if not self.partition:
            checked_slug("stock", self.slug)
        facet_uses(self.facets)

    def __str__(self) -> str:
        return self.name

    @property
    def what(self) -> str:
        """The stock in a sentence."""
        return f"The stock “{self.slug}”"

    @property
    def model(self) -> type[Model]:
        """The model of its objects."""
        return model_of(self.what, self.queryset)

    @property
    def facet_uses(self) -> tuple[FacetUse, ...]:
        """Its facets, each with its prefix."""
        return facet_uses(self.facets)

    def objects(self, as_of: datetime | None = None) -> QuerySet[Any, Any]:
        """Return its objects, as of now or of ``as_of``."""
        return objects_of(self.what, self.queryset, as_of)
