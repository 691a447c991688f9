"""Coordinates of the pass: data centred and decorrelated once, results mapped back.

The pass works with the expanded square ``xᵀΛx - 2mᵀΛx + mᵀΛm``; far from the origin it would lose
its digits. In ``y = A (x - c)``, with mean zero and covariance one, it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headwater.engines.mixture.gaussian import Components, Prior
from headwater.engines.mixture.kernel import CHUNK

Array = NDArray[np.float64]

FLAT = 1e-12
"""Share of the total variance below which a direction is taken to have none."""


LEAST = 1e-140
"""Standard deviation below which a column is taken for constant: its square would underflow."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, mean and covariance of all rows."""

    n: int
    mean: Array
    """(D,)."""
    covariance: Array
    """(D, D), divided by n."""


def rechunk(blocks: Iterable[Array], *, rows: int = CHUNK) -> Iterator[Array]:
    """Yield the rows of ``blocks`` (n_b, D) in chunks of ``rows``; the last may be shorter.

    The same rows give the same chunks however they are divided into blocks.
    """
    kept: list[Array] = []
    size = 0
    for block in blocks:
        at = 0
        while at < len(block):
            piece = block[at : at + rows - size]
            kept.append(piece)
            size += len(piece)
            at += len(piece)
            if size == rows:
                yield kept[0] if len(kept) == 1 else np.concatenate(kept)
                kept, size = [], 0
    if size:
        yield kept[0] if len(kept) == 1 else np.concatenate(kept)


def moments(chunks: Iterable[Array], check: Callable[[Array, int], None]) -> Moments:
    """Return the moments of the rows, by Chan's pairwise update; ``check`` sees each chunk first.

    Source: Chan, Golub, LeVeque (1983), Algorithms for computing the sample variance.
    """
    n, origin, mean, scatter = 0, np.zeros(0), np.zeros(0), np.zeros((0, 0))
    for chunk in chunks:
        check(chunk, n)
        if n == 0:
            D = chunk.shape[1]
            origin, mean, scatter = chunk[0].copy(), np.zeros(D), np.zeros((D, D))
        away = chunk - origin
        m = len(chunk)
        centre = away.mean(axis=0)
        away -= centre
        gap = centre - mean
        scatter += away.T @ away + np.outer(gap, gap) * (n * m / (n + m))
        mean += gap * (m / (n + m))
        n += m
    return Moments(n, origin + mean, scatter / max(n, 1))


@dataclass(frozen=True, slots=True)
class Coordinates:
    """``y = A (x - c)``."""

    centre: Array
    """(D,) c."""
    A: Array
    """(D, D)."""
    inverse: Array
    """(D, D) the inverse of A."""
    log_det: float
    """log |A|."""
    metric: Array
    """(D, D) takes y to standardised columns."""

    @classmethod
    def whitening(cls, m: Moments) -> Coordinates:
        """Return the coordinates in which all rows together have covariance one.

        Directions without variance (constant or duplicate columns) keep the scale of their column.
        """
        deviation = np.sqrt(np.diag(m.covariance))
        deviation[deviation <= np.maximum(1e-13 * np.abs(m.mean), LEAST)] = 0.0
        scale = np.where(deviation > 0, deviation, 1.0)
        values, vectors = np.linalg.eigh(m.covariance / np.outer(scale, scale))
        root = np.sqrt(np.where(values > FLAT * len(values), values, 1.0))
        A = (vectors / root).T / scale
        inverse = scale[:, None] * (vectors * root)
        log_det = -float(np.log(root).sum() + np.log(scale).sum())
        return cls(m.mean, A, inverse, log_det, vectors * root)

    def to(self, X: Array) -> Array:
        """Return rows ``X`` (n, D) as feature-major ``Y`` (D, n)."""
        return np.ascontiguousarray(self.A @ (X - self.centre).T)

    def prior(self, prior: Prior) -> Prior:
        """Return the prior in these coordinates."""
        return Prior(
            prior.concentration,
            self.A @ (prior.mean - self.centre),
            self.inverse.T @ prior.mean_precision @ self.inverse,
            prior.dof,
            self.A @ prior.scale @ self.A.T,
        )

    def restore(self, c: Components) -> Components:
        """Return components of these coordinates in those of the data."""
        return Components(
            mean=self.centre + c.mean @ self.inverse.T,
            mean_covariance=self.inverse @ c.mean_covariance @ self.inverse.T,
            dof=c.dof,
            scale=self.inverse @ c.scale @ self.inverse.T,
            precision=self.A.T @ c.precision @ self.A,
            log_det=c.log_det + 2 * self.log_det,
            log_det_scale=c.log_det_scale - 2 * self.log_det,
            log_det_mean=c.log_det_mean - 2 * self.log_det,
        )
