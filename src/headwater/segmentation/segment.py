"""Segment: everything that is told of one group of a fit, in figures and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater.segmentation.roles import Direction

TENDENCY = 1.0
"""Cohen's d or h from which a difference is told, with a word of doubt, though it is not clear."""
OUTSIDE = ""
"""Stands for the letter of rows that are outside of every segment."""


@dataclass(frozen=True, slots=True)
class Characteristic:
    """What one column is like in a segment."""

    column: str
    label: str
    """The column's name as it reads in a sentence."""
    kind: str
    """“numeric”, “date”, “boolean” or “categorical”."""
    text: str
    """“46.3 ± 4.8”, “62% yes”, or the most frequent values with their shares."""
    lowest: str
    """Least value, as text; empty for other columns than numbers and dates."""
    highest: str
    overall: str
    """As ``text``, of all rows; empty where it is not known."""
    n_missing: int
    mean: float | None = None
    std: float | None = None
    """Standard deviation of the segment's values."""
    minimum: float | None = None
    maximum: float | None = None
    median: float | None = None
    top: tuple[tuple[str, float], ...] = ()
    """(value, share) of the most frequent ones."""


@dataclass(frozen=True, slots=True)
class Difference:
    """In what a segment differs from the rows of all other segments."""

    column: str
    label: str
    kind: str
    category: str | None
    """The value that is more or less frequent; None for numbers and dates."""
    direction: str
    """“higher”, “lower”, “more” or “fewer”."""
    value: str
    """Mean or share in the segment, as text."""
    rest: str
    """Of all other segments."""
    strength: float
    """Cohen's d or h."""
    is_clear: bool
    """Of some size and beyond chance, or large and without any overlap with the others."""
    is_separate: bool
    """All of the segment's values lie above all others, or below."""
    sentence: str
    role: str
    """What the column seems to be about (``roles.ROLES``); empty where nothing tells."""
    tends: Direction
    """More or less of what ``role`` is about: a later “last order” is less of recency."""
    trait: str
    """The difference in a few words, for a name."""


@dataclass(frozen=True, slots=True)
class SimpleRule:
    """A few conditions that tell a segment's rows from the others."""

    conditions: tuple[str, ...]
    """Each as “total spending is above 801”."""
    precision: float
    recall: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the data."""

    key: Any
    name: str


@dataclass(frozen=True, slots=True)
class CounterExample:
    """A row of a segment that almost belongs to another one."""

    key: Any
    name: str
    towards: str
    """Letter of the segment that it lies nearest to."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One group of a fit, with its name and all that is shown of it."""

    letter: str
    name: str
    suggested_name: str
    """What the data suggest; it is ``name`` unless somebody named the segment."""
    named_by_person: bool
    note: str
    size: int
    share: float
    row: str
    """What a row is called: “customer”, “row”."""
    rows: str
    """What rows are called: “customers”, “rows”."""
    characteristics: tuple[Characteristic, ...]
    differences: tuple[Difference, ...]
    """All that were looked at, the strongest first."""
    rule: SimpleRule | None
    typical: Row | None
    counter_example: CounterExample | None
    silhouette: float | None
    """Mean silhouette of its rows."""
    stability: float | None
    """Mean Jaccard similarity over bootstrap draws, where a study has told it."""

    @property
    def size_text(self) -> str:
        """“1,204”."""
        return f"{self.size:,}"

    @property
    def members_text(self) -> str:
        """“1,204 customers”, “1 row”."""
        return f"{self.size_text} {self.row if self.size == 1 else self.rows}"

    @property
    def share_text(self) -> str:
        """“31%”."""
        from headwater.words import percent

        return percent(self.share)

    @property
    def apart(self) -> tuple[Difference, ...]:
        """What sets it apart clearly, the strongest first; empty where nothing does."""
        return tuple(one for one in self.differences if one.is_clear)

    @property
    def reasons(self) -> tuple[Difference, ...]:
        """What sets it apart; where nothing does clearly, what tends to."""
        return self.apart or self.tendencies

    @property
    def tendencies(self) -> tuple[Difference, ...]:
        """Large differences that may be chance, as there are few rows; the strongest first."""
        return tuple(
            one for one in self.differences if not one.is_clear and one.strength >= TENDENCY
        )
