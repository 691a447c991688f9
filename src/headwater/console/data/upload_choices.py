"""What a person chose on the page of an upload: how it is read, types and roles of its columns.

Only what was chosen is kept; all else is guessed anew with each reading. So the form brings back,
in one field, what was shown of each column: what differs from it was chosen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from headwater.console.data.reading_form import reading_given
from headwater.sources.files.reading import Reading
from headwater.sources.models import Upload
from headwater.sources.roles import ROLES, fits_type
from headwater.sources.uploads import local_file

if TYPE_CHECKING:
    from pathlib import Path

    from headwater.console.data.upload_shown import ColumnField

TYPES = {"number": "Number", "date": "Date", "boolean": "Yes or no", "text": "Text"}


def as_shown(columns: Sequence[ColumnField], upload: Upload) -> str:
    """Return name, type and role of each column as shown, and which of them were chosen."""
    shown = [
        [column.name, column.type, column.role, *upload.columns.get(column.name, {})]
        for column in columns
    ]
    return json.dumps(shown, ensure_ascii=False)


def take_choices(upload: Upload, posted: Mapping[str, Any]) -> None:
    """Set on ``upload`` what was chosen on its page; saving it is up to the caller.

    Raises ``FileError`` where the settings contradict each other.
    """
    if name := str(posted.get("name", "")).strip():
        upload.name = name[:200]
    if "r-header" in posted:
        reading = Reading.from_json(upload.reading)
        with local_file(upload) as path:
            upload.reading = reading_given(reading, posted, sheets_of(path, reading)).as_json()
    if posted.get("guess"):
        upload.columns = {}
        return
    columns = dict(upload.columns)
    for place, (name, type_, role, *kept) in enumerate(_given(posted)):
        columns.pop(name, None)
        found = _choice(
            str(posted.get(f"c-{place}-type", type_)),
            str(posted.get(f"c-{place}-role", role)),
            (type_, role, *kept),
        )
        if found:
            columns[name] = found
    upload.columns = columns


def _given(posted: Mapping[str, Any]) -> list[list[str]]:
    """Return the columns as they were shown; none where that is not what came back."""
    try:
        shown = json.loads(str(posted.get("columns", "[]")))
    except ValueError:
        return []
    if not isinstance(shown, list):
        return []
    return [
        one
        for one in shown
        if isinstance(one, list) and len(one) >= 3 and all(isinstance(part, str) for part in one)
    ]


def _choice(type_: str, role: str, shown: Sequence[str]) -> dict[str, str]:
    """Return the type and the role of one column, as far as they were chosen now or before."""
    was_type, was_role, *kept = shown
    found = {}
    if type_ in TYPES and (type_ != was_type or "type" in kept):
        found["type"] = type_
    if role in ROLES and (role != was_role or ("role" in kept and fits_type(role, type_))):
        found["role"] = role
    return found


def sheets_of(path: Path, reading: Reading) -> list[str]:
    """Return the names of the sheets of a workbook; of other files none."""
    if reading.format != "xlsx":
        return []
    from headwater.sources.files.workbook import open_workbook, sheet_names

    return sheet_names(open_workbook(path))
