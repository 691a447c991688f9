"""row_frames: the rows of a source as frames, to be exported with their own values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import models
from numpy.typing import NDArray

from headwater.sources.models import Source
from headwater.sources.rows import read_frame

if TYPE_CHECKING:
    import polars

_DAY = dt.timedelta(days=1)


def ids_now(source: Source) -> NDArray[Any]:
    """Return the ids of the rows that are there now: int64, or texts."""
    if source.is_dataset:
        from headwater.sources.files.table import row_ids

        version = source.version
        return row_ids(_key_frame(source), version.columns)
    return _ids(list(source.queryset().values_list("pk", flat=True)))


def row_frames(source: Source, rows: int) -> Iterator[tuple[polars.DataFrame, NDArray[Any]]]:
    """Yield so many rows at a time, at least one frame, with their ids.

    Of a dataset there are all columns; of a Django model the key, the name, the columns that are
    learned from, and the known label. Dates stay dates, and choices stay what is stored.
    """
    if source.is_dataset:
        from headwater.sources.files.table import row_ids

        frame = read_frame(source.version)
        ids = row_ids(frame, source.version.columns)
        for start in range(0, max(frame.height, 1), rows):
            yield frame.slice(start, rows), ids[start : start + rows]
        return
    yield from _of_model(source, rows)


def _key_frame(source: Source) -> polars.DataFrame:
    """Return the ids of a dataset; any column of it where they are the numbers of the rows."""
    version = source.version
    return read_frame(version, version.names_of("id") or [version.columns[0]["name"]])


def _of_model(source: Source, rows: int) -> Iterator[tuple[polars.DataFrame, NDArray[Any]]]:
    import polars

    queryset = source.queryset()
    key = source.model._meta.pk
    infos = {info.lookup: info.field for info in source.column_infos()}
    texts = [one for one in (source.name_column, source.known_column) if one]
    names = list(dict.fromkeys([*texts[:1], *infos, *texts]))
    label = key.name if key.name not in names else "pk"
    schema = {label: _type(key), **{name: _type(infos.get(name)) for name in names}}
    values = queryset.values_list("pk", *names).iterator(chunk_size=rows)
    is_first = True
    while (block := list(islice(values, rows))) or is_first:
        is_first = False
        columns = list(zip(*block, strict=True)) or [()] * len(schema)
        yield (
            polars.DataFrame(
                {
                    name: polars.Series([_plain(value, type_) for value in column], dtype=type_)
                    for (name, type_), column in zip(schema.items(), columns, strict=True)
                }
            ),
            _ids(list(columns[0])),
        )


def _type(field: Any) -> Any:
    """Return the type of a column that holds the values of ``field``; None: of texts."""
    import polars

    output = getattr(field, "output_field", field)
    if isinstance(output, models.BooleanField):
        return polars.Boolean()
    if isinstance(output, models.IntegerField):
        return polars.Int64()
    if isinstance(output, (models.FloatField, models.DecimalField, models.DurationField)):
        return polars.Float64()
    if isinstance(output, models.DateTimeField):
        return polars.Datetime("us")
    if isinstance(output, models.DateField):
        return polars.Date()
    return polars.String()


def _plain(value: Any, type_: Any) -> Any:
    """Return a value as a column of that type takes it; durations are days, times are UTC."""
    import polars

    if value is None:
        return None
    if isinstance(value, dt.timedelta):
        return value / _DAY
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    if type_ == polars.String:
        return str(value)
    return float(value) if type_ == polars.Float64 else value


def _ids(keys: list[Any]) -> NDArray[Any]:
    if all(isinstance(key, int) for key in keys):
        return np.array(keys, dtype=np.int64)
    return np.array([str(key) for key in keys], dtype=str)
