"""Kernel: a recognised mixture inferred by ``headwater.engines.mixture``, as BayesPy's moments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from headwater.engines.mixture.estimator import VariationalMixture
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.observe import as_numbers, checked
from headwater.engines.network.posterior import KEPT, node_state
from headwater.engines.network.recognise import RecognisedMixture
from headwater.engines.network.scoring import Scoring
from headwater.engines.progress import Callback

Array = NDArray[np.float64]

TIGHT = 1e-6
"""Tolerance of the kernel, at most: its ascent is so quick that a looser one saves nothing."""


def fit_kernel(
    found: RecognisedMixture,
    rows: NDArray[Any],
    *,
    restarts: int,
    iterations: int,
    tol: float,
    random_state: int,
    n_threads: int | None,
    callback: Callback | None,
) -> VariationalMixture:
    """Return the mixture fitted to ``rows`` (n,) or (n, D); raises NetworkError."""
    X = checked(found.rows, "Gaussian", as_rows(found.rows, rows), limit=None)
    model = estimator(
        found,
        n_init=restarts,
        max_iter=iterations,
        tol=min(tol, TIGHT),
        random_state=random_state,
        n_threads=n_threads,
    )
    try:
        return model.fit(X, callback=callback)
    except ValueError as error:  # a sentence of the kernel's
        raise NetworkError(f"“{found.rows}” cannot be inferred. {error}") from error


def estimator(found: RecognisedMixture, **options: Any) -> VariationalMixture:
    """Return the unfitted mixture with the priors of the network."""
    return VariationalMixture(
        found.n_components,
        concentration_prior=found.concentration,
        mean_prior=found.mean,
        mean_precision_prior=found.mean_precision,
        dof_prior=found.dof,
        scale_prior=found.scale,
        **options,
    )


def as_rows(name: str, rows: NDArray[Any]) -> Array:
    """Return ``rows`` of the node ``name`` as (n, D) numbers."""
    X = as_numbers(name, rows)
    return X[:, np.newaxis] if X.ndim == 1 else X


def states(
    found: RecognisedMixture, model: VariationalMixture, rows: NDArray[Any]
) -> tuple[dict[str, dict[str, Any]], NDArray[np.intp], Scoring]:
    """Return the kept state of each node by name, the component of each row, and the scoring.

    All declared components are there, first those that hold rows; the others are as the prior has
    them, to the last digit.
    """
    X = as_rows(found.rows, rows)
    (n, D), K = X.shape, found.n_components
    rest = K - len(model.means_)

    def whole(fitted: Array, of_prior: Any) -> Array:
        prior = np.asarray(of_prior, dtype=np.float64)
        return np.concatenate([fitted, np.repeat(prior[np.newaxis], rest, axis=0)])

    counts = whole(model.concentration_, found.concentration)
    mean = whole(model.means_, found.mean)
    covariance = whole(model.mean_covariances_, np.linalg.inv(found.mean_precision))
    dof, V = whole(model.dof_, found.dof), whole(model.scales_, found.scale)
    precision = np.asarray(dof[:, np.newaxis, np.newaxis] * np.linalg.inv(V), dtype=np.float64)
    log_det = digamma(0.5 * (dof[:, np.newaxis] - np.arange(D))).sum(axis=1)
    log_det = log_det + D * np.log(2) - np.linalg.slogdet(V)[1]
    log_weights = digamma(counts) - digamma(counts.sum())
    second = covariance + mean[:, :, np.newaxis] * mean[:, np.newaxis, :]
    inverse = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
    inverse[K - rest :] = found.mean_precision
    natural_mean = (inverse @ mean[:, :, np.newaxis])[:, :, 0]
    g = 0.5 * log_det - 0.5 * np.einsum("kij,kji->k", precision, second)
    linear = (precision @ mean[:, :, np.newaxis])[:, :, 0]
    scoring = Scoring.of("Gaussian", log_weights, g, [linear, -0.5 * precision], X.mean(axis=0), D)
    groups: dict[str, Any] = {"type": "Categorical", "form": "categorical"}
    groups |= {"plates": (n,), "dims": ((K,),)}
    if n * K <= KEPT:
        logits = scoring.logits(X)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        components = logits.argmax(axis=1)
        kept_groups = node_state(**groups, moments=[shares], phi=[logits])
    else:
        components = scoring.best(X)
        kept_groups = {**node_state(**groups), "size": n * K}
    kept = {
        found.weights: node_state(
            type="Dirichlet",
            form="dirichlet",
            plates=(),
            dims=((K,),),
            moments=[log_weights],
            phi=[counts],
        ),
        found.groups: kept_groups,
        found.means: node_state(
            type="Gaussian",
            form="gaussian",
            plates=(K,),
            dims=((D,), (D, D)),
            moments=[mean, second],
            phi=[natural_mean, -0.5 * inverse],
        ),
        found.precisions: node_state(
            type="Wishart",
            form="wishart",
            plates=(K,),
            dims=((D, D), ()),
            moments=[precision, log_det],
            phi=[-0.5 * V, 0.5 * dof],
        ),
        found.rows: node_state(
            type="Mixture",
            form="gaussian",
            plates=(n,),
            dims=((D,), (D, D)),
            observed=True,
        ),
    }
    return kept, components, scoring
