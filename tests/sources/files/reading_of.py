"""write, loaded: a file of some bytes, detected and loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headwater.sources.files.detect import detect
from headwater.sources.files.limits import Limits
from headwater.sources.files.load import Loaded, load

LIMITS = Limits()


def loaded(
    folder: Path,
    data: bytes,
    *,
    file_name: str = "data.csv",
    limits: Limits = LIMITS,
    overrides: Mapping[str, Mapping[str, str]] | None = None,
    **changes: Any,
) -> Loaded:
    """Return the rows of a file with ``data``; ``changes`` are made to the reading found."""
    from dataclasses import replace

    path = folder / "file"
    path.write_bytes(data)
    reading = replace(detect(path, file_name, limits=limits), **changes)
    return load(path, reading, limits=limits, overrides=overrides)
