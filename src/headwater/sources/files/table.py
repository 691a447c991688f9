"""to_table, row_ids, read_parquet_columns: stored rows as the values that engines see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.exceptions import PanicException, PolarsError

from headwater.engines.table import ColumnKind, Table
from headwater.sources.files.convert import as_texts
from headwater.sources.files.errors import FileError

_DAY = 86_400_000_000
"""Microseconds."""


def read_parquet_columns(
    file: str | Path | IO[bytes], names: Sequence[str] | None = None
) -> pl.DataFrame:
    """Return the columns ``names`` of stored rows, in that order; None: all. No other is read.

    Raises ``FileError`` with a sentence where one of them is not there.
    """
    source: Any = _path_of(file) or getattr(file, "file", file)
    try:
        if names is None:
            return pl.read_parquet(source, glob=False)
        columns = list(dict.fromkeys(names))
        known = pl.read_parquet_schema(source)
        if hasattr(source, "seek"):  # a stream was read to its end
            source.seek(0)
        for name in columns:
            if name not in known:
                raise FileError(_unknown(name, list(known)))
        if not columns:  # as many rows, and none of their columns
            return pl.read_parquet(source, glob=False).select()
        return pl.read_parquet(source, columns=columns, glob=False)
    except (PolarsError, PanicException):
        raise FileError("The stored rows are damaged and cannot be read.") from None


def to_table(
    frame: pl.DataFrame, columns: Sequence[Mapping[str, str]], wanted: Sequence[str]
) -> Table:
    """Return the columns ``wanted`` of ``frame`` with the ids of their rows, in their order.

    ``columns`` has name, type and role of each column of the dataset. Numbers and dates (days
    since 1970-01-01, with their fractions) are numeric, yes or no is boolean, texts and whatever
    has the role “category” are categorical. Raises ``FileError`` for a column that is not there
    and for ids that are no ids.
    """
    known = {column["name"]: column for column in columns}
    for name in wanted:
        if name not in known or name not in frame.columns:
            raise FileError(_unknown(name, list(known)))
    ids = row_ids(frame, columns)
    kinds = {name: _kind(known[name]) for name in wanted}
    values = {name: _values(frame[name], kinds[name]) for name in wanted}
    if len(ids) > 1 and not bool((ids[1:] > ids[:-1]).all()):
        order = np.argsort(ids, kind="stable")
        ids = ids[order]
        values = {name: column[order] for name, column in values.items()}
    return Table(ids, values, kinds)


def row_ids(frame: pl.DataFrame, columns: Sequence[Mapping[str, str]]) -> NDArray[Any]:
    """Return the id of each row of ``frame``, in its order.

    They are the values of the column with the role “id”: int64 where all are whole numbers, else
    texts. Where no column has it, they are the numbers of the rows, from 1.
    """
    name = next((one["name"] for one in columns if one["role"] == "id"), None)
    if name is None:
        return np.arange(1, frame.height + 1, dtype=np.int64)
    if name not in frame.columns:
        raise FileError(_unknown(name, frame.columns))
    values = frame[name]
    if values.null_count():
        raise FileError(f"“{name}” is the id, and it is missing in {values.null_count():,} rows.")
    if values.n_unique() != len(values):
        twin = values.filter(values.is_duplicated())[0]
        raise FileError(f"“{name}” is the id, and “{twin}” comes more than once in it.")
    if values.dtype.is_integer():
        return values.cast(pl.Int64).to_numpy()
    if values.dtype.is_float():
        if bool((values == values.round()).all()) and bool((values.abs() < 2**53).all()):
            return values.cast(pl.Int64).to_numpy()
        raise FileError(f"“{name}” is the id, and not all of its numbers are whole.")
    return np.array(as_texts(values).to_list(), dtype=str)


def _kind(column: Mapping[str, str]) -> ColumnKind:
    if column["role"] == "category" or column["type"] == "text":
        return "categorical"
    return "boolean" if column["type"] == "boolean" else "numeric"


def _values(values: pl.Series, kind: ColumnKind) -> NDArray[Any]:
    if kind == "categorical":
        texts = np.empty(len(values), dtype=object)
        texts[:] = as_texts(values).to_list()
        return texts
    if values.dtype == pl.Date:
        values = values.cast(pl.Int32)
    elif isinstance(values.dtype, pl.Datetime):
        values = values.cast(pl.Datetime("us")).cast(pl.Int64) / _DAY
    return values.cast(pl.Float64).fill_null(float("nan")).to_numpy().copy()


def _path_of(file: Any) -> str | None:
    """Return where ``file`` lies, if it is one of this machine: polars reads parts of a path."""
    if isinstance(file, str | Path):
        return str(file)
    try:
        path = file.path
    except (AttributeError, NotImplementedError):  # a stream, or a storage elsewhere
        return None
    return str(path)


def _unknown(name: str, known: Sequence[str]) -> str:
    listed = ", ".join(f"“{one}”" for one in known[:10])
    return f"There is no column “{name}”; there are {listed}{' and others' * (len(known) > 10)}."
