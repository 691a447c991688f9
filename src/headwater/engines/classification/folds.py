"""stratified, time_ordered, groups: which rows teach and which are judged, part by part."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Kind = Literal["stratified", "time", "groups"]

MOST_GROUPS = 100
"""Groups that can be left out one after another, at most: each costs a fit."""


class FoldError(ValueError):
    """Rows that cannot be divided as it is asked for; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """One part: learned from ``train``, judged on ``test``; no row is in both."""

    train: Ints
    """Positions of rows, rising."""
    test: Ints
    name: str
    """“1”, “2” …, or the group that is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Folds(Sequence[Fold]):
    """The parts in their order, and what a reader should know of how they were made."""

    parts: tuple[Fold, ...]
    kind: Kind
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.parts)

    def __iter__(self) -> Iterator[Fold]:
        return iter(self.parts)

    def __getitem__(self, at: Any) -> Any:
        return self.parts[at]


def stratified(
    y: NDArray[Any],
    k: int,
    seed: int,
    *,
    always_train: Mask | None = None,
    names: Sequence[str] | None = None,
) -> Folds:
    """Return ``k`` parts of the rows, shuffled by ``seed``, each with the mix of classes of all.

    ``y`` (n,) has the codes of the classes. Without ``always_train`` the parts are those of
    scikit-learn's ``StratifiedKFold(k, shuffle=True, random_state=seed)``. Rows of the mask
    ``always_train`` (n,) are in the training rows of every part and never judged; the others are
    divided as if those were not there.

    A class with fewer than ``k`` rows to judge makes fewer parts, with a note. FoldError is raised
    where not even two can be made: with fewer than two rows to judge or no two of one class, with
    one class in all, and with a class of a single row that no row of ``always_train`` also has.
    """
    y = np.asarray(y)
    kept = _mask(always_train, len(y))
    judged = np.flatnonzero(~kept)
    notes: list[str] = []
    _check_some(y, judged)
    classes, counts = np.unique(y[judged], return_counts=True)
    rare = int(counts.argmin())
    smallest = int(counts[rare])
    name = _name(classes[rare], names)
    alone = np.setdiff1d(classes[counts < 2], y[kept])
    if len(alone):
        raise FoldError(
            f"The class “{_name(alone[0], names)}” has a single labelled row; to learn it and to "
            "judge it takes at least two."
        )
    if counts.max() < 2:
        raise FoldError(
            "Each class has a single row that may be judged; it takes at least two of one of them."
        )
    made = min(k, max(smallest, 2), len(judged))
    if made < k:
        rows = "a single row" if smallest == 1 else f"{smallest:,} rows"
        notes.append(
            f"The rows were divided into {made} parts instead of {k}: the class “{name}” has "
            f"only {rows} to be judged on."
        )
    with warnings.catch_warnings():
        # A class of one row cannot be in every part, which the note says.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        splits = list(
            StratifiedKFold(made, shuffle=True, random_state=seed).split(
                np.zeros((len(judged), 1)), y[judged]
            )
        )
    always = np.flatnonzero(kept)
    return _checked(
        y,
        [(_joined(judged[train], always), judged[test], "") for train, test in splits],
        "stratified",
        notes,
        names,
    )


def time_ordered(
    times: NDArray[Any],
    k: int,
    *,
    y: NDArray[Any],
    always_train: Mask | None = None,
    names: Sequence[str] | None = None,
) -> Folds:
    """Return up to ``k`` parts, each learned from all that lies before it and judged on what
    follows.

    ``times`` (n,) are numbers or datetime64, ``y`` (n,) the codes of the classes. Of rows with
    different times the parts are those of scikit-learn's ``TimeSeriesSplit(k)`` over the rows in
    their order; rows of one time are never divided, so that nothing is learned from the moment
    that is judged. Rows without a time (NaN, NaT) are left out, with a note; rows of
    ``always_train`` need none: they are in every training part. Parts whose past lacks a class are
    left out with a note.

    FoldError is raised where no part is left.
    """
    times, y = np.asarray(times), np.asarray(y)
    kept = _mask(always_train, len(y))
    unknown = np.isnat(times) if times.dtype.kind == "M" else np.isnan(times.astype(np.float64))
    judged = np.flatnonzero(~kept & ~unknown)
    notes = _left_out(int((unknown & ~kept).sum()), "without a date")
    _check_some(y, judged)
    judged = judged[np.argsort(times[judged], kind="stable")]
    ordered = times[judged]
    n = len(judged)
    k = min(k, n - 1)
    size = n // (k + 1)
    edges = [n - (k - part) * size for part in range(k)] + [n]
    # Rows of the same time as the first judged one belong to the judged.
    edges = [int(np.searchsorted(ordered, ordered[edge])) for edge in edges[:-1]] + [n]
    always = np.flatnonzero(kept)
    splits = [
        (_joined(judged[:start], always), judged[start:end], "")
        for start, end in pairwise(edges)
        if end > start
    ]
    return _checked(y, splits, "time", notes, names)


def groups(
    values: NDArray[Any] | Sequence[Any],
    *,
    y: NDArray[Any],
    always_train: Mask | None = None,
    names: Sequence[str] | None = None,
) -> Folds:
    """Return one part for each different value, judged by what was learned from all the others.

    Parts come in the order of the values as texts. Rows without a value (None, NaN, an empty text)
    are left out with a note, and so are parts whose training rows lack a class. FoldError is
    raised for more than 100 groups and where no part is left.
    """
    y = np.asarray(y)
    listed = values.tolist() if isinstance(values, np.ndarray) else list(values)
    texts = ["" if value is None or value != value else str(value) for value in listed]
    kept = _mask(always_train, len(y))
    known = np.array([bool(text) for text in texts], dtype=np.bool_)
    of = np.array(texts, dtype=object)
    judged = np.flatnonzero(~kept & known)
    notes = _left_out(int((~kept & ~known).sum()), "without a group")
    _check_some(y, judged)
    found = sorted(set(of[judged].tolist()))
    if len(found) < 2:
        raise FoldError(
            f"All rows are of the group “{found[0]}”; to leave one group out takes at least two."
        )
    if len(found) > MOST_GROUPS:
        raise FoldError(
            f"There are {len(found):,} groups; one after another can be left out of at most "
            f"{MOST_GROUPS}."
        )
    always = np.flatnonzero(kept)
    splits = []
    for group in found:
        own = of[judged] == group
        splits.append((_joined(judged[~own], always), judged[own], group))
    return _checked(y, splits, "groups", notes, names)


def _checked(
    y: NDArray[Any],
    splits: list[tuple[Ints, Ints, str]],
    kind: Kind,
    notes: list[str],
    names: Sequence[str] | None,
) -> Folds:
    """Return the parts whose training rows have every class; raise FoldError if there is none."""
    taught = np.unique(np.concatenate([np.concatenate((train, test)) for train, test, _ in splits]))
    classes = np.unique(y[taught])
    if len(classes) < 2:
        raise FoldError(
            f"All labelled rows are of the class “{_name(classes[0], names)}”; to tell classes "
            "apart takes rows of at least two."
        )
    parts: list[Fold] = []
    for at, (train, test, name) in enumerate(splits):
        lacking = np.setdiff1d(classes, y[train])
        called = name or str(at + 1)
        if len(lacking):
            where = f"The group “{name}”" if name else f"Part {called}"
            notes.append(
                f"{where} was left out: there is no row of the class "
                f"“{_name(lacking[0], names)}” to learn from "
                f"{'before' if kind == 'time' else 'without'} it."
            )
            continue
        parts.append(Fold(np.sort(train), np.sort(test), called))
    if not parts:
        raise FoldError(
            "The rows cannot be judged: in no part do the rows to learn from have all the classes."
        )
    return Folds(tuple(parts), kind, tuple(notes))


def _check_some(y: NDArray[Any], judged: Ints) -> None:
    if len(judged) < 2:
        raise FoldError(
            f"There are {len(judged)} labelled rows that may be judged; it takes at least two."
        )


def _mask(always_train: Mask | None, n: int) -> Mask:
    if always_train is None:
        return np.zeros(n, dtype=np.bool_)
    mask = np.asarray(always_train, dtype=np.bool_)
    if mask.shape != (n,):
        raise ValueError(
            f"“always_train” has the shape {mask.shape}; it takes one value for each of the {n:,} "
            "rows."
        )
    return mask


def _joined(train: Ints, always: Ints) -> Ints:
    return np.concatenate((train, always))


def _left_out(n: int, why: str) -> list[str]:
    if not n:
        return []
    return [f"{n:,} {'row' if n == 1 else 'rows'} {why} took no part."]


def _name(code: Any, names: Sequence[str] | None) -> str:
    return str(code) if names is None else names[int(code)]
