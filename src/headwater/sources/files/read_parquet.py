"""read_parquet: a Parquet file as a Grid, with its types; some columns of one, quickly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import PanicException, PolarsError

from headwater.sources.files.errors import FileError
from headwater.sources.files.grid import Grid
from headwater.sources.files.limits import Limits, check_columns, check_rows
from headwater.sources.files.names import distinct_names

_DAMAGED = "The Parquet file is damaged and cannot be opened; write it once more, or as CSV."


def read_parquet(path: str | Path, limits: Limits) -> Grid:
    """Return the columns of the file with their types.

    Lists and structs, and bytes, are refused by name. Categories become texts. An empty text is
    missing.
    """
    try:
        schema = pl.read_parquet_schema(path)
        check_columns(len(schema), limits)
        for name, dtype in schema.items():
            if dtype.is_nested():
                raise FileError(
                    f"“{name}” holds lists or structs; a column takes one value in each row."
                )
            if dtype in (pl.Binary, pl.Object):
                raise FileError(f"“{name}” holds bytes, which are no values to learn from.")
        scan = pl.scan_parquet(path, glob=False)
        check_rows(int(scan.select(pl.len()).collect().item()), limits)
        frame = scan.collect()
    except (PolarsError, PanicException, OSError):
        raise FileError(_DAMAGED) from None
    names, notes = distinct_names(frame.columns, range(1, frame.width + 1))
    columns = tuple(_plain(column) for column in frame.get_columns())
    rows = np.arange(1, frame.height + 1, dtype=np.int64)
    return Grid(names, columns, rows, "row", is_typed=True, notes=notes)


def _plain(column: pl.Series) -> pl.Series:
    """Return categories as texts, and a column without any value as texts that are missing."""
    if isinstance(column.dtype, pl.Categorical | pl.Enum) or column.dtype == pl.Null:
        return column.cast(pl.String)
    if column.dtype == pl.String:
        return column.replace("", None)
    return column
