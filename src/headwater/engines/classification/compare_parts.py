"""compare_parts: whether a measure rose or fell, by the parts that two fits were both judged on."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import t as student

LEAST_PARTS = 3


def compare_parts(
    before: Sequence[float | None],
    after: Sequence[float | None],
    *,
    test_share: float,
) -> float | None:
    """Return the chance of so great a mean difference, if both were as good.

    ``before`` and ``after`` (k,) have a measure of the same k parts, None where it is not defined;
    ``test_share`` is the rows judged in a part by those learned from. Two-sided t test of the
    paired differences with k - 1 degrees of freedom, whose variance is widened by ``test_share``
    because the parts learn from mostly the same rows: Nadeau & Bengio (2003), Inference for the
    generalization error. None where fewer than three parts have both.
    """
    if len(before) != len(after):
        raise ValueError(
            f"There are {len(before)} parts of the fit before and {len(after)} of the new one; "
            "both are judged in the same parts."
        )
    pairs = zip(before, after, strict=True)
    found = [now - was for was, now in pairs if was is not None and now is not None]
    if len(found) < LEAST_PARTS:
        return None
    differences = np.array(found, dtype=np.float64)
    mean, variance = float(differences.mean()), float(differences.var(ddof=1))
    k = len(differences)
    spread = math.sqrt((1 / k + test_share) * variance)
    if spread <= 1e-12 * max(abs(mean), 1e-12):
        return 1.0 if abs(mean) < 1e-12 else 0.0
    return float(2 * student.sf(abs(mean) / spread, k - 1))
