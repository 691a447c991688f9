"""PCA: the directions along which rows differ most."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from headwater.engines.mixture.coordinates import Moments, moments, rechunk
from headwater.engines.mixture.data import check_finite, checked_blocks
from headwater.engines.progress import Callback, Step

Floats = NDArray[np.float64]


class PCA(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Describe rows by ``n_components`` coordinates that keep as much of their variance as can be.

    The components are the eigenvectors of the covariance with the greatest eigenvalues; the
    greatest loading of each is positive. ``fit_blocks`` reads the rows once and keeps nothing of
    their size, with the same result.

    After ``fit``: ``components_`` (k, d), ``explained_variance_`` (k,) along each (divided by
    n - 1), ``explained_variance_ratio_`` (k,), its share of the whole, ``spectrum_`` (d,), the
    shares along all directions, ``mean_`` (d,), ``objective_`` (the share that is kept),
    ``notes_``. A decomposition makes no groups, so there are no ``labels_``.
    """

    def __init__(self, n_components: int = 2, *, n_threads: int | None = None) -> None:
        self.n_components = n_components
        self.n_threads = n_threads

    def fit(self, X: Any, y: Any = None, *, callback: Callback | None = None) -> Self:
        """Find the components of ``X`` (n, d)."""
        X = validate_data(self, X, dtype=np.float64)
        return self._fit([X], callback)

    def fit_blocks(self, blocks: Iterable[ArrayLike], *, callback: Callback | None = None) -> Self:
        """Find the components of the rows of ``blocks``, arrays (n_b, d)."""
        self._fit(checked_blocks(blocks), callback)
        self.n_features_in_ = len(self.mean_)
        return self

    def transform(self, X: Any) -> Floats:
        """Return the coordinates (n, k) of rows ``X`` (n, d)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return np.asarray((X - self.mean_) @ self.components_.T)

    def inverse_transform(self, Z: Any) -> Floats:
        """Return the rows (n, d) that have the coordinates ``Z`` (n, k) and lie on the plane."""
        check_is_fitted(self)
        return np.asarray(np.asarray(Z) @ self.components_ + self.mean_)

    def compile(self) -> Callable[[Floats], Floats]:
        """Return a function that gives the coordinates (k,) of one row (d,) in microseconds."""
        check_is_fitted(self)
        components, mean = self.components_, self.mean_
        return lambda row: components @ (row - mean)

    @property
    def _n_features_out(self) -> int:
        return len(self.components_)

    def _fit(self, blocks: Iterable[Floats], callback: Callback | None) -> Self:
        read = 0

        def check(chunk: Floats, start: int) -> None:
            nonlocal read
            read += 1
            check_finite(chunk, start)
            if callback is not None:
                callback(Step("search", 1, 1, read, float("nan"), self.n_components))

        with threadpool_limits(limits=self.n_threads), np.errstate(over="ignore", invalid="ignore"):
            self._keep(moments(rechunk(blocks), check))  # an overflow is refused there
        return self

    def _keep(self, seen: Moments) -> None:
        """Set the fitted attributes from the moments of all rows."""
        d = len(seen.mean)
        most = min(seen.n, d)
        if seen.n < 2:
            raise ValueError("Directions need at least 2 rows, and there is only 1 sample.")
        if not 1 <= self.n_components <= most:
            raise ValueError(
                f"n_components was {self.n_components}; {seen.n:,} rows of {d} "
                f"{'column' if d == 1 else 'columns'} take from 1 to {most}."
            )
        if not np.isfinite(seen.covariance).all():
            raise ValueError("The numbers are too large to square (above about 1e154): scale them.")
        values, vectors = np.linalg.eigh(seen.covariance * (seen.n / (seen.n - 1)))
        values, vectors = np.maximum(values[::-1], 0.0), vectors.T[::-1]
        total = float(values.sum())
        self.spectrum_: Floats = values / total if total > 0 else np.zeros(d)
        chosen = vectors[: self.n_components]
        greatest = np.abs(chosen).argmax(axis=1)
        signs = np.sign(chosen[np.arange(len(chosen)), greatest])
        self.components_: Floats = np.ascontiguousarray(chosen * signs[:, np.newaxis])
        self.explained_variance_: Floats = values[: self.n_components]
        self.explained_variance_ratio_: Floats = self.spectrum_[: self.n_components]
        self.mean_: Floats = seen.mean
        self.objective_ = float(self.explained_variance_ratio_.sum())
        self.objectives_ = [self.objective_]
        self.restart_objectives_ = [self.objective_]
        self.converged_ = True
        self.notes_: list[str] = []
        if total == 0:
            self.notes_.append("All rows are the same: there is no direction in which they differ.")
