"""Functions of the project that parameters may call: ``HEADWATER["NETWORK_FUNCTIONS"]``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

from headwater.conf import settings


def network_functions() -> dict[str, Callable[..., Any]]:
    """Return name -> function; the settings give each as a dotted path or as the function itself.

    What a setting names is code of the project. A parameter text only ever chooses among them.
    """
    return {
        name: import_string(given) if isinstance(given, str) else given
        for name, given in settings().NETWORK_FUNCTIONS.items()
    }
