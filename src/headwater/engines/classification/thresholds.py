"""suggest_by_cost, suggest_by_capacity: below which probability to accept, from which to refuse.

A text is ham below ``ham_below``, spam from ``spam_from`` on, and goes to a person in between. In
all three zones it is guessed to be spam from 0.5 on, so 0.5 lies between the two: what is accepted
is never guessed to be spam, and what is refused is never guessed to be honest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EVEN = 0.5
COST_FALSE_SPAM = 10.0
COST_MISSED_SPAM = 3.0
COST_REVIEW = 1.0
"""A review is the unit: to refuse an honest text is as bad as ten, to let spam pass as three."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two thresholds and what they would have done with the labelled texts."""

    ham_below: float
    spam_from: float
    """At least 0.5, which ``ham_below`` is at most."""
    n: int
    """Labelled texts that it goes by."""
    accepted: float
    """Share of texts below ``ham_below``."""
    refused: float
    """Share of texts from ``spam_from`` on."""
    reviewed: float
    """Share of texts between."""
    missed_spam: float
    """Share of all texts that are spam and would be accepted."""
    false_spam: float
    """Share of all texts that are honest and would be refused."""
    cost: float
    """Mean cost of a text."""
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, eq=False)
class _Cuts:
    """Every place at which the texts, by rising probability, can be cut in two."""

    thresholds: tuple[float, ...]
    below: Floats
    """Weight of the texts below each cut."""
    spam_below: Floats
    ham_from: Floats
    even: int
    """The cut at 0.5."""
    n: int
    total: float
    """Weight of all texts."""


def suggest_by_cost(
    probabilities: NDArray[Any],
    y: NDArray[Any],
    *,
    cost_false_spam: float = COST_FALSE_SPAM,
    cost_missed_spam: float = COST_MISSED_SPAM,
    cost_review: float = COST_REVIEW,
    weights: NDArray[Any] | None = None,
) -> Suggestion:
    """Return the two thresholds of the least mean cost on labelled texts.

    ``probabilities`` (n,) of spam were given by what was not learned from the text, ``y`` (n,) is
    1 for spam. A refused honest text, an accepted spam and a text that a person reviews cost what
    is said. ``weights`` (n,): how many texts each stands for. No other two thresholds from 0 to
    0.5 and from 0.5 to 1 cost less; of those that cost the same, the ones that leave the least to
    review.
    """
    for name, cost in (
        ("cost_false_spam", cost_false_spam),
        ("cost_missed_spam", cost_missed_spam),
        ("cost_review", cost_review),
    ):
        _check(name, cost)
    cuts = _cuts(probabilities, y, weights)
    lower = (cost_missed_spam * cuts.spam_below - cost_review * cuts.below)[: cuts.even + 1]
    upper = (cost_review * cuts.below + cost_false_spam * cuts.ham_from)[cuts.even :]
    # Of equals the lower cut is the last and the upper one the first: the least lies between.
    low = np.flatnonzero(lower <= _about(lower.min(), cuts))[-1]
    high = np.flatnonzero(upper <= _about(upper.min(), cuts))[0] + cuts.even
    return _suggested(
        cuts,
        int(low),
        int(high),
        float(lower[low] + upper[high - cuts.even]),
        "These thresholds cost the least by what each error and each review costs. ",
    )


def suggest_by_capacity(
    probabilities: NDArray[Any],
    y: NDArray[Any],
    *,
    per_thousand: float,
    cost_false_spam: float = COST_FALSE_SPAM,
    cost_missed_spam: float = COST_MISSED_SPAM,
    weights: NDArray[Any] | None = None,
) -> Suggestion:
    """Return the two thresholds whose errors cost the least while at most ``per_thousand`` of 1,000
    texts are left to review.

    As ``suggest_by_cost``; a review costs nothing up to that many, and no more can be had.
    """
    _check("cost_false_spam", cost_false_spam)
    _check("cost_missed_spam", cost_missed_spam)
    if not 0 <= per_thousand <= 1000:
        raise ValueError(
            f"“per_thousand” was {per_thousand!r}; it takes a number from 0 to 1,000 texts."
        )
    cuts = _cuts(probabilities, y, weights)
    room = per_thousand / 1000 * cuts.total * (1 + 1e-12)
    highs = np.arange(cuts.even, len(cuts.below))
    # More spam passes the higher the lower cut lies, so it lies as low as the reviewers can do;
    # then, past texts that are all honest, as high as costs nothing.
    lows = np.searchsorted(cuts.below, cuts.below[highs] - room, side="left")
    highs, lows = highs[lows <= cuts.even], lows[lows <= cuts.even]
    lows = np.searchsorted(cuts.spam_below, cuts.spam_below[lows], side="right") - 1
    lows = np.minimum(lows, cuts.even)
    costs = cost_missed_spam * cuts.spam_below[lows] + cost_false_spam * cuts.ham_from[highs]
    least = np.flatnonzero(costs <= _about(costs.min(), cuts))
    best = least[(cuts.below[highs] - cuts.below[lows])[least].argmin()]
    return _suggested(
        cuts,
        int(lows[best]),
        int(highs[best]),
        float(costs[best]),
        f"With at most {per_thousand:,.6g} of 1,000 texts to review, these thresholds make the "
        "least costly errors. ",
    )


