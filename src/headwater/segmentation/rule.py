"""Rule: sentences for the segments that differ in a certain way; data, not code."""

from __future__ import annotations

from dataclasses import dataclass

from headwater.segmentation.roles import Direction

ANY = ""
"""The role of a condition on whatever differs."""
NO_MESSAGE = ""
"""Nothing can be told of what these rows would like to read."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A difference to the rest that a segment must have."""

    name: str
    """Begins the names of its figures in templates."""
    role: str
    """What its column seems to be about (``roles.ROLES``); ``ANY``: whatever it is."""
    tends: Direction | None
    """More or less of it; None: either."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Sentences for the segments that meet all conditions.

    Its templates name figures of the segment as ``$size`` or ``${spending_value}``; there is no
    other way for a number to come into a sentence.
    """

    key: str
    title: str
    """When it speaks, in a few words."""
    conditions: tuple[Condition, ...]
    insight: str
    recommendation: str
    message: str
    """Draft of what could be written to these customers, or put beside these things; empty where
    nothing can be told."""
    least_share: float = 0.0
    """Share of the rows that the segment has at least."""
    is_certain: bool = True
    """Conditions are met by clear differences; False: by ones that may be chance, where nothing is
    clear."""


def when(role: str, tends: Direction | None, name: str = "") -> Condition:
    """Return the condition on ``role``, whose figures are called after it."""
    return Condition(name or role, role, tends)
