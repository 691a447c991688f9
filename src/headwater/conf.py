"""``settings.HEADWATER``: every setting with its type and default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from django.conf import settings as django_settings

APPS = [
    "headwater.sources",
    "headwater.learning",
    "headwater.networks",
    "headwater.segmentation",
    "headwater.classification",
    "headwater.spam",
    "headwater.stockandflow",
    "headwater.console",
]
"""The apps to add to ``INSTALLED_APPS`` (with ``django_tasks`` and ``django_tasks_db``)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Typed view of ``settings.HEADWATER``; a key that is not given has the default below."""

    LEASE_SECONDS: int = 60
    """A running fit that has shown no sign of life for so long is failed."""
    BLOCK_ROWS: int = 250_000
    """Rows read from the database at a time."""
    THREADS: int | None = None
    """Threads of one fit; None: one per core."""
    SCATTER_POINTS: int = 2_000
    """Points drawn in a scatter plot, at most."""
    KEEP_MEMBERSHIPS: int = 20
    """Fits of a model whose row labels are kept for comparison."""
    TASK_BACKEND: str = "default"
    """Alias in ``TASKS`` of the backend that runs fits."""
    TASK_QUEUE: str = "default"
    """Queue that fits are put on."""
    DATASET_ROOT: str = ""
    """Folder of uploaded datasets, outside of what is served. Empty: “headwater-datasets” in
    ``BASE_DIR``. ``STORAGES["headwater_datasets"]`` goes before it."""
    DATASET_MAX_BYTES: int = 50 * 1024 * 1024
    """Size of an uploaded file, at most."""
    DATASET_MAX_ROWS: int = 1_000_000
    """Rows of a dataset, at most."""
    DATASET_MAX_COLUMNS: int = 200
    """Columns of a dataset, at most."""
    DATASET_MAX_CELL: int = 10_000
    """Characters of one cell of a dataset, at most."""
    NETWORK_FUNCTIONS: Mapping[str, Any] = field(default_factory=dict)
    """Functions of the project that parameters of nodes may call: name -> dotted path."""


def settings() -> Settings:
    """Return the project's settings; unknown keys are left to the system check."""
    given = getattr(django_settings, "HEADWATER", {})
    known = {one.name for one in fields(Settings)}
    return Settings(**{key: value for key, value in given.items() if key in known})
