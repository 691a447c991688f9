"""Estimators of scikit-learn in the form that the engines' own have."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.datasets import make_classification


class Peer:
    """Any classifier of scikit-learn: its decision function gives the scores."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = clone(estimator)

    def fit(self, X: Any, y: Any, *, sample_weight: Any = None) -> Self:
        self.estimator.fit(X, y, sample_weight=sample_weight)
        self.n_classes_ = len(self.estimator.classes_)
        return self

    def scores(self, X: Any) -> NDArray[np.float64]:
        return np.asarray(self.estimator.decision_function(X))


class ProbabilityPeer(Peer):
    """One that gives probabilities itself."""

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        return np.asarray(self.estimator.predict_proba(X))


def rows(n: int, *, classes: int = 2, seed: int = 0) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return rows that cannot be told apart without errors."""
    X, y = make_classification(
        n, 8, n_informative=4, n_classes=classes, class_sep=0.7, random_state=seed
    )
    return X, y.astype(np.int64)
