"""LogisticRegression: weighted columns as log-odds, by scikit-learn's LogisticRegression."""

from __future__ import annotations

import warnings
from typing import Any

from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression as Reference

from headwater.engines.classification.class_weight import ClassWeight, as_scikit_learn
from headwater.engines.classification.classifier import Floats, Ints
from headwater.engines.classification.linear import LogLinearClassifier


class LogisticRegression(LogLinearClassifier):
    """Model the log-odds of each class as a sum of weighted columns, with small weights.

    The squares of the weights are kept small by ``C``, the inverse of how strongly.
    """

    def __init__(
        self,
        C: float = 1.0,
        *,
        class_weight: ClassWeight = "none",
        max_iter: int = 1000,
        tol: float = 1e-4,
        n_threads: int | None = None,
    ) -> None:
        self.C = C
        self.class_weight = class_weight
        self.max_iter = max_iter
        self.tol = tol
        self.n_threads = n_threads

    def _learn(self, X: Any, y: Ints, weight: Floats | None) -> None:
        learned = Reference(
            C=self.C,
            class_weight=as_scikit_learn(self.class_weight),
            max_iter=self.max_iter,
            tol=self.tol,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # told in the notes
            learned.fit(X, y, sample_weight=weight)
        self.coef_, self.intercept_ = learned.coef_, learned.intercept_
        self.n_iter_ = int(learned.n_iter_.max())
        if self.n_iter_ >= self.max_iter:
            self._not_settled(self.n_iter_)
