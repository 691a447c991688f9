"""agreement: how far two divisions of the same rows agree, with their cross table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NOWHERE = ""
"""Stands for a row that is in no group, or has no known label."""
SHOWN = 50
"""Columns of a cross table that are kept for a page, at most."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two divisions of the rows that are in both."""

    compared: int
    """Rows that both put into a group."""
    outside: int
    """Rows that one of them or both leave outside of every group; not in the scores."""
    ari: float | None
    """Adjusted Rand index: 1 where both divide alike, about 0 by chance (Hubert & Arabie 1985).
    None with fewer than two rows to compare."""
    nmi: float | None
    """Normalised mutual information, 0 to 1, by the mean of the entropies; None without rows."""
    rows: tuple[str, ...]
    """Names of the groups of the one division, those outside as an empty text at the end."""
    columns: tuple[str, ...]
    """Names of the groups of the other, in the same way."""
    table: tuple[tuple[int, ...], ...]
    """Rows that are in both, of ``rows`` (down) and ``columns`` (across)."""

    def as_json(self, *, limit: int = SHOWN) -> dict[str, Any]:
        """Return all of it, with the ``limit`` largest columns and how many are ``left_out``."""
        totals = [-sum(column) for column in zip(*self.table, strict=True)]
        kept = sorted(np.argsort(totals, kind="stable")[:limit].tolist())
        return {
            "ari": self.ari,
            "nmi": self.nmi,
            "compared": self.compared,
            "outside": self.outside,
            "table": {
                "rows": list(self.rows),
                "columns": [self.columns[j] for j in kept],
                "counts": [[row[j] for j in kept] for row in self.table],
                "left_out": len(self.columns) - len(kept),
            },
        }


def agreement(one: NDArray[Any] | Sequence[Any], other: NDArray[Any] | Sequence[Any]) -> Agreement:
    """Return how far two names for each of the same rows, in the same order, agree.

    Names are texts, or anything that has one; None, NaN and an empty text are rows that are in no
    group, which the table shows and the scores leave out.

    >>> both = agreement(["A", "A", "B", "B"], ["x", "x", "y", None])
    >>> both.ari, both.compared, both.table
    (1.0, 3, ((2, 0, 0), (0, 1, 1)))
    """
    if len(one) != len(other):
        raise ValueError(
            f"One division is of {len(one):,} rows and the other of {len(other):,}; "
            "they can be compared row by row only where both are of the same rows."
        )
    rows, down = _coded(one)
    columns, across = _coded(other)
    cells = down * len(columns) + across
    counts = np.bincount(cells, minlength=len(rows) * len(columns)).reshape(len(rows), len(columns))
    inside = counts[
        : len(rows) - (NOWHERE in rows),
        : len(columns) - (NOWHERE in columns),
    ]
    compared = int(inside.sum())
    return Agreement(
        compared=compared,
        outside=len(one) - compared,
        ari=adjusted_rand_index(inside),
        nmi=normalised_mutual_information(inside),
        rows=rows,
        columns=columns,
        table=tuple(tuple(row) for row in counts.tolist()),
    )


def agreement_by_id(
    ids: NDArray[Any],
    one: NDArray[Any] | Sequence[Any],
    other_ids: NDArray[Any],
    other: NDArray[Any] | Sequence[Any],
) -> Agreement:
    """Return how far two divisions agree on the rows whose ids are in both.

    Ids of numbers are never the same as ids of texts.
    """
    if (ids.dtype.kind in "iu") != (other_ids.dtype.kind in "iu"):
        return agreement([], [])
    _, at, other_at = np.intersect1d(ids, other_ids, assume_unique=True, return_indices=True)
    return agreement(
        # Of objects: an array of texts would make a text of what is missing.
        np.asarray(one, dtype=object)[at],
        np.asarray(other, dtype=object)[other_at],
    )


def adjusted_rand_index(table: NDArray[Any]) -> float | None:
    """Return the index of a contingency table; None for a table of fewer than two rows.

    Hubert & Arabie (1985), Comparing partitions. In whole numbers up to the last division.

    >>> adjusted_rand_index(np.array([[50, 0], [0, 50]]))
    1.0
    >>> adjusted_rand_index(np.array([[1, 1], [1, 1]]))
    -0.5
    """
    total = int(table.sum())
    if total < 2:
        return None
    together = sum(math.comb(count, 2) for count in table.ravel().tolist())
    down = sum(math.comb(count, 2) for count in table.sum(axis=1).tolist())
    across = sum(math.comb(count, 2) for count in table.sum(axis=0).tolist())
    every = math.comb(total, 2)
    above = 2 * (together * every - down * across)
    below = (down + across) * every - 2 * down * across
    return 1.0 if below == 0 else above / below


def normalised_mutual_information(table: NDArray[Any]) -> float | None:
    """Return the information shared over the mean of the two entropies, of a contingency table."""
    total = int(table.sum())
    if not total:
        return None
    shares = table / total
    down, across = shares.sum(axis=1), shares.sum(axis=0)
    mean = (_entropy(down) + _entropy(across)) / 2
    if mean == 0:
        return 1.0  # both put all rows into one group
    shared = _entropy(down) + _entropy(across) - _entropy(shares.ravel())
    return float(min(max(shared / mean, 0.0), 1.0))


def _entropy(shares: NDArray[Any]) -> float:
    known = shares[shares > 0]
    return max(0.0, float(-(known * np.log(known)).sum()))


def _coded(names: NDArray[Any] | Sequence[Any]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the different names, short before long and nowhere last, and each row's place."""
    values = names.tolist() if isinstance(names, np.ndarray) else list(names)
    texts = [NOWHERE if v is None or v != v else str(v) for v in values]
    ordered = sorted(set(texts), key=lambda name: (name == NOWHERE, len(name), name))
    place = {name: i for i, name in enumerate(ordered)}
    codes = np.fromiter((place[text] for text in texts), dtype=np.int64, count=len(texts))
    return tuple(ordered), codes
