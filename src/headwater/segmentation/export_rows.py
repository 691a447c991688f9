"""export_rows: every row of a fit with its segment, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.catalog import TECHNIQUES
from headwater.learning.errors import FitError
from headwater.learning.models import Fit
from headwater.segmentation.export import (
    CONTENT_TYPES,
    Export,
    ExportError,
    check_format,
    file_name,
)
from headwater.segmentation.export_columns import Results, results_of
from headwater.segmentation.export_source import ids_now, row_frames
from headwater.sources.read import ReadError
from headwater.words import counted

if TYPE_CHECKING:
    import polars

FORMATS = ("csv", "xlsx", "parquet")
BLOCK = 50_000
"""Rows of one block of a CSV file."""
MOST_XLSX = 200_000
"""Rows of a workbook, at most; more take minutes to write, and longer to open."""


def export_rows(fit: Fit, format: str) -> Export:
    """Return the rows of ``fit`` with their segments as a “csv”, “xlsx” or “parquet” file.

    It has all columns of the dataset's version, or of a Django model the key, the name, the
    columns that were learned from and the known label; then ``segment`` (its letter, “outside” of
    every segment, or nothing for a row that came after the fit), ``segment_name``, and where the
    technique gives them ``probability`` (of the row's segment) and one for each segment. Of a
    decomposition there are the components instead. Rows are joined by their ids.

    Raises ``ExportError`` where the labels are not kept any more, or the rows are gone.
    """
    check_format(format, *FORMATS)
    if fit.technique not in TECHNIQUES:
        raise ExportError(f"There is no technique “{fit.technique}” any more.")
    try:
        results = results_of(fit)
        now = ids_now(results.source)
    except (FitError, ReadError, ValueError) as error:
        raise ExportError(str(error)) from error
    if now.dtype.kind not in "iu" and results.ids.dtype.kind in "iu" and len(now):
        raise ExportError(f"The rows of “{fit}” are told apart by other keys now. Run it again.")
    if format == "xlsx" and len(now) > MOST_XLSX:
        raise ExportError(
            f"A workbook is made of {MOST_XLSX:,} rows at most, and there are {len(now):,}; take "
            "CSV or Parquet."
        )
    return Export(
        file_name(fit, "rows", format),
        CONTENT_TYPES[format],
        _blocks(results, format),
        _notes(results.ids, now),
    )


def _blocks(results: Results, format: str) -> Iterator[bytes]:
    """Yield the file, block by block; only CSV comes in several."""
    from headwater.sources.files import write

    frames = (results.added_to(frame, ids) for frame, ids in row_frames(results.source, BLOCK))
    if format == "csv":
        head = 0
        for frame in frames:
            content = write.write_csv(frame)
            yield content[head:]
            head = head or len(write.write_csv(frame.clear()))
        return
    whole = _whole(list(frames))
    yield write.write_xlsx(whole) if format == "xlsx" else write.write_parquet(whole)


def _whole(frames: list[polars.DataFrame]) -> polars.DataFrame:
    import polars

    return polars.concat(frames)


def _notes(ids: NDArray[Any], now: NDArray[Any]) -> tuple[str, ...]:
    came = len(now) - int(np.isin(now, ids).sum())
    gone = len(ids) - int(np.isin(ids, now).sum())
    told = []
    if came:
        told.append(
            f"{counted(came, 'row')} came after this run, and {'has' if came == 1 else 'have'} no "
            "segment in the file."
        )
    if gone:
        told.append(
            f"{counted(gone, 'row')} of this run {'is' if gone == 1 else 'are'} gone, and not in "
            "the file."
        )
    return tuple(told)
