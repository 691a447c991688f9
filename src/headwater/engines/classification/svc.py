"""SVC: the border with the widest margin, straight or curved, by scikit-learn's SVC."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from scipy.sparse import csr_matrix, issparse
from scipy.special import expit
from sklearn import svm
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from headwater.engines.classification.class_weight import ClassWeight, as_scikit_learn
from headwater.engines.classification.classifier import Classifier, Floats, Ints, blocks_of_rows
from headwater.engines.classification.kernels import Kernel, similarities
from headwater.engines.classification.pairs import by_class, pair_scores

AT_ONCE = 4_000_000
"""Similarities of rows and support vectors that are held at a time."""
FOLDS = 5


def _has_probabilities(svc: SVC) -> bool:
    return bool(svc.probability)


class SVC(Classifier):
    """Tell each pair of classes apart by the border that keeps the widest margin to both.

    With a linear kernel ``coef_`` (pairs, d) is kept, else ``support_vectors_`` (m, d) and
    ``dual_coef_`` (K - 1, m), ordered by class with ``n_support_`` (K,) of each. ``gamma_`` is the
    reach that was used. The scores of more than two classes are the votes of the pairs, and among
    equal votes the surer ones; the class with the greatest score is predicted (scikit-learn's
    ``break_ties=True``).
    """

    def __init__(
        self,
        C: float = 1.0,
        *,
        kernel: Kernel = "rbf",
        degree: int = 3,
        gamma: float | None = None,
        coef0: float = 0.0,
        class_weight: ClassWeight = "none",
        decision_function_shape: Literal["ovr", "ovo"] = "ovr",
        probability: bool = False,
        shrinking: bool = True,
        tol: float = 1e-3,
        cache_size: float = 200.0,
        random_state: int | None = None,
        n_threads: int | None = None,
    ) -> None:
        self.C = C
        self.kernel = kernel
        self.degree = degree
        self.gamma = gamma
        self.coef0 = coef0
        self.class_weight = class_weight
        self.decision_function_shape = decision_function_shape
        self.probability = probability
        self.shrinking = shrinking
        self.tol = tol
        self.cache_size = cache_size
        self.random_state = random_state
        self.n_threads = n_threads

    def decision_function(self, X: Any) -> Floats:
        """Return the scores, or with the shape “ovo” a number (n, pairs) for each pair of classes.

        The number of a pair lies above zero for the class with the lower code; with two classes
        there is one score (n,), above zero for class 1.
        """
        check_is_fitted(self)
        pairs = self._pairs(self._read(X, reset=False))
        if self.n_classes_ == 2:
            return pairs[:, 0]
        return by_class(pairs, self.n_classes_) if self.decision_function_shape == "ovr" else pairs

    @available_if(_has_probabilities)  # type: ignore[untyped-decorator]
    def predict_proba(self, X: Any) -> Floats:
        """Return the probability (n, K) of each class, learned from parts that were held out.

        The class that is predicted is that of the greatest score, which need not be the most
        probable one near the border.
        """
        scores = self.scores(X)
        by_sigmoid = expit(-(scores.reshape(len(scores), -1) * self.slopes_ + self.offsets_))
        if self.n_classes_ == 2:
            return np.column_stack((1 - by_sigmoid, by_sigmoid))
        total = by_sigmoid.sum(axis=1, keepdims=True)
        even = np.full_like(by_sigmoid, 1 / self.n_classes_)
        return np.asarray(np.divide(by_sigmoid, total, out=even, where=total > 0))

    def linear(self) -> tuple[Floats, float] | None:
        """Return weights (d,) and a constant with scores == X @ weights + constant, or None.

        None where there are more than two classes or the border is curved.
        """
        check_is_fitted(self)
        if self.kernel != "linear" or self.n_classes_ > 2:
            return None
        return self.coef_[0], float(self.intercept_[0])

    def compile(self) -> Callable[[Floats], int]:
        """Return a function that gives the code of one row (d,) without checking it."""
        linear = self.linear()
        if linear is None:
            return super().compile()
        weights, constant = linear
        return lambda row: int(row @ weights + constant > 0)

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        vectors: Any = state.get("support_vectors_")
        if issparse(vectors):
            parts = {"data": vectors.data, "indices": vectors.indices, "indptr": vectors.indptr}
            state = state | {"support_vectors_": parts | {"shape": list(vectors.shape)}}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        vectors = state.get("support_vectors_")
        if isinstance(vectors, dict):
            parts = (vectors["data"], vectors["indices"], vectors["indptr"])
            matrix = csr_matrix(parts, shape=tuple(vectors["shape"]))
            matrix.check_format(full_check=True)
            state = state | {"support_vectors_": matrix}
        super().__setstate__(state)

    def _learn(self, X: Any, y: Ints, weight: Floats | None) -> None:
        asked = svm.SVC(
            C=self.C,
            kernel=self.kernel,
            degree=self.degree,
            gamma="scale" if self.gamma is None else self.gamma,
            coef0=self.coef0,
            class_weight=as_scikit_learn(self.class_weight),
            shrinking=self.shrinking,
            tol=self.tol,
            cache_size=self.cache_size,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            learned = self._calibrated(asked, X, y, weight) if self.probability else asked
            if not self.probability:
                learned.fit(X, y, sample_weight=weight)
        self.n_iter_ = int(learned.n_iter_.max())
        self.gamma_ = float(learned._gamma)
        self.intercept_: Floats = learned.intercept_
        self.n_support_ = learned.n_support_.astype(np.int64)
        if self.kernel == "linear":
            coef = learned.coef_
            self.coef_: Floats = coef.toarray() if issparse(coef) else np.array(coef)
        else:
            dual = learned.dual_coef_
            self.support_vectors_ = learned.support_vectors_
            self.dual_coef_: Floats = dual.toarray() if issparse(dual) else dual

    def _calibrated(self, asked: Any, X: Any, y: Ints, weight: Floats | None) -> Any:
        """Return the fitted machine, and keep the sigmoid of each class's scores."""
        smallest = int(np.bincount(y).min())
        if smallest < 2:
            raise ValueError(
                "Probabilities are learned from rows that are held out, and a class has a single "
                "row. Give it more rows, or switch “Probabilities of its own” off."
            )
        folds = StratifiedKFold(min(FOLDS, smallest), shuffle=True, random_state=self.random_state)
        both = CalibratedClassifierCV(asked, method="sigmoid", cv=folds, ensemble=False)
        both.fit(X, y, sample_weight=weight)
        found = both.calibrated_classifiers_[0]
        self.slopes_: Floats = np.array([one.a_ for one in found.calibrators])
        self.offsets_: Floats = np.array([one.b_ for one in found.calibrators])
        return found.estimator

    def _scores(self, X: Any) -> Floats:
        pairs = self._pairs(X)
        return pairs[:, 0] if self.n_classes_ == 2 else by_class(pairs, self.n_classes_)

    def _pairs(self, X: Any) -> Floats:
        """Return the decision (n, pairs) of each pair of classes; of class 1 where there are 2."""
        if self.kernel == "linear":
            return np.asarray(X @ self.coef_.T) + self.intercept_
        vectors = self.support_vectors_
        return np.concatenate(
            [
                pair_scores(
                    similarities(part, vectors, self.kernel, self.gamma_, self.coef0, self.degree),
                    self.dual_coef_,
                    self.n_support_,
                )
                + self.intercept_
                for part in blocks_of_rows(X, vectors.shape[0], at_once=AT_ONCE)
            ]
        )
