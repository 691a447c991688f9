"""Scorer: how probably a text is of the second class (spam), as the fitted pipeline says it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import expit

from headwater.engines.text.representation import Representation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Row = tuple[Ints, Floats]

BLOCK = 500
"""Texts that are turned into numbers at once, at most, ..."""
BLOCK_CHARACTERS = 500_000
"""... and their characters, so that a batch of huge texts takes no more memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """What judges texts: the representation and the classifier of a fitted pipeline.

    A linear classifier with its curve of probabilities is folded into one weight for each column:
    the log-odds of a text are the sum of its values times ``weights``, and ``bias``. Others are
    asked for their probabilities.
    """

    representation: Representation
    estimator: Any
    weights: Floats | None
    """(n_columns_,), read only; None where the classifier is not linear."""
    bias: float
    """Log-odds of a text with nothing in it; 0 where the classifier is not linear."""
    terms: NDArray[np.bool_]
    """(n_columns_,) which columns are terms of a bag of words, not features."""
    row: Callable[[str], Row]
    """A text's columns, rising, and their values, as ``Representation.compile`` gives them."""

    @classmethod
    def of(cls, pipeline: Any, estimator: Any = None) -> Self:
        """Return the scorer of a ``Pipeline``, or of a representation and its estimator.

        Raises ValueError for what takes no texts, and for more than two classes.
        """
        if estimator is None:
            representation, estimator = pipeline.encoder, pipeline.estimator
        else:
            representation = pipeline
        if not isinstance(representation, Representation):
            raise ValueError(
                f"A scorer judges texts; “{type(representation).__name__}” does not turn texts "
                "into numbers, as “Representation” does."
            )
        if estimator.n_classes_ != 2:
            raise ValueError(
                f"A scorer tells two classes apart; this classifier has {estimator.n_classes_}."
            )
        line = estimator.linear()
        weights, bias = (None, 0.0) if line is None else (read_only(line[0]), float(line[1]))
        terms = np.isin(representation.groups_, ["words", "characters"])
        return cls(representation, estimator, weights, bias, terms, representation.compile())

    @property
    def is_linear(self) -> bool:
        """Whether the log-odds are a sum over the columns."""
        return self.weights is not None

    def probability(self, text: str) -> float:
        """Return the probability that ``text`` is of the second class."""
        columns, values = self.row(text)
        return self.probability_of(columns, values)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Return the (n,) probabilities of ``texts``, for many at once."""
        found = np.empty(len(texts))
        start = 0
        while start < len(texts):
            end, characters = start, 0
            while end < min(len(texts), start + BLOCK) and characters < BLOCK_CHARACTERS:
                characters += len(texts[end])
                end += 1
            found[start:end] = self._probabilities(texts[start:end])
            start = end
        return found

    def _probabilities(self, texts: Sequence[str]) -> Floats:
        if self.weights is None:
            return self.probabilities_of(self.representation.transform(texts))
        scores = self.representation.product(texts, self.weights) + self.bias
        return np.asarray(expit(scores), dtype=np.float64)

    def score(self, columns: Ints, values: Floats) -> float:
        """Return the log-odds of a row; raises ValueError where the classifier is not linear."""
        if self.weights is None:
            raise ValueError("The classifier is not linear, so it has no weights to sum.")
        return float(values @ self.weights[columns]) + self.bias

    def probability_of(self, columns: Ints, values: Floats) -> float:
        """Return the probability of a row that ``row`` gave."""
        if self.weights is not None:
            return _expit(self.score(columns, values))
        X = sp.csr_array(
            (values, columns, np.array([0, len(columns)])),
            shape=(1, self.representation.n_columns_),
        )
        return float(self.probabilities_of(X)[0])

    def probabilities_of(self, X: sp.csr_array) -> Floats:
        """Return the (n,) probabilities of the rows of ``X`` (n, n_columns_)."""
        if self.weights is not None:
            return np.asarray(expit(X @ self.weights + self.bias), dtype=np.float64)
        return np.asarray(self.estimator.predict_proba(X)[:, 1], dtype=np.float64)


def read_only(weights: Floats) -> Floats:
    """Return a copy of ``weights`` that cannot be written to: scorers are shared by threads."""
    kept = np.array(weights, dtype=np.float64)
    kept.flags.writeable = False
    return kept


def _expit(score: float) -> float:
    if score >= 0:
        return 1.0 / (1.0 + math.exp(-score))
    odds = math.exp(score) if score > -745.0 else 0.0
    return odds / (1.0 + odds)
