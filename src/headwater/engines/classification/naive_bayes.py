"""MultinomialNB, ComplementNB, BernoulliNB: naive Bayes of counts, by scikit-learn's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.naive_bayes import BernoulliNB as BernoulliReference
from sklearn.naive_bayes import ComplementNB as ComplementReference
from sklearn.naive_bayes import MultinomialNB as MultinomialReference
from sklearn.utils.validation import check_is_fitted

from headwater.engines.classification.classifier import Floats, Ints
from headwater.engines.classification.linear import LogLinearClassifier


class _NaiveBayes(LogLinearClassifier):
    """Naive Bayes: the logarithm of each class's probability is linear in the counts."""

    def _keep(self, weights: Floats, constants: Floats) -> None:
        """Set the log-odds from each class's weights (K, d) and constants (K,)."""
        if self.n_classes_ == 2:
            weights, constants = np.diff(weights, axis=0), np.diff(constants)
        self.coef_, self.intercept_ = weights, constants


class MultinomialNB(_NaiveBayes):
    """Compare how often each column is counted in the classes."""

    needs_non_negative = True

    def __init__(
        self, alpha: float = 1.0, *, fit_prior: bool = True, n_threads: int | None = None
    ) -> None:
        self.alpha = alpha
        self.fit_prior = fit_prior
        self.n_threads = n_threads

    def _learn(self, X: Any, y: Ints, weight: Floats | None) -> None:
        learned = MultinomialReference(alpha=self.alpha, fit_prior=self.fit_prior)
        learned.fit(X, y, sample_weight=weight)
        self._keep(learned.feature_log_prob_, learned.class_log_prior_)


class ComplementNB(_NaiveBayes):
    """Compare how often each column is counted outside of a class (Rennie et al. 2003)."""

    needs_non_negative = True

    def __init__(
        self, alpha: float = 1.0, *, norm: bool = False, n_threads: int | None = None
    ) -> None:
        self.alpha = alpha
        self.norm = norm
        self.n_threads = n_threads

    def _learn(self, X: Any, y: Ints, weight: Floats | None) -> None:
        learned = ComplementReference(alpha=self.alpha, norm=self.norm)
        learned.fit(X, y, sample_weight=weight)
        self._keep(learned.feature_log_prob_, np.zeros(self.n_classes_))


class BernoulliNB(_NaiveBayes):
    """Compare whether a column is present: its number lies above ``binarize``.

    ``is_binary_`` tells whether each row learned from held nothing but 0 and 1; then the scores
    are linear in the rows as they are (``linear``), and else in what is present of them.
    """

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        binarize: float = 0.0,
        fit_prior: bool = True,
        n_threads: int | None = None,
    ) -> None:
        self.alpha = alpha
        self.binarize = binarize
        self.fit_prior = fit_prior
        self.n_threads = n_threads

    def linear(self) -> tuple[Floats, float] | None:
        """Return weights (d,) and a constant with scores == X @ weights + constant, or None.

        None where there are more than two classes, or where the rows hold other numbers than 0
        and 1, of which only the presence counts.
        """
        check_is_fitted(self)
        return super().linear() if self.is_binary_ else None

    def compile(self) -> Callable[[Floats], int]:
        """Return a function that gives the code of one row (d,) in a few microseconds."""
        code, above = super().compile(), self.binarize
        return lambda row: code((row > above).astype(np.float64))

    def _learn(self, X: Any, y: Ints, weight: Floats | None) -> None:
        numbers = X.data if issparse(X) else X
        self.is_binary_ = bool(0 <= self.binarize < 1 and ((numbers == 0) | (numbers == 1)).all())
        learned = BernoulliReference(
            alpha=self.alpha, binarize=self.binarize, fit_prior=self.fit_prior
        )
        learned.fit(self._allowed(X), y, sample_weight=weight)
        present = learned.feature_log_prob_
        absent = np.log1p(-np.exp(present))
        self._keep(present - absent, learned.class_log_prior_ + absent.sum(axis=1))

    def _scores(self, X: Any) -> Floats:
        X = self._allowed(X)
        if issparse(X):
            present = X.copy()
            present.data = (X.data > self.binarize).astype(np.float64)
        else:
            present = np.greater(X, self.binarize).astype(np.float64)
        return super()._scores(present)

    def _allowed(self, X: Any) -> Any:
        """Return ``X``; a zero that is not stored can only be absent."""
        if issparse(X) and self.binarize < 0:
            raise ValueError(
                f"“Counts as present above” (binarize) was {self.binarize:,.6g}, and the rows are "
                "sparse: what they leave out is 0 and would be present. It takes 0 or more here."
            )
        return X
