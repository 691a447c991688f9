"""load: a file as a typed frame, or every reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from headwater.sources.files.errors import ProblemsError
from headwater.sources.files.grid import Grid
from headwater.sources.files.interpret import interpret
from headwater.sources.files.limits import Limits, check_file
from headwater.sources.files.read_csv import read_csv
from headwater.sources.files.reading import Reading


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rows of a file, as they are stored."""

    frame: pl.DataFrame
    """Int64 or Float64 (number), Date or Datetime in microseconds (date), Boolean, String."""
    columns: list[dict[str, str]]
    """Name, type and role of each."""
    notes: tuple[str, ...]
    """Sentences of what was done that the file does not say by itself."""


def load(
    path: str | Path,
    reading: Reading,
    *,
    overrides: Mapping[str, Mapping[str, str]] | None = None,
    limits: Limits | None = None,
) -> Loaded:
    """Return the rows of the file at ``path``, read as ``reading`` says.

    ``overrides`` has “type” and “role” of columns, by name; what it does not say is guessed.
    Raises ``FileError`` where nothing can be read, and ``ProblemsError`` where some cells do not
    fit: no cell is left out or taken as missing because it could not be read.
    """
    limits = limits or Limits.from_settings()
    grid = read_grid(path, reading, limits)
    found = interpret(grid, reading, overrides or {}, limits)
    if grid.problems.total:
        raise ProblemsError(grid.problems.shown(), grid.problems.total)
    return Loaded(found.frame, found.columns, (*reading.notes, *grid.notes))


def read_grid(path: str | Path, reading: Reading, limits: Limits) -> Grid:
    """Return the cells of the file, uninterpreted; refuses a file by its size first."""
    check_file(path, limits)
    reading.check()
    if reading.format == "csv":
        return read_csv(path, reading, limits)
    if reading.format == "xlsx":
        from headwater.sources.files.archive import check_workbook
        from headwater.sources.files.read_xlsx import read_xlsx

        check_workbook(path, limits)
        return read_xlsx(path, reading, limits)
    from headwater.sources.files.read_parquet import read_parquet

    return read_parquet(path, limits)
