"""The pass over the data: responsibilities and their sums of sufficient statistics.

A conjugate mixture needs of the data, per iteration, only sums. For a block of rows ``y`` the
statistics are ``T = [1, y, vech(y yᵀ)]`` (statistics x rows); the logits of all components are one
matrix product ``W @ T`` with the expected natural parameters ``W``, and the sums that the M-step
needs are one product ``R @ Tᵀ``. Blocks fit in the cache, run on threads (NumPy releases the GIL),
and are added up in a fixed order, so the result does not depend on the number of threads.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Part = TypeVar("Part")

CHUNK = 32_768
"""Rows that one task sums up; fixed, so that sums are added in the same order everywhere."""
CACHE = 160_000
"""Numbers that a block's statistics and logits may hold together (about 1.3 MB)."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What one pass over the data leaves."""

    statistics: Array
    """(K, D') sums over rows of responsibility times ``[1, y, vech(y yᵀ)]``."""
    normaliser: float
    """Sum over rows of the log of the summed exponentials of their logits, in nats."""

    def entropy(self, W: Array) -> float:
        """Return the entropy of the responsibilities, in nats; ``W`` is that of the pass."""
        return self.normaliser - float(np.vdot(W, self.statistics))


def width(dimension: int) -> int:
    """Return D', the number of statistics of a row of ``dimension`` columns."""
    return 1 + dimension + dimension * (dimension + 1) // 2


@lru_cache(maxsize=64)
def upper(dimension: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return row and column indices of the upper triangle, in the order of ``vech``."""
    i, j = np.triu_indices(dimension)
    return i, j


def expand(Y: Array, out: Array | None = None) -> Array:
    """Return the statistics (D', n) of feature-major rows ``Y`` (D, n)."""
    D, n = Y.shape
    T = np.empty((width(D), n)) if out is None else out
    T[0] = 1.0
    T[1 : D + 1] = Y
    at = D + 1
    for i in range(D):
        np.multiply(Y[i], Y[i:], out=T[at : at + D - i])
        at += D - i
    return T


def pack(N: Array, first: Array, second: Array) -> Array:
    """Return statistics (K, D') of counts (K,), sums (K, D) and sums of squares (K, D, D)."""
    i, j = upper(first.shape[1])
    return np.concatenate([N[:, None], first, second[:, i, j]], axis=1)


def unpack(statistics: Array, dimension: int) -> tuple[Array, Array, Array]:
    """Return counts (K,), sums (K, D) and sums of squares (K, D, D): the inverse of ``pack``."""
    i, j = upper(dimension)
    second = np.empty((len(statistics), dimension, dimension))
    second[:, i, j] = statistics[:, dimension + 1 :]
    second[:, j, i] = statistics[:, dimension + 1 :]
    return statistics[:, 0], statistics[:, 1 : dimension + 1], second


def _block_rows(K: int, D: int) -> int:
    return max(128, min(CHUNK, CACHE // (K + width(D))))


def softmax(logits: Array) -> tuple[Array, Array]:
    """Turn ``logits`` (K, n) in place into exponentials; return their column sums and maxima."""
    top = logits.max(axis=0)
    logits -= top
    np.exp(logits, out=logits)
    return logits.sum(axis=0), top


def _sum_chunk(Y: Array, W: Array) -> tuple[Array, float]:
    K, D = len(W), len(Y)
    n = Y.shape[1]
    rows = min(_block_rows(K, D), n)
    T_all, R_all = np.empty((width(D), rows)), np.empty((K, rows))
    statistics = np.zeros((K, width(D)))
    normaliser = 0.0
    for start in range(0, n, rows):
        block = Y[:, start : start + rows]
        size = block.shape[1]
        T = expand(block, T_all[:, :size] if size < rows else T_all)
        R = np.matmul(W, T, out=R_all[:, :size] if size < rows else R_all)
        total, top = softmax(R)
        top += np.log(total)
        normaliser += float(top.sum())
        np.reciprocal(total, out=total)
        if len(T) >= K:
            R *= total
        else:
            T *= total
        statistics += R @ T.T
    return statistics, normaliser


def chunks(Y: Array) -> Iterator[Array]:
    """Yield ``Y`` (D, n) in chunks of ``CHUNK`` rows."""
    for start in range(0, Y.shape[1], CHUNK):
        yield Y[:, start : start + CHUNK]


def each_chunk(
    data: Array | Iterable[Array],
    task: Callable[[Array], Part],
    *,
    executor: Executor | None = None,
    ahead: int = 4,
) -> Iterator[Part]:
    """Yield what ``task`` makes of each chunk of ``data``, in the order of the chunks.

    ``data`` is (D, n), or an iterable of chunks (D, at most CHUNK). At most ``ahead`` chunks are
    read before what was made of them is taken.
    """
    parts = chunks(data) if isinstance(data, np.ndarray) else iter(data)
    waiting: deque[Future[Part]] = deque()
    single = isinstance(data, np.ndarray) and data.shape[1] <= CHUNK
    for part in parts:
        if executor is None or single:
            yield task(part)
            continue
        waiting.append(executor.submit(task, part))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def accumulate(
    data: Array | Iterable[Array], W: Array, *, executor: Executor | None = None
) -> Sums:
    """Return the sums over ``data`` of responsibilities under the natural parameters ``W``.

    ``data`` is (D, n), or an iterable of chunks (D, at most CHUNK).
    """
    statistics = np.zeros_like(W)
    normaliser = 0.0
    for part in each_chunk(data, lambda Y: _sum_chunk(Y, W), executor=executor):
        statistics += part[0]
        normaliser += part[1]
    return Sums(statistics, normaliser)


def accumulate_expanded(T: Array, W: Array, weights: Array) -> Sums:
    """Return the sums over rows whose statistics ``T`` (D', n) are kept, each counted by weight.

    For a few rows that are passed over many times; the logits (K, n) are held whole.
    """
    R = W @ T
    total, top = softmax(R)
    R *= weights / total
    statistics = R @ T.T
    return Sums(statistics, float((top + np.log(total)) @ weights))


def responsibilities(Y: Array, W: Array) -> Array:
    """Return responsibilities (K, n) of rows ``Y`` (D, n) under natural parameters ``W``."""
    R = np.empty((len(W), Y.shape[1]))
    rows = _block_rows(len(W), len(Y))
    for start in range(0, Y.shape[1], rows):
        block = slice(start, start + rows)
        np.matmul(W, expand(Y[:, block]), out=R[:, block])
        total, _ = softmax(R[:, block])
        R[:, block] /= total
    return R


def best(Y: Array, W: Array) -> NDArray[np.intp]:
    """Return for each of the rows ``Y`` (D, n) the component with the largest responsibility."""
    labels = np.empty(Y.shape[1], dtype=np.intp)
    rows = _block_rows(len(W), len(Y))
    for start in range(0, Y.shape[1], rows):
        block = slice(start, start + rows)
        labels[block] = (W @ expand(Y[:, block])).argmax(axis=0)
    return labels


def summed(Y: Array, R: Array) -> Array:
    """Return statistics (K, D') of rows ``Y`` (D, n) under given responsibilities (K, n)."""
    statistics = np.zeros((len(R), width(len(Y))))
    rows = _block_rows(len(R), len(Y))
    for start in range(0, Y.shape[1], rows):
        block = slice(start, start + rows)
        statistics += R[:, block] @ expand(Y[:, block]).T
    return statistics
