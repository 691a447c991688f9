"""interpret: a Grid as typed columns with roles, and all that does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from headwater.sources.files.convert import EXPECTED, TYPES, Converted, convert
from headwater.sources.files.errors import FileError
from headwater.sources.files.grid import Grid
from headwater.sources.files.limits import Limits
from headwater.sources.files.reading import DATE_ORDERS, Reading
from headwater.sources.files.roles import ROLES, Facts, check_roles, facts, guess_roles

_CLEAR = 5
"""Problems of one column that are told; the others are counted."""


@dataclass(frozen=True, slots=True)
class Interpreted:
    """What a file holds, as far as it could be read."""

    frame: pl.DataFrame
    columns: list[dict[str, str]]
    """Name, type and role of each, as JSON keeps them with a version of a dataset."""
    facts: tuple[Facts, ...]
    why: tuple[str, ...]
    """For each column, why it was taken so."""
    raw: Mapping[str, pl.Series]
    """The texts of columns with cells that do not fit."""


def interpret(
    grid: Grid,
    reading: Reading,
    overrides: Mapping[str, Mapping[str, str]],
    limits: Limits,
) -> Interpreted:
    """Return the columns of ``grid`` with their types and roles; notes and problems go into it.

    ``overrides`` are types and roles that a person chose for some columns; the others are
    guessed. What was chosen for columns that are not there (the header was set otherwise, the
    file is a later one) is let go with a note. A column that is left out may hold anything: where
    it does not fit, it is kept as text.
    """
    types = _chosen(grid, "type", overrides, TYPES)
    roles = _chosen(grid, "role", overrides, ROLES)
    if gone := [name for name in overrides if name not in grid.names]:
        names = ", ".join(f"“{name}”" for name in gone)
        grid.notes.append(f"What was chosen for {names} is let go: the file has no such column.")
    raw: dict[str, pl.Series] = {}
    found: list[Facts] = []
    reasons: list[str] = []
    for name, column in zip(grid.names, grid.columns, strict=True):
        _check_lengths(grid, name, column, limits)
        wanted = types.get(name)
        if wanted is None and grid.is_typed and column.dtype == pl.String:
            wanted = "text"
        read = convert(name, column, reading, wanted)
        if read.bad is not None and roles.get(name) == "out" and name not in types:
            read = convert(name, column, reading, "text")
        grid.notes.extend(read.notes)
        if read.bad is not None and read.raw is not None:
            raw[name] = read.raw
            _note_bad(grid, name, read, reading)
        found.append(facts(name, read.type, read.values))
        reasons.append(read.why)
    guessed = guess_roles(found)
    final = {
        one.name: roles.get(one.name, role) for one, (role, _) in zip(found, guessed, strict=True)
    }
    for role in ("id", "name", "label"):  # what a person chose stands before what was guessed
        chosen = [name for name in roles if roles[name] == role]
        for one in found:
            if chosen and final[one.name] == role and one.name not in roles:
                final[one.name] = "out"
    check_roles(found, final, grid)
    frame = pl.DataFrame([one.values.alias(one.name) for one in found])
    columns = [{"name": one.name, "type": one.type, "role": final[one.name]} for one in found]
    why = tuple(
        " ".join(filter(None, [reason, "" if one.name in roles else role_reason]))
        for one, reason, (_, role_reason) in zip(found, reasons, guessed, strict=True)
    )
    return Interpreted(frame, columns, tuple(found), why, raw)


def _chosen(
    grid: Grid, what: str, overrides: Mapping[str, Mapping[str, str]], known: tuple[str, ...]
) -> dict[str, str]:
    """Return the type or role that was chosen for columns of ``grid``."""
    chosen: dict[str, str] = {}
    for name, override in overrides.items():
        value = override.get(what)
        if not value or name not in grid.names:
            continue
        if value not in known:
            raise FileError(f"The {what} of “{name}” was {value!r}; it takes {', '.join(known)}.")
        chosen[name] = value
    return chosen


def _check_lengths(grid: Grid, name: str, column: pl.Series, limits: Limits) -> None:
    """Note cells that are longer than the limit."""
    if column.dtype != pl.String:
        return
    longest = column.str.len_bytes().max()
    if longest is None or int(str(longest)) <= limits.max_cell:
        return
    lengths = column.str.len_chars()
    too_long = (lengths > limits.max_cell).fill_null(False).arg_true()
    for position in too_long[:_CLEAR]:
        grid.problem(
            name,
            position,
            column[position],
            f"at most {limits.max_cell:,} characters",
            f", which has {lengths[position]:,} characters; at most {limits.max_cell:,} are taken "
            "(DATASET_MAX_CELL).",
        )
    grid.problems.count(max(len(too_long) - _CLEAR, 0))


def _note_bad(grid: Grid, name: str, read: Converted, reading: Reading) -> None:
    """Note the cells that do not fit the type of their column."""
    if read.bad is None or read.raw is None:
        return
    places = read.bad.arg_true()
    for position in places[:_CLEAR]:
        value = read.raw[position]
        grid.problem(
            name, position, value, EXPECTED[read.type], _ending(str(value), read.type, reading)
        )
    grid.problems.count(max(len(places) - _CLEAR, 0))


def _ending(value: str, type_: str, reading: Reading) -> str:
    """Return how the sentence ends of a cell that does not fit ``type_``."""
    small = value.lower().lstrip("+-")
    if value.startswith("=") and reading.format == "xlsx":
        return ", a formula that was saved without its result; open the workbook and save it again."
    if value.startswith("#") and reading.format == "xlsx":
        return f", an error; {EXPECTED[type_]} is expected."
    if type_ == "number" and small in ("inf", "infinity", "∞"):
        return "; a number is expected, and a finite one."
    if type_ == "number" and small.replace("e", "").replace("+", "").isdigit():
        return ", which is too large for a number."
    if type_ == "date":
        order = DATE_ORDERS[reading.date_order]
        return f", which is no date; figures are read in the order {order}."
    return f"; {EXPECTED[type_]} is expected."
