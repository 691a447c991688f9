"""The segments, one card each: name, size, what it is like, what sets it apart, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headwater.console.flows.section import Section
from headwater.console.letters import mark
from headwater.console.segments.shown import Shown
from headwater.console.words import listed

if TYPE_CHECKING:
    from headwater.segmentation.insight import Insight
    from headwater.segmentation.segment import Characteristic, Difference, Segment

KEY = "segments"
LABEL = "Segments"
SHOWN = 5
"""Characteristics on a card; the dialog has all."""
REASONS = 3
"""Sentences of what sets a segment apart, on a card."""
FEW = 12
"""So many members are named on a card."""


@dataclass(frozen=True, slots=True)
class Card:
    """One segment as its card shows it."""

    segment: Segment
    insight: Insight | None
    characteristics: tuple[Characteristic, ...]
    """The first few, those that set the segment apart before the others."""
    n_more: int
    apart: tuple[Difference, ...]
    members: str
    """The names of its rows, where they are few and the person may see them."""

    @property
    def tone(self) -> int:
        """The number of its colour."""
        return mark(self.segment.letter).colour

    @property
    def nothing_sets_it_apart(self) -> bool:
        """Whether no column differs clearly."""
        return not self.segment.reasons


def cards_section(shown: Shown) -> Section | None:
    """Return the cards; None where the run has no segments."""
    if not shown.segments:
        return None
    return Section(
        KEY,
        LABEL,
        template="headwater/parts/segment_cards.html",
        context={"cards": cards_of(shown)},
    )


def cards_of(shown: Shown) -> list[Card]:
    """Return the card of each segment."""
    from headwater.segmentation.insight import insights_of

    insights = insights_of(shown.fit, shown.segments)
    members = members_of(shown)
    return [
        card_of(segment, insights.get(segment.letter), members.get(segment.letter, ()))
        for segment in shown.segments
    ]


def members_of(shown: Shown) -> dict[str, list[str]]:
    """Return letter -> the names of all of its rows, where the picture draws every row."""
    scatter = shown.summary.get("scatter") or {}
    points = scatter.get("points") or []
    if not shown.sees_rows or len(points) != shown.fit.n_rows:
        return {}
    found: dict[str, list[str]] = {}
    for _, _, group, key in points:
        if group >= 0:
            found.setdefault(scatter["letters"][group], []).append(shown.row_name(key))
    return found


def card_of(segment: Segment, insight: Insight | None, members: Sequence[str] = ()) -> Card:
    """Return the card of one segment."""
    order = {one.column: place for place, one in enumerate(reversed(segment.reasons))}
    told = sorted(segment.characteristics, key=lambda one: -order.get(one.column, -1))
    by_column: dict[str, Difference] = {}
    for one in segment.reasons:
        by_column.setdefault(one.column, one)
    return Card(
        segment=segment,
        insight=insight,
        characteristics=tuple(told[:SHOWN]),
        n_more=max(0, len(told) - SHOWN),
        apart=tuple(by_column.values())[:REASONS],
        members=listed(list(members)) if len(members) <= FEW else "",
    )
