"""Kinds of column: which fields of a Django model can be learned from, and as what."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

if TYPE_CHECKING:
    from headwater.engines.table import ColumnKind

LOOKUP_SEPARATOR = "__"
_SECRET = re.compile(r"passwd|passphrase|secret|token|api_?key|private_?key|credential", re.I)
_GUESS = "headwater_is_guess"
"""Attribute of a field that a machine fills in."""
_WHAT_FITS = "Numbers, dates, true/false fields and fields with choices fit"

LabelFields = frozenset[tuple[str, str]]
"""(“app_label.Model”, field) of text fields that hold labels: few values, so they are categories.

Which those are is known to whoever writes labels; here it is asked for with ``labels``.
"""
NO_LABELS: LabelFields = frozenset()


class ColumnError(ValueError):
    """A column that cannot be learned from; the message is a sentence that names it."""


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column that can be learned from."""

    lookup: str
    """Field lookup from the model, such as “age” or “profile__age”."""
    field: models.Field[Any, Any]
    kind: ColumnKind
    label: str
    """Its name in the reader's words, relations included: “profile · visits”."""


def kind_of(field: models.Field[Any, Any], *, labels: LabelFields = NO_LABELS) -> ColumnKind:
    """Return how values of ``field`` enter a fit; raise ``ColumnError`` with the reason."""
    output = getattr(field, "output_field", field)  # a GeneratedField stands for what it computes
    if getattr(field, "primary_key", False):
        raise ColumnError("is the primary key, which says nothing about the row")
    if isinstance(output, models.BooleanField):
        return "boolean"
    if isinstance(output, (models.CharField, models.TextField)):
        if output.choices or field_name(field) in labels:
            return "categorical"
        raise ColumnError(f"holds free text. {_WHAT_FITS}")
    if isinstance(output, models.IntegerField):
        return "categorical" if output.choices else "numeric"
    if isinstance(
        output, (models.FloatField, models.DecimalField, models.DateField, models.DurationField)
    ):
        return "numeric"
    raise ColumnError(f"is a {type(output).__name__}. {_WHAT_FITS}")


def field_name(field: Any) -> tuple[str, str] | None:
    """Return (“app_label.Model”, field) of the table that has ``field``; None for an annotation."""
    model = getattr(field, "model", None)
    return None if model is None else (model._meta.label, field.name)


def is_secret(field: models.Field[Any, Any]) -> bool:
    """Return whether ``field`` keeps a password, a token or the like."""
    if "password" in field.name.lower():
        return True
    is_text = isinstance(field, (models.CharField, models.TextField, models.BinaryField))
    return is_text and _SECRET.search(field.name) is not None


def mark_guess(field: models.Field[Any, Any]) -> None:
    """Say that a machine fills in ``field``: no values of it are learned, nor learned from.

    Whoever writes guesses to rows marks the fields, once all models are loaded.
    """
    setattr(field, _GUESS, True)


def is_guess(field: Any) -> bool:
    """Return whether a machine fills in ``field``; see ``mark_guess``."""
    return bool(getattr(getattr(field, "field", field), _GUESS, False))


def to_one(field: Any) -> bool:
    """Return whether following ``field`` leads to one row at most."""
    return bool(field.is_relation and (field.many_to_one or field.one_to_one))


def find_field(model: type[models.Model], name: str) -> Any:
    """Return the field or reverse relation that a lookup calls ``name``; None if there is none."""
    if name == "pk":
        return model._meta.pk
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return next(  # reverse relations with a related_query_name
            (f for f in model._meta.related_objects if f.name == name), None
        )


def resolve(
    model: type[models.Model], lookup: str, *, labels: LabelFields = NO_LABELS
) -> ColumnInfo:
    """Return the column that ``lookup`` names, following relations that lead to one row.

    Raises ``ColumnError``: the sentence names the column, the reason, and what would fit.
    """
    here = model
    path: list[str] = []
    parts = lookup.split(LOOKUP_SEPARATOR)
    for position, part in enumerate(parts):
        field = find_field(here, part)
        if field is None:
            raise ColumnError(_unknown(model, lookup, here, part))
        if is_guess(field):
            raise ColumnError(
                f"“{lookup}” of {_name(model)} is written by a spam filter. A machine's label "
                f"never trains a machine. {_usable_sentence(model)}"
            )
        is_last = position == len(parts) - 1
        if field.is_relation and not to_one(field):
            raise ColumnError(
                f"“{lookup}” leads to many rows of {_name(field.related_model)} for one "
                f"{_name(model)}. Name a column of the row itself, or of a relation to one row."
            )
        if is_last:
            return _column(model, lookup, field, path, labels)
        if not field.is_relation or field.related_model is None:
            raise ColumnError(
                f"“{lookup}” is not a column of {_name(model)}: “{part}” is no relation, so "
                f"nothing follows it. {_usable_sentence(model)}"
            )
        path.append(_label(field))
        here = field.related_model
    raise AssertionError("a lookup has at least one part")


