"""receive_upload, local_file: a file as it came, kept until its reading is right."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction

from headwater.sources.files.errors import FileError
from headwater.sources.files.limits import Limits, check_bytes
from headwater.sources.models import Dataset, Upload
from headwater.sources.roles import fits_type

LONGEST_NAME = 200


def receive_upload(
    file: File[bytes],
    *,
    file_name: str,
    user: Any,
    name: str = "",
    replaces: Dataset | None = None,
    corrects: Upload | None = None,
) -> Upload:
    """Keep ``file`` as an upload of ``user``, with the reading that was found for it.

    ``replaces`` is a dataset of the user's that it becomes a new version of; the types and roles
    of columns with the same names are those of its current version. ``corrects`` is an earlier
    upload of the user's that the file stands in for; what was chosen for its columns stays, and it
    goes. Raises ``FileError`` for what no reading could mend; nothing is changed then.
    """
    from headwater.sources.files.detect import detect

    check_bytes(file.size or 0, Limits.from_settings())
    if replaces is not None and not replaces.belongs_to(user):
        raise FileError(f"“{replaces}” is not yours; a new version can come from its owner only.")
    if corrects is not None:
        replaces = corrects.replaces
        name = name.strip() or corrects.name
    upload = Upload(
        owner=user,
        name=(name.strip() or (replaces.name if replaces else name_of(file_name)))[:LONGEST_NAME],
        file_name=Path(file_name).name[-255:],
        n_bytes=file.size,
        replaces=replaces,
        columns=corrects.columns if corrects else _carried(replaces),
    )
    with temporary_copy(file) as path:
        upload.reading = detect(path, file_name).as_json()
        with open(path, "rb") as kept:
            upload.file.save(upload.file_name, File(kept), save=False)
    try:
        with transaction.atomic():
            upload.save()
            if corrects is not None:
                corrects.delete()
    except BaseException:
        upload.file.delete(save=False)
        raise
    return upload


def name_of(file_name: str) -> str:
    """Return the name that a dataset gets where nobody gave one.

    >>> name_of("customers_2024-03.csv"), name_of(".csv")
    ('customers 2024-03', 'Upload')
    """
    stem = Path(file_name).name
    if "." in stem:
        stem = stem.rpartition(".")[0]
    return stem.replace("_", " ").strip(" .") or "Upload"


def _carried(replaces: Dataset | None) -> dict[str, dict[str, str]]:
    if replaces is None or replaces.current is None:
        return {}
    return {
        column["name"]: {"type": column["type"], "role": column["role"]}
        for column in replaces.current.columns
        if fits_type(column["role"], column["type"])
    }


@contextmanager
def temporary_copy(file: File[bytes]) -> Iterator[Path]:
    """Give a path where the content of ``file`` lies: its own where it has one, else a copy."""
    own = getattr(file, "temporary_file_path", None)
    if own is not None:
        yield Path(own())
        return
    with tempfile.TemporaryDirectory(prefix="headwater-") as folder:
        path = Path(folder) / "file"
        with open(path, "wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        yield path


@contextmanager
def local_file(upload: Upload) -> Iterator[Path]:
    """Give a path where the file of ``upload`` can be read, wherever its storage keeps it."""
    try:
        yield Path(upload.file.path)
        return
    except NotImplementedError:
        pass
    with tempfile.TemporaryDirectory(prefix="headwater-") as folder:
        path = Path(folder) / "file"
        with upload.file.open("rb") as file, open(path, "wb") as copy:
            shutil.copyfileobj(file, copy)
        yield path
