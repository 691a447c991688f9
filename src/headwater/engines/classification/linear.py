"""LinearClassifier: classes told apart by sums of weighted columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit, softmax
from sklearn.utils.validation import check_is_fitted

from headwater.engines.classification.classifier import Classifier, Floats


class LinearClassifier(Classifier):
    """A classifier whose scores are ``X @ coef_.T + intercept_``.

    ``coef_`` is (K, d), or (1, d) for class 1 where K is 2; ``intercept_`` is (K,) or (1,).
    """

    coef_: Floats
    intercept_: Floats

    def linear(self) -> tuple[Floats, float] | None:
        """Return weights (d,) and a constant with scores == X @ weights + constant.

        None where there are more than two classes.
        """
        check_is_fitted(self)
        return (self.coef_[0], float(self.intercept_[0])) if self.n_classes_ == 2 else None

    def compile(self) -> Callable[[Floats], int]:
        """Return a function that gives the code of one row (d,) in a few microseconds."""
        check_is_fitted(self)
        coef, intercept = self.coef_, self.intercept_
        if self.n_classes_ == 2:
            weights, constant = coef[0], float(intercept[0])
            return lambda row: int(row @ weights + constant > 0)
        return lambda row: int((coef @ row + intercept).argmax())

    def _scores(self, X: Any) -> Floats:
        scores = np.asarray(X @ self.coef_.T) + self.intercept_
        return scores[:, 0] if self.n_classes_ == 2 else scores


class LogLinearClassifier(LinearClassifier):
    """A linear classifier whose scores are log-odds, so that they say how probable a class is."""

    def predict_proba(self, X: Any) -> Floats:
        """Return the probability (n, K) of each class for each row of ``X``."""
        return probabilities(self.scores(X))


def probabilities(scores: Floats) -> Floats:
    """Return the probabilities (n, K) of log-odds (n,) or of logarithms (n, K)."""
    if scores.ndim == 1:
        return np.column_stack((expit(-scores), expit(scores)))
    return np.asarray(softmax(scores, axis=1))
