"""System checks of where uploaded datasets lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, register

from headwater.sources.storage import ALIAS, dataset_root


@register()
def check_dataset_root(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Check that uploaded datasets do not lie where a web server gives files away."""
    if ALIAS in django_settings.STORAGES:
        return []  # a storage of the project, which knows what it does
    root = dataset_root().resolve()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        served = getattr(django_settings, name, None)
        if served and root.is_relative_to(Path(served).resolve()):
            return [
                Error(
                    f"Uploaded datasets would lie in {root}, which is inside of {name} and so "
                    "open to everybody.",
                    hint='Name another folder: HEADWATER = {"DATASET_ROOT": "/srv/datasets"}.',
                    id="headwater.E401",
                )
            ]
    return []
