"""Table, Matrix: columns with their ids; frozen values that go between rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

ColumnKind = Literal["numeric", "boolean", "categorical"]
"""Dates are numeric: days since 1970-01-01."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of one length with the ids of their rows, in the order of the ids."""

    ids: NDArray[Any]
    """(n,) primary keys: int64, or str for other kinds of key."""
    columns: Mapping[str, NDArray[Any]]
    """name -> (n,) float64 (numeric, boolean; NaN: missing), object (categorical: str or None)."""
    kinds: Mapping[str, ColumnKind]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """The numbers that an estimator sees."""

    ids: NDArray[Any]
    """(n,) primary keys."""
    X: NDArray[np.float64]
    """(n, d) float64; missing is NaN."""
    names: tuple[str, ...]
    """(d,) column names."""

    def __len__(self) -> int:
        return len(self.ids)
