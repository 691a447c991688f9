"""Targets: the fields that labels are written to."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from headwater.sources.kinds import is_secret

PREFIX = "dmf:"
_NO_LABELS = (
    models.EmailField,
    models.URLField,
    models.SlugField,
    models.FilePathField,
)
_NOT_OF_THE_PROJECT = frozenset(
    {
        "admin",
        "auth",
        "contenttypes",
        "sessions",
        "django_tasks_database",
        "headwater_sources",
        "headwater_learning",
        "headwater_networks",
        "headwater_segmentation",
        "headwater_classification",
        "headwater_spam",
        "headwater_stockandflow",
        "headwater_console",
    }
)


class TargetError(ValueError):
    """A field that cannot take labels; the message is a sentence that names it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A field that takes labels."""

    model: type[models.Model]
    field: models.Field[Any, Any]

    @property
    def storage(self) -> str:
        """“dmf:app_label.Model.field”, as ``results_storage`` has it."""
        return f"{PREFIX}{self.model._meta.label}.{self.field.name}"

    @property
    def label(self) -> str:
        """Its name in the reader's words."""
        return f"{self.model._meta.verbose_name} · {self.field.verbose_name}"

    @property
    def max_length(self) -> int | None:
        """How long a label may be; None: as long as it likes."""
        return self.field.max_length


def resolve_target(storage: str) -> Target:
    """Return the field that “dmf:app_label.Model.field” names; else raise ``TargetError``."""
    parts = storage.removeprefix(PREFIX).split(".")
    if not storage.startswith(PREFIX) or len(parts) != 3 or not all(parts):
        raise TargetError(
            f"“{storage}” is no target field. Write dmf:app_label.Model.field, "
            "such as dmf:shop.Customer.segment."
        )
    app_label, model_name, field_name = parts
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        raise TargetError(
            f"The target “{storage}” names the model “{app_label}.{model_name}”, "
            f"which is not installed.{_close(f'{app_label}.{model_name}', _model_labels())}"
        ) from None
    try:
        field: Any = model._meta.get_field(field_name)
    except FieldDoesNotExist:
        names = [f.name for f in model._meta.get_fields()]
        raise TargetError(
            f"The target “{storage}” names the field “{field_name}”, which "
            f"{model._meta.label} does not have.{_close(field_name, names)}"
        ) from None
    reason = _unfit(field)
    if reason:
        raise TargetError(
            f"“{field_name}” of {model._meta.label} {reason}. Labels go to a text field of their "
            "own, such as CharField(max_length=2, null=True, blank=True)."
        )
    return Target(model, field)


def usable_targets(user: Any = None) -> list[Target]:
    """Return the fields of the project that could take labels, for lists to choose from.

    With ``user``, only those of models that the user may change.
    """
    targets = []
    for model in apps.get_models():
        options = model._meta
        if options.app_label in _NOT_OF_THE_PROJECT or not options.managed or options.proxy:
            continue
        if user is not None and not user.has_perm(
            f"{options.app_label}.change_{options.model_name}"
        ):
            continue
        targets += [Target(model, field) for field in options.fields if not _unfit(field)]
    return targets


def letters_length(n_groups: int) -> int:
    """Return how long the labels of ``n_groups`` groups are: 1 for A..Z, 2 up to ZZ, ..."""
    length, reached = 1, 26
    while reached < n_groups:
        length += 1
        reached += 26**length
    return length


def _unfit(field: Any) -> str | None:
    """Return why ``field`` cannot take labels, as the rest of a sentence."""
    if field.primary_key:
        return "is the primary key"
    if field.is_relation:
        return "is a relation"
    if not isinstance(field, (models.CharField, models.TextField)):
        return f"is a {type(field).__name__} and takes no text"
    if isinstance(field, _NO_LABELS):
        return f"is a {type(field).__name__}, which is no place for labels"
    if is_secret(field):
        return "keeps a secret"
    if (
        field.unique
        or any(field.name in names for names in field.model._meta.unique_together)
        or any(
            field.name in constraint.fields
            for constraint in field.model._meta.total_unique_constraints
        )
    ):
        return "is unique, and many rows share a label"
    if field.choices:
        return "has choices of its own"
    return None


def _model_labels() -> list[str]:
    return [model._meta.label for model in apps.get_models()]


def _close(name: str, names: list[str]) -> str:
    close = difflib.get_close_matches(name, names, n=2)
    return f" Did you mean {' or '.join(f'“{found}”' for found in close)}?" if close else ""
