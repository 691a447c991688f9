"""From the decisions of pairs of classes to one score for each class."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def pair_scores(kernel: Floats, dual_coef: Floats, n_support: NDArray[np.int64]) -> Floats:
    """Return the decision (n, pairs), without constants, of each pair of classes.

    ``kernel`` (n, m) holds the similarities with the support vectors, which are ordered by class
    with ``n_support`` (K,) of each; ``dual_coef`` (K - 1, m) holds their weights in the border to
    each other class, as LIBSVM stores them (Chang & Lin 2011).
    """
    if len(dual_coef) == 1:
        return kernel @ dual_coef.T
    ends = np.cumsum(n_support)
    parts = [slice(end - size, end) for end, size in zip(ends, n_support, strict=True)]
    of_class = [kernel[:, part] @ dual_coef[:, part].T for part in parts]
    return np.column_stack(
        [
            of_class[low][:, high - 1] + of_class[high][:, low]
            for low, high in combinations(range(len(n_support)), 2)
        ]
    )


def by_class(pairs: Floats, n_classes: int) -> Floats:
    """Return the score (n, K) of each class: its votes, and between -1/3 and 1/3 how sure they are.

    A pair's number above zero speaks for its first class.
    """
    votes, sureness = np.zeros((2, len(pairs), n_classes))
    for at, (low, high) in enumerate(combinations(range(n_classes), 2)):
        decision = pairs[:, at]
        sureness[:, low] += decision
        sureness[:, high] -= decision
        votes[:, low] += decision >= 0
        votes[:, high] += decision < 0
    return np.asarray(votes + sureness / (3 * (np.abs(sureness) + 1)))
