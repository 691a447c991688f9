"""Classifier: what every classification technique keeps to, whatever it learns."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from headwater.engines.progress import Callback, Step

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Classifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Learn from rows (n, d) with codes 0..K-1 (n,) which class another row is of.

    What is kept after ``fit`` is plain numbers, arrays and lists: nothing of scikit-learn, by
    which it is learned, goes into an artifact. ``n_classes_`` is K; ``n_iter_`` the iterations of
    the search (1 where there are none); ``converged_`` whether it came to its end; ``notes_`` what
    a reader should know. Rows may be an array or, where ``accepts_sparse``, a sparse matrix.
    """

    accepts_sparse: ClassVar[bool] = True
    needs_non_negative: ClassVar[bool] = False
    """Whether ``fit`` refuses numbers below zero."""

    n_threads: int | None

    def fit(
        self, X: Any, y: Any, *, sample_weight: Any = None, callback: Callback | None = None
    ) -> Self:
        """Learn from ``X`` (n, d), ``y`` (n,) and the weights (n,) of the rows.

        ``callback`` is called before and after; what it raises stops the fit. Raises ValueError
        with a sentence for what cannot be learned from.
        """
        X = self._read(X, reset=True)
        y = _codes(y, X.shape[0])
        weight = _weights(sample_weight, y)
        if self.needs_non_negative:
            _refuse_negative(X)
        sizes = np.bincount(y)
        self.n_classes_ = len(sizes)
        self.n_iter_, self.converged_ = 1, True
        self.notes_: list[str] = []
        if (single := int((sizes == 1).sum())) > 0:
            classes = "one class" if single == 1 else f"{single} classes"
            self.notes_.append(f"There is only a single row to learn {classes} from.")
        if callback is not None:
            callback(Step("search", 1, 1, 0, float("nan"), self.n_classes_))
        with threadpool_limits(limits=self.n_threads):
            self._learn(X, y, weight)
        if callback is not None:
            callback(Step("search", 1, 1, self.n_iter_, float("nan"), self.n_classes_))
        return self

    def scores(self, X: Any) -> Floats:
        """Return how much speaks for each class: (n, K), or (n,) for class 1 where K is 2.

        The class with the greatest score is the one that is predicted; with two classes it is 1
        where the score lies above zero.
        """
        check_is_fitted(self)
        return self._scores(self._read(X, reset=False))

    def predict(self, X: Any) -> Ints:
        """Return the code (n,) of the class of each row of ``X``."""
        return chosen(self.scores(X))

    def linear(self) -> tuple[Floats, float] | None:
        """Return weights (d,) and a constant with scores == X @ weights + constant, or None.

        None where there are more than two classes, or where no such weights are.
        """
        check_is_fitted(self)
        return None

    def compile(self) -> Callable[[Floats], int]:
        """Return a function that gives the code of one row (d,) without checking it."""
        check_is_fitted(self)

        def code(row: Floats) -> int:
            return int(chosen(self._scores(row[np.newaxis]))[0])

        return code

    @property
    def classes_(self) -> Ints:
        """The codes 0..K-1 (K,)."""
        check_is_fitted(self, "n_classes_")
        return np.arange(self.n_classes_)

    @abstractmethod
    def _learn(self, X: Any, y: Ints, weight: Floats | None) -> None:
        """Set the fitted attributes from checked data."""

    @abstractmethod
    def _scores(self, X: Any) -> Floats:
        """Return the scores of checked rows."""

    def _read(self, X: Any, *, reset: bool) -> Any:
        """Return ``X`` as a float64 array or CSR matrix of finite numbers."""
        checked = validate_data(
            self, X, reset=reset, accept_sparse="csr", dtype=np.float64, ensure_all_finite=False
        )
        _refuse_not_finite(checked)
        return checked

    def _not_settled(self, iterations: int) -> None:
        """Keep that the search ended before it had settled."""
        self.converged_ = False
        self.notes_.append(
            f"The search had not settled after {iterations:,} iterations. Allow more iterations, "
            "or measure the columns in their own spread."
        )


def chosen(scores: Floats) -> Ints:
    """Return the code (n,) of the class that ``scores``, (n,) or (n, K), speak for most."""
    best = scores > 0 if scores.ndim == 1 else scores.argmax(axis=1)
    return best.astype(np.int64)


def blocks_of_rows(X: Any, per_row: int, *, at_once: int) -> Iterator[Any]:
    """Yield parts of ``X`` with so many rows that ``per_row`` times them is about ``at_once``."""
    step = max(1, at_once // max(per_row, 1))
    for start in range(0, X.shape[0], step):
        yield X[start : start + step]


def as_dense(X: Any) -> Floats:
    """Return ``X`` as an array."""
    dense: Floats = X.toarray() if issparse(X) else X
    return dense


def _codes(y: Any, n: int) -> Ints:
    """Return ``y`` as codes 0..K-1 of at least two classes."""
    given = np.asarray(y)
    if given.shape != (n,):
        raise ValueError(
            f"There are {n:,} rows and classes of the shape {given.shape}; each row takes one."
        )
    if given.dtype.kind not in "iub":
        raise ValueError(
            f"The classes were of the kind {given.dtype}; they are whole numbers from 0."
        )
    codes: Ints = given.astype(np.int64)
    if codes.min() < 0:
        raise ValueError(f"A class was {codes.min()}; classes are whole numbers from 0.")
    if (codes == codes[0]).all():
        raise ValueError(
            f"All {n:,} rows are of one class. Learning to tell classes apart takes rows of at "
            "least two."
        )
    if codes.max() >= n or (missing := np.flatnonzero(np.bincount(codes) == 0)).size:
        gap = n if codes.max() >= n else missing[0]
        raise ValueError(
            f"The classes are numbered from 0 to {codes.max():,} and there are no rows of the "
            f"class {gap:,}. Number those that there are without a gap."
        )
    return codes


def _weights(sample_weight: Any, y: Ints) -> Floats | None:
    """Return the weights (n,) as numbers, None where there are none."""
    if sample_weight is None:
        return None
    weight: Floats = np.asarray(sample_weight, dtype=np.float64)
    if weight.shape != y.shape:
        raise ValueError(
            f"There are {len(y):,} rows and weights of the shape {weight.shape}; each row takes "
            "one weight."
        )
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise ValueError("The weights of the rows must be numbers of at least 0.")
    if (np.bincount(y, weights=weight) == 0).any():
        raise ValueError("All rows of a class weigh nothing, so there is nothing to learn it from.")
    return weight


def _refuse_negative(X: Any) -> None:
    least = X.min()
    if least < 0:
        raise ValueError(
            f"This kind of naive Bayes compares counts, and the smallest number was {least:,.6g}. "
            "Leave the columns as they are (the setting “Scale of the columns”) if none of them "
            "goes below zero, or choose another technique."
        )


def _refuse_not_finite(X: Any) -> None:
    numbers = X.data if issparse(X) else X
    wrong = ~np.isfinite(numbers)
    if not wrong.any():
        return
    row = int(np.searchsorted(X.indptr, wrong.argmax(), "right")) - 1 if issparse(X) else None
    if row is None:
        row = int(wrong.any(axis=1).argmax())
    raise ValueError(
        f"A number of row {row:,} (counted from 0) is missing (NaN) or infinite. Fill what is "
        "missing, or leave such rows out."
    )
