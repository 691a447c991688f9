"""Members: the rows of each group, those outside of every group left out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from headwater.engines.scales import Floats

BLOCK = 65_536
"""Rows that are worked on at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Groups that have rows, numbered from 0 without gaps, and their rows."""

    groups: NDArray[np.int64]
    """(K,) the estimator's number of each group."""
    rows: NDArray[np.int64]
    """(m,) rows that are in a group, in order."""
    codes: NDArray[np.int64]
    """(m,) place in ``groups`` of each of ``rows``."""
    sizes: NDArray[np.int64]
    """(K,) rows of each group."""

    @classmethod
    def of(cls, labels: NDArray[Any]) -> Self:
        """Return the members of the groups in ``labels`` (n,)."""
        labels = np.asarray(labels)
        rows = np.flatnonzero(labels >= 0)
        groups, codes, sizes = np.unique(labels[rows], return_inverse=True, return_counts=True)
        return cls(groups.astype(np.int64), rows, codes.astype(np.int64), sizes.astype(np.int64))

    def __len__(self) -> int:
        return len(self.groups)

    def blocks(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield (rows, codes) of some rows at a time."""
        for start in range(0, len(self.rows), BLOCK):
            yield self.rows[start : start + BLOCK], self.codes[start : start + BLOCK]

    def split(self) -> list[NDArray[np.int64]]:
        """Return the rows of each group, in order."""
        order = np.argsort(self.codes, kind="stable")
        return np.split(self.rows[order], np.cumsum(self.sizes)[:-1]) if len(self) else []

    def sample(self, limit: int, rng: np.random.Generator) -> Members:
        """Return at most about ``limit`` rows: a quarter shared out evenly, the rest by size.

        Two rows of each group, or the only one, are always taken.
        """
        if len(self.rows) <= limit:
            return self
        even = np.minimum(self.sizes, max(2, limit // (4 * len(self))))
        left = self.sizes - even
        more = max(limit - int(even.sum()), 0) * left // max(int(left.sum()), 1)
        chosen = [
            rng.choice(rows, size=size, replace=False)
            for rows, size in zip(self.split(), (even + more).tolist(), strict=True)
        ]
        labels = np.full(int(self.rows.max()) + 1, -1, dtype=np.int64)
        for group, rows in zip(self.groups.tolist(), chosen, strict=True):
            labels[rows] = group
        return Members.of(labels)


def centres_of(X: Floats, members: Members) -> Floats:
    """Return the (K, d) mean of each group's rows."""
    middle = X[members.rows[0]] if len(members.rows) else np.zeros(X.shape[1])
    sums = np.zeros((len(members), X.shape[1]))
    for rows, codes in members.blocks():
        sums += sums_by_group(X[rows] - middle, codes, len(members))
    centres: Floats = middle + sums / members.sizes[:, np.newaxis]
    return centres


def sums_by_group(values: Floats, codes: NDArray[np.int64], n_groups: int) -> Floats:
    """Return the (K, d) sums of ``values`` (m, d) over the rows of each group."""
    sums = np.empty((n_groups, values.shape[1]))
    for j in range(values.shape[1]):
        sums[:, j] = np.bincount(codes, weights=values[:, j], minlength=n_groups)
    return sums


def finite(value: float) -> float | None:
    """Return ``value``, or None where JSON could not hold it."""
    number = float(value)
    return number if math.isfinite(number) else None