def usable_columns(
    model: type[models.Model], depth: int = 1, *, labels: LabelFields = NO_LABELS
) -> list[ColumnInfo]:
    """Return the columns of ``model`` and, up to ``depth`` relations away, of single rows."""
    return list(_usable(model, depth, "", [], frozenset({model}), labels))


def _usable(
    model: type[models.Model],
    depth: int,
    prefix: str,
    path: list[str],
    seen: frozenset[type[models.Model]],
    labels: LabelFields,
) -> Iterator[ColumnInfo]:
    relations = []
    for field in model._meta.get_fields():
        if is_guess(field):
            continue
        if field.is_relation:
            if to_one(field) and not _is_parent_link(field):
                relations.append(field)
            continue
        if not isinstance(field, models.Field) or is_secret(field):
            continue
        try:
            kind = kind_of(field, labels=labels)
        except ColumnError:
            continue
        yield ColumnInfo(prefix + field.name, field, kind, " · ".join([*path, _label(field)]))
    if depth <= 0:
        return
    for relation in relations:
        target: Any = relation.related_model
        if isinstance(target, type) and target not in seen:
            yield from _usable(
                target,
                depth - 1,
                f"{prefix}{relation.name}{LOOKUP_SEPARATOR}",
                [*path, _label(relation)],
                seen | {target},
                labels,
            )


def _column(
    model: type[models.Model], lookup: str, field: Any, path: list[str], labels: LabelFields
) -> ColumnInfo:
    if field.is_relation:
        inner = usable_columns(field.related_model, depth=0)
        such = f", such as “{lookup}{LOOKUP_SEPARATOR}{inner[0].lookup}”" if inner else ""
        raise ColumnError(
            f"“{lookup}” is a relation to {_name(field.related_model)}, not a value. "
            f"Name a column behind it{such}."
        )
    if is_secret(field):
        raise ColumnError(
            f"“{lookup}” keeps a secret, and nothing is learned from secrets. "
            f"{_usable_sentence(model)}"
        )
    try:
        kind = kind_of(field, labels=labels)
    except ColumnError as reason:
        raise ColumnError(
            f"“{lookup}” of {_name(model)} {reason}. {_usable_sentence(model)}"
        ) from None
    return ColumnInfo(lookup, field, kind, " · ".join([*path, _label(field)]))


def _unknown(model: type[models.Model], lookup: str, here: type[models.Model], part: str) -> str:
    names = [column.lookup for column in usable_columns(model)]
    close = difflib.get_close_matches(lookup, names, n=3, cutoff=0.6)
    where = "" if here is model else f" ({_name(here)} has no “{part}”)"
    did_you_mean = f" Did you mean {' or '.join(f'“{name}”' for name in close)}?" if close else ""
    return (
        f"“{lookup}” is not a column of {_name(model)}{where}.{did_you_mean} "
        f"{_usable_sentence(model)}"
    )


def _usable_sentence(model: type[models.Model]) -> str:
    names = [column.lookup for column in usable_columns(model)]
    if not names:
        return f"{_name(model).capitalize()} has no column that could be learned from."
    more = f" and {len(names) - 30} more" if len(names) > 30 else ""
    return f"Usable: {', '.join(names[:30])}{more}."


def _is_parent_link(field: Any) -> bool:
    forward = getattr(field, "field", field)  # of a reverse relation
    return bool(getattr(forward.remote_field, "parent_link", False))


def _name(model: Any) -> str:
    return str(model._meta.verbose_name)


def _label(field: Any) -> str:
    named = getattr(field, "verbose_name", None)
    return str(named or field.name)
