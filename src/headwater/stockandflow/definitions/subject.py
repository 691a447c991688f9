"""Subjects: the objects that a stock counts, as a model, a queryset or a function of the moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from headwater.stockandflow.errors import DefinitionError

Subject = type[Model] | QuerySet[Any, Any] | Callable[[datetime], QuerySet[Any, Any]]


def objects_of(what: str, subject: Subject, as_of: datetime | None = None) -> QuerySet[Any, Any]:
    """Return a new queryset of the objects of ``subject`` at ``as_of`` (now where None).

    ``what`` names the definition in sentences. Raises DefinitionError for a queryset that does not
    stand for a set of whole objects.
    """
    if isinstance(subject, type) and issubclass(subject, Model):
        return subject._default_manager.all()
    found: Any = subject
    if not isinstance(found, QuerySet):
        if not callable(found):
            raise DefinitionError(
                f"{what} counts {found!r}. Give a model, a queryset, or a function that takes the "
                "moment of the count and returns a queryset."
            )
        found = found(as_of or timezone.now())
        if not isinstance(found, QuerySet):
            raise DefinitionError(
                f"The function of {what} returned {found!r}, which is no queryset."
            )
    query = found.query
    if query.is_sliced:
        raise DefinitionError(
            f"{what} has a sliced queryset. Which objects it holds would hang on the order of the "
            "rows; filter instead."
        )
    if query.combinator:
        raise DefinitionError(
            f"{what} has a queryset made by {query.combinator}(). Write it as one filter, with Q "
            "objects."
        )
    if query.distinct_fields:
        raise DefinitionError(
            f"{what} has a queryset with distinct(…) on fields, which picks one object of several. "
            "Filter for those that are meant."
        )
    if found._fields is not None:  # type: ignore[attr-defined]
        raise DefinitionError(f"{what} has a queryset made by values(). Give one of whole objects.")
    return found.all()


def model_of(what: str, subject: Subject) -> type[Model]:
    """Return the model whose objects ``subject`` counts. Asks the database nothing."""
    if isinstance(subject, type) and issubclass(subject, Model):
        return subject
    if isinstance(subject, QuerySet):
        return subject.model
    given: Any = subject
    return objects_of(what, given).model
