"""LinearSVC: the straight border with the widest margin, by scikit-learn's LinearSVC."""

from __future__ import annotations

import warnings
from typing import Any, Literal

from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC as Reference

from headwater.engines.classification.class_weight import ClassWeight, as_scikit_learn
from headwater.engines.classification.classifier import Floats, Ints
from headwater.engines.classification.linear import LinearClassifier


class LinearSVC(LinearClassifier):
    """Tell classes apart by straight borders, each class from all others.

    The score is the signed distance from the border in margins; it is no probability.
    """

    def __init__(
        self,
        C: float = 1.0,
        *,
        loss: Literal["hinge", "squared_hinge"] = "squared_hinge",
        class_weight: ClassWeight = "none",
        max_iter: int = 1000,
        tol: float = 1e-4,
        random_state: int | None = None,
        n_threads: int | None = None,
    ) -> None:
        self.C = C
        self.loss = loss
        self.class_weight = class_weight
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.n_threads = n_threads

    def _learn(self, X: Any, y: Ints, weight: Floats | None) -> None:
        learned = Reference(
            C=self.C,
            loss=self.loss,
            dual="auto",
            class_weight=as_scikit_learn(self.class_weight),
            max_iter=self.max_iter,
            tol=self.tol,
            random_state=self.random_state,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # told in the notes
            learned.fit(X, y, sample_weight=weight)
        self.coef_, self.intercept_ = learned.coef_, learned.intercept_
        self.n_iter_ = int(learned.n_iter_)
        if self.n_iter_ >= self.max_iter:
            self._not_settled(self.n_iter_)
