"""Shown: one run as its page shows it, or one of its tree's other cuts before anybody keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify

from headwater.console.choices import User
from headwater.console.dates import Dates, as_date, date_columns
from headwater.console.rights import Right, may_see_groups, may_see_rows
from headwater.console.words import NOTHING, figure, percent
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.letters import index_of
from headwater.learning.models import Fit

if TYPE_CHECKING:
    from headwater.segmentation.segment import Segment

OUTSIDE = "outside of every segment"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the sections are made from; ``summary`` is as ``Fit.summary`` has it."""

    fit: Fit
    user: User
    summary: Mapping[str, Any]
    segments: Sequence[Segment]
    """In the order of their letters; empty for a decomposition and for who may not see groups."""
    sees_groups: Right
    sees_rows: Right
    dates: Dates
    cut: int | None = None
    """As many segments as the tree is cut into here, where that is not what the run kept."""
    data: Mapping[str, str] = field(default_factory=dict)
    """All parameters of the address, each with its last value."""

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The profiles of the segments, by letter, as the summary has them."""
        return sorted(self.summary.get("groups", []), key=lambda group: index_of(group["letter"]))

    @property
    def letters(self) -> list[str]:
        """The letters of the segments, A first."""
        return [group["letter"] for group in self.groups]

    @property
    def names(self) -> dict[str, str]:
        """Letter -> what the segment is called, for those that are called something."""
        return {segment.letter: segment.name for segment in self.segments if segment.name}

    @property
    def file_name(self) -> str:
        """The beginning of the names of files that are saved from the page."""
        name = slugify(f"{self.fit.model.name} run {self.fit.pk}")
        return f"{name}-{self.cut}-segments" if self.cut is not None else name

    @property
    def is_decomposition(self) -> bool:
        """Whether the run found directions and no segments."""
        technique = TECHNIQUES.get(self.fit.technique)
        return technique is not None and technique.family == "decomposition"

    @property
    def n_outside(self) -> int:
        """Rows that are in no segment."""
        return int((self.summary.get("outside") or {}).get("n", 0))

    def label(self, letter: str) -> str:
        """Return “A · Sweet and dear”, or “A” where it is called nothing."""
        return label_of(letter, self.names)

    def row_name(self, key: object) -> str:
        """Return what the row with this key is called."""
        return str((self.summary.get("names") or {}).get(str(key), key))

    def columns(self, *kinds: str) -> list[str]:
        """Return the columns that were learned from and are of one of ``kinds``."""
        return [
            column["name"]
            for column in self.summary.get("columns", [])
            if column.get("kind", "numeric") in kinds
        ]

    def kind_of(self, column: str) -> str:
        """Return “numeric”, “boolean” or “categorical”."""
        for one in self.summary.get("columns", []):
            if one["name"] == column:
                return str(one.get("kind", "numeric"))
        return "numeric"

    def value(self, column: str, value: float | None, digits: int = 4) -> str:
        """Return a value of ``column``, or a mean of its values, in words."""
        if value is None:
            return NOTHING
        if column in self.dates:
            return as_date(float(value), self.dates[column])
        if self.kind_of(column) == "boolean":
            return f"{percent(float(value))} yes"
        return figure(float(value), digits)


def label_of(letter: str, names: Mapping[str, str]) -> str:
    """Return “A · Sweet and dear”, or “A” where it is called nothing."""
    return f"{letter} · {names[letter]}" if names.get(letter) else letter


def shown_of(
    fit: Fit,
    user: User,
    *,
    data: Mapping[str, str] | None = None,
    preview: Mapping[str, Any] | None = None,
    cut: int | None = None,
) -> Shown:
    """Return what is shown of ``fit``, which must have succeeded, to ``user``.

    ``preview``: the summary of its tree cut into ``cut`` segments, in place of its own.
    """
    from headwater.segmentation.segments import segments_of

    sees_groups, sees_rows = may_see_groups(user, fit), may_see_rows(user, fit)
    summary = dict(preview if preview is not None else fit.summary or {})
    if preview is not None:
        # Never saved: what tells of a run takes its summary from it.
        fit = _with_summary(fit, summary)
    return Shown(
        fit=fit,
        user=user,
        summary=summary,
        segments=segments_of(fit, with_rows=bool(sees_rows)) if sees_groups else (),
        sees_groups=sees_groups,
        sees_rows=sees_rows,
        dates=date_columns(fit),
        cut=cut,
        data=data or {},
    )


def _with_summary(fit: Fit, summary: dict[str, Any]) -> Fit:
    from copy import copy

    other = copy(fit)
    other.summary = summary
    other.n_groups = len(summary.get("groups", []))
    return other