def _suggested(cuts: _Cuts, low: int, high: int, cost: float, why: str) -> Suggestion:
    total = cuts.total
    accepted, refused = float(cuts.below[low]) / total, 1 - float(cuts.below[high]) / total
    missed, false = float(cuts.spam_below[low]) / total, float(cuts.ham_from[high]) / total
    reviewed = float(cuts.below[high] - cuts.below[low]) / total
    return Suggestion(
        # Texts are cut alike anywhere between two of them, so also at 0.5 if it lies there.
        ham_below=min(cuts.thresholds[low], EVEN),
        spam_from=max(cuts.thresholds[high], EVEN),
        n=cuts.n,
        accepted=accepted,
        refused=refused,
        reviewed=reviewed,
        missed_spam=missed,
        false_spam=false,
        cost=cost / total,
        sentence=(
            f"{why}By the {cuts.n:,} labelled texts, of 1,000 about {_of_1000(accepted)} would be "
            f"accepted, {_of_1000(refused)} refused and {_of_1000(reviewed)} left to a person; "
            f"{_some(missed)} of those accepted would be spam, and {_some(false)} of those refused "
            "honest."
        ),
    )


def _cuts(probabilities: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None) -> _Cuts:
    p, spam = np.asarray(probabilities, dtype=np.float64), np.asarray(y) > 0
    if not spam.any() or spam.all():
        raise ValueError(
            f"Thresholds are suggested from texts of both kinds; of the {len(p):,} labelled ones "
            f"{'all are spam' if len(p) and spam.all() else 'none is spam'}."
        )
    w = np.ones(len(p)) if weights is None else np.asarray(weights, dtype=np.float64)
    values, place = np.unique(p, return_inverse=True)
    of_all = np.bincount(place, weights=w, minlength=len(values))
    of_spam = np.bincount(place, weights=w * spam, minlength=len(values))
    below = np.append(0.0, np.cumsum(of_all))
    spam_below = np.append(0.0, np.cumsum(of_spam))
    ham_below = np.append(0.0, np.cumsum(of_all - of_spam))
    ends = np.concatenate(([0.0], values, [1.0]))
    thresholds = [
        0.0,
        *(_between(low, high) for low, high in pairwise(values.tolist())),
        _between(float(values[-1]), 1.0) if values[-1] < 1 else math.nan,
    ]
    # A text that is spam for sure is never below a threshold of at most 1.
    kept = len(thresholds) - (ends[-2] >= 1)
    return _Cuts(
        thresholds=tuple(thresholds[:kept]),
        below=below[:kept],
        spam_below=spam_below[:kept],
        ham_from=(ham_below[-1] - ham_below)[:kept],
        even=int(np.searchsorted(values, EVEN, side="left")),
        n=len(p),
        total=float(w.sum()),
    )


def _between(low: float, high: float) -> float:
    """Return a threshold above ``low`` and up to ``high``, near their middle, with few digits."""
    middle = (low + high) / 2
    for digits in range(1, 17):
        rounded = round(middle, digits)
        if low < rounded <= high:
            return rounded
    return high


def _about(least: Any, cuts: _Cuts) -> float:
    """Return the cost up to which sums that differ in their last digits count as ``least``."""
    return float(least) + 1e-12 * max(abs(float(least)), cuts.total)


def _check(name: str, cost: float) -> None:
    if not (math.isfinite(cost) and cost >= 0):
        raise ValueError(f"“{name}” was {cost!r}; it takes a number of at least 0.")


def _of_1000(share: float) -> str:
    """Return how many of 1,000, as a whole number: they are expected and not counted."""
    many = share * 1000
    return "fewer than 1" if 0 < many < 0.5 else f"{many:,.0f}"


def _some(share: float) -> str:
    many = _of_1000(share)
    return many if many in ("0", "fewer than 1") else f"about {many}"
