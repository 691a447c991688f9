"""Filters of a source: lookups that a row must meet, checked before they reach a query."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldError, ValidationError
from django.db import DatabaseError, connections, models, router, transaction

from headwater.sources.kinds import LOOKUP_SEPARATOR, find_field, is_secret, to_one

_MISFITS = (
    FieldError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    DatabaseError,
)
"""What Django raises for values that a lookup cannot take."""


def filter_errors(model: type[models.Model], given: object) -> list[str]:
    """Return a sentence for each lookup of ``given`` that cannot filter rows of ``model``.

    No row is read: a lookup is resolved and compiled, not run.
    """
    if not isinstance(given, Mapping):
        return ["The filter is an object of lookups and values, such as {“is_active”: true}."]
    errors = []
    for lookup, value in given.items():
        error = _path_error(model, str(lookup)) or _compile_error(model, str(lookup), value)
        if error:
            errors.append(error)
    return errors


def _path_error(model: type[models.Model], lookup: str) -> str | None:
    here: Any = model
    for part in lookup.split(LOOKUP_SEPARATOR):
        field = find_field(here, part)
        if field is None:
            if here is model and part == lookup.split(LOOKUP_SEPARATOR)[0]:
                return _unknown(model, lookup)
            return None  # a transform or a lookup, such as “year” or “gte”: compiling tells
        if field.is_relation and not to_one(field):
            return (
                f"The filter “{lookup}” leads to many rows of "
                f"{field.related_model._meta.verbose_name}; a filter may only follow relations "
                "to one row."
            )
        if is_secret(field):
            return f"The filter “{lookup}” reads a field that keeps a secret."
        if not field.is_relation or field.related_model is None:
            return None
        here = field.related_model
    return None


def _unknown(model: type[models.Model], lookup: str) -> str:
    names = sorted(field.name for field in model._meta.get_fields())
    close = difflib.get_close_matches(lookup.split(LOOKUP_SEPARATOR)[0], names, n=3)
    hint = f" Did you mean {' or '.join(f'“{name}”' for name in close)}?" if close else ""
    return f"The filter “{lookup}” names no field of {model._meta.verbose_name}.{hint}"


def _compile_error(model: type[models.Model], lookup: str, value: object) -> str | None:
    if isinstance(value, Mapping):
        return f"The filter “{lookup}” has an object as its value; give a value or a list."
    wrong = _value_error(lookup.split(LOOKUP_SEPARATOR)[-1], value)
    if wrong:
        return f"The filter “{lookup}” cannot take {value!r}: {wrong}."
    using = router.db_for_read(model)
    try:
        query = model._default_manager.using(using).filter(**{lookup: value}).query
        query.get_compiler(using).as_sql()
        if lookup.endswith("regex"):
            _try_regex(using, str(value))
    except EmptyResultSet:
        return None
    except ValidationError as error:
        return f"The filter “{lookup}” cannot take {value!r}: {' '.join(error.messages)}"
    except _MISFITS as error:
        return f"The filter “{lookup}” cannot take {value!r}: {str(error).rstrip('.')}."
    return None


def _try_regex(using: str, pattern: str) -> None:
    """Raise DatabaseError for what is no regular expression to PostgreSQL, whose are its own."""
    if connections[using].vendor == "postgresql":
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute("SELECT '' ~ %s", [pattern])


def _value_error(operator: str, value: object) -> str | None:
    """Return why a value that compiles would fail when it runs, as the rest of a sentence."""
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return "values are text, finite numbers, true, false, null or lists of them"
    if "\\u0000" in text:
        return "databases take no text with a NUL character"
    if operator == "range" and not (isinstance(value, (list, tuple)) and len(value) == 2):
        return "a range takes a list of two values, the first and the last"
    if operator in ("regex", "iregex"):
        if not isinstance(value, str):
            return "a regular expression is text"
        try:
            re.compile(value)
        except (re.error, OverflowError, RecursionError) as error:
            return f"it is no regular expression ({error})"
    return None
