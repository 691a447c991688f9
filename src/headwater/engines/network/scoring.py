"""Scoring: the group of a new row, from stored arrays, as one product of a matrix and a vector.

For components of an exponential family the expected log likelihood of a row is linear in its
sufficient statistics: ``E[log p(y | θ_k)] = ⟨u(y), E[φ_k]⟩ + E[g_k] + f(y)``, and ``f(y)`` is the
same for all components. With ``E[log π_k]`` added that is the logit of component k, the message
that BayesPy's Mixture sends to its categories.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headwater.engines.network.observe import checked

Array = NDArray[np.float64]

BLOCK = 65_536
"""Rows that are scored at once."""
KINDS = (
    "Gaussian",
    "GaussianARD",
    "Gamma",
    "Exponential",
    "Poisson",
    "Bernoulli",
    "Binomial",
    "Categorical",
    "Multinomial",
    "Beta",
    "Dirichlet",
)
"""Distributions of components that can be scored."""


@lru_cache(maxsize=64)
def _upper(D: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    i, j = np.triu_indices(D)
    return i, j


@dataclass(frozen=True, slots=True, eq=False)
class Scoring:
    """Weights of the statistics of a row, one line per component."""

    kind: str
    """The distribution of the components."""
    W: Array
    """(K, S)."""
    centre: Array
    """(D,): what is taken from a row before its statistics, so that squares keep their digits."""
    limit: int | None
    """Categories, or trials, where the distribution has them."""

    @classmethod
    def of(
        cls,
        kind: str,
        log_weights: ArrayLike,
        g: ArrayLike,
        phi: Sequence[Array],
        centre: Array,
        D: int,
        limit: int | None = None,
    ) -> Scoring:
        """Return the scoring of K components of rows with ``D`` columns.

        ``log_weights`` (K,); ``g`` (K, ...) and each of ``phi`` (K, ..., shape of a statistic),
        where the dots are one plate per column, or nothing.
        """
        log_weights = np.asarray(log_weights, dtype=np.float64)
        K = len(log_weights)
        start = log_weights + _total(np.asarray(g, dtype=np.float64), K, kind, D)
        if kind == "Gaussian":
            linear, square = (np.broadcast_to(p, (K, *p.shape[1:])) for p in phi)
            toward = (square @ centre[:, np.newaxis])[..., 0]
            start = start + linear @ centre + toward @ centre
            i, j = _upper(D)
            both = square[:, i, j] + np.where(i == j, 0.0, square[:, j, i])
            columns = [start[:, np.newaxis], linear + 2 * toward, both]
        else:
            centre = np.zeros(D)
            columns = [start[:, np.newaxis], *_columns(kind, phi, K, D)]
        return cls(kind, np.ascontiguousarray(np.concatenate(columns, axis=1)), centre, limit)

    @property
    def columns(self) -> int:
        """Columns of a row."""
        return len(self.centre)

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Scoring:
        """Return the scoring that ``to_state`` gave."""
        return cls(state["kind"], state["W"], state["centre"], state["limit"])

    def to_state(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"kind": self.kind, "W": self.W, "centre": self.centre, "limit": self.limit}

    def take(self, components: NDArray[np.intp]) -> Scoring:
        """Return the scoring of the given components only, in their order."""
        return Scoring(self.kind, self.W[components], self.centre, self.limit)

    def check(self, name: str, rows: ArrayLike) -> Array:
        """Return ``rows`` as (n, D); raises DataError for values that ``name`` cannot take."""
        X = np.asarray(rows, dtype=np.float64)
        X = X[:, np.newaxis] if X.ndim == 1 else X
        if X.ndim != 2 or X.shape[1] != self.columns:
            raise ValueError(
                f"“{name}” has {self.columns} columns, and the rows have the shape {X.shape}."
            )
        return np.asarray(checked(name, self.kind, X, limit=self.limit), dtype=np.float64)

    def statistics(self, X: Array) -> Array:
        """Return the statistics (n, S) of rows ``X`` (n, D)."""
        one = np.ones((len(X), 1))
        if self.kind == "Gaussian":
            z = X - self.centre
            i, j = _upper(self.columns)
            return np.concatenate([one, z, z[:, i] * z[:, j]], axis=1)
        return np.concatenate([one, *_STATISTICS[self.kind](X, self.limit)], axis=1)

    def logits(self, X: Array) -> Array:
        """Return the logits (n, K) of rows ``X`` (n, D), up to what is the same for all K."""
        out = np.empty((len(X), len(self.W)))
        for start in range(0, len(X), BLOCK):
            block = slice(start, start + BLOCK)
            np.matmul(self.statistics(X[block]), self.W.T, out=out[block])
        return out

    def best(self, X: Array) -> NDArray[np.intp]:
        """Return the component (n,) with the largest logit of each of the rows ``X`` (n, D)."""
        best = np.empty(len(X), dtype=np.intp)
        for start in range(0, len(X), BLOCK):
            block = slice(start, start + BLOCK)
            best[block] = (self.statistics(X[block]) @ self.W.T).argmax(axis=1)
        return best

    def compile(self) -> Callable[[Array], int]:
        """Return a function that gives the component of one row (D,) in some microseconds."""
        W, centre, kind, limit = self.W, self.centre, self.kind, self.limit
        if kind != "Gaussian":
            statistics = _STATISTICS[kind]

            def other(row: Array) -> int:
                parts = statistics(np.asarray(row, dtype=np.float64)[np.newaxis], limit)
                T = np.concatenate([np.ones((1, 1)), *parts], axis=1)[0]
                return int((W @ T).argmax())

            return other
        D = len(centre)
        i, j = _upper(D)
        size, end = W.shape[1], D + 1

        def gaussian(row: Array) -> int:
            T = np.empty(size)
            T[0] = 1.0
            z = row - centre
            T[1:end] = z
            T[end:] = z[i] * z[j]
            return int((W @ T).argmax())

        return gaussian


def _total(g: Array, K: int, kind: str, D: int) -> Array:
    """Return (K,): ``g`` (K, ...) added over the columns, where each column is a value."""
    if kind in ("Gaussian", "Multinomial", "Dirichlet"):
        return np.asarray(np.broadcast_to(g.reshape(g.shape[0], -1)[:, 0], (K,)))
    flat = g.reshape(g.shape[0], -1) if g.ndim > 1 else g[:, np.newaxis]
    return np.asarray(np.broadcast_to(flat, (K, D)).sum(axis=1))


def _columns(kind: str, phi: Sequence[Array], K: int, D: int) -> list[Array]:
    """Return the weights of the statistics of ``_STATISTICS``, each (K, so many)."""
    if kind in ("Multinomial", "Dirichlet"):
        return [np.broadcast_to(phi[0].reshape(phi[0].shape[0], -1), (K, D))]
    if kind in ("Beta", "Categorical"):
        size = phi[0].shape[-1]
        each = phi[0].reshape(phi[0].shape[0], -1, size)
        each = np.broadcast_to(each, (K, D, size))
        return [each[:, :, c] for c in range(size)]
    flat = [p.reshape(p.shape[0], -1) if p.ndim > 1 else p[:, np.newaxis] for p in phi]
    return [np.broadcast_to(p, (K, D)) for p in flat]


_Statistics = Callable[[Array, Any], list[Array]]
_STATISTICS: dict[str, _Statistics] = {
    "GaussianARD": lambda X, _: [X, X * X],
    "Gamma": lambda X, _: [X, np.log(X)],
    "Exponential": lambda X, _: [X, np.log(X)],
    "Poisson": lambda X, _: [X],
    "Bernoulli": lambda X, _: [X],
    "Binomial": lambda X, _: [X],
    "Multinomial": lambda X, _: [X],
    "Dirichlet": lambda X, _: [np.log(X)],
    "Beta": lambda X, _: [np.log(X), np.log1p(-X)],
    "Categorical": lambda X, limit: [np.equal(X, c).astype(np.float64) for c in range(limit)],
}
