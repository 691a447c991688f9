"""The rows of a fit: checked once, read again and again, in the coordinates of the pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headwater.engines.mixture import kernel
from headwater.engines.mixture.coordinates import Coordinates, moments

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Data:
    """Rows that can be read again, in chunks of fixed size."""

    chunks: Callable[[], Iterator[Array]]
    coordinates: Coordinates
    n: int
    whole: Array | None
    """All rows (D, n) in the coordinates of the pass, where they are held in memory."""

    @classmethod
    def prepare(cls, chunks: Callable[[], Iterator[Array]], *, hold: bool) -> Self:
        """Return the rows (n_c, D) of ``chunks``; with ``hold`` all of them in memory.

        Raises ValueError for no rows, NaN, infinity, and values too large to square.
        """
        with np.errstate(over="ignore", invalid="ignore"):  # refused below, by column
            seen = moments(chunks(), check_finite)
        if seen.n == 0:
            raise ValueError("There are no rows to learn from (n_samples=0).")
        spread = np.sqrt(np.diag(seen.covariance))
        if not np.isfinite(spread).all():
            column = int(np.flatnonzero(~np.isfinite(spread))[0])
            raise ValueError(
                f"Column {column} holds values too large to square (above about 1e154): rescale it."
            )
        coordinates = Coordinates.whitening(seen)
        whole = None
        if hold:
            whole = np.empty((len(seen.mean), seen.n))
            at = 0
            for chunk in chunks():
                whole[:, at : at + len(chunk)] = coordinates.to(chunk)
                at += len(chunk)
        return cls(chunks, coordinates, seen.n, whole)

    @property
    def dimension(self) -> int:
        return len(self.coordinates.centre)

    def __iter__(self) -> Iterator[Array]:
        """Yield the rows (D, n_c) in the coordinates of the pass."""
        if self.whole is None:
            return (self.coordinates.to(chunk) for chunk in self.chunks())
        return kernel.chunks(self.whole)

    def rows(self) -> Array | Iterable[Array]:
        return self if self.whole is None else self.whole

    def sample(self, size: int, rng: np.random.Generator) -> Array:
        """Return at most ``size`` rows (D, size), drawn without replacement, in their order."""
        if size >= self.n:
            return np.concatenate(list(self), axis=1) if self.whole is None else self.whole
        index = np.sort(rng.choice(self.n, size=size, replace=False))
        out = np.empty((self.dimension, size))
        start = at = 0
        for chunk in self:
            end = at + int(np.searchsorted(index[at:], start + chunk.shape[1]))
            out[:, at:end] = chunk[:, index[at:end] - start]
            start, at = start + chunk.shape[1], end
        return out


def check_finite(chunk: Array, start: int = 0) -> None:
    """Raise ValueError naming the first cell that is not finite; rows count from ``start``."""
    if chunk.ndim != 2 or chunk.shape[1] == 0:
        raise ValueError(
            f"Rows must have columns: expected an array (rows, columns), got {chunk.shape}."
        )
    bad = ~np.isfinite(chunk)
    if bad.any():
        row, column = (int(i) for i in np.argwhere(bad)[0])
        what = "NaN" if np.isnan(chunk[row, column]) else "infinity"
        raise ValueError(f"Input contains {what}: row {start + row}, column {column}.")


def checked_blocks(blocks: Iterable[ArrayLike]) -> Iterator[Array]:
    """Yield the blocks as arrays (n_b, D) of one width; raise ValueError for others."""
    width = None
    for number, block in enumerate(blocks):
        try:
            rows = np.atleast_2d(np.asarray(block, dtype=np.float64))
        except (TypeError, ValueError):
            raise ValueError(
                f"Block {number} holds something that is no number; encode texts first."
            ) from None
        if width is not None and rows.shape[1] != width:
            raise ValueError(
                f"Block {number} has {rows.shape[1]} columns, and those before it have {width}."
            )
        width = rows.shape[1]
        yield rows
