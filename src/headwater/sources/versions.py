"""add_version: rows become the next version of a dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction

from headwater.sources.models import Dataset, DatasetVersion
from headwater.sources.storage import dataset_storage, parquet_name

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True, slots=True)
class Rows:
    """Typed rows with what is known of them, on their way into a version."""

    frame: polars.DataFrame
    columns: list[dict[str, str]]
    """Name, type and role of each column."""
    file_name: str
    n_bytes: int
    reading: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()


@contextmanager
def stored(rows: Rows) -> Iterator[DatasetVersion]:
    """Store the file of ``rows`` and give an unsaved version of them.

    Saving it with its dataset and number, by ``add_version``, is up to the block; where the block
    fails the file is removed again, so that neither rows nor files are left alone.
    """
    from headwater.sources.files.profile import profile
    from headwater.sources.files.write import write_parquet

    described = profile(rows.frame, rows.columns)
    content = ContentFile(write_parquet(rows.frame))
    storage = dataset_storage()
    name = storage.save(parquet_name(None, rows.file_name), content)
    try:
        yield DatasetVersion(
            file=name,
            file_name=rows.file_name[:255],
            n_rows=rows.frame.height,
            n_bytes=rows.n_bytes,
            reading=dict(rows.reading),
            columns=rows.columns,
            profile=described,
            notes=list(rows.notes),
        )
    except BaseException:
        storage.delete(name)
        raise


def add_version(dataset: Dataset, version: DatasetVersion, *, user: Any) -> DatasetVersion:
    """Save ``version`` as the next one of ``dataset``, which serves it from now on."""
    with transaction.atomic():
        # who holds the dataset's row numbers its versions
        locked = Dataset.objects.select_for_update().get(pk=dataset.pk)
        newest = locked.versions.order_by("-number").values_list("number", flat=True).first()
        version.dataset = locked
        version.number = (newest or 0) + 1
        version.uploaded_by = user
        version.save(force_insert=True)
        locked.current = version
        locked.save(update_fields=["current"])
    dataset.current = version
    return version
