"""Labelled: the rows of a source with their known classes, and when they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.classification.label import is_yes_or_no
from headwater.engines.table import Table
from headwater.learning.errors import FitError
from headwater.sources.models import Source

MOST_CLASSES = 50
"""Classes that are learned, at most."""
_LONGEST_CLASS = 100
"""Characters of the name of a class."""
_YES_OR_NO = {"True": "yes", "False": "no"}


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Which rows of a table are labelled, and as what."""

    rows: NDArray[np.int64]
    """(m,) positions of the labelled rows in the table, rising."""
    y: NDArray[np.int64]
    """(m,) the code of the class of each."""
    classes: tuple[str, ...]
    """(K,) the name of each class, by code."""

    @property
    def counts(self) -> list[int]:
        """(K,) labelled rows of each class."""
        return [int(n) for n in np.bincount(self.y, minlength=len(self.classes))]


def read_labelled(source: Source, table: Table) -> Labelled:
    """Return which rows of ``table``, read from ``source``, have a known label, and which.

    Raises FitError where nothing can be learned from the labels.
    """
    named = is_yes_or_no(source)
    labels = [_name(value, yes_or_no=named) for value in _labels(source, table)]
    counts = Counter(label for label in labels if label)
    _refuse(source.known_column, counts, len(table))
    classes = in_order(counts)
    codes = {name: code for code, name in enumerate(classes)}
    rows = np.array([at for at, label in enumerate(labels) if label], dtype=np.int64)
    y = np.array([codes[label] for label in labels if label], dtype=np.int64)
    return Labelled(rows, y, classes)


def read_times(source: Source, column: str, table: Table) -> NDArray[np.float64]:
    """Return the date in ``column`` of each row of ``table``, in days; NaN where there is none."""
    if column in table.columns:
        return np.asarray(table.columns[column], dtype=np.float64)
    if source.is_dataset:
        from headwater.sources.rows import read_dataset

        read = read_dataset(source.version, [column])
    else:
        from headwater.sources.read import read_table

        read = read_table(source.queryset(), [column])
    known = dict(zip(read.ids.tolist(), read.columns[column].tolist(), strict=True))
    return np.array([known.get(key, np.nan) for key in table.ids.tolist()], dtype=np.float64)


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of classes in order: “no” before “yes”, numbers by size, else by name.

    >>> in_order(["yes", "no"]), in_order(["10", "9"]), in_order(["b", "a"])
    (('no', 'yes'), ('9', '10'), ('a', 'b'))
    """
    found = list(names)
    if all(name.removeprefix("-").isdecimal() for name in found):
        return tuple(sorted(found, key=int))
    return tuple(sorted(found))


def code_of(positive: str | None, classes: Sequence[str]) -> int | None:
    """Return the code of the class that is looked for; None where no class is.

    Of two classes it is the second where none is named. Raises FitError for a name that no
    labelled row has.
    """
    if not positive:
        return 1 if len(classes) == 2 else None
    if positive not in classes:
        raise FitError(
            f"The class looked for is “{positive}”, and no labelled row is of it. There are "
            f"{', '.join(f'“{name}”' for name in classes)}."
        )
    return classes.index(positive)


def _labels(source: Source, table: Table) -> list[Any]:
    if source.is_dataset:
        return source.read_known(table.ids.tolist()) or []
    pairs = source.queryset().values_list("pk", source.known_column)
    known = {str(key): value for key, value in pairs.iterator()}
    return [known.get(str(key)) for key in table.ids.tolist()]


def _name(value: Any, *, yes_or_no: bool) -> str:
    """Return the name of the class of a row; empty where it is not known."""
    if value is None:
        return ""
    text = str(getattr(value, "value", value)).strip()
    if yes_or_no:
        return _YES_OR_NO.get(text.capitalize(), text)
    return text.removesuffix(".0") if text.removesuffix(".0").isdecimal() else text


def _refuse(column: str, counts: Counter[str], n_rows: int) -> None:
    """Raise FitError where there is nothing to tell apart."""
    if not counts:
        raise FitError(
            f"None of the {n_rows:,} rows has a known label in “{column}”, so there is nothing to "
            "learn from. Let people label some rows of each class first."
        )
    if len(counts) == 1:
        (only,) = counts
        raise FitError(
            f"All labelled rows are of the class “{only}”. To tell classes apart takes labelled "
            "rows of at least two."
        )
    if len(counts) > MOST_CLASSES:
        raise FitError(
            f"“{column}” has {len(counts):,} different labels; at most {MOST_CLASSES} classes are "
            "learned. Choose a column with fewer, or put labels together."
        )
    longest = max(counts, key=len)
    if len(longest) > _LONGEST_CLASS:
        raise FitError(
            f"“{column}” holds a label of {len(longest):,} characters, which is no name of a "
            f"class: those have at most {_LONGEST_CLASS}."
        )
    alone = sorted(name for name, n in counts.items() if n == 1)
    if alone:
        raise FitError(
            f"The class “{alone[0]}” has a single labelled row; to learn it and to judge it takes "
            "at least two. Label more of them, or leave it out by a filter."
        )
