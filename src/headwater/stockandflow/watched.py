"""Watched: which classes a tracker hears of, and which of their columns concern it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, router
from django.db.models import Choices, Field, Model
from django.db.models.expressions import Col, RawSQL, Subquery

from headwater.stockandflow.definitions import Partition

_PLAIN_FIELDS = frozenset(
    {
        models.AutoField,
        models.BigAutoField,
        models.BigIntegerField,
        models.BooleanField,
        models.CharField,
        models.EmailField,
        models.IntegerField,
        models.PositiveBigIntegerField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.SlugField,
        models.SmallAutoField,
        models.SmallIntegerField,
        models.TextField,
        models.URLField,
        models.UUIDField,
    }
)
"""Kinds of fields that give such a value back as it was given: nothing is rounded or cut."""
_PLAIN_VALUES = (str, int, bool, UUID, Choices, type(None))


def concrete(model: type[Model]) -> type[Model]:
    """Return the model that has the table: of a proxy, the one that it stands for."""
    return model._meta.concrete_model or model


def classes_of(model: type[Model]) -> list[type[Model]]:
    """Return the classes whose objects are objects of ``model``: it, proxies, and children."""
    known = apps.get_models(include_auto_created=True)
    return [one for one in known if issubclass(one, concrete(model))]


def key_of_object(model: type[Model], instance: Model) -> Any:
    """Return the primary key of ``instance`` as an object of ``model``, its class or a parent."""
    pk: Any = concrete(model)._meta.pk
    return getattr(instance, pk.attname)


def shares_key(model: type[Model], parent: type[Model]) -> bool:
    """Return whether an object of ``model`` is one of ``parent`` with the same primary key."""
    one = concrete(model)
    while one is not concrete(parent):
        link: Any = one._meta.pk
        if link.remote_field is None or not issubclass(one, link.related_model):
            return False
        one = link.related_model
    return True


def in_books(using: str) -> bool:
    """Return whether the database ``using`` is the one that the books are in."""
    from headwater.stockandflow.models import Ledger

    return using == router.db_for_write(Ledger)


def touches(update_fields: Iterable[str] | None, fields: Iterable[Field[Any, Any]] | None) -> bool:
    """Return whether saving ``update_fields`` (None: all) can change one of ``fields``.

    ``fields`` None: it is not known which ones matter, so any may.
    """
    if update_fields is None or fields is None:
        return True
    names = set(update_fields)
    return any(isinstance(f, models.GeneratedField) or {f.name, f.attname} & names for f in fields)


def is_plain(field: Field[Any, Any], value: Any) -> bool:
    """Return whether ``value``, just saved, is what the database gives back for ``field``."""
    if isinstance(field, models.ForeignKey):
        return is_plain(field.target_field, value)
    return type(field) in _PLAIN_FIELDS and isinstance(value, _PLAIN_VALUES)


def columns_of(partition: Partition) -> frozenset[Field[Any, Any]] | None:
    """Return the fields of the subject that decide on the state; None where others may too."""
    if callable(partition.by) and not hasattr(partition.by, "resolve_expression"):
        return None
    if callable(partition.subject) and not isinstance(partition.subject, type):
        return None
    query = partition.objects().query
    found: set[Field[Any, Any]] = set()
    for one in (*_parts(query.annotations["headwater_value"]), *_parts(query.where)):
        if isinstance(one, (Subquery, RawSQL)) or hasattr(one, "subquery"):
            return None
        if isinstance(one, Col):
            if not issubclass(partition.model, one.target.model):
                return None
            found.add(one.target)
    tables = {parent._meta.db_table for parent in partition.model._meta.get_parent_list()}
    tables.add(partition.model._meta.db_table)
    used = [alias for alias, times in query.alias_refcount.items() if times]
    if len(used) != len({query.alias_map[alias].table_name for alias in used}):
        return None  # a join of the table with itself
    if any(query.alias_map[alias].table_name not in tables for alias in used):
        return None
    return frozenset(found)


def plain_field(partition: Partition) -> Field[Any, Any] | None:
    """Return the field that divides all objects of the model; None where it is not as simple."""
    if not partition.field_name or columns_of(partition) is None:
        return None
    if partition.objects().query.where:
        return None
    found: Field[Any, Any] = partition.model._meta.get_field(partition.field_name)  # type: ignore[assignment]
    return found


def _parts(expression: Any) -> Iterator[Any]:
    yield expression
    for one in expression.get_source_expressions():
        if hasattr(one, "get_source_expressions"):
            yield from _parts(one)
        elif one is not None and hasattr(one, "as_sql"):
            yield one
