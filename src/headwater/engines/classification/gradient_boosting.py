"""GradientBoosting: trees that mend each other, by scikit-learn's histogram boosting."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.ensemble import HistGradientBoostingClassifier

from headwater.engines.classification.class_weight import ClassWeight, as_scikit_learn
from headwater.engines.classification.classifier import (
    Classifier,
    Floats,
    Ints,
    as_dense,
    blocks_of_rows,
)
from headwater.engines.classification.linear import probabilities
from headwater.engines.classification.trees import Tree, Trees

DENSE = 50_000_000
"""Numbers (rows times columns) up to which sparse rows are made dense: 400 MB."""
AT_ONCE = 2_000_000
"""Numbers that are looked at together while rows walk through the trees."""
HELD_OUT = 0.1
"""Share of the rows that early stopping holds out."""


class GradientBoosting(Classifier):
    """Add up to ``max_iter`` small trees for each class, each fitted to what is still wrong.

    The scores are log-odds (two classes) or logarithms up to a constant. Sparse rows are made
    dense, so there is a limit to them: 50 million numbers, zeros included.
    """

    trees_: Trees
    baseline_: Floats
    """(K,), or (1,) for two classes: the scores before any tree."""

    def __init__(
        self,
        max_iter: int = 100,
        *,
        learning_rate: float = 0.1,
        max_leaf_nodes: int = 31,
        max_depth: int | None = None,
        min_samples_leaf: int = 20,
        l2_regularization: float = 0.0,
        early_stopping: bool = False,
        class_weight: ClassWeight = "none",
        random_state: int | None = None,
        n_threads: int | None = None,
    ) -> None:
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.early_stopping = early_stopping
        self.class_weight = class_weight
        self.random_state = random_state
        self.n_threads = n_threads

    def predict_proba(self, X: Any) -> Floats:
        """Return the probability (n, K) of each class for each row of ``X``."""
        return probabilities(self.scores(X))

    def _learn(self, X: Any, y: Ints, weight: Floats | None) -> None:
        if issparse(X) and X.shape[0] * X.shape[1] > DENSE:
            raise ValueError(
                f"Gradient boosting needs every number of its rows, zeros too, and {X.shape[0]:,} "
                f"rows of {X.shape[1]:,} columns are more than {DENSE:,}. Keep fewer columns (for "
                "texts: “Terms at most”), or choose a linear technique or naive Bayes."
            )
        if self.early_stopping:
            self._check_held_out(y)
        learned = HistGradientBoostingClassifier(
            max_iter=self.max_iter,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.max_leaf_nodes,
            max_depth=self.max_depth,
            min_samples_leaf=self.min_samples_leaf,
            l2_regularization=self.l2_regularization,
            early_stopping=self.early_stopping,
            validation_fraction=HELD_OUT,
            class_weight=as_scikit_learn(self.class_weight),
            random_state=self.random_state,
        )
        learned.fit(as_dense(X), y, sample_weight=weight)
        self.n_iter_ = int(learned.n_iter_)
        self.baseline_ = np.asarray(learned._baseline_prediction, dtype=np.float64).ravel()
        self.trees_ = Trees([_tree(one.nodes) for turn in learned._predictors for one in turn])
        if all(len(one.nodes) == 1 for turn in learned._predictors for one in turn):
            self.notes_.append(
                "No tree could be grown: there are too few rows for the least rows of a leaf, or "
                "no column tells the classes apart. Every row gets the most frequent class."
            )

    def _scores(self, X: Any) -> Floats:
        trees, columns = self.trees_, len(self.baseline_)
        width = max(X.shape[1], len(trees.roots))
        sums = [
            trees.total(as_dense(part), columns=columns)
            for part in blocks_of_rows(X, width, at_once=AT_ONCE)
        ]
        scores = np.concatenate(sums) + self.baseline_
        return scores[:, 0] if self.n_classes_ == 2 else scores

    def _check_held_out(self, y: Ints) -> None:
        if np.bincount(y).min() < 2 or len(y) * HELD_OUT < self.n_classes_:
            raise ValueError(
                "To stop when it gets no better, a tenth of the rows is held out, with rows of "
                f"each class; {len(y):,} rows of {self.n_classes_} classes are too few for that. "
                "Switch “Stop when it gets no better” off."
            )


def _tree(nodes: Any) -> Tree:
    """Return a tree of scikit-learn's boosting; its answers are steps of the score."""
    leaf = nodes["is_leaf"].astype(bool)
    left, right = nodes["left"].astype(np.int64), nodes["right"].astype(np.int64)
    return Tree(
        nodes["feature_idx"],
        nodes["num_threshold"],
        np.where(leaf, -1, left),
        np.where(leaf, -1, right),
        nodes["value"][:, np.newaxis],
    )
