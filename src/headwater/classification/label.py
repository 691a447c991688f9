"""The label: the column whose values are learned, and whether it may be."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from headwater.learning.chain import fields_read, label_fields
from headwater.learning.targets import TargetError, resolve_target
from headwater.sources.kinds import field_name, find_field, is_guess, is_secret
from headwater.sources.models import Source

TYPES = ("text", "boolean", "number")
"""Types of the columns of a dataset that can be learned."""
_WHAT_FITS = "A label is a text, one of some choices, yes or no, or a whole number"


def label_errors(source: Source, storage: str) -> list[str]:
    """Return why the known label of ``source`` cannot be learned; empty where it can.

    ``storage``: where the predicted labels go.
    """
    column = source.known_column
    if not column:
        return [
            "Say which column holds the known label: what people have said of the rows is what is "
            "learned."
        ]
    if column in source.columns:
        return [_leak(column)]
    if source.is_dataset:
        return _dataset_errors(source, column)
    field = label_field(source)
    if field is None:
        return [f"{source.model_label} has no “{column}” that is one value for each row."]
    reason = _unfit(field)
    if reason:
        return [f"“{column}” of {source.model_label} {reason}. {_WHAT_FITS}."]
    if is_guess(field):
        return [
            f"“{column}” of {source.model_label} is written by a spam filter, also where a person "
            "has decided since. A machine's label never trains a machine: choose a column that "
            "only people fill in."
        ]
    name = field_name(field)
    reads = source.as_json()
    if name in fields_read({**reads, "filter": {}}):
        return [_leak(column)]
    if name is not None and _is_target(field, storage):
        return [
            f"“{column}” holds what people have said, and would be replaced by what is predicted. "
            "Let the predicted labels go to a field of their own."
        ]
    if name in label_fields():
        return [
            f"“{column}” takes the labels of a statistical model. A machine's label never trains a "
            "machine: choose a column that people filled in."
        ]
    return []


def time_errors(source: Source, column: str) -> list[str]:
    """Return why rows cannot be put in order by the dates in ``column``."""
    if source.is_dataset:
        try:
            known = source.version.column(column)
        except ValidationError:  # which the source's own check says
            return []
        if known is None:
            return [f"The dataset “{source.dataset}” has no column “{column}” with dates."]
        if known["type"] != "date":
            return [f"The column “{column}” holds no dates. Choose one that does, or none."]
        return []
    field = _field_at(source.model, column)
    if field is None:
        return [f"{source.model_label} has no “{column}” that is one date for each row."]
    if not isinstance(field, models.DateField):
        return [
            f"“{column}” of {source.model_label} holds no dates. Choose a column that does, or "
            "none."
        ]
    return []


def label_field(source: Source) -> models.Field[Any, Any] | None:
    """Return the field of a Django model that holds the known label; None where there is none."""
    return _field_at(source.model, source.known_column)


def usable_labels(model: type[models.Model]) -> list[str]:
    """Return the fields of ``model`` that may hold a known label, for lists to choose from."""
    taken = label_fields()
    return [
        field.name
        for field in model._meta.fields
        if not field.is_relation
        and not (is_secret(field) or is_guess(field))
        and not _unfit(field)
        and not (isinstance(field, models.TextField) and not field.choices)
        and field_name(field) not in taken
    ]


def usable_dates(model: type[models.Model]) -> list[str]:
    """Return the fields of ``model`` by which its rows can be put in the order of time."""
    return [field.name for field in model._meta.fields if isinstance(field, models.DateField)]


def is_yes_or_no(source: Source) -> bool:
    """Return whether the known label is yes or no."""
    if source.is_dataset:
        known = source.version.column(source.known_column)
        return known is not None and known["type"] == "boolean"
    return isinstance(label_field(source), models.BooleanField)


def _dataset_errors(source: Source, column: str) -> list[str]:
    known = source.version.column(column)
    if known is None:
        return []  # which the source's own check says
    if known["type"] not in TYPES:
        return [
            f"The column “{column}” of “{source.dataset}” is of the type “{known['type']}”. "
            f"{_WHAT_FITS}."
        ]
    return []


def _unfit(field: models.Field[Any, Any]) -> str | None:
    """Return why ``field`` holds no labels, as the rest of a sentence."""
    output = getattr(field, "output_field", field)
    if field.primary_key:
        return "is the primary key, which is another one in each row"
    if isinstance(output, (models.EmailField, models.URLField, models.FilePathField)):
        return f"is a {type(output).__name__}, which is no place for labels"
    if isinstance(
        output, (models.BooleanField, models.CharField, models.TextField, models.IntegerField)
    ):
        return None
    if isinstance(output, (models.FloatField, models.DecimalField, models.DurationField)):
        return "is a number that can be anything in between, which is not one of some classes"
    return f"is a {type(output).__name__}"


def _field_at(model: type[models.Model], lookup: str) -> models.Field[Any, Any] | None:
    here: Any = model
    field: Any = None
    for part in lookup.split("__"):
        field = None if here is None else find_field(here, part)
        if field is None or (field.is_relation and (field.one_to_many or field.many_to_many)):
            return None
        here = field.related_model if field.is_relation else None
    return None if field is None or field.is_relation else field


def _is_target(field: models.Field[Any, Any], storage: str) -> bool:
    if not storage:
        return False
    try:
        target = resolve_target(storage)
    except TargetError:  # which the check of the target says
        return False
    return field_name(target.field) == field_name(field)


def _leak(column: str) -> str:
    return (
        f"“{column}” is the label and also a column to learn from, so the answer would be given "
        "away. Leave it out of the columns."
    )
