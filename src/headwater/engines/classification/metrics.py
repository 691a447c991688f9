"""measure: the usual scores of a classifier on rows that it did not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    average_precision_score,
    log_loss,
    precision_recall_fscore_support,
    roc_auc_score,
)

from headwater.engines.classification.declared import METRICS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NAMES: tuple[str, ...] = tuple(key for key, _ in METRICS)


def measure(
    y: Ints,
    predicted: Ints,
    scores: Floats,
    probabilities: Floats | None,
    *,
    n_classes: int,
    positive: int | None = None,
    metrics: Sequence[str] = NAMES,
) -> dict[str, float | None]:
    """Return each of ``metrics`` on the rows with the classes ``y`` (n,), as scikit-learn does.

    ``positive`` is the class that precision, recall, F1, average precision and ROC AUC are of; of
    two classes it is the second where it is None, of more the plain mean over the classes that
    appear (macro). Average precision and ROC AUC go by ``scores``; the mean ROC AUC over more than
    two classes goes by ``probabilities``, each class against all others. None: not defined on these
    rows, since they are of one class, or without probabilities.
    """
    if positive is None and n_classes == 2:
        positive = 1
    told: dict[str, float | None] = {}
    if positive is None:
        average = precision_recall_fscore_support(y, predicted, average="macro", zero_division=0)
        ranks = scores if probabilities is None else probabilities
        told["average_precision"] = _mean_over_classes(average_precision_score, y, scores)
        told["roc_auc"] = _mean_over_classes(roc_auc_score, y, ranks)
    else:
        truth, said = y == positive, predicted == positive
        average = precision_recall_fscore_support(truth, said, average="binary", zero_division=0)
        rank = rank_of(scores, positive)
        both = truth.any() and not truth.all()
        told["average_precision"] = (
            float(average_precision_score(truth, rank)) if truth.any() else None
        )
        told["roc_auc"] = float(roc_auc_score(truth, rank)) if both else None
    told["precision"], told["recall"], told["f1"] = (float(value) for value in average[:3])
    told["accuracy"] = float((y == predicted).mean())
    told["log_loss"] = (
        None
        if probabilities is None
        else float(log_loss(y, probabilities, labels=np.arange(n_classes)))
    )
    return {name: told[name] for name in metrics}


def rank_of(scores: Floats, positive: int) -> Floats:
    """Return the numbers (n,) that are the greater, the more a row seems to be ``positive``."""
    if scores.ndim == 2:
        return scores[:, positive]
    return scores if positive == 1 else -scores


def _mean_over_classes(score: Any, y: Ints, ranks: Floats) -> float | None:
    each = []
    for code in range(ranks.shape[1]):
        truth = y == code
        if truth.any() and not truth.all():
            each.append(float(score(truth, ranks[:, code])))
    return float(np.mean(each)) if each else None
