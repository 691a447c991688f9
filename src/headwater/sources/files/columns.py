"""with_values, nulled, where_known: polars Series changed in places, each a new Series."""

from __future__ import annotations

from typing import Any

import polars as pl


def with_values(column: pl.Series, rows: pl.Series, values: Any) -> pl.Series:
    """Return ``column`` with ``values`` at ``rows``; polars' own ``scatter`` changes its Series."""
    return column.clone().scatter(rows, values) if len(rows) else column


def nulled(column: pl.Series, where: pl.Series) -> pl.Series:
    """Return ``column`` with null ``where`` it is true."""
    nothing = pl.Series([None], dtype=column.dtype).new_from_index(0, len(column))
    return column.zip_with(~where.fill_null(False), nothing)


def where_known(fits: pl.Series, texts: pl.Series) -> pl.Series:
    """Return ``fits`` (null: no) where there is a text, null where there is none."""
    return nulled(fits.fill_null(False), texts.is_null())
