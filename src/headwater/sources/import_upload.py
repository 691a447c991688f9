"""import_upload: an upload becomes a dataset, or the next version of one."""

from __future__ import annotations

from typing import Any, Literal

from django.db import transaction

from headwater.sources.files.errors import FileError
from headwater.sources.models import Dataset, DatasetVersion, Upload
from headwater.sources.roles import RoleError, role_problems
from headwater.sources.uploads import local_file
from headwater.sources.versions import Rows, add_version, stored


def import_upload(upload: Upload, user: Any) -> DatasetVersion:
    """Make a dataset of ``upload``, or a new version of what it replaces; the upload goes.

    Raises ``FileError`` where the file cannot be read, ``ProblemsError`` where some cells do not
    fit, ``RoleError`` where the columns have roles that they cannot have; the upload stays then as
    it is, to be corrected.
    """
    from headwater.sources.files.load import load
    from headwater.sources.files.reading import Reading

    replaces = upload.replaces
    if replaces is not None and not replaces.belongs_to(user):
        raise FileError(f"“{replaces}” is not yours; a new version can come from its owner only.")
    reading = Reading.from_json(upload.reading)
    with local_file(upload) as path:
        loaded = load(path, reading, overrides=upload.columns)
    problems = role_problems(loaded.columns)
    if problems:
        raise RoleError(problems)
    rows = Rows(
        frame=loaded.frame,
        columns=[dict(column) for column in loaded.columns],
        file_name=upload.file_name,
        n_bytes=upload.n_bytes,
        reading=reading.as_json(),
        notes=loaded.notes,
    )
    with stored(rows) as version, transaction.atomic():
        dataset = replaces or Dataset.objects.create(name=upload.name, owner=upload.owner)
        add_version(dataset, version, user=user)
        # its file goes with it, once all this is committed
        upload.delete()
    return version


def chosen(upload: Upload, what: Literal["type", "role"]) -> dict[str, str]:
    """Return name -> type (role) of the columns whose guess was corrected."""
    return {name: one[what] for name, one in upload.columns.items() if one.get(what)}
