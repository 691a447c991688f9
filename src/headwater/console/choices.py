"""What a person may choose from: models of the project, their columns, fields for the labels."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import models

from headwater.learning.chain import label_fields
from headwater.learning.targets import usable_targets
from headwater.sources.kinds import ColumnInfo, usable_columns
from headwater.sources.reach import crossed, may_view

User = AbstractBaseUser | AnonymousUser

NOT_DATA = {
    "admin",
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
"""Apps whose rows are the machinery of the site."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list."""

    value: str
    label: str
    note: str = ""


def readable_models(user: User) -> list[type[models.Model]]:
    """Return the models that have columns to learn from and whose rows ``user`` may view."""
    found = []
    for model in apps.get_models():
        options = model._meta
        if options.app_label in NOT_DATA or options.swapped or options.proxy:
            continue
        allowed = user.has_perm(f"{options.app_label}.view_{options.model_name}")  # type: ignore[union-attr]
        if allowed and usable_columns(model, depth=0):
            found.append(model)
    return sorted(
        found,
        key=lambda model: (
            str(model._meta.app_config.verbose_name).lower(),
            str(model._meta.verbose_name).lower(),
        ),
    )


def model_choices(user: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the readable models, as choices by app: value “app_label.model”."""
    found = readable_models(user)
    by_app: dict[str, list[tuple[str, str]]] = {}
    for model, name in zip(found, _told_apart(found), strict=True):
        app = str(model._meta.app_config.verbose_name)
        by_app.setdefault(app, []).append((model._meta.label_lower, name))
    return list(by_app.items())


def _told_apart(found: list[type[models.Model]]) -> list[str]:
    """Return the names of models; of those that share one, with the app, or as code has them."""
    plain = [str(model._meta.verbose_name).capitalize() for model in found]
    of_app = [
        f"{name} ({model._meta.app_config.verbose_name})"
        for name, model in zip(plain, found, strict=True)
    ]
    as_code = [f"{name} ({model._meta.label})" for name, model in zip(plain, found, strict=True)]
    return [
        name if plain.count(name) == 1 else longer if of_app.count(longer) == 1 else longest
        for name, longer, longest in zip(plain, of_app, as_code, strict=True)
    ]


def column_choices(user: User, model: type[models.Model]) -> list[Choice]:
    """Return the columns of ``model`` that can be learned from, of rows that ``user`` may view.

    Fields that take the labels of any statistical model are among them.
    """
    return [
        _column(info)
        for info in usable_columns(model, labels=label_fields())
        if all(may_view(user, other) for other in crossed(model, info.lookup))
    ]


def _column(info: ColumnInfo) -> Choice:
    kind = {"numeric": "number", "boolean": "yes or no", "categorical": "choices"}[info.kind]
    if isinstance(info.field, models.DateField):
        kind = "date"
    return Choice(info.lookup, info.lookup, kind)


def target_choices(user: User, model: type[models.Model]) -> list[Choice]:
    """Return the fields of ``model`` that can take its labels."""
    return [
        Choice(target.storage, target.field.name)
        for target in usable_targets(user)
        if target.model is model
    ]


def content_type_of(label: str) -> ContentType | None:
    """Return the content type of “app_label.model”; None if there is no such model."""
    try:
        return ContentType.objects.get_for_model(apps.get_model(label), for_concrete_model=False)
    except (LookupError, ValueError):
        return None
