"""Kernels: how similar rows are to the vectors that hold a border up."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, issparse
from scipy.spatial.distance import cdist

Floats = NDArray[np.float64]
Kernel = Literal["linear", "poly", "rbf", "sigmoid"]


def similarities(
    X: Any, vectors: Any, kernel: Kernel, gamma: float, coef0: float, degree: int
) -> Floats:
    """Return the kernel's value (n, m) of each of the rows ``X`` with each of ``vectors``.

    Either may be sparse; the rows are read as the vectors are.
    """
    if issparse(vectors) and not issparse(X):
        X = csr_matrix(X)
    elif issparse(X) and not issparse(vectors):
        X = X.toarray()
    if kernel == "rbf":
        return np.asarray(np.exp(-gamma * _squared_distances(X, vectors)))
    products = X @ vectors.T
    dot: Floats = products.toarray() if issparse(products) else products
    match kernel:
        case "linear":
            return dot
        case "poly":
            return np.asarray((gamma * dot + coef0) ** degree)
        case "sigmoid":
            return np.asarray(np.tanh(gamma * dot + coef0))


def _squared_distances(X: Any, vectors: Any) -> Floats:
    if not issparse(X):
        return np.asarray(cdist(X, vectors, "sqeuclidean"))
    of_rows = np.asarray(X.multiply(X).sum(axis=1)).reshape(-1, 1)
    of_vectors = np.asarray(vectors.multiply(vectors).sum(axis=1)).reshape(1, -1)
    squares = of_rows + of_vectors - 2 * (X @ vectors.T).toarray()
    return np.asarray(np.maximum(squares, 0.0))
