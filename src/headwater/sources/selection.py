"""Selection: the one query that reads the key and the columns of a queryset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import F

from headwater.sources.kinds import NO_LABELS, ColumnError, LabelFields, kind_of, resolve
from headwater.sources.number import AsInteger, AsNumber, AsText

if TYPE_CHECKING:
    from headwater.engines.table import ColumnKind

KeyKind = Literal["integer", "uuid", "text"]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is read: a compiled query whose first column is the key, in the order of the key."""

    names: tuple[str, ...]
    kinds: tuple[ColumnKind, ...]
    key: KeyKind
    using: str
    queryset: models.QuerySet[Any]
    """Yields tuples: the key, then the columns."""

    @property
    def is_fixed_width(self) -> bool:
        """Whether every row takes the same number of bytes."""
        return self.key != "text" and "categorical" not in self.kinds

    def sql(self) -> tuple[str, tuple[Any, ...]] | None:
        """Return the statement and its parameters; None where no row can meet the filter."""
        try:
            statement, params = self.queryset.query.get_compiler(self.using).as_sql()
        except EmptyResultSet:
            return None
        return statement, tuple(params)


def key_kind(model: type[models.Model]) -> KeyKind:
    """Return what kind of value identifies rows of ``model``."""
    key: Any = key_field(model)
    if isinstance(key, models.IntegerField):
        return "integer"
    return "uuid" if isinstance(key, models.UUIDField) else "text"


def key_field(model: type[models.Model]) -> models.Field[Any, Any]:
    """Return the field that holds the key's values, behind keys that are relations."""
    key: Any = model._meta.pk
    while key.remote_field is not None:
        key = key.target_field
    found: models.Field[Any, Any] = key
    return found


def select(
    queryset: models.QuerySet[Any],
    columns: Sequence[str],
    *,
    vendor: str,
    nan: bool,
    labels: LabelFields = NO_LABELS,
) -> Selection:
    """Return the query that reads ``columns`` of ``queryset``, which may be annotations too.

    ``labels``: text fields that hold labels, and are read as categories.
    ``nan``: the database sends NaN for missing numbers, so that rows have a fixed width.
    Raises ``ColumnError`` for a column that cannot be learned from, and ValueError for a
    queryset that is sliced, combined or made of ``values()``.
    """
    query = queryset.query
    if query.is_sliced or query.combinator or queryset._fields is not None:  # type: ignore[attr-defined]
        raise ValueError(
            "Rows are read from a queryset of whole objects: one that is sliced, combined by "
            "union() or made of values() cannot be read. Filter instead."
        )
    model = queryset.model
    fields, kinds = zip(*(_field_and_kind(queryset, name, labels) for name in columns), strict=True)
    key = key_kind(model)
    expressions: list[Any] = [_key_expression(key, vendor)]
    for name, field, kind in zip(columns, fields, kinds, strict=True):
        if kind == "categorical":
            expressions.append(AsText(F(name)))
        else:
            expressions.append(AsNumber(F(name), of=field, nan=nan))
    aliases = [f"headwater_{position}" for position in range(len(expressions))]
    selecting = (
        queryset.order_by("pk")
        .annotate(**dict(zip(aliases, expressions, strict=True)))
        .values_list(*aliases)
    )
    return Selection(tuple(columns), kinds, key, queryset.db, selecting)


def _key_expression(key: KeyKind, vendor: str) -> Any:
    if key == "integer":
        return AsInteger(F("pk")) if vendor == "postgresql" else F("pk")
    return AsText(F("pk"))


def _field_and_kind(
    queryset: models.QuerySet[Any], name: str, labels: LabelFields
) -> tuple[models.Field[Any, Any], ColumnKind]:
    annotation = queryset.query.annotations.get(name)
    if annotation is None:
        info = resolve(queryset.model, name, labels=labels)
        return info.field, info.kind
    field = annotation.output_field
    try:
        return field, kind_of(field)
    except ColumnError as reason:
        raise ColumnError(f"The annotation “{name}” {reason}.") from None
