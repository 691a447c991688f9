"""add_note, notes_on: what reviewers write about a row, for the next one."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet

from headwater.spam.models import Note

LONGEST = 2000


def add_note(row: models.Model, text: str, by: Any) -> Note:
    """Keep ``text`` as a note on ``row``; raises ValueError where there is none, or too much."""
    said = text.strip()
    if not said:
        raise ValueError("The note was empty, so nothing was kept.")
    if len(said) > LONGEST:
        raise ValueError(
            f"The note has {len(said):,} characters, and a note has {LONGEST:,} at most."
        )
    return Note.objects.create(
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        by=by,
        text=said.replace("\0", ""),
    )


def notes_on(content_type: ContentType, key: str) -> QuerySet[Note]:
    """Return the notes on a row, the first one first."""
    return Note.objects.filter(content_type=content_type, object_id=key).select_related("by")
