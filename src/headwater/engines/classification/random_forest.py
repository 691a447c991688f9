"""RandomForest: the mean of many different trees, by scikit-learn's RandomForestClassifier."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from scipy.sparse import issparse
from sklearn.ensemble import RandomForestClassifier
from sklearn.utils.validation import check_is_fitted

from headwater.engines.classification.class_weight import ClassWeight, as_scikit_learn
from headwater.engines.classification.classifier import (
    Classifier,
    Floats,
    Ints,
    as_dense,
    blocks_of_rows,
)
from headwater.engines.classification.trees import Tree, Trees

AT_ONCE = 2_000_000
"""Numbers that are looked at together while rows walk through the trees."""


class RandomForest(Classifier):
    """Grow ``n_estimators`` trees on rows and columns drawn at random, and average their answers.

    ``predict_proba`` is that mean. The score of two classes is its log-odds as of one half more
    tree for either, log((p T + 1/2) / ((1 - p) T + 1/2)) with T trees, so that it stays a number
    where all trees agree; with more classes it is log((p T + 1/2) / (T + K / 2)).
    """

    trees_: Trees

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: Literal["gini", "entropy"] = "gini",
        max_depth: int | None = None,
        min_samples_leaf: int = 1,
        max_features: Literal["sqrt", "log2", "all"] = "sqrt",
        class_weight: ClassWeight = "none",
        random_state: int | None = None,
        n_threads: int | None = None,
    ) -> None:
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.max_features = max_features
        self.class_weight = class_weight
        self.random_state = random_state
        self.n_threads = n_threads

    def predict_proba(self, X: Any) -> Floats:
        """Return the mean share (n, K) of each class in the leaves that a row comes to."""
        check_is_fitted(self)
        return self._shares(self._read(X, reset=False))

    def _learn(self, X: Any, y: Ints, weight: Floats | None) -> None:
        learned = RandomForestClassifier(
            n_estimators=self.n_estimators,
            criterion=self.criterion,
            max_depth=self.max_depth,
            min_samples_leaf=self.min_samples_leaf,
            max_features=None if self.max_features == "all" else self.max_features,
            class_weight=as_scikit_learn(self.class_weight),
            random_state=self.random_state,
            n_jobs=self.n_threads,
        )
        learned.fit(X, y, sample_weight=weight)
        self.trees_ = Trees([_tree(one.tree_) for one in learned.estimators_])

    def _scores(self, X: Any) -> Floats:
        half = 0.5 / len(self.trees_.roots)
        share = np.log(self._shares(X) + half)
        if self.n_classes_ == 2:
            return np.asarray(share[:, 1] - share[:, 0])
        return np.asarray(share - np.log(1 + self.n_classes_ * half))

    def _shares(self, X: Any) -> Floats:
        trees = self.trees_
        width = max(X.shape[1], len(trees.roots))
        # Trees were grown on single precision, so a row is read in it too.
        sums = [
            trees.total(as_dense(part).astype(np.float32))
            for part in blocks_of_rows(X, width, at_once=AT_ONCE)
        ]
        return np.concatenate(sums) / len(trees.roots)

    def _read(self, X: Any, *, reset: bool) -> Any:
        X = super()._read(X, reset=reset)
        numbers = X.data if issparse(X) else X
        if numbers.size and np.abs(numbers).max() > np.finfo(np.float32).max:
            raise ValueError("A number is too large for the trees (above about 3e38): scale it.")
        return X


def _tree(tree: Any) -> Tree:
    """Return a tree of scikit-learn's forest; its answers are shares of the classes."""
    value = tree.value[:, 0, :]
    return Tree(tree.feature, tree.threshold, tree.children_left, tree.children_right, value)
