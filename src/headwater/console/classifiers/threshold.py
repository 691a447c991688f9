"""The threshold: what becomes of the errors where it is moved, for a slider and for a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headwater.console.words import figure, percent

TABLE_ROWS = 11
"""Thresholds in the table."""


@dataclass(frozen=True, slots=True)
class At:
    """What is counted with one threshold."""

    threshold: float
    tn: int
    fp: int
    fn: int
    tp: int

    @property
    def told(self) -> str:
        """The threshold as it is written: with two digits behind the point."""
        return f"{self.threshold:.2f}"

    @property
    def accuracy(self) -> str:
        """Share of all rows that are taken for what they are."""
        return _share(self.tp + self.tn, self.tp + self.tn + self.fp + self.fn)

    @property
    def precision(self) -> str:
        """Share of what is taken for the class that is of it."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> str:
        """Share of the class that is found."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> str:
        """The harmonic mean of precision and recall."""
        of = 2 * self.tp + self.fp + self.fn
        return figure(2 * self.tp / of, 3) if of else figure(None)

    @property
    def flagged(self) -> str:
        """Share of all rows that are taken for the class."""
        return _share(self.tp + self.fp, self.tp + self.tn + self.fp + self.fn)


@dataclass(frozen=True, slots=True)
class Threshold:
    """See ``templates/headwater/parts/evaluation_threshold.html``."""

    key: str
    positive: str
    negative: str
    start: int
    """The step at which the slider stands first."""
    now: At
    rows: tuple[At, ...]
    """Some thresholds, for the table."""
    points: list[list[float]]
    """[threshold, tn, fp, fn, tp] of each step, for the page's script."""

    @property
    def last(self) -> int:
        """The last step."""
        return len(self.points) - 1

    @property
    def script_id(self) -> str:
        """Id of the element that carries the data."""
        return f"threshold-{self.key}-data"

    @property
    def data(self) -> Mapping[str, Any]:
        """What the page's script needs."""
        return {"points": self.points, "positive": self.positive, "negative": self.negative}


def threshold_of(
    points: Sequence[Sequence[float]],
    *,
    positive: str,
    negative: str,
    at: float = 0.5,
    key: str = "threshold",
) -> Threshold | None:
    """Return the slider over ``points``, (threshold, tn, fp, fn, tp) each, rising.

    It stands first where the threshold is nearest to ``at``. None where there are no points.
    """
    if not points:
        return None
    known = [At(float(t), int(tn), int(fp), int(fn), int(tp)) for t, tn, fp, fn, tp in points]
    start = min(range(len(known)), key=lambda step: abs(known[step].threshold - at))
    return Threshold(
        key=key,
        positive=positive,
        negative=negative,
        start=start,
        now=known[start],
        rows=_some(known),
        points=[[round(one.threshold, 4), one.tn, one.fp, one.fn, one.tp] for one in known],
    )


def _some(known: Sequence[At]) -> tuple[At, ...]:
    if len(known) <= TABLE_ROWS:
        return tuple(known)
    last = len(known) - 1
    return tuple(known[round(at * last / (TABLE_ROWS - 1))] for at in range(TABLE_ROWS))


def _share(part: int, of: int) -> str:
    return percent(part / of if of else None)
