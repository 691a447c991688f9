"""System checks of what SmartDjango reads from the project's settings."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from headwater_demo.smartdjango.conf import DEFAULTS, settings

NUMBERS = [name for name, kind in DEFAULTS.__annotations__.items() if kind == "int"]


@register()
def check_metrics(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Check that every path in ``SMARTDJANGO_METRICS`` is a function, named once."""
    given = settings().SMARTDJANGO_METRICS
    if not isinstance(given, list | tuple):
        return [
            Error(
                f"settings.SMARTDJANGO_METRICS is a {type(given).__name__}; it takes a list of "
                "dotted paths to functions.",
                id="smartdjango.E001",
            )
        ]
    messages: list[CheckMessage] = []
    for position, path in enumerate(given):
        wrong, hint = _misfit(path)
        if not wrong and path in given[:position]:
            wrong, hint = "is named twice, so it would count twice", "Name it once."
        if wrong:
            messages.append(
                Error(
                    f"settings.SMARTDJANGO_METRICS names “{path}”, which {wrong}.",
                    hint=hint,
                    id="smartdjango.E002",
                )
            )
    return messages


@register()
def check_numbers(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Check that the settings that are numbers are whole and at least 1."""
    now = settings()
    return [
        Error(
            f"settings.{name} was {value!r}; it takes a whole number of at least 1.",
            hint=f"Leave it out for the default, {getattr(DEFAULTS, name):,}.",
            id="smartdjango.E003",
        )
        for name in NUMBERS
        if not isinstance(value := getattr(now, name), int) or isinstance(value, bool) or value < 1
    ]


def _misfit(path: object) -> tuple[str, str | None]:
    """Return what is wrong with ``path`` (nothing: "") and what would fit."""
    takes = "Write it as “package.module.function”; the function takes one visit."
    if not isinstance(path, str) or "." not in path:
        return "is no dotted path", takes
    module_name, _, name = path.rpartition(".")
    try:
        module = import_module(module_name)
    except ImportError as error:
        return f"cannot be imported: {error}", takes
    if not hasattr(module, name):
        close = difflib.get_close_matches(name, [n for n in vars(module) if n[0] != "_"], n=1)
        return (
            f"is not there: “{module_name}” has no “{name}”",
            f"Did you mean “{close[0]}”?" if close else takes,
        )
    if not callable(getattr(module, name)):
        return "is no function", takes
    return "", None
