"""Learner: rows to numbers to a calibrated classifier, all of it learned in one fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from headwater.engines.classification.calibrated import INNER_FOLDS, Calibrated, fit_calibrated
from headwater.engines.table import Matrix

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Learner:
    """What is fitted in every fold, and once more on all rows; nothing is learned outside of it.

    ``make_encoder`` gives an unfitted encoder (``Encoder``, ``Representation``) and
    ``make_classifier`` an unfitted classifier. After ``fit``, ``encoder_`` and ``estimator_``
    (``Calibrated``) are what an artifact holds.
    """

    encoder_: Any
    estimator_: Calibrated

    def __init__(
        self,
        make_encoder: Callable[[], Any],
        make_classifier: Callable[[], Any],
        *,
        calibration: str = "sigmoid",
        inner_folds: int = INNER_FOLDS,
        seed: int = 0,
        callback: Callable[..., None] | None = None,
    ) -> None:
        self.make_encoder = make_encoder
        self.make_classifier = make_classifier
        self.calibration = calibration
        self.inner_folds = inner_folds
        self.seed = seed
        self.callback = callback

    def fit(
        self,
        rows: Any,
        y: Ints,
        sample_weight: Floats | None = None,
        always_train: NDArray[np.bool_] | None = None,
    ) -> Self:
        """Learn from ``rows`` (a Table or texts) with the codes ``y`` (n,); return itself."""
        self.encoder_ = self.make_encoder()
        self.encoder_.fit(rows)
        self.estimator_ = fit_calibrated(
            self.make_classifier,
            self._encoded(rows),
            y,
            calibration=self.calibration,
            sample_weight=sample_weight,
            always_train=always_train,
            inner_folds=self.inner_folds,
            seed=self.seed,
            callback=self.callback,
        )
        return self

    def judge(self, rows: Any) -> tuple[Floats, Floats]:
        """Return the scores, (n,) or (n, K), and the probabilities (n, K), encoding once."""
        X = self._encoded(rows)
        scores = self.estimator_.scores(X)
        if self.estimator_.is_calibrated:
            return scores, self.estimator_.probabilities_of(scores)
        return scores, self.estimator_.predict_proba(X)

    def scores(self, rows: Any) -> Floats:
        """Return the scores of ``rows``: (n,), or (n, K) of more than two classes."""
        return self.estimator_.scores(self._encoded(rows))

    def predict_proba(self, rows: Any) -> Floats:
        """Return the (n, K) probabilities of ``rows``."""
        return self.estimator_.predict_proba(self._encoded(rows))

    def _encoded(self, rows: Any) -> Any:
        encoded = self.encoder_.transform(rows)
        return encoded.X if isinstance(encoded, Matrix) else encoded
