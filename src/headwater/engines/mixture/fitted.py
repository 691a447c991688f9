"""Fitted: what a fitted mixture says of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from headwater.engines.mixture import kernel, weighted
from headwater.engines.mixture.data import check_finite
from headwater.engines.mixture.outliers import nearest_tail
from headwater.engines.mixture.predictive import StudentMixture, of_gaussians
from headwater.engines.mixture.weighted import Law

Array = NDArray[np.float64]

FARTHEST = 300.0
"""Outlier score above which scores are not told apart."""


class Fitted:
    """The methods of a mixture that ask of rows what was learned."""

    random_state: Any
    weights_: Array
    means_: Array
    mean_covariances_: Array
    dof_: Array
    scales_: Array
    tail_: Array
    core_scales_: Array
    _centre: Array
    _A: Array
    _W: Array
    """(K, D') natural parameters, or those of the squared distances if tails are heavy."""
    _offset: Array
    _tails: Array

    def _rows(self, X: ArrayLike) -> Array:
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=np.float64, reset=False, ensure_all_finite=False)
        check_finite(rows)
        return np.asarray(rows)

    def _y(self, X: Array) -> Array:
        return np.ascontiguousarray(self._A @ (X - self._centre).T)

    def _law(self) -> Law | None:
        """Return what gives rows their logits where tails are heavy, or None."""
        if not hasattr(self, "_tails"):
            return None
        return Law(self._W, 0.5 * (self._tails + len(self._centre)), self._offset, self._tails)

    def predict(self, X: ArrayLike) -> NDArray[np.intp]:
        """Return the group of each row of ``X`` (n, n_features), (n,) int."""
        X = self._rows(X)
        labels = np.empty(len(X), dtype=np.intp)
        law = self._law()
        for start in range(0, len(X), kernel.CHUNK):
            rows = slice(start, start + kernel.CHUNK)
            Y = self._y(X[rows])
            labels[rows] = kernel.best(Y, self._W) if law is None else weighted.best(Y, law)
        return labels

    def compile(self) -> Callable[[Array], int]:
        """Return a function that gives the group of one row (n_features,) in microseconds."""
        check_is_fitted(self)
        A, centre, W, law = self._A, self._centre, self._W, self._law()
        D = len(centre)
        i, j = kernel.upper(D)
        shape, end = W.shape[1], D + 1

        def expanded(row: Array) -> Array:
            T = np.empty(shape)
            T[0] = 1.0
            y = A @ (row - centre)
            T[1:end] = y
            T[end:] = y[i] * y[j]
            return T

        if law is None:
            return lambda row: int((W @ expanded(row)).argmax())
        half, offset, tails = law.half, law.offset, law.tails

        def group(row: Array) -> int:
            B = np.maximum(W @ expanded(row), tails)
            return int((offset - half * np.log(B)).argmax())

        return group

    def predict_proba(self, X: ArrayLike) -> Array:
        """Return the responsibility of each group for each row, (n, n_groups_)."""
        Y, law = self._y(self._rows(X)), self._law()
        R = (
            kernel.responsibilities(Y, self._W)
            if law is None
            else weighted.responsibilities(Y, law)
        )
        return R.T.copy()

    def score_samples(self, X: ArrayLike) -> Array:
        """Return the log density of the posterior predictive at each row, (n,), in nats.

        The predictive is a mixture of Student-t densities: with ``q(Λ) = Wishart(ν, V)`` each has
        ``ν - D + 1`` degrees of freedom, location m and scale matrix ``(V + ν S) / (ν - D + 1)``.
        Integrating Λ is exact; the mean's covariance S is taken in as the coupled prior of Bishop
        (2006), eq. 10.81 would, where ``S = (β ν V⁻¹)⁻¹``. Under heavy tails the factor that Λ's
        uncertainty gives and the row's own factor u are replaced by one Gamma with the mean and
        variance of their product: ``1/dof = 1/tail + 1/(ν - D + 1) + 2/(tail (ν - D + 1))``.
        """
        X = self._rows(X)
        return self._predictive().log_density(X)

    def score(self, X: ArrayLike, y: object = None) -> float:
        """Return the mean log density of the rows of ``X``."""
        return float(self.score_samples(X).mean())

    def sample(self, n_samples: int = 1) -> tuple[Array, NDArray[np.intp]]:
        """Draw rows (n_samples, n_features) and their groups (n_samples,) from the predictive."""
        check_is_fitted(self)
        if n_samples < 1:
            raise ValueError(f"n_samples must be 1 or more, and is {n_samples}.")
        return self._predictive().sample(n_samples, check_random_state(self.random_state))

    def outlier_scores(self, X: ArrayLike) -> Array:
        """Return how far each row lies from every group, (n,): 3 is one row of a core in 1,000.

        The score is ``-log10`` of the probability that a row of a group's core lies farther from
        its centre, the smallest over the groups, and at most 300. Under ``family="student_t"``
        the core is what remains of a group without its tail (``core_scales_``); a Gaussian group
        is all core, whatever rows have widened it.
        """
        X = self._rows(X)
        dof, scales = self._core()
        alive = self.weights_ > 0
        p = nearest_tail(X, self.means_[alive], dof[alive], scales[alive])
        return np.asarray(-np.log10(np.maximum(p, 10.0**-FARTHEST)))

    def is_outlier(self, X: ArrayLike, *, level: float = 0.001) -> NDArray[np.bool_]:
        """Say of each row whether it lies outside the core of every group, (n,) bool.

        Of rows drawn from the groups' cores at most about the share ``level`` are called
        outliers, since a row needs to be that far from one group alone, its own.
        """
        if not 0 < level < 1:
            raise ValueError(f"level must lie between 0 and 1, and is {level:g}.")
        return np.asarray(self.outlier_scores(X) > -np.log10(level), dtype=np.bool_)

    def _core(self) -> tuple[Array, Array]:
        """Return degrees of freedom and scale matrices of the predictives of the cores."""
        dof, scales = of_gaussians(self.dof_, self.scales_, self.mean_covariances_)
        return dof, scales if self._law() is None else scales * self.core_scales_[:, None, None]

    def _predictive(self) -> StudentMixture:
        dof, scales = of_gaussians(self.dof_, self.scales_, self.mean_covariances_)
        if self._law() is not None:
            dof = 1 / (1 / self.tail_ + 1 / dof + 2 / (self.tail_ * dof))
        return StudentMixture(self.weights_, self.means_, dof, scales)
