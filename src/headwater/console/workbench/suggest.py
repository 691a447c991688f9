"""What the workbench suggests for the parameters of a technique, from the rows and with why."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from headwater.console.words import counted
from headwater.console.workbench.values import entered
from headwater.engines.catalog import TECHNIQUES

RESTARTS = {"k_means": 10}
"""Technique -> restarts that are cheap enough to be made every time; else one."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A value and the reason for it."""

    value: Any
    why: str

    @property
    def entered(self) -> str:
        """The value as a field holds it."""
        return entered(self.value)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to learn from."""

    n_rows: int
    n_columns: int


def suggested(
    technique: str, size: Size, found: Mapping[str, Suggested] | None = None
) -> dict[str, Suggested]:
    """Return parameter -> suggestion; what was ``found`` in the data itself comes first."""
    known = TECHNIQUES.get(technique)
    if known is None:
        return {}
    rules = _RULES.get(technique, {})
    by_rule = {name: rule(size) for name, rule in rules.items()}
    names = [parameter.name for parameter in known.parameters]
    return {name: s for name, s in (by_rule | dict(found or {})).items() if name in names}


def first_number(n_rows: int) -> int:
    """Return a first guess at how many segments there are among ``n_rows`` rows: 2 to 5.

    >>> [first_number(n) for n in (4, 8, 12, 100, 1_000_000)]
    [2, 3, 4, 5, 5]
    """
    return max(2, min(5, round(math.log2(max(2, n_rows)))))


def neighbours(size: Size) -> int:
    """Return how many near rows make a dense place: 2 for each column, fewer of few rows.

    >>> neighbours(Size(1000, 4)), neighbours(Size(12, 4)), neighbours(Size(100_000, 40))
    (8, 2, 25)
    """
    return max(2, min(2 * size.n_columns, 25, size.n_rows // 6))


def _number(size: Size) -> Suggested:
    return Suggested(
        first_number(size.n_rows),
        f"A first guess for {counted(size.n_rows, 'row')}. “How many segments?” looks at the data.",
    )


def _neighbours(size: Size) -> Suggested:
    n = neighbours(size)
    whole = n == 2 * size.n_columns
    rule = f"Twice the {counted(size.n_columns, 'column')}" if whole else "What suits"
    return Suggested(n, f"{rule}, for {counted(size.n_rows, 'row')}.")


def _smallest(size: Size) -> Suggested:
    n = max(2, min(50, size.n_rows // 20))
    return Suggested(n, f"A twentieth of {counted(size.n_rows, 'row')}, from 2 to 50.")


def _components(size: Size) -> Suggested:
    return Suggested(
        max(1, min(2, size.n_columns)), "Two can be drawn in a plane; more tell more of the rows."
    )


_RULES: dict[str, dict[str, Callable[[Size], Suggested]]] = {
    "k_means": {"n_clusters": _number},
    "hierarchical": {"n_clusters": _number},
    "dbscan": {"min_samples": _neighbours},
    "hdbscan": {"min_cluster_size": _smallest},
    "pca": {"n_components": _components},
}
