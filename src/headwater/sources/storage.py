"""Where the files of datasets lie: outside of what a web server gives away."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, Storage, storages

from headwater.conf import settings

ALIAS = "headwater_datasets"
"""An entry of ``STORAGES`` that takes the files, where a project has one."""


def dataset_storage() -> Storage:
    """Return the private storage of datasets and uploads.

    That is ``STORAGES["headwater_datasets"]`` where the project names one, else the folder
    ``HEADWATER["DATASET_ROOT"]``, else “headwater-datasets” in ``BASE_DIR``.
    """
    if ALIAS in django_settings.STORAGES:
        return storages[ALIAS]
    return FileSystemStorage(
        location=dataset_root(),
        base_url=None,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


def dataset_root() -> Path:
    """Return the folder that datasets lie in, where no storage of the project takes them."""
    given = settings().DATASET_ROOT
    if given:
        return Path(given)
    return Path(getattr(django_settings, "BASE_DIR", Path.cwd())) / "headwater-datasets"


def parquet_name(instance: Any, file_name: str) -> str:
    """Return a name that nobody can guess, for the rows of a dataset."""
    return f"versions/{uuid.uuid4().hex}.parquet"


def raw_name(instance: Any, file_name: str) -> str:
    """Return a name that nobody can guess, for a file as it was uploaded."""
    return f"uploads/{uuid.uuid4().hex}"
