"""Nearest, reaches: new rows join the group of the nearest point, or lie outside of every group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RELATIVE, ABSOLUTE = 1e-9, 1e-12
"""What rounding may add to a distance: a share of the reach, and of the greatest coordinate."""


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """A row belongs to the group of the nearest point, if it lies within that group's reach."""

    points: Floats
    """(m, d)."""
    groups: Ints
    """(m,) group of each point; -1: what lies nearest to it is in no group."""
    reach: Floats
    """(K,) greatest distance from the nearest point at which a row still belongs to a group."""

    def predict(self, X: Floats, *, n_threads: int | None = None) -> Ints:
        """Return the group (n,) of each row of ``X`` (n, d); -1: outside of every group."""
        if not len(self.points) or not len(self.reach):
            return np.full(len(X), -1, dtype=np.int64)
        distances, at = cKDTree(self.points).query(X, workers=n_threads or -1)
        groups = self.groups[at]
        inside = (groups >= 0) & (distances <= self._limits()[groups])
        return np.where(inside, groups, -1)

    def compile(self) -> Callable[[Floats], int]:
        """Return a function that gives the group of one row (d,), or -1, in microseconds."""
        if not len(self.points) or not len(self.reach):
            return lambda row: -1
        query = cKDTree(self.points).query
        groups = self.groups.tolist()
        limits = np.append(self._limits(), -1.0)[self.groups].tolist()

        def group(row: Floats) -> int:
            distance, at = query(row)
            return groups[at] if distance <= limits[at] else -1

        return group

    def _limits(self) -> Floats:
        limits: Floats = self.reach * (1 + RELATIVE) + ABSOLUTE * np.abs(self.points).max()
        return limits


def reaches(points: Floats, groups: Ints, n_groups: int) -> Floats:
    """Return (K,) how far at most a point of each group lies from the nearest other one of it.

    Equal points count as one. A group of one point has the reach of the widest group; where all
    groups are single points, half of the distance between the two nearest.
    """
    found = np.zeros(n_groups)
    for group in range(n_groups):
        distinct = np.unique(points[groups == group], axis=0)
        if len(distinct) > 1:
            found[group] = _gaps(distinct).max()
    return of_single(found, points)


def of_single(found: Floats, points: Floats) -> Floats:
    """Return the reaches ``found`` (K,) with those that are 0 filled in, as ``reaches`` says."""
    if not found.size or found.all():
        return found
    widest = float(found.max())
    if widest == 0:
        distinct = np.unique(points, axis=0)
        widest = float(_gaps(distinct).min()) / 2 if len(distinct) > 1 else 0.0
    return np.where(found > 0, found, widest)


def _gaps(distinct: Floats) -> Floats:
    """Return the distance (m,) of each of at least two points to the nearest other one."""
    distances: Floats = cKDTree(distinct).query(distinct, k=2)[0][:, 1]
    return distances
