"""System checks of ``settings.HEADWATER``, of the task backend, and of where labels go."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.apps import AppConfig
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from headwater.conf import Settings

IMMEDIATE = "ImmediateBackend"
DUMMY = "DummyBackend"


@register()
def check_settings(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Check that every key of ``settings.HEADWATER`` is known and has a value that fits."""
    given = getattr(django_settings, "HEADWATER", {})
    if not isinstance(given, dict):
        return [
            Error(
                f"settings.HEADWATER is a {type(given).__name__}; it takes a dict.",
                hint="Write HEADWATER = {} for the defaults.",
                id="headwater.E001",
            )
        ]
    known = {field.name: field for field in fields(Settings)}
    messages: list[CheckMessage] = []
    for key, value in given.items():
        if key not in known:
            close = difflib.get_close_matches(str(key).upper(), known, n=1)
            hint = f"Did you mean “{close[0]}”? " if close else ""
            messages.append(
                Error(
                    f"settings.HEADWATER has the unknown key “{key}”.",
                    hint=f"{hint}Known are {', '.join(known)}.",
                    id="headwater.E002",
                )
            )
        elif wrong := _misfit(str(known[key].type), value):
            messages.append(
                Error(
                    f"settings.HEADWATER[“{key}”] was {value!r}; it takes {wrong}.",
                    hint=f"Leave it out for the default, {known[key].default!r}.",
                    id="headwater.E003",
                )
            )
    return messages


@register()
def check_tasks(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Check that ``settings.TASKS`` has a backend that runs fits outside of requests."""
    given = getattr(django_settings, "HEADWATER", {})
    alias = given.get("TASK_BACKEND", "default") if isinstance(given, dict) else "default"
    tasks = getattr(django_settings, "TASKS", None)
    backend = tasks.get(alias, {}).get("BACKEND") if isinstance(tasks, dict) else None
    hint = (
        "For the database's own queue: TASKS = {“default”: {“BACKEND”: "
        "“django_tasks_db.DatabaseBackend”}}, “django_tasks_db” in INSTALLED_APPS, and "
        "a process with manage.py db_worker."
    )
    if backend is None:
        return [
            Error(
                f"settings.TASKS has no backend “{alias}”, so no fit can run in the background.",
                hint=hint,
                id="headwater.E004",
            )
        ]
    if str(backend).endswith((IMMEDIATE, DUMMY)):
        return [
            Warning(
                f"The task backend “{alias}” is {str(backend).rpartition('.')[2]}, which does not "
                "run fits in the background.",
                hint=hint,
                id="headwater.W001",
            )
        ]
    return []


@register(Tags.database)
def check_targets(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **options: Any,
) -> list[CheckMessage]:
    """Check that the fields that labels go to are still there."""
    from headwater.learning.models import StatisticalModel
    from headwater.learning.targets import TargetError, resolve_target

    messages: list[CheckMessage] = []
    for using in databases or []:
        models = StatisticalModel.objects.using(using).exclude(results_storage="")
        try:
            stored = list(models.values_list("name", "results_storage"))
        except DatabaseError:  # not migrated yet
            continue
        for name, storage in stored:
            try:
                resolve_target(storage)
            except TargetError as error:
                messages.append(
                    Warning(
                        f"The labels of the statistical model “{name}” have nowhere to go: {error}",
                        hint="Choose another field for it, in the console or the admin.",
                        id="headwater.W002",
                    )
                )
    return messages


def _misfit(declared: str, value: object) -> str | None:
    """Return what a setting takes, where ``value`` is not that."""
    if declared == "str":
        return None if isinstance(value, str) and value else "a name"
    if declared.startswith("Mapping"):
        named = isinstance(value, dict) and all(isinstance(name, str) for name in value)
        return None if named else "a dict of names and dotted paths"
    if "None" in declared and value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return None
    return "a whole number of at least 1" + (", or None" if "None" in declared else "")
