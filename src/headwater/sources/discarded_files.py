"""Files of datasets and uploads go when their rows have gone."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete


def discard_file(sender: Any, instance: Any, using: str | None = None, **_: Any) -> None:
    """Remove the file of a deleted row, once that is committed.

    A cascade, as when a user is deleted, comes by here too.
    """
    if instance.file:
        storage, name = instance.file.storage, instance.file.name
        transaction.on_commit(lambda: storage.delete(name), using=using)


def connect() -> None:
    """Have ``discard_file`` called for each deleted version and upload."""
    from headwater.sources.models import DatasetVersion, Upload

    for model in (DatasetVersion, Upload):
        post_delete.connect(discard_file, sender=model, dispatch_uid=f"discard {model.__name__}")
