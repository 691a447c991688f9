"""Grid: the cells of a file with their names and row numbers, before they are interpreted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headwater.sources.files.errors import Problem, Problems, cut

if TYPE_CHECKING:
    import polars as pl


@dataclass(slots=True)
class Grid:
    """Columns of cells of one length; texts where the file has texts, typed where it has types."""

    names: tuple[str, ...]
    columns: tuple[pl.Series, ...]
    rows: NDArray[np.int64]
    """(n,) the row of each in the file, as a person counts."""
    row_word: str
    """“line” of a text file, “row” of a sheet or a table."""
    is_typed: bool = False
    """Whether texts are texts, because the file knows types; else they may be figures."""
    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, position: int) -> str:
        """Return “Line 7” for the row at ``position``."""
        return f"{self.row_word.capitalize()} {self.rows[position]:,}"

    def problem(self, column: str, position: int, value: Any, expected: str, ends: str) -> None:
        """Note the cell at ``position`` of ``column``; the sentence says where, and ``ends``."""
        shown = cut(str(value))
        self.problems.add(
            Problem(
                column,
                int(self.rows[position]),
                shown,
                expected,
                f"{self.place(position)} of “{column}” holds “{shown}”{ends}",
            )
        )
