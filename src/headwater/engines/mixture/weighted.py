"""The pass over the data for heavy tails: responsibilities, and a weight per row and component.

Under a Student-t component a row at the expected squared distance δ from the centre counts with
the weight ``E[u] = (ν + D) / (ν + δ)``. Since δ is linear in ``T = [1, y, vech(y yᵀ)]``, one matrix
product gives ``B = ν + δ`` of all components, the logits are ``offset - half log B``, and the sums
that the M-step needs are again one product. Blocks, threads and the order of adding are those of
``kernel``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from headwater.engines.mixture.kernel import CACHE, CHUNK, each_chunk, expand, softmax, width

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Law:
    """What gives the rows ``T`` (D', n) their logits: ``offset - half * log(W @ T)``."""

    W: Array
    """(K, D') of ν + δ."""
    half: Array
    """(K,) (ν + D) / 2."""
    offset: Array
    """(K,)."""
    tails: Array
    """(K,) ν: what W @ T cannot be below but by rounding."""

    def distances(self, T: Array) -> Array:
        """Return ν + δ (K, n)."""
        B = self.W @ T
        return np.maximum(B, self.tails[:, None], out=B)

    def logits(self, T: Array) -> Array:
        """Return the logits (K, n)."""
        L = self.distances(T)
        np.log(L, out=L)
        L *= -self.half[:, None]
        L += self.offset[:, None]
        return L


@dataclass(frozen=True, slots=True)
class WeightedSums:
    """What one pass leaves; sums over rows with responsibility r and weight w = r E[u]."""

    statistics: Array
    """(K, D') of w ``[1, y, vech(y yᵀ)]``."""
    normaliser: float
    """Of the log of the summed exponentials of the logits, in nats."""
    counts: Array
    """(K,) of r."""
    logs: Array
    """(K,) of r log(ν + δ)."""
    squares: Array
    """(K,) of w E[u]."""

    def take(self, index: NDArray[np.bool_] | NDArray[np.intp]) -> WeightedSums:
        """Return the sums of some of the components, of the same pass."""
        return WeightedSums(
            self.statistics[index],
            self.normaliser,
            self.counts[index],
            self.logs[index],
            self.squares[index],
        )


def _block_rows(K: int, D: int) -> int:
    return max(128, min(CHUNK, CACHE // (2 * K + width(D))))


def _blocks(Y: Array, K: int) -> Iterator[slice]:
    rows = _block_rows(K, len(Y))
    for start in range(0, Y.shape[1], rows):
        yield slice(start, start + rows)


def _sum_chunk(Y: Array, law: Law) -> WeightedSums:
    K, D = len(law.W), len(Y)
    statistics = np.zeros((K, width(D)))
    counts, logs, squares = np.zeros(K), np.zeros(K), np.zeros(K)
    normaliser = 0.0
    twice, half, offset = 2 * law.half[:, None], -law.half[:, None], law.offset[:, None]
    size = min(_block_rows(K, D), Y.shape[1])
    T_all, L_all, R_all = np.empty((width(D), size)), np.empty((K, size)), np.empty((K, size))
    for block in _blocks(Y, K):
        n = Y[:, block].shape[1]
        if n < size:
            T_all, L_all, R_all = np.empty((width(D), n)), np.empty((K, n)), np.empty((K, n))
        T = expand(Y[:, block], T_all)
        B = law.distances(T)
        L, R = np.log(B, out=L_all), R_all
        np.multiply(L, half, out=R)
        R += offset
        total, top = softmax(R)
        normaliser += float((top + np.log(total)).sum())
        R /= total
        counts += R.sum(axis=1)
        logs += np.einsum("kn,kn->k", R, L)
        np.divide(twice, B, out=B)  # E[u]
        R *= B
        statistics += R @ T.T
        squares += np.einsum("kn,kn->k", R, B)
    return WeightedSums(statistics, normaliser, counts, logs, squares)


def accumulate(
    data: Array | Iterable[Array], law: Law, *, executor: Executor | None = None
) -> WeightedSums:
    """Return the sums over ``data``, (D, n) or an iterable of chunks (D, at most CHUNK)."""
    K = len(law.W)
    total = [np.zeros_like(law.W), 0.0, np.zeros(K), np.zeros(K), np.zeros(K)]
    for part in each_chunk(data, lambda Y: _sum_chunk(Y, law), executor=executor):
        for at, field in enumerate(fields(part)):
            total[at] += getattr(part, field.name)
    return WeightedSums(*total)  # type: ignore[arg-type]


def responsibilities(Y: Array, law: Law) -> Array:
    """Return responsibilities (K, n) of rows ``Y`` (D, n)."""
    out = np.empty((len(law.W), Y.shape[1]))
    for block in _blocks(Y, len(law.W)):
        R = law.logits(expand(Y[:, block]))
        total, _ = softmax(R)
        R /= total
        out[:, block] = R
    return out


def best(Y: Array, law: Law) -> NDArray[np.intp]:
    """Return for each of the rows ``Y`` (D, n) the component with the largest responsibility."""
    labels = np.empty(Y.shape[1], dtype=np.intp)
    for block in _blocks(Y, len(law.W)):
        labels[block] = law.logits(expand(Y[:, block])).argmax(axis=0)
    return labels
