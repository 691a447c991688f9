"""Probabilities: how likely each class is, of rows that come one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from headwater.learning.assign import Observation, encoded

if TYPE_CHECKING:
    from headwater.classification.models import Classifier


def predict_proba(
    classifier: Classifier, observations: Iterable[Observation]
) -> list[dict[str, float]]:
    """Return of each of ``observations``, in their order, the probability of each class."""
    pipeline, rows = encoded(classifier, observations)
    if not rows:
        return []
    probabilities = np.asarray(pipeline.estimator.predict_proba(np.stack(rows)))
    return [dict(zip(pipeline.letters, row, strict=True)) for row in probabilities.tolist()]
