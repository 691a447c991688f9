"""stability: whether each group is found again when the rows are drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from headwater.engines.progress import Callback, Step
from headwater.engines.scales import Floats
from headwater.engines.segments.members import Members

FitLabels = Callable[[Floats, np.random.Generator], NDArray[Any]]
"""(rows, rng) -> the group of each, -1 outside."""
Word = Literal["stable", "doubtful", "dissolved", "unknown"]

STABLE = 0.75
"""Mean Jaccard from which a group is valid and stable."""
DOUBTFUL = 0.6
"""From which it shows a pattern, though which rows belong to it is doubtful."""
DISSOLVED = 0.5
"""A run with no more than this has lost the group."""
LIMIT = 10_000
"""Rows that are drawn from, a sample above it."""


@dataclass(frozen=True, slots=True)
class GroupStability:
    """How often one group is found again."""

    group: int
    """The estimator's number of the group."""
    jaccard: float | None
    """Mean over the runs of the Jaccard similarity with the most similar group found; None where
    no run drew a row of the group."""
    recovered: int
    """Runs with a similarity of at least 0.75."""
    dissolved: int
    """Runs with a similarity of at most 0.5."""
    runs: int
    """Runs that drew rows of the group."""
    word: Word


@dataclass(frozen=True, slots=True)
class Stability:
    """How often each group is found again."""

    groups: tuple[GroupStability, ...]
    bootstraps: int
    n: int
    """Rows that there are."""
    sampled: int | None
    """Rows that were drawn from, if not all."""

    def as_json(self) -> dict[str, Any]:
        """Return all of it; groups by their number, as text."""
        return {
            "groups": {
                str(each.group): {
                    "jaccard": each.jaccard,
                    "recovered": each.recovered,
                    "dissolved": each.dissolved,
                    "runs": each.runs,
                    "word": each.word,
                }
                for each in self.groups
            },
            "bootstraps": self.bootstraps,
            "n": self.n,
            "sampled": self.sampled,
        }


def stability(
    X: Floats,
    labels: NDArray[Any],
    fit_labels: FitLabels,
    *,
    bootstraps: int = 50,
    repeats: bool = False,
    limit: int = LIMIT,
    seed: int = 0,
    callback: Callback | None = None,
) -> Stability:
    """Return how stable the groups ``labels`` (n,) of ``X`` (n, d) are.

    After Hennig (2007), Cluster-wise assessment of cluster stability; Computational Statistics and
    Data Analysis 52. As many rows as there are are drawn with replacement, each that was drawn
    is divided anew by ``fit_labels``, and each group is compared, on the drawn rows, with the most
    similar new one by the rows in both over the rows in either (Jaccard). A mean of 0.75 or more is
    “stable”, of 0.6 or more “doubtful”, below that “dissolved”. Rows outside of every group are in
    none, before and after. A row that was drawn several times is given once, or as often with
    ``repeats``, which techniques that count neighbours need.

    Above ``limit`` rows all is done on a sample. ``callback`` is called after each run with the
    mean similarity so far; whatever it raises stops the work.
    """
    rng = np.random.default_rng(seed)
    n = len(X)
    labels = np.asarray(labels)
    members = Members.of(labels)
    kept = np.arange(n) if n <= limit else np.sort(rng.choice(n, size=limit, replace=False))
    codes = np.full(n, -1, dtype=np.int64)
    codes[members.rows] = members.codes
    codes = codes[kept]
    similarities = np.full((bootstraps, len(members)), np.nan)
    for run in range(bootstraps):
        if not len(members):
            break
        every = rng.integers(len(kept), size=len(kept))
        drawn, at = np.unique(every, return_index=True)
        if repeats:
            found = np.asarray(fit_labels(X[kept[every]], rng))[at]
        else:
            found = np.asarray(fit_labels(X[kept[drawn]], rng))
        similarities[run] = most_similar(codes[drawn], found, len(members))
        if callback is not None:
            so_far = similarities[: run + 1]
            callback(
                Step(
                    phase="search",
                    restart=run + 1,
                    restarts=bootstraps,
                    iteration=run + 1,
                    objective=float(so_far[~np.isnan(so_far)].mean()),
                    n_groups=len(np.unique(found[found >= 0])),
                )
            )
    return Stability(
        tuple(
            _told(int(group), column[~np.isnan(column)])
            for group, column in zip(members.groups, similarities.T, strict=True)
        ),
        bootstraps,
        n,
        len(kept) if len(kept) < n else None,
    )


def most_similar(before: NDArray[np.int64], after: NDArray[Any], n_groups: int) -> Floats:
    """Return for each group (K,) of ``before`` the Jaccard similarity with the most similar group
    of ``after``, both of the same rows; 0 where there is none, NaN for a group without rows."""
    inside = before >= 0
    sizes = np.bincount(before[inside], minlength=n_groups)
    best: Floats = np.where(sizes > 0, 0.0, np.nan)
    later = Members.of(after)
    if not len(later):
        return best
    new = np.full(len(before), -1, dtype=np.int64)
    new[later.rows] = later.codes
    both = inside & (new >= 0)
    cells = before[both] * len(later) + new[both]
    shared = np.bincount(cells, minlength=n_groups * len(later)).reshape(n_groups, len(later))
    either = sizes[:, np.newaxis] + later.sizes[np.newaxis] - shared
    best[sizes > 0] = (shared / either).max(axis=1)[sizes > 0]
    return best


def word_of(jaccard: float | None) -> Word:
    """Return what a mean similarity means."""
    if jaccard is None:
        return "unknown"
    if jaccard >= STABLE:
        return "stable"
    return "doubtful" if jaccard >= DOUBTFUL else "dissolved"


def _told(group: int, similarities: Floats) -> GroupStability:
    jaccard = float(similarities.mean()) if len(similarities) else None
    return GroupStability(
        group=group,
        jaccard=jaccard,
        recovered=int((similarities >= STABLE).sum()),
        dissolved=int((similarities <= DISSOLVED).sum()),
        runs=len(similarities),
        word=word_of(jaccard),
    )
