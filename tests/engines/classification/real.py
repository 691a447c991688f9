"""Real labelled rows, from scikit-learn's own files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_digits, load_iris

from headwater.engines.catalog import TECHNIQUES

Case = Literal["iris", "breast_cancer", "digits"]
CASES: list[Case] = ["iris", "breast_cancer", "digits"]
EVERY = [key for key, one in TECHNIQUES.items() if one.family == "classification"]


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Rows to learn from and rows that were not."""

    X: NDArray[np.float64]
    y: NDArray[np.int64]
    unseen: NDArray[np.float64]
    unseen_y: NDArray[np.int64]

    @property
    def n_classes(self) -> int:
        return int(self.y.max()) + 1

    def first_columns(self, d: int) -> Labelled:
        """Return the same rows with fewer columns."""
        return Labelled(self.X[:, :d], self.y, self.unseen[:, :d], self.unseen_y)


@cache
def load(case: Case) -> Labelled:
    """Return at most 300 rows to learn from and 120 others; no number is below zero."""
    loader = {"iris": load_iris, "breast_cancer": load_breast_cancer, "digits": load_digits}[case]
    X, y = loader(return_X_y=True)
    if case == "breast_cancer":
        X = X / X.std(axis=0)
    order = np.random.default_rng(0).permutation(len(X))
    n = min(300, len(X) * 2 // 3)
    chosen, others = order[:n], order[n : n + 120]
    return Labelled(X[chosen], y[chosen].astype(np.int64), X[others], y[others].astype(np.int64))


def trained(key: str, data: Labelled, given: dict[str, Any]) -> Any:
    """Return the technique ``key`` with the parameters ``given``, fitted to ``data``."""
    return TECHNIQUES[key].build(given, restarts=1, iterations=1000, threads=1).fit(data.X, data.y)
