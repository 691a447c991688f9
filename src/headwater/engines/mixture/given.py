"""What the user gives besides rows, checked: priors, and responsibilities to start from."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headwater.engines.mixture.gaussian import Prior

Array = NDArray[np.float64]


def checked_prior(
    D: int,
    *,
    concentration: float,
    mean: ArrayLike | None,
    mean_precision: ArrayLike,
    dof: float | None,
    scale: ArrayLike,
) -> Prior:
    """Return the prior of ``D`` columns; raises ValueError for what is no prior."""
    centre = np.zeros(D) if mean is None else np.asarray(mean, dtype=float)
    if centre.shape != (D,):
        raise ValueError(
            f"mean_prior must hold {D} finite numbers, one per column, and has the shape "
            f"{centre.shape}."
        )
    if not np.isfinite(centre).all():
        column = int(np.flatnonzero(~np.isfinite(centre))[0])
        raise ValueError(
            f"mean_prior must hold {D} finite numbers: column {column} has {centre[column]}."
        )
    freedom = float(D if dof is None else dof)
    if freedom <= D - 1:
        raise ValueError(
            f"dof_prior must be above the number of columns less one ({D - 1}), and is {freedom:g}."
        )
    return Prior(
        float(concentration),
        centre,
        _matrix("mean_precision_prior", mean_precision, D),
        freedom,
        _matrix("scale_prior", scale, D),
    )


def _matrix(name: str, given: ArrayLike, D: int) -> Array:
    """Return a positive definite matrix (D, D): as given, or a number times the identity."""
    try:
        M = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} must be a number above 0 or a matrix ({D}, {D}) of numbers."
        ) from None
    if M.ndim == 0:
        return float(M) * np.eye(D)
    if M.shape != (D, D):
        raise ValueError(
            f"{name} must be a number above 0 or a matrix ({D}, {D}), one row and column per "
            f"column of the data, and has the shape {M.shape}."
        )
    if not np.isfinite(M).all():
        i, j = (int(at) for at in np.argwhere(~np.isfinite(M))[0])
        raise ValueError(f"{name} must be finite: row {i}, column {j} has {M[i, j]}.")
    gap = np.abs(M - M.T)
    if (gap > 1e-10 * np.abs(M).max()).any():
        i, j = (int(at) for at in np.unravel_index(gap.argmax(), gap.shape))
        raise ValueError(
            f"{name} must be symmetric: row {i}, column {j} has {M[i, j]:g}, and row {j}, column "
            f"{i} has {M[j, i]:g}."
        )
    M = 0.5 * (M + M.T)
    least = float(np.linalg.eigvalsh(M)[0])
    try:
        np.linalg.cholesky(M)
    except np.linalg.LinAlgError:
        raise ValueError(
            f"{name} must be positive definite, and its smallest eigenvalue is {least:.3g}."
        ) from None
    return M


def checked_responsibilities(given: ArrayLike | None, n: int, K: int) -> Array | None:
    """Return responsibilities (n, K), or None if none are given; raises ValueError for others."""
    if given is None:
        return None
    R = np.asarray(given, dtype=np.float64)
    if R.shape != (n, K):
        raise ValueError(
            f"responsibilities must have the shape (rows, n_components) = ({n}, {K}), and has "
            f"{R.shape}."
        )
    if not np.isfinite(R).all() or (R < 0).any() or np.abs(R.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("responsibilities must be 0 or more and add up to 1 in each row.")
    return R
