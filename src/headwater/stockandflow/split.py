"""Split: a facet as a column to group by, with few groups whatever the objects hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Model, QuerySet, Value, When
from django.db.models.constants import LOOKUP_SEP
from django.db.models.sql import Query

from headwater.stockandflow.definitions import FacetUse
from headwater.stockandflow.definitions.slug import MAX_STATE

OTHER = ""
"""The value of an object that has any other value than those of the facet, or none."""
SHORT = 20
"""Values up to which each row is compared with one after the other, and numbered."""
LONG = 1000
"""Values from which on the database is not told them: they would be too many parameters."""
WIDEST = 10_000
"""Groups of one pass, at most, by facets of up to ``LONG`` values."""


def value_text(value: Any) -> str:
    """Return how records write the value of a facet."""
    if value is None:
        return OTHER
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(getattr(value, "value", value))[:MAX_STATE]


@dataclass(frozen=True, slots=True)
class Split:
    """A facet of objects of one model, with its values as they are now."""

    slug: str
    lookup: str
    values: tuple[Any, ...]
    """Without None and the empty text, which are no value."""
    is_to_many: bool
    """Whether an object can have several values, and counts with each."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as records write them, and "" for other ones."""
        return (*dict.fromkeys(value_text(value) for value in self.values), OTHER)

    @property
    def groups(self) -> int:
        """How many groups it makes, at most."""
        return len(self.values) + 1

    @property
    def is_numbered(self) -> bool:
        """Whether its annotation is the number of the value: 0 for any other, or none."""
        return len(self.values) <= SHORT

    def annotated(self, rows: QuerySet[Any, Any], alias: str) -> QuerySet[Any, Any]:
        """Return ``rows`` with its value, or the number of it, as the annotation ``alias``."""
        value = f"{alias}_value"
        shown: Any = F(value)
        if self.is_numbered:
            shown = self._number(value)
        elif len(self.values) <= LONG:
            listed = When(**{f"{value}__in": self.values}, then=F(value))
            shown = Case(listed, default=Value(None))
        annotated: QuerySet[Any, Any] = rows.annotate(**{value: F(self.lookup)}).annotate(
            **{alias: shown}
        )
        return annotated

    def reader(self, rows: QuerySet[Any, Any], alias: str) -> Callable[[Any], str]:
        """Return what writes as records do what ``annotated`` rows have as ``alias``."""
        if self.is_numbered:
            texts = (OTHER, *(value_text(value) for value in self.values))
            return texts.__getitem__
        field = rows.query.annotations[f"{alias}_value"].output_field
        known = {field.to_python(value): value_text(value) for value in self.values}
        return lambda found: known.get(field.to_python(found), OTHER)

    def _number(self, value: str) -> Case:
        numbered = (
            When(**{value: given}, then=Value(number))
            for number, given in enumerate(self.values, start=1)
        )
        return Case(*numbered, default=Value(0), output_field=IntegerField())


def split_by(use: FacetUse, model: type[Model]) -> Split:
    """Return the split of objects of ``model`` by a facet. Evaluates its values."""
    path, *_ = Query(model).names_to_path(use.lookup.split(LOOKUP_SEP), model._meta)
    values = tuple(v for v in use.facet.current_values() if value_text(v) != OTHER)
    return Split(use.facet.slug, use.lookup, values, any(step.m2m for step in path))
