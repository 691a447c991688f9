"""apart: what sets each group apart from the rest, column by column, ready for JSON."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr, ndtri, stdtr

from headwater.engines.scales import Floats
from headwater.engines.segments.categories import coded
from headwater.engines.segments.members import Members
from headwater.engines.table import Table

STRENGTH = 0.5
"""Cohen's d or h from which a difference is distinctive: a medium effect by Cohen (1988)."""
LARGE = 0.8
"""Cohen's d or h of a large effect."""
LEVEL = 0.05
"""Share of the differences called beyond chance that may be chance."""
MOST_STRENGTH = 100.0
"""A d is cut off here: where the values within both sides are all alike it has no end."""
CATEGORIES = 5
"""Categories told of a column for each group, those that differ most."""
NEGLIGIBLE = 1e-12
"""Differences and spreads below this share of the column's range are rounding errors."""


def apart(
    table: Table, labels: NDArray[Any], letters: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return for each letter in what the group differs from the rest, the strongest first.

    The rest are the rows of all other groups; rows outside of every group and missing values are
    left out. Each difference has ``column``, ``kind``, ``value`` (of the group) and ``rest``,
    ``effect``, ``strength``, ``direction``, ``p`` and ``distinctive``:

    - numeric: means in the column's own units; ``effect`` is Cohen's d, the difference in pooled
      standard deviations (at most 100 either way), ``direction`` “higher” or “lower”.
    - boolean, and each ``category`` of a categorical column (the five that differ most): shares;
      ``effect`` is their difference, between ``low`` and ``high`` with 95 % confidence (Newcombe
      1998, method 10, from Wilson's limits), ``direction`` “more” or “fewer”.

    ``strength`` puts both on one scale, Cohen's (0.2 small, 0.5 medium, 0.8 large): |d|, or for
    shares |h|, the difference of the arcsines of their roots, doubled. A difference is
    ``distinctive`` with a strength of at least 0.5 that is beyond chance: ``p`` is the two-sided
    chance of such a difference (for means the larger of Student's and Welch's, for shares the chi
    square's with Yates's correction), and of the differences of one group that are called so at
    most 5 % are expected to be false alarms (Benjamini & Hochberg 1995). So a group that has
    nothing to do with the columns has nothing distinctive in 19 of 20 cases or more, however many
    columns there are.

    Groups that were cut out of these very columns differ in them even where the data have no
    groups; whether there are any is what silhouette, gap and stability tell.
    """
    labels = np.asarray(labels)
    members = Members.of(labels)
    told: dict[str, list[dict[str, Any]]] = {letter: [] for letter in letters}
    for name, values in table.columns.items():
        kind = table.kinds[name]
        if kind == "categorical":
            differences = _categories(values, members)
        else:
            differences = _numbers(values, members, shares=kind == "boolean")
        for code, difference in differences:
            letter = letters[int(members.groups[code])]
            told[letter].append({"column": name, "kind": kind, **difference})
    return {letter: _ranked(_judged(each)) for letter, each in told.items()}


def is_distinctive(difference: Mapping[str, Any]) -> bool:
    """Return whether an entry of ``apart`` is both of some size and beyond chance."""
    return bool(difference["distinctive"])


def is_large(difference: Mapping[str, Any]) -> bool:
    """Return whether an entry of ``apart`` is large by Cohen's scale, be it chance or not.

    It describes the rows at hand, and with few of them promises nothing of others.
    """
    return bool(difference["strength"] >= LARGE)


def _judged(differences: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the differences of one group, each with whether it is ``distinctive``."""
    beyond = _beyond_chance(np.array([each["p"] for each in differences]))
    return [
        {**each, "distinctive": is_beyond and each["strength"] >= STRENGTH}
        for each, is_beyond in zip(differences, beyond.tolist(), strict=True)
    ]


def _ranked(differences: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the strongest first, of each categorical column only the first few."""
    ranked = sorted(
        differences, key=lambda each: (-each["strength"], each["column"], each.get("category", ""))
    )
    told: Counter[str] = Counter()
    kept = []
    for each in ranked:
        told[each["column"]] += 1
        if told[each["column"]] <= CATEGORIES:
            kept.append(each)
    return kept


def _beyond_chance(p: Floats) -> NDArray[np.bool_]:
    """Return which of the chances stay, so that 5 % of these or less are false alarms."""
    if not len(p):
        return np.zeros(0, dtype=np.bool_)
    ranked = np.sort(p)
    below = np.flatnonzero(ranked <= LEVEL * np.arange(1, len(p) + 1) / len(p))
    return p <= (ranked[below[-1]] if len(below) else -1.0)


def _numbers(
    values: NDArray[Any], members: Members, *, shares: bool
) -> list[tuple[int, dict[str, Any]]]:
    """Return (group, difference) of the groups that differ in a numeric or boolean column."""
    numbers = values[members.rows].astype(np.float64)
    known = ~np.isnan(numbers)
    numbers, codes = numbers[known], members.codes[known]
    if not len(numbers):
        return []
    low, high = float(numbers.min()), float(numbers.max())
    if low == high:
        return []
    n_groups = len(members)
    counts = np.bincount(codes, minlength=n_groups)
    if shares:
        yes = np.bincount(codes[numbers > 0], minlength=n_groups)
        return _shares(yes, counts)
    # On differences from the middle, in shares of the range: no overflow, no lost digits.
    middle = low / 2 + high / 2
    scale = max(high - middle, middle - low)
    scaled = (numbers - middle) / scale
    filled = np.maximum(counts, 1)
    means = np.bincount(codes, weights=scaled, minlength=n_groups) / filled
    squares = np.bincount(codes, weights=(scaled - means[codes]) ** 2, minlength=n_groups)
    found = []
    for code in range(n_groups):
        others = np.arange(n_groups) != code
        n, m = int(counts[code]), int(counts[others].sum())
        if n == 0 or m == 0 or n + m <= 2:
            continue
        rest = float(counts[others] @ means[others]) / m
        around = float(squares[others].sum() + counts[others] @ (means[others] - rest) ** 2)
        difference = float(means[code]) - rest
        if abs(difference) <= NEGLIGIBLE:
            continue
        d = _cohen(difference, float(squares[code]), around, n, m)
        found.append(
            (
                code,
                {
                    "value": middle + scale * float(means[code]),
                    "rest": middle + scale * rest,
                    "effect": d,
                    "strength": abs(d),
                    "direction": "higher" if d > 0 else "lower",
                    "p": _chance_of_means(difference, float(squares[code]), around, n, m),
                },
            )
        )
    return found


def _cohen(difference: float, squares: float, rest: float, n: int, m: int) -> float:
    """Return the difference in pooled standard deviations, cut off at 100."""
    spread = math.sqrt((squares + rest) / (n + m - 2))
    if spread <= NEGLIGIBLE:
        return math.copysign(MOST_STRENGTH, difference)
    return max(-MOST_STRENGTH, min(MOST_STRENGTH, difference / spread))


def _chance_of_means(difference: float, squares: float, rest: float, n: int, m: int) -> float:
    """Return the larger of Student's and Welch's two-sided chances of a difference of means.

    Welch's needs two values on both sides. Where the values within both sides are all alike it is
    the chance that a random division would have put just these together.
    """
    pooled = (squares + rest) / (n + m - 2)
    if math.sqrt(pooled) <= NEGLIGIBLE:
        return float(np.exp(gammaln(n + 1) + gammaln(m + 1) - gammaln(n + m + 1)))
    student = _two_sided(abs(difference) / math.sqrt(pooled * (1 / n + 1 / m)), n + m - 2)
    if min(n, m) < 2:
        return student
    one, other = squares / (n - 1) / n, rest / (m - 1) / m
    freedom = (one + other) ** 2 / (one**2 / (n - 1) + other**2 / (m - 1))
    return max(student, _two_sided(abs(difference) / math.sqrt(one + other), freedom))


def _two_sided(t: float, freedom: float) -> float:
    return float(2 * stdtr(freedom, -t))


def _categories(values: NDArray[Any], members: Members) -> list[tuple[int, dict[str, Any]]]:
    """Return (group, difference) of the groups that differ in a category of a column."""
    names, at = coded(values[members.rows])
    known = at >= 0
    at, codes = at[known], members.codes[known]
    cells = np.bincount(codes * len(names) + at, minlength=len(members) * len(names))
    table = cells.reshape(len(members), len(names))
    counts = table.sum(axis=1)
    return [
        (code, {"category": name, **difference})
        for name, yes in zip(names, table.T, strict=True)
        for code, difference in _shares(yes, counts)
    ]


def _shares(yes: NDArray[np.int64], counts: NDArray[np.int64]) -> list[tuple[int, dict[str, Any]]]:
    """Return (group, difference) of the groups whose share of ``yes`` differs from the rest."""
    found = []
    for code, (k, n) in enumerate(zip(yes.tolist(), counts.tolist(), strict=True)):
        rest, m = int(yes.sum()) - k, int(counts.sum()) - n
        if n == 0 or m == 0 or k * m == rest * n:
            continue
        share, other = k / n, rest / m
        low, high = _newcombe(k, n, rest, m)
        h = 2 * math.asin(math.sqrt(share)) - 2 * math.asin(math.sqrt(other))
        found.append(
            (
                code,
                {
                    "value": share,
                    "rest": other,
                    "effect": share - other,
                    "low": low,
                    "high": high,
                    "strength": abs(h),
                    "direction": "more" if share > other else "fewer",
                    "p": _chance_of_shares(k, n, rest, m),
                },
            )
        )
    return found


def wilson(k: int, n: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the limits of a share of which ``k`` of ``n`` were seen (Wilson 1927)."""
    z = -float(ndtri(level / 2))
    middle = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def _newcombe(k: int, n: int, rest: int, m: int) -> tuple[float, float]:
    """Return the limits of k / n - rest / m by Newcombe's method 10 (1998)."""
    (low, high), (other_low, other_high) = wilson(k, n), wilson(rest, m)
    share, other = k / n, rest / m
    return (
        share - other - math.hypot(share - low, other_high - other),
        share - other + math.hypot(high - share, other - other_low),
    )


def _chance_of_shares(k: int, n: int, rest: int, m: int) -> float:
    """Return the two-sided chance of a difference of shares, corrected for steps (Yates 1934)."""
    share = (k + rest) / (n + m)
    step = 1 / n + 1 / m
    beyond = max(0.0, abs(k / n - rest / m) - step / 2)
    return float(2 * ndtr(-beyond / math.sqrt(share * (1 - share) * step)))
