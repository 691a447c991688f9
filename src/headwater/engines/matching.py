"""Grouping, Matching, match_labels: a group keeps its letter from one fit to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

LEAST_SHARE = 0.1
"""Two groups are the same one only if they share this much of the smaller of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Which row is in which group."""

    ids: NDArray[Any]
    """(n,) primary keys, each once."""
    labels: NDArray[Any]
    """(n,) group of each row, from 0; -1: in no group."""
    centres: NDArray[np.float64] | None = None
    """(K, d) centres of the groups, in units that are the same in both fits; None: not known."""
    letters: tuple[str, ...] = ()
    """(K,) letter of each group; empty where they are still to be given."""


@dataclass(frozen=True, slots=True)
class Matching:
    """The letters of the current groups, and how many rows they moved."""

    letters: tuple[str, ...]
    """(K,) letter of each current group."""
    moved: int
    """Rows in both fits that changed their letter, or came into or out of a group."""
    compared: int
    """Rows in both fits."""


def letter_at(position: int) -> str:
    """Return the letter of a position: A..Z, AA, AB, ...

    >>> [letter_at(i) for i in (0, 25, 26, 51, 52, 701, 702)]
    ['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']
    """
    letters = ""
    position += 1
    while position:
        position, last = divmod(position - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def position_of(letters: str) -> int:
    """Return the position of a letter, from 0; raises ValueError for what is no letter.

    >>> position_of("A"), position_of("Z"), position_of("AA")
    (0, 25, 26)
    """
    if not letters or not all("A" <= letter <= "Z" for letter in letters):
        raise ValueError(f"The label was {letters!r}; it takes letters from A to Z.")
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def match_labels(
    previous: Grouping | None, current: Grouping, *, retired: Iterable[str] = ()
) -> Matching:
    """Return letters for the groups of ``current`` that move as few rows as possible.

    Previous and current groups are paired one to one so that the most rows keep their letter (the
    Hungarian method: Kuhn 1955; SciPy's ``linear_sum_assignment``); among pairings that keep as
    many, the one with the nearest centres. A pair that shares less than a tenth of the smaller
    group is no pair. Where no row is in both fits, the centres alone decide.

    A group without a pair gets the letter after the last one ever used, larger groups first;
    ``retired`` are letters used before that are not in ``previous``. So a letter is never given
    again. ``previous`` is None for the first fit: the largest group is A. Rows in no group (-1)
    make no group the same as another. Groups of ``current`` that have letters already keep them.
    """
    n_groups = _count(current)
    sizes = _sizes(current, n_groups)
    used = {position_of(letter) for letter in retired}
    names = dict(enumerate(current.letters))
    moved = compared = 0
    shared: NDArray[np.int64] | None = None
    if previous is not None and len(previous.letters):
        if len(set(previous.letters)) < len(previous.letters):
            raise ValueError("Two groups of the previous fit have the same letter.")
        used |= {position_of(letter) for letter in previous.letters}
        shared = _shared(previous, current, n_groups)
        compared = int(shared.sum())
        before_sizes, after_sizes = shared.sum(axis=1)[:-1], shared.sum(axis=0)[:-1]
        names = names or {
            after: previous.letters[before]
            for before, after in _pairs(
                shared[:-1, :-1],
                np.minimum.outer(
                    _expected(previous, before_sizes, compared),
                    _expected(current, after_sizes, compared),
                ),
                _distances(previous, current),
            )
        }
    free = max(used, default=-1) + 1
    for group in np.argsort(-sizes, kind="stable").tolist():
        if group not in names:
            names[group] = letter_at(free)
            free += 1
    letters = tuple(names[group] for group in range(n_groups))
    if previous is not None and shared is not None:
        same = np.equal.outer(
            np.array([*previous.letters, ""], dtype=str), np.array([*letters, ""], dtype=str)
        )
        moved = compared - int(shared[same].sum())
    return Matching(letters=letters, moved=moved, compared=compared)


def _count(grouping: Grouping) -> int:
    """Return the number of groups, with those that no row is in."""
    if grouping.centres is not None:
        return len(grouping.centres)
    return int(grouping.labels.max()) + 1 if len(grouping.labels) else 0


def _sizes(grouping: Grouping, n_groups: int) -> NDArray[np.int64]:
    """Return the (K,) number of rows in each group."""
    return np.bincount(grouping.labels[grouping.labels >= 0], minlength=n_groups)


def _shared(previous: Grouping, current: Grouping, n_groups: int) -> NDArray[np.int64]:
    """Return the (K before + 1, K after + 1) number of rows in both; the last is in no group."""
    n_before, n_after = len(previous.letters) + 1, n_groups + 1
    comparable = (previous.ids.dtype.kind in "iu") == (current.ids.dtype.kind in "iu")
    if not comparable:
        return np.zeros((n_before, n_after), dtype=np.int64)
    _, before, after = np.intersect1d(
        previous.ids, current.ids, assume_unique=True, return_indices=True
    )
    # -1 counted from the end is the last row or column.
    cells = previous.labels[before].astype(np.int64) % n_before * n_after
    cells += current.labels[after].astype(np.int64) % n_after
    return np.bincount(cells, minlength=n_before * n_after).reshape(n_before, n_after)


def _distances(previous: Grouping, current: Grouping) -> NDArray[np.float64] | None:
    """Return (K before, K after) distances of the centres, each column in its own spread."""
    if previous.centres is None or current.centres is None:
        return None
    if previous.centres.shape[1:] != current.centres.shape[1:] or len(previous.centres) != len(
        previous.letters
    ):
        return None
    spread = np.concatenate([previous.centres, current.centres]).std(axis=0)
    differences = previous.centres[:, np.newaxis] - current.centres[np.newaxis]
    distances: NDArray[np.float64] = np.sqrt(
        ((differences / np.where(spread > 0, spread, 1.0)) ** 2).sum(axis=2)
    )
    return distances if np.isfinite(distances).all() else None


def _expected(grouping: Grouping, in_both: NDArray[np.int64], compared: int) -> NDArray[np.float64]:
    """Return (K,) rows of each group that could be in the other fit too.

    That is what is in both, or the group's size times the share of all rows that are in both if
    this is more: a group of newcomers is not the same as an old one for a single stray row.
    """
    expected: NDArray[np.float64] = np.maximum(
        in_both, _sizes(grouping, len(in_both)) * (compared / max(len(grouping.ids), 1))
    )
    return expected


def _pairs(
    shared: NDArray[np.int64],
    smaller: NDArray[np.float64],
    distances: NDArray[np.float64] | None,
) -> list[tuple[int, int]]:
    """Return the (before, after) groups that are the same one.

    ``smaller`` is the (K before, K after) size of the smaller group of each pair.
    """
    if not shared.size:
        return []
    nearness = np.zeros(shared.shape)
    if distances is not None:
        # All bonuses of a pairing together stay below one row, so they only break ties.
        nearness = (1 - distances / (distances.max() or 1.0)) / (2 * min(shared.shape))
    pairs = zip(*linear_sum_assignment(shared + nearness, maximize=True), strict=True)
    if not shared.any():
        return [(int(b), int(a)) for b, a in pairs] if distances is not None else []
    return [
        (int(before), int(after))
        for before, after in pairs
        if shared[before, after] > 0
        and shared[before, after] >= LEAST_SHARE * smaller[before, after]
    ]
