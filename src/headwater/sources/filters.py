"""Filters of a source: lookups that a row must meet, checked before they reach a query."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldError, ValidationError
from django.db import DatabaseError, models, router

from headwater.sources.kinds import LOOKUP_SEPARATOR, find_field, is_secret, to_one


def filter_errors(model: type[models.Model], given: object) -> list[str]:
    """Return a sentence for each lookup of ``given`` that cannot filter rows of ``model``.

    Nothing is read: a lookup is resolved and compiled, not run.
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
        if not field.is_relation:
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
    using = router.db_for_read(model)
    try:
        query = model._default_manager.using(using).filter(**{lookup: value}).query
        query.get_compiler(using).as_sql()
    except EmptyResultSet:
        return None
    except ValidationError as error:
        return f"The filter “{lookup}” cannot take {value!r}: {' '.join(error.messages)}"
    except (FieldError, ValueError, TypeError, OverflowError, DatabaseError) as error:
        return f"The filter “{lookup}” cannot take {value!r}: {str(error).rstrip('.')}."
    return None
