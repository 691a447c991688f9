"""preview: what a file looks like under a reading, before anything of it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from headwater.sources.files.convert import as_texts
from headwater.sources.files.errors import Problem
from headwater.sources.files.interpret import interpret
from headwater.sources.files.limits import Limits
from headwater.sources.files.load import read_grid
from headwater.sources.files.reading import Reading

N_ROWS = 20
N_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class PreviewColumn:
    """One column as it would be stored."""

    name: str
    type: str
    role: str
    examples: tuple[str, ...]
    """The first values that differ, as texts."""
    n_missing: int
    n_distinct: int
    why: str
    """Sentences: what its type and role were guessed from."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it would be stored, and what stands against that."""

    reading: Reading
    columns: tuple[PreviewColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first rows as they are read; cells that do not fit stand as they are in the file."""
    n_rows: int
    problems: tuple[Problem, ...]
    n_problems: int
    notes: tuple[str, ...]


def preview(
    path: str | Path,
    reading: Reading,
    *,
    overrides: Mapping[str, Mapping[str, str]] | None = None,
    limits: Limits | None = None,
) -> Preview:
    """Return how the file at ``path`` would be stored; nothing is.

    ``overrides`` as for ``load``. Cells and rows that do not fit are in ``problems``. Raises
    ``FileError`` where nothing can be read.
    """
    limits = limits or Limits.from_settings()
    grid = read_grid(path, reading, limits)
    found = interpret(grid, reading, overrides or {}, limits)
    columns = tuple(
        PreviewColumn(
            column["name"],
            column["type"],
            column["role"],
            _examples(facts.values),
            facts.n_missing,
            facts.n_distinct,
            why,
        )
        for column, facts, why in zip(found.columns, found.facts, found.why, strict=True)
    )
    shown = [_shown(one.values.head(N_ROWS), found.raw.get(one.name)) for one in found.facts]
    return Preview(
        reading,
        columns,
        tuple(zip(*shown, strict=True)),
        len(grid),
        grid.problems.shown(),
        grid.problems.total,
        (*reading.notes, *grid.notes),
    )


def _examples(values: pl.Series) -> tuple[str, ...]:
    distinct = values.drop_nulls().head(1_000).unique(maintain_order=True).head(N_EXAMPLES)
    return tuple(as_texts(distinct).to_list())


def _shown(values: pl.Series, raw: pl.Series | None) -> list[str]:
    texts = as_texts(values)
    if raw is not None:
        texts = texts.fill_null(raw.head(N_ROWS))
    return texts.fill_null("").to_list()
