"""confusion: which classes are taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ClassScores:
    """What is right and wrong of one class."""

    name: str
    support: int
    """Rows that are of it."""
    predicted: int
    """Rows that were taken for it."""
    right: int
    precision: float | None
    """Share of those taken for it that are of it; None where none was."""
    recall: float | None
    """Share of those of it that were taken for it; None where there are none."""
    f1: float | None
    """Harmonic mean of both; None where the class neither is nor was seen in any row."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of rows by what they are and what they were taken for."""

    classes: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    """True class down, predicted class across, in the order of ``classes``."""
    scores: tuple[ClassScores, ...]
    n: int
    right: int

    @property
    def accuracy(self) -> float | None:
        """The share that was taken for what it is; None without rows."""
        return self.right / self.n if self.n else None

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "classes": list(self.classes),
            "matrix": [list(row) for row in self.matrix],
            "n": self.n,
            "right": self.right,
            "accuracy": self.accuracy,
            "scores": [
                {
                    "name": each.name,
                    "support": each.support,
                    "predicted": each.predicted,
                    "right": each.right,
                    "precision": each.precision,
                    "recall": each.recall,
                    "f1": each.f1,
                }
                for each in self.scores
            ],
        }


def confusion(y: NDArray[Any], predicted: NDArray[Any], classes: Sequence[str]) -> Confusion:
    """Return how often rows of each of ``classes`` (names by code) are taken for each.

    >>> both = confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), ["ham", "spam"])
    >>> both.matrix, both.scores[1].precision
    (((1, 1), (0, 1)), 0.5)
    """
    size = len(classes)
    cells = np.asarray(y, dtype=np.int64) * size + np.asarray(predicted, dtype=np.int64)
    counts = np.bincount(cells, minlength=size * size).reshape(size, size)
    support, taken, right = counts.sum(axis=1), counts.sum(axis=0), counts.diagonal()
    return Confusion(
        classes=tuple(classes),
        matrix=tuple(tuple(row) for row in counts.tolist()),
        scores=tuple(
            ClassScores(
                name=name,
                support=int(support[code]),
                predicted=int(taken[code]),
                right=int(right[code]),
                precision=_share(right[code], taken[code]),
                recall=_share(right[code], support[code]),
                f1=_share(2 * right[code], taken[code] + support[code]),
            )
            for code, name in enumerate(classes)
        ),
        n=int(counts.sum()),
        right=int(right.sum()),
    )


def _share(part: Any, whole: Any) -> float | None:
    return float(part / whole) if whole else None
