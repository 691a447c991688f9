"""What is wrong with what a source says it reads, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from headwater.sources.kinds import (
    LOOKUP_SEPARATOR,
    NO_LABELS,
    ColumnError,
    LabelFields,
    find_field,
    is_secret,
    resolve,
)

if TYPE_CHECKING:
    from headwater.sources.models.dataset import DatasetVersion

FEATURES = ("feature", "category")
"""Roles of the columns of a dataset that can be learned from."""


def column_errors(
    model: type[models.Model], columns: object, *, labels: LabelFields = NO_LABELS
) -> list[str]:
    """Return a sentence for each of ``columns`` that ``model`` cannot be learned from."""
    names, errors = _names(columns, "field lookups, such as [“age”, “profile__age”]")
    for name in names:
        try:
            resolve(model, name, labels=labels)
        except ColumnError as error:
            errors.append(str(error))
    return errors


def text_errors(model: type[models.Model], lookup: str) -> list[str]:
    """Return why ``lookup`` gives no text for each row; nothing where it does, or is empty."""
    here: Any = model
    for part in lookup.split(LOOKUP_SEPARATOR) if lookup else ():
        field = None if here is None else find_field(here, part)
        if field is None or (field.is_relation and (field.one_to_many or field.many_to_many)):
            return [f"{model._meta.label} has no “{lookup}” that is one value for each row."]
        if not field.is_relation and is_secret(field):
            return [f"“{lookup}” of {model._meta.label} keeps a secret, and is not read."]
        here = field.related_model if field.is_relation else None
    return []


def dataset_errors(
    version: DatasetVersion, columns: object, name_column: str, known_column: str
) -> dict[str, list[str]]:
    """Return field name -> sentences on what cannot be read of ``version``."""
    names, found = _names(columns, "column names")
    for name in names:
        column = version.column(name)
        if column is None:
            found.append(_no_column(version, name))
        elif column["role"] not in FEATURES:
            found.append(
                f"The column “{name}” of “{version.dataset}” is not one to learn from. Give it the "
                "role of a feature or a category first."
            )
    errors = {"columns": found} if found else {}
    for field, name in (("name_column", name_column), ("known_column", known_column)):
        if name and version.column(name) is None:
            errors[field] = [_no_column(version, name)]
    return errors


def _names(columns: object, words: str) -> tuple[list[str], list[str]]:
    """Return the distinct names in ``columns``, and what is wrong with it as a list."""
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        return [], [f"Columns are a list of {words}."]
    if not columns:
        return [], ["Choose at least one column."]
    names = list(dict.fromkeys(columns))
    return names, [f"“{n}” is given more than once." for n in names if columns.count(n) > 1]


def _no_column(version: DatasetVersion, name: str) -> str:
    known = ", ".join(f"“{column['name']}”" for column in version.columns[:12])
    return f"The dataset “{version.dataset}” has no column “{name}”; it has {known}."
