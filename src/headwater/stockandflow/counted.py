"""Counted: what came of the count of one partition, stock or flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """How many were where (``levels``: state or slug -> objects), and how many moved since.

    ``skipped``: this period was counted before, and nothing was changed; the levels are those of
    that count. ``failed``: nothing was recorded, and the sentence says why.
    """

    slug: str
    name: str
    period: str
    period_start: datetime
    as_of: datetime
    levels: Mapping[str, int] = field(default_factory=dict)
    events: int = 0
    skipped: bool = False
    failed: bool = False
    sentence: str = ""

    def __str__(self) -> str:
        return self.sentence
