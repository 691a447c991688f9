"""Rows of a source: its table, and texts that go with its keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from headwater.sources.read import ReadError, read_table

if TYPE_CHECKING:
    import polars

    from headwater.engines.table import Table
    from headwater.sources.models import DatasetVersion, Source

_AT_ONCE = 900
"""Keys in one question: SQLite takes so many parameters everywhere."""


def read_source(source: Source) -> Table:
    """Return the columns of all rows of ``source`` with their keys."""
    if source.is_dataset:
        return read_dataset(source.version, source.columns)
    return read_table(source.queryset(), source.columns, labels=source.labels)


def read_dataset(version: DatasetVersion, columns: Sequence[str]) -> Table:
    """Return ``columns`` of the rows of ``version`` with their ids."""
    from headwater.sources.files.table import to_table

    frame = read_frame(version, [*version.names_of("id"), *columns])
    return to_table(frame, version.columns, columns)


def read_frame(version: DatasetVersion, columns: Sequence[str] | None = None) -> polars.DataFrame:
    """Return the stored rows of ``version``: all columns, or the named ones."""
    from headwater.sources.files.table import read_parquet_columns

    try:
        with version.file.open("rb") as file:
            return read_parquet_columns(file, columns)
    except FileNotFoundError:
        raise ReadError(
            f"The rows of “{version}” are gone from the storage. Upload the file again."
        ) from None


def read_texts(source: Source, column: str, ids: Sequence[Any]) -> list[str | None]:
    """Return the text in ``column`` of each row, in the order of ``ids``; None: there is none."""
    if not column or not len(ids):
        return [None] * len(ids)
    found = _dataset_texts(source, column) if source.is_dataset else _texts(source, column, ids)
    return [found.get(str(key)) for key in ids]


def _dataset_texts(source: Source, column: str) -> dict[str, str | None]:
    from headwater.sources.files.table import row_ids

    version = source.version
    frame = read_frame(version, list(dict.fromkeys([*version.names_of("id"), column])))
    keys = row_ids(frame, version.columns)
    return {
        str(key): None if value is None else str(value)
        for key, value in zip(keys.tolist(), frame[column].to_list(), strict=True)
    }


def _texts(source: Source, column: str, ids: Sequence[Any]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    rows = source.model._default_manager.order_by()
    keys = list(ids)
    for start in range(0, len(keys), _AT_ONCE):
        part = rows.filter(pk__in=keys[start : start + _AT_ONCE]).values_list("pk", column)
        found |= {str(key): None if value is None else str(value) for key, value in part}
    return found
