"""Calibrated, fit_calibrated: a classifier with the curve from its scores to probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from headwater.engines.classification.calibration import fit_sigmoid
from headwater.engines.classification.folds import FoldError, Mask, stratified

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INNER_FOLDS = 5
"""Parts of the training rows whose scores teach the curve."""
ENOUGH = 20
"""Rows of each class from which the judged rows alone teach the curve."""


class Calibrated:
    """A fitted classifier and its curve; a part of the artifact, so it holds plain values only.

    ``slope`` and ``intercept`` make 1 / (1 + exp(-(slope * score + intercept))) of a score: two
    numbers for two classes, two lists of K numbers for K classes, each class against all others
    and the results divided by their sum (as scikit-learn does). Both None: probabilities are those
    that the classifier gives, or, where it gives none, of the curve with slope 1 and intercept 0
    (two classes) or the softmax of the scores (more).
    """

    def __init__(self, classifier: Any, slope: Any = None, intercept: Any = None) -> None:
        self.classifier = classifier
        self.slope = slope
        self.intercept = intercept
        self.n_classes_ = int(classifier.n_classes_)

    @property
    def is_calibrated(self) -> bool:
        """Whether a curve was fitted."""
        return self.slope is not None

    @property
    def notes_(self) -> list[str]:
        """What the classifier tells of its fit, in sentences."""
        return list(getattr(self.classifier, "notes_", ()))

    def scores(self, X: Any) -> Floats:
        """Return the classifier's scores: (n,), or (n, K) of more than two classes."""
        return np.asarray(self.classifier.scores(X), dtype=np.float64)

    def predict_proba(self, X: Any) -> Floats:
        """Return the (n, K) probability of each class; each row has the sum 1."""
        if not self.is_calibrated and hasattr(self.classifier, "predict_proba"):
            return np.asarray(self.classifier.predict_proba(X), dtype=np.float64)
        return self.probabilities_of(self.scores(X))

    def probabilities_of(self, scores: Floats) -> Floats:
        """Return the (n, K) probabilities that stand for ``scores``."""
        if self.n_classes_ == 2:
            slope, intercept = (self.slope, self.intercept) if self.is_calibrated else (1.0, 0.0)
            positive = expit(slope * scores + intercept)
            return np.column_stack((1.0 - positive, positive))
        if not self.is_calibrated:
            return np.asarray(softmax(scores, axis=1), dtype=np.float64)
        each = expit(scores * np.asarray(self.slope) + np.asarray(self.intercept))
        total = each.sum(axis=1, keepdims=True)
        # A row that no curve gives anything is of each class alike.
        shared = np.full_like(each, 1.0 / self.n_classes_)
        divided: Floats = np.divide(each, total, out=shared, where=total > 0)
        return divided

    def predict(self, X: Any) -> Ints:
        """Return the code (n,) of the likeliest class; of two, the second from 0.5 on."""
        probabilities = self.predict_proba(X)
        if self.n_classes_ == 2:
            return np.asarray(probabilities[:, 1] >= 0.5, dtype=np.int64)
        return np.asarray(probabilities.argmax(axis=1), dtype=np.int64)

    def linear(self) -> tuple[Floats, float] | None:
        """Return (coef (d,), intercept) with X @ coef + intercept the log-odds of the second class.

        None where the classifier is not linear or there are more than two classes. A classifier's
        own probabilities count as such where its scores are their log-odds.
        """
        line = self.classifier.linear() if hasattr(self.classifier, "linear") else None
        if line is None or self.n_classes_ != 2:
            return None
        coef, intercept = line
        if not self.is_calibrated:
            return np.asarray(coef, dtype=np.float64), float(intercept)
        return (
            np.asarray(coef, dtype=np.float64) * self.slope,
            float(intercept * self.slope + self.intercept),
        )

    def compile(self) -> Callable[[Floats], int]:
        """Return a function that gives the code of one row (d,), in microseconds where linear."""
        line = self.linear()
        if line is None:
            return lambda row: int(self.predict(row[np.newaxis])[0])
        coef, intercept = line
        return lambda row: int(row @ coef + intercept >= 0)


def fit_calibrated(
    make: Callable[[], Any],
    X: Any,
    y: Ints,
    *,
    calibration: str = "sigmoid",
    sample_weight: Floats | None = None,
    always_train: Mask | None = None,
    inner_folds: int = INNER_FOLDS,
    seed: int = 0,
    callback: Callable[..., None] | None = None,
) -> Calibrated:
    """Return the classifier that ``make`` gives, learned from all rows, with its curve.

    ``X`` (n, d) is dense or CSR, ``y`` (n,) has the codes 0 to K - 1. With “sigmoid” the curve is
    fitted to the scores of rows that were not learned from, in ``inner_folds`` stratified parts: as
    scikit-learn's ``CalibratedClassifierCV(method="sigmoid", ensemble=False)``. Rows of the mask
    ``always_train`` teach the classifier and not the curve, where the others have 20 rows of each
    class; else all rows teach both. With “none”, and where the rows are too few for two parts,
    there is no curve.
    """
    curve: tuple[Any, Any] = (None, None)
    if calibration == "sigmoid":
        curve = _curve(make, X, y, sample_weight, always_train, inner_folds, seed, callback)
    classifier = make()
    _fit(classifier, X, y, sample_weight, callback)
    return Calibrated(classifier, *curve)


def curve_of(
    scores: Floats, y: Ints, n_classes: int, sample_weight: Floats | None = None
) -> tuple[Any, Any]:
    """Return (slope, intercept) for ``Calibrated`` from ``scores`` of rows not learned from."""
    if n_classes == 2:
        return fit_sigmoid(scores, y, sample_weight)
    pairs = [fit_sigmoid(scores[:, code], y == code, sample_weight) for code in range(n_classes)]
    return [slope for slope, _ in pairs], [intercept for _, intercept in pairs]


def _curve(
    make: Callable[[], Any],
    X: Any,
    y: Ints,
    sample_weight: Floats | None,
    always_train: Mask | None,
    inner_folds: int,
    seed: int,
    callback: Callable[..., None] | None,
) -> tuple[Any, Any]:
    n_classes = int(y.max()) + 1
    if always_train is not None:
        own = np.bincount(y[~always_train], minlength=n_classes)
        if own.min() < ENOUGH:
            always_train = None
    try:
        folds = stratified(y, inner_folds, seed, always_train=always_train)
    except FoldError:
        return None, None
    scores = np.zeros(len(y) if n_classes == 2 else (len(y), n_classes))
    judged = np.zeros(len(y), dtype=np.bool_)
    for fold in folds:
        classifier = make()
        weight = None if sample_weight is None else sample_weight[fold.train]
        _fit(classifier, X[fold.train], y[fold.train], weight, callback)
        scores[fold.test] = classifier.scores(X[fold.test])
        judged[fold.test] = True
    weight = None if sample_weight is None else sample_weight[judged]
    return curve_of(scores[judged], y[judged], n_classes, weight)


def _fit(
    classifier: Any,
    X: Any,
    y: Ints,
    weight: Floats | None,
    callback: Callable[..., None] | None,
) -> None:
    options: dict[str, Any] = {}
    if weight is not None:
        options["sample_weight"] = weight
    if callback is not None:
        options["callback"] = callback
    classifier.fit(X, y, **options)
