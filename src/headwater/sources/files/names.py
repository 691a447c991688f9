"""name_columns: the headers of a file as names that can be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from headwater.sources.files.errors import cut

MAX_NAME = 100
"""Characters of a column's name."""


@dataclass(frozen=True, slots=True)
class Named:
    """Columns with the names that they go by, and what is to be said of them."""

    names: tuple[str, ...]
    columns: tuple[pl.Series, ...]
    notes: list[str]


def name_columns(header: Sequence[str] | None, columns: Sequence[pl.Series]) -> Named:
    """Return ``columns`` with distinct names; ``header`` is None where the file has none.

    Columns without a name and without any cell are left out: the end of each line of such a file
    is a delimiter.
    """
    if header is None:
        names = tuple(f"Column {place}" for place in range(1, len(columns) + 1))
        note = "The file has no header; its columns are named after their places."
        return Named(names, tuple(columns), [note])
    kept = [
        place
        for place, (name, cells) in enumerate(zip(header, columns, strict=True))
        if _tidy(name) or not _is_empty(cells)
    ]
    names, notes = distinct_names([header[place] for place in kept], [n + 1 for n in kept])
    if left := len(columns) - len(kept):
        what = "1 column" if left == 1 else f"{left:,} columns"
        notes.append(f"{what} without a name and without cells left out.")
    return Named(names, tuple(columns[place] for place in kept), notes)


def distinct_names(
    header: Sequence[str], places: Sequence[int]
) -> tuple[tuple[str, ...], list[str]]:
    """Return a name for each column, and what is to be said of those that were changed.

    ``places`` are where the columns stand in the file, from 1. A file is not refused for its
    headers: a name that stands twice gets “ (2)”, an empty one becomes “Column 3” after its
    place, line breaks become spaces, and a name of over 100 characters is cut. Each such change
    is a note, so nobody meets a name that was not told.
    """
    names: list[str] = []
    notes: list[str] = []
    tidy = [_tidy(name) for name in header]
    given = set(tidy)
    first: dict[str, int] = {}
    for place, wanted in zip(places, tidy, strict=True):
        name = wanted
        if not wanted:
            name = _free(f"Column {place}", given)
            notes.append(f"Column {place} has no name; it is called “{name}”.")
        elif len(wanted) > MAX_NAME:
            name = _free(wanted[: MAX_NAME - 6] + "…", given)
            notes.append(f"The long name “{cut(wanted)}” of column {place} was cut.")
        elif wanted in first:
            name = _numbered(wanted, given)
            notes.append(
                f"Columns {first[wanted]} and {place} are both named “{cut(wanted)}”; "
                f"the latter is called “{cut(name)}”."
            )
        first.setdefault(wanted, place)
        given.add(name)
        names.append(name)
    return tuple(names), notes


def _free(name: str, given: set[str]) -> str:
    return _numbered(name, given) if name in given else name


def _numbered(name: str, given: set[str]) -> str:
    number = 2
    while f"{name} ({number})" in given:
        number += 1
    return f"{name} ({number})"


def _tidy(name: str) -> str:
    """Return ``name`` in one line, without what cannot be seen at its ends."""
    return " ".join(name.replace("\ufeff", "").split())


def _is_empty(cells: pl.Series) -> bool:
    if cells.dtype != pl.String:
        return cells.null_count() == len(cells)
    return bool((cells.fill_null("").str.strip_chars() == "").all())
