"""Zones: what is done with a text, from its probability of spam and a filter's two thresholds."""

from __future__ import annotations

from typing import Literal, Protocol

Zone = Literal["ham", "unsure", "spam"]

ZONES: tuple[tuple[Zone, str], ...] = (
    ("ham", "Accepted"),
    ("unsure", "Held for a person"),
    ("spam", "Refused"),
)
"""(zone, what happens to a text in it)."""

EVEN = 0.5
"""Probability from which the guess is “spam”, in whichever zone it falls."""


class Thresholds(Protocol):
    """What has the two thresholds: a filter, for one."""

    @property
    def ham_below(self) -> float: ...

    @property
    def spam_from(self) -> float: ...


def zone_of(probability: float | None, thresholds: Thresholds) -> Zone:
    """Return the zone that ``probability`` falls in; what has none is for a person to judge.

    “ham” ends below ``ham_below`` and “spam” begins at ``spam_from``, so 0 and 1 are in them only
    where the thresholds leave room: with ``ham_below`` 0 nothing is accepted without a person.
    """
    if probability is None:
        return "unsure"
    if probability >= thresholds.spam_from:
        return "spam"
    return "ham" if probability < thresholds.ham_below else "unsure"
