"""compare_fits: whether a new fit is better than the one before, on the same human labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

Verdict = Literal["better", "worse", "no difference that could be told", "too few labels to tell"]

LEVEL = 0.95
SMALLEST = 0.05
"""A difference that matters: where one so great could stay unseen, the labels are too few."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two fits on the same labelled rows, that neither learned from."""

    n: int
    both_right: int
    only_before: int
    """Rows that the fit before has right and the new one wrong."""
    only_after: int
    """Rows that the new fit has right and the one before wrong."""
    both_wrong: int
    p: float
    """Chance of so uneven a split of the rows that differ, if both were as good: exact McNemar."""
    difference: float
    """Accuracy of the new fit less that of the one before."""
    low: float
    """The interval of the difference by Agresti & Min (2005)."""
    high: float
    verdict: Verdict
    sentence: str

    @property
    def accuracy_before(self) -> float | None:
        """Share that the fit before has right; None without rows."""
        return (self.both_right + self.only_before) / self.n if self.n else None

    @property
    def accuracy_after(self) -> float | None:
        """Share that the new fit has right; None without rows."""
        return (self.both_right + self.only_after) / self.n if self.n else None

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            **{name: getattr(self, name) for name in self.__slots__},
            "accuracy_before": self.accuracy_before,
            "accuracy_after": self.accuracy_after,
        }


def compare_fits(
    y: NDArray[Any],
    before: NDArray[Any],
    after: NDArray[Any],
    *,
    level: float = LEVEL,
    smallest: float = SMALLEST,
) -> Comparison:
    """Return how the classes ``after`` (n,) that a new fit gives compare with those ``before``.

    ``y`` (n,) are the classes that people gave. “better” and “worse” where the exact McNemar test
    tells both apart at ``level``; else “too few labels to tell” where the interval of the
    difference reaches beyond ``smallest`` on either side, “no difference that could be told”
    where it does not.
    """
    y, before, after = np.asarray(y), np.asarray(before), np.asarray(after)
    if not len(y) == len(before) == len(after):
        raise ValueError(
            f"There are {len(y):,} labels, {len(before):,} classes of the fit before and "
            f"{len(after):,} of the new one; both are judged on the same rows."
        )
    was, now = before == y, after == y
    only_before, only_after = int((was & ~now).sum()), int((~was & now).sum())
    n, differ = len(y), only_before + only_after
    p = mcnemar(only_before, only_after)
    difference = (only_after - only_before) / n if n else 0.0
    low, high = paired_interval(only_before, only_after, n, level=level)
    verdict: Verdict
    if differ and p < 1 - level:
        verdict = "better" if only_after > only_before else "worse"
    elif not n or max(-low, high) > smallest:
        verdict = "too few labels to tell"
    else:
        verdict = "no difference that could be told"
    return Comparison(
        n=n,
        both_right=int((was & now).sum()),
        only_before=only_before,
        only_after=only_after,
        both_wrong=int((~was & ~now).sum()),
        p=p,
        difference=difference,
        low=low,
        high=high,
        verdict=verdict,
        sentence=_sentence(verdict, n, only_before, only_after, low, high),
    )


def mcnemar(one: int, other: int) -> float:
    """Return the two-sided exact p-value of ``one`` against ``other`` of rows that differ."""
    return min(1.0, 2.0 * float(binom.cdf(min(one, other), one + other, 0.5)))


def paired_interval(
    only_before: int, only_after: int, n: int, *, level: float = LEVEL
) -> tuple[float, float]:
    """Return the interval of the difference of two shares of the same ``n`` rows.

    Agresti & Min (2005), Simple improved confidence intervals for comparing matched proportions:
    Wald's, with half a row added to each of the four cells.
    """
    one, other, size = only_before + 0.5, only_after + 0.5, n + 2.0
    middle = (other - one) / size
    spread = math.sqrt(max(one + other - (other - one) ** 2 / size, 0.0)) / size
    reach = NormalDist().inv_cdf((1 + level) / 2) * spread
    return max(middle - reach, -1.0), min(middle + reach, 1.0)


def _sentence(
    verdict: Verdict, n: int, only_before: int, only_after: int, low: float, high: float
) -> str:
    if not n:
        return "There are no held-out labels to compare the two fits on."
    counted = (
        f"Of {n:,} held-out {'label' if n == 1 else 'labels'}, {only_after:,} "
        f"{'is' if only_after == 1 else 'are'} right only in the new fit and {only_before:,} only "
        "in the one before"
    )
    between = f"the difference lies between {_points(low)} and {_points(high)} percentage points"
    match verdict:
        case "better" | "worse":
            return f"The new fit is {verdict}. {counted}; {between}."
        case "too few labels to tell":
            return f"These are too few labels to tell. {counted}; {between}."
        case _:
            return f"No difference could be told. {counted}; {between}."


def _points(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")
