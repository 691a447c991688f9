"""Condition words: values, lookups and expressions of a query as a person would say them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models import aggregates, expressions, functions
from django.db.models.lookups import Transform
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise

_TEXT = {
    "iexact": "is, in capitals or not,",
    "contains": "contains",
    "icontains": "contains, in capitals or not,",
    "startswith": "begins with",
    "istartswith": "begins, in capitals or not, with",
    "endswith": "ends with",
    "iendswith": "ends, in capitals or not, with",
    "regex": "matches the pattern",
    "iregex": "matches, in capitals or not, the pattern",
}
_NUMBER = {"gt": "is more than", "gte": "is at least", "lt": "is less than", "lte": "is at most"}
_DAY = {"gt": "is after", "gte": "is on or after", "lt": "is before", "lte": "is on or before"}
_MOMENT = _DAY | {"gte": "is at or after", "lte": "is at or before"}
_ORDERED = {
    "gt": "comes after",
    "gte": "is or comes after",
    "lt": "comes before",
    "lte": "is or comes before",
}
_NUMBERS = (models.IntegerField, models.FloatField, models.DecimalField, models.DurationField)
_AGGREGATES: dict[type[Any], str] = {
    aggregates.Count: "number of",
    aggregates.Sum: "sum of",
    aggregates.Avg: "average of",
    aggregates.Max: "greatest of",
    aggregates.Min: "least of",
}
_MOST_VALUES = 12
"""Of a longer list the first ones are said, and how many more there are."""


def value_words(value: Any, field: Any = None) -> str:
    """Return ``value`` of ``field`` in words: those of a choice, dates as people write them."""
    choices = _choices(field)
    with_word = choices.get(value) if isinstance(value, (str, int, bool)) else None
    if with_word is not None:
        return f"“{with_word}”"
    if isinstance(value, enum.Enum):
        return value_words(value.value, field)
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return date_format(local, "j F Y, H:i")
    if isinstance(value, dt.date):
        return date_format(value, "j F Y")
    if isinstance(value, (int, Decimal)):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.10g}"
    if isinstance(value, models.Model):
        return f"“{value.pk}”"
    if isinstance(value, (str, Promise)):
        return f"“{value}”"
    return str(value)


def list_words(values: Any, field: Any = None) -> str:
    """Return ``values`` as “a”, “b” or “c”."""
    listed = [value_words(value, field) for value in values]
    if len(listed) > _MOST_VALUES:
        more = len(listed) - _MOST_VALUES
        return f"{', '.join(listed[:_MOST_VALUES])} or {more} more"
    return f"{', '.join(listed[:-1])} or {listed[-1]}" if len(listed) > 1 else "".join(listed)


def lookup_words(name: str, field: Any) -> str:
    """Return what stands between a field and a value for the lookup ``name``."""
    if name == "exact":
        return "is"
    if name in _TEXT:
        return _TEXT[name]
    if name in _NUMBER:
        if isinstance(field, models.DateTimeField):
            return _MOMENT[name]
        if isinstance(field, (models.DateField, models.TimeField)):
            return _DAY[name]
        if field is None or isinstance(field, _NUMBERS):
            return _NUMBER[name]
        return _ORDERED[name]
    return name  # one that Django or the project added


def expression_words(expression: Any, aliases: Mapping[str, Any], base: str) -> str:
    """Return a column or expression in words; ``aliases`` and ``base`` are those of its query."""
    match expression:
        case expressions.Col():
            return _column_words(expression, aliases, base)
        case expressions.Ref():
            return expression_words(_referred(expression), aliases, base)
        case expressions.Value():
            return value_words(expression.value)
        case expressions.CombinedExpression():
            sides = (
                expression_words(one, aliases, base) for one in (expression.lhs, expression.rhs)
            )
            return f" {expression.connector} ".join(sides)
        case functions.Now():
            return "now"
        case functions.Cast() | functions.NullIf() | expressions.ExpressionWrapper():
            return expression_words(expression.get_source_expressions()[0], aliases, base)
        case expressions.Star():
            return "rows"
        case expressions.Case():
            return "a value that is chosen by case"
        case expressions.Subquery():
            return f"a value of {expression.query.get_meta().verbose_name_plural}"
        case Transform():
            inner = expression_words(expression.lhs, aliases, base)
            return f"{expression.lookup_name.replace('_', ' ')} of {inner}"
    parts = [
        expression_words(one, aliases, base)
        for one in getattr(expression, "get_source_expressions", list)()
        if one is not None
    ]
    for kind, words in _AGGREGATES.items():
        if isinstance(expression, kind):
            return f"{words} {parts[0]}"
    name = type(expression).__name__
    return f"{name}({', '.join(parts)})" if parts else name


def field_of(expression: Any) -> Any:
    """Return the field whose choices and kind the values of ``expression`` have; None: unknown."""
    if isinstance(expression, expressions.Col):
        return expression.target
    if isinstance(expression, expressions.Ref):
        return field_of(_referred(expression))
    try:
        return expression.output_field
    except (AttributeError, FieldError):
        return None


def _referred(reference: Any) -> Any:
    """Return the annotation that a reference is to."""
    return reference.get_source_expressions()[0]


def _column_words(column: Any, aliases: Mapping[str, Any], base: str) -> str:
    """Return the words for a column, with the relations that lead to it from the query's table."""
    field = column.target
    path = []
    alias = column.alias
    while alias != base and alias in aliases:
        join = aliases[alias]
        relation = _relation_words(getattr(join, "join_field", None))
        if relation:
            path.append(relation)
        alias = join.parent_alias
    own = str(field.verbose_name)
    if path and field.primary_key:
        return " of ".join(path)
    return " of ".join((own, *path))


def _relation_words(relation: Any) -> str:
    """Return the words for a join; none for a table between two others, or of a parent."""
    if relation is None:
        return ""
    remote = getattr(relation, "remote_field", None)
    if getattr(remote, "parent_link", False) or getattr(relation, "parent_link", False):
        return ""
    if hasattr(relation, "verbose_name"):
        return str(relation.verbose_name)
    if relation.related_model._meta.auto_created:
        return ""
    return str(relation.related_model._meta.verbose_name)


def _choices(field: Any) -> dict[Any, str]:
    try:
        return {value: str(word) for value, word in field.flatchoices if value not in (None, "")}
    except (AttributeError, TypeError):
        return {}
