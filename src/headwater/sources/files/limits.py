"""Limits: how large a file may be, and the sentences of one that is larger."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from headwater.sources.files.errors import FileError


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of a file."""

    max_bytes: int = 50 * 2**20
    max_rows: int = 1_000_000
    max_columns: int = 200
    max_cell: int = 10_000
    """Characters of one cell; whatever it says, a CSV cell of over 131,072 is refused."""

    @classmethod
    def from_settings(cls) -> Limits:
        """Return the limits of ``settings.HEADWATER``."""
        from headwater.conf import settings

        given = settings()
        return cls(
            max_bytes=given.DATASET_MAX_BYTES,
            max_rows=given.DATASET_MAX_ROWS,
            max_columns=given.DATASET_MAX_COLUMNS,
            max_cell=given.DATASET_MAX_CELL,
        )


def check_bytes(n_bytes: int, limits: Limits) -> None:
    """Refuse a file that is empty or larger than the limit; nothing of it needs to be read."""
    if n_bytes == 0:
        raise FileError("The file is empty.")
    if n_bytes > limits.max_bytes:
        raise FileError(
            f"The file has {size(n_bytes)}; at most {size(limits.max_bytes)} are taken "
            "(DATASET_MAX_BYTES)."
        )


def check_file(path: str | Path, limits: Limits) -> None:
    """Refuse the file at ``path`` by its size."""
    check_bytes(os.path.getsize(path), limits)


def check_columns(n_columns: int, limits: Limits, hint: str = "") -> None:
    """Refuse fewer than two columns, and more than the limit."""
    if n_columns < 2:
        raise FileError(f"The file has one column; it takes at least two.{hint}")
    if n_columns > limits.max_columns:
        raise FileError(
            f"The file has {n_columns:,} columns; at most {limits.max_columns:,} are taken "
            "(DATASET_MAX_COLUMNS)."
        )


def check_rows(n_rows: int, limits: Limits) -> None:
    """Refuse a file without rows, and one with more than the limit."""
    if n_rows == 0:
        raise FileError("The file has a header and no rows below it.")
    if n_rows > limits.max_rows:
        raise too_many_rows(limits)


def too_many_rows(limits: Limits) -> FileError:
    """Return what is said of a file that goes on after the last row that is taken."""
    return FileError(
        f"The file has more than {limits.max_rows:,} rows, the most that are taken "
        "(DATASET_MAX_ROWS)."
    )


def size(n_bytes: int) -> str:
    """Return “812 bytes”, “1.5 kB”, “50.0 MB” (of 1,024 x 1,024 bytes)."""
    if n_bytes < 1024:
        return f"{n_bytes} bytes"
    if n_bytes < 2**20:
        return f"{n_bytes / 1024:.1f} kB"
    return f"{n_bytes / 2**20:,.1f} MB"
