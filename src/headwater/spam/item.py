"""Item: a row with its verdict, as a reviewer is shown it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from django.db import models

from headwater.spam.spammable import Spammable
from headwater.spam.zones import Thresholds, Zone, zone_of

Mark = Literal["doubtful", "edited", "audit", "unjudged"]

MARKS: dict[Mark, tuple[str, str]] = {
    "doubtful": ("Doubtful", "The filter is not sure enough to decide without a person."),
    "edited": ("Edited", "The text was changed after a person had decided on it."),
    "audit": ("Audit", "Chance has drawn it from what the filter decides without a person."),
    "unjudged": ("Not judged", "The filter has not judged it yet."),
}
"""Why a row waits: in a word, and in a sentence."""

WHEN_MADE = ("created", "submitted", "posted", "sent", "received", "added", "written", "published")
"""How the name of a field begins that says when a row was made."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row as it was when it was read."""

    spammable: Spammable
    row: models.Model
    text: str
    digest: str
    probability: float | None
    zone: Zone
    is_spam: bool | None
    is_revised: bool
    is_misclassified: bool
    is_edited: bool
    is_sampled: bool
    at: datetime | None
    """When the row was made; None where its model has no such field."""

    @property
    def key(self) -> str:
        """As decisions, notes and claims name the row."""
        return str(self.row.pk)

    @property
    def content_type_id(self) -> int:
        return int(self.spammable.content_type.pk)

    @property
    def name(self) -> str:
        """Such as “comment 12”."""
        return f"{self.spammable.model._meta.verbose_name} {self.row.pk}"

    @property
    def mark(self) -> Mark | None:
        """Why it waits for a person; None where it does not."""
        if self.is_edited:
            return "edited"
        if self.is_revised:
            return None
        if self.probability is None:
            return "unjudged" if self.is_spam is None else None
        if self.zone == "unsure":
            return "doubtful"
        return "audit" if self.is_sampled else None


def item_of(spammable: Spammable, row: Any, thresholds: Thresholds) -> Item:
    """Return ``row``, which comes from ``spammable.verdicts()``, as an item."""
    text = spammable.text_of(row)
    field = made_field(spammable.model)
    return Item(
        spammable,
        row,
        text,
        spammable.digest_of(row),
        row.v_spam_probability,
        zone_of(row.v_spam_probability, thresholds),
        row.v_is_spam,
        bool(row.v_is_revised),
        bool(row.v_is_misclassified),
        bool(row.v_is_edited),
        bool(row.v_is_sampled),
        getattr(row, field) if field else None,
    )


@cache
def made_field(model: type[models.Model]) -> str | None:
    """Return the name of the field that says when a row was made, if there is one."""
    dated = [one for one in model._meta.concrete_fields if isinstance(one, models.DateTimeField)]
    for field in dated:
        if field.auto_now_add:
            return field.name
    for field in dated:
        if field.name.startswith(WHEN_MADE):
            return field.name
    return None
