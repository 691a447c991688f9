"""first_rows: the beginning of a version's rows, without reading the others."""

from __future__ import annotations

from typing import Any

from headwater.sources.models import DatasetVersion

N_ROWS = 20


def first_rows(version: DatasetVersion, n: int = N_ROWS) -> list[list[str]]:
    """Return the first ``n`` rows as texts, a missing cell as ""; raises ``FileNotFoundError``."""
    import polars as pl

    from headwater.sources.files.convert import as_texts

    try:
        path: Any = version.file.path
    except NotImplementedError:  # a storage elsewhere
        with version.file.open("rb") as file:
            frame = pl.read_parquet(file, n_rows=n)
    else:
        frame = pl.scan_parquet(path, glob=False).head(n).collect()
    columns = [as_texts(column).fill_null("").to_list() for column in frame.iter_columns()]
    return [list(row) for row in zip(*columns, strict=True)]
