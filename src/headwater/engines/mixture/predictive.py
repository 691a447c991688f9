"""The posterior predictive of a mixture: a mixture of multivariate Student-t densities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.special import gammaln, logsumexp

Array = NDArray[np.float64]


def of_gaussians(dof: Array, scales: Array, mean_covariances: Array) -> tuple[Array, Array]:
    """Return degrees of freedom (K,) and scale matrices (K, D, D) of Gaussian predictives.

    With ``q(Λ) = Wishart(ν, V)`` they are ``ν - D + 1`` and ``(V + ν S) / (ν - D + 1)``.
    Integrating Λ is exact; the mean's covariance S is taken in as the coupled prior of Bishop
    (2006), eq. 10.81 would, where ``S = (β ν V⁻¹)⁻¹``.
    """
    of_rows = dof - scales.shape[-1] + 1
    scale = scales + dof[:, None, None] * mean_covariances
    return of_rows, scale / of_rows[:, None, None]


def squared_distances(X: Array, location: Array, scale: Array) -> Array:
    """Return squared Mahalanobis distances (n,) of rows ``X`` (n, D)."""
    z = solve_triangular(np.linalg.cholesky(scale), (X - location).T, lower=True)
    return np.asarray((z * z).sum(axis=0))


@dataclass(frozen=True, slots=True)
class StudentMixture:
    """Weights (K,), locations (K, D), degrees of freedom (K,) and scale matrices (K, D, D)."""

    weights: Array
    locations: Array
    dof: Array
    scales: Array

    def log_density(self, X: Array) -> Array:
        """Return the log density at each of the rows ``X`` (n, D), (n,), in nats."""
        D = X.shape[1]
        out = np.empty((len(self.weights), len(X)))
        for k, (location, dof) in enumerate(zip(self.locations, self.dof, strict=True)):
            factor = np.linalg.cholesky(self.scales[k])
            z = solve_triangular(factor, (X - location).T, lower=True)
            out[k] = (
                gammaln(0.5 * (dof + D))
                - gammaln(0.5 * dof)
                - 0.5 * D * np.log(dof * np.pi)
                - np.log(np.diag(factor)).sum()
                - 0.5 * (dof + D) * np.log1p((z * z).sum(axis=0) / dof)
            )
        with np.errstate(divide="ignore"):  # an empty component has weight 0
            return np.asarray(logsumexp(out + np.log(self.weights)[:, None], axis=0))

    def sample(self, n: int, rng: np.random.RandomState) -> tuple[Array, NDArray[np.intp]]:
        """Draw rows (n, D) and the component (n,) of each, in the order of the components."""
        labels = np.sort(rng.choice(len(self.weights), size=n, p=self.weights))
        normal = rng.standard_normal((n, self.locations.shape[1]))
        normal /= np.sqrt(rng.chisquare(self.dof[labels]) / self.dof[labels])[:, None]
        factor = np.linalg.cholesky(self.scales)
        return self.locations[labels] + np.einsum("nij,nj->ni", factor[labels], normal), labels
