"""updated: what a filter learns at once from people's corrections, until it is fitted again.

Passive-aggressive steps (Crammer et al. 2006) on the log-odds: a text that is clearly on the side
that a person says changes nothing; another one moves the weights of its own terms, as little as
takes it there. The steps are the same whoever takes them, so the state is that of the fit and the
corrections in their order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from headwater.engines.text.scorer import Scorer, read_only

SURE = math.log(3.0)
"""Log-odds that are clearly on one side: a probability of 0.75, or of 0.25."""
MOST = 3.0
"""Log-odds that one correction moves its text, at most."""


def can_update(scorer: Scorer) -> bool:
    """Return whether corrections teach ``scorer``: a linear classifier over a bag of words."""
    return scorer.is_linear and bool(scorer.terms.any())


def updated(scorer: Scorer, corrections: Sequence[tuple[str, bool]]) -> Scorer:
    """Return what ``scorer`` becomes by ``corrections``, (text, whether it is spam), in order.

    Those of one call after another have the effect of all in one call, to the last digit. A
    correction moves its own text by at most ``MOST``, and no weight by more than the greatest one
    that the filter has; terms that the filter does not know, the hand-made features and the bias
    stay as they are. Raises ValueError where the classifier cannot be taught so (``can_update``).
    """
    if scorer.weights is None or not can_update(scorer):
        raise ValueError(
            "Only a linear classifier of words or pieces of words learns from single corrections; "
            "this one learns from them at the next fit."
        )
    weights = scorer.weights.copy()
    # What the fit learned, not what corrections made of it, or the order of calls would count.
    fitted, _ = scorer.estimator.linear()
    greatest = float(np.abs(fitted[scorer.terms]).max())
    for text, is_spam in corrections:
        columns, values = scorer.row(text)
        side = 1.0 if is_spam else -1.0
        missing = SURE - side * (float(values @ weights[columns]) + scorer.bias)
        known = scorer.terms[columns]
        columns, values = columns[known], values[known]
        length = float(values @ values)
        if missing <= 0 or length == 0:
            continue
        step = min(min(missing, MOST) / length, greatest / float(values.max()))
        weights[columns] += side * step * values
    return replace(scorer, weights=read_only(weights))
