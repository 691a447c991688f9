"""guess_roles, check_roles: what each column is for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from headwater.sources.files.convert import looks_like_id
from headwater.sources.files.errors import FileError, cut
from headwater.sources.files.grid import Grid

ROLES = ("id", "name", "feature", "category", "label", "out")
MAX_CATEGORIES = 50
"""Distinct texts of a column that is still taken as a category."""
_MAX_LABELS = 50
_LABEL = re.compile(
    r"(?i)^(?:true|known|real|actual)?[_\s-]?(?:label|class|target|segment|cluster|species)$"
    r"|^(?:true|known)[_\s-]"
)
_NAME = re.compile(r"(?i)(?:^|[_\s-])(?:name|title|item|dish|product|customer)s?$")
_TAKES = {
    "feature": ("number", "date", "boolean"),
    "category": ("text", "number", "boolean"),
    "label": ("text", "number", "boolean"),
    "name": ("text", "number", "date"),
}
_SINGLE = ("id", "name", "label")
_WORDS = {
    "id": "tells the rows apart",
    "name": "is shown on points",
    "label": "is the known label",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the role of a column is guessed from."""

    name: str
    type: str
    values: pl.Series
    n_missing: int
    n_distinct: int
    """Values that differ, missing ones aside."""

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return self.n_missing == 0 and self.n_distinct == len(self.values)


def facts(name: str, type_: str, values: pl.Series) -> Facts:
    """Return the facts of one column."""
    n_missing = values.null_count()
    return Facts(name, type_, values, n_missing, values.n_unique() - (n_missing > 0))


def guess_roles(columns: Sequence[Facts]) -> list[tuple[str, str]]:
    """Return a role for each column, and a sentence why.

    One column at most is the id, one the name, one the known label.
    """
    chosen = {
        "id": _first(columns, _is_id),
        "label": _first(columns, _is_label),
    }
    names = [one for one in columns if one is not chosen["id"] and one is not chosen["label"]]
    chosen["name"] = _first(names, _is_called_name) or _first(names, _is_unique_text)
    return [_guess(one, chosen) for one in columns]


def _guess(one: Facts, chosen: Mapping[str, Facts | None]) -> tuple[str, str]:
    n = len(one.values)
    if one.n_distinct == 0:
        return "out", "All of its cells are missing."
    if one.n_distinct == 1 and n > 1:
        return "out", f"All rows have the same value, “{cut(str(one.values.drop_nulls()[0]))}”."
    if one is chosen["id"]:
        return "id", "Every row has a value of its own here, as an id has."
    if one is chosen["label"]:
        return "label", f"Its name speaks of groups that are known, and it has {one.n_distinct}."
    if one is chosen["name"]:
        return "name", "It has a text for almost every row."
    if (
        looks_like_id(one.name)
        and one.type != "date"
        and (one.is_unique or not (one.type == "text" and one.n_distinct <= MAX_CATEGORIES))
    ):
        return "out", "Its name is that of an id, which says nothing of what a row is like."
    if one.type == "date" and one.is_unique and n > 2 and _is_sorted(one.values):
        return "out", "Its dates number the rows one after the other."
    if one.type == "text":
        if one.n_distinct <= min(MAX_CATEGORIES, max(2, n // 2)):
            return "category", f"It has {one.n_distinct} different texts."
        return "out", f"It has {one.n_distinct:,} different texts, too many for a category."
    what = {"number": "numbers", "date": "dates", "boolean": "yes or no"}[one.type]
    return "feature", f"Its values are {what}."


def _is_sorted(values: pl.Series) -> bool:
    return values.is_sorted() or values.is_sorted(descending=True)


def _first(columns: Sequence[Facts], fits: object) -> Facts | None:
    return next((one for one in columns if callable(fits) and fits(one)), None)


def _is_id(one: Facts) -> bool:
    if not one.is_unique or one.values.dtype not in (pl.Int64, pl.String) or len(one.values) < 2:
        return False
    if looks_like_id(one.name):
        return True
    # 1, 2, 3 ... under any name
    return one.values.dtype == pl.Int64 and bool((one.values.diff().drop_nulls() == 1).all())


def _is_label(one: Facts) -> bool:
    few = 2 <= one.n_distinct <= min(_MAX_LABELS, max(2, len(one.values) // 2))
    kind = one.type in ("text", "boolean") or one.values.dtype == pl.Int64
    return few and kind and bool(_LABEL.search(one.name.strip()))


def _is_called_name(one: Facts) -> bool:
    mostly = one.n_distinct >= 0.5 * len(one.values)
    return one.type == "text" and mostly and bool(_NAME.search(one.name.strip()))


def _is_unique_text(one: Facts) -> bool:
    short = one.type == "text" and bool((one.values.str.len_chars() <= 100).all())
    return short and one.n_missing == 0 and one.n_distinct >= 0.95 * len(one.values)


def check_roles(columns: Sequence[Facts], roles: Mapping[str, str], grid: Grid) -> None:
    """Raise ``FileError`` for roles that do not fit the columns; note ids that are no ids.

    ``roles`` has one for each column. Ids that come twice or are missing become problems of
    ``grid``, which know their rows.
    """
    for role in _SINGLE:
        having = [one.name for one in columns if roles[one.name] == role]
        if len(having) > 1:
            raise FileError(
                f"“{having[0]}” and “{having[1]}” both have the role {role}; one column "
                f"{_WORDS[role]}."
            )
    for one in columns:
        role = roles[one.name]
        if role in _TAKES and one.type not in _TAKES[role]:
            raise FileError(
                f"“{one.name}” is of the type {one.type}; a {role} takes "
                f"{', '.join(_TAKES[role][:-1])} or {_TAKES[role][-1]}."
            )
        if role == "id":
            _check_id(one, grid)


def _check_id(one: Facts, grid: Grid) -> None:
    if one.type not in ("number", "text"):
        raise FileError(
            f"“{one.name}” is of the type {one.type}; an id takes whole numbers or texts."
        )
    if one.values.dtype == pl.Float64 and not _is_whole(one.values):
        raise FileError(f"“{one.name}” has numbers that are not whole; an id takes whole ones.")
    missing = one.values.is_null().arg_true()
    for position in missing[:5]:
        grid.problem(one.name, position, "", "an id", ", but an id is missing in no row.")
    grid.problems.count(max(len(missing) - 5, 0))
    again = (one.values.is_not_null() & ~one.values.is_first_distinct()).arg_true()
    for position in again[:5]:
        value = one.values[position]
        before = one.values.index_of(value)
        where = grid.place(before if before is not None else position).lower()
        grid.problem(
            one.name, position, value, "a value of its own", f", as {where} does; ids differ."
        )
    grid.problems.count(max(len(again) - 5, 0))


def _is_whole(values: pl.Series) -> bool:
    known = values.drop_nulls()
    return bool((known == known.round()).all())
