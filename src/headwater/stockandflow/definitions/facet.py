"""Facet: what a stock or flow is split by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.query import FlatValuesListIterable

from headwater.stockandflow.definitions.slug import checked_slug
from headwater.stockandflow.errors import DefinitionError


@dataclass(frozen=True, slots=True)
class Facet:
    """What to split by: ``field_lookup`` as on the left of a filter, and the ``values`` of it.

    ``values`` is a list, or a flat ``values_list`` queryset that is evaluated at each use.
    """

    slug: str
    name: str
    field_lookup: str
    values: Sequence[Any] | QuerySet[Any, Any]

    def __post_init__(self) -> None:
        checked_slug("facet", self.slug)
        values = self.values
        if isinstance(values, QuerySet):
            given: Any = values
            if not issubclass(given._iterable_class, FlatValuesListIterable):
                raise DefinitionError(
                    f"The values of the facet “{self.slug}” are a queryset of rows. Give one of "
                    "single values: add .values_list(“…”, flat=True)."
                )
        elif isinstance(values, str) or not isinstance(values, Iterable):
            raise DefinitionError(
                f"The values of the facet “{self.slug}” are {values!r}. Give a list of values, or "
                "a queryset made by .values_list(“…”, flat=True)."
            )

    def current_values(self) -> list[Any]:
        """Return the values as they are now, each once, in their order."""
        values = self.values.all() if isinstance(self.values, QuerySet) else self.values
        return list(dict.fromkeys(values))


@dataclass(frozen=True, slots=True)
class FacetUse:
    """A facet as one stock uses it: ``prefix`` leads from the stock's object to the facet's."""

    facet: Facet
    prefix: str = ""

    @property
    def lookup(self) -> str:
        """The lookup on the stock's own objects."""
        if not self.prefix:
            return self.facet.field_lookup
        return f"{self.prefix}{LOOKUP_SEP}{self.facet.field_lookup}"


def facet_uses(facets: Iterable[Facet | FacetUse | tuple[Facet, str]]) -> tuple[FacetUse, ...]:
    """Return ``facets``, some with a prefix, as uses; raise DefinitionError for anything else."""
    uses = []
    for one in facets:
        match one:
            case FacetUse():
                uses.append(one)
            case Facet():
                uses.append(FacetUse(one))
            case (Facet() as facet, str(prefix)):
                uses.append(FacetUse(facet, prefix))
            case _:
                raise DefinitionError(
                    f"{one!r} is no facet. Give a Facet, or (facet, “field_prefix”)."
                )
    slugs = [use.facet.slug for use in uses]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise DefinitionError(f"The facet “{slug}” is given twice.")
    return tuple(uses)
