"""coded: the categories of a column and the place of each row's among them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def coded(values: NDArray[Any]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the different categories, sorted, and the place (n,) of each row's; -1: missing."""
    texts = [None if v is None or v != v else str(v) for v in values.tolist()]
    names = sorted({text for text in texts if text is not None})
    place: dict[str | None, int] = {None: -1, **{name: i for i, name in enumerate(names)}}
    return names, np.fromiter((place[text] for text in texts), dtype=np.int64, count=len(texts))


def most_frequent(names: list[str], codes: NDArray[np.int64], limit: int) -> list[int]:
    """Return the places of at most ``limit`` categories, the most frequent first."""
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    ranked: list[int] = np.argsort(-counts, kind="stable")[:limit].tolist()
    return ranked


def indicator(codes: NDArray[np.int64], place: int) -> NDArray[np.float64]:
    """Return (n,) 1 where a row is of the category, 0 where it is not, NaN where missing."""
    is_it: NDArray[np.float64] = np.where(codes < 0, np.nan, (codes == place).astype(np.float64))
    return is_it
