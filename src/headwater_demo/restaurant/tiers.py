"""Tiers: what the segments of the menu are called, by their mean prices and preparation times."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from headwater.words import counted, listed

CHEAPEST, BETWEEN, DEAREST = "Budget-friendly", "Mid-range", "Premium"
ONLY = "One price level"


@dataclass(frozen=True, slots=True)
class Tier:
    """One segment of the menu in figures. Prices and minutes are those of the run."""

    letter: str
    level: str
    """By the rank of its mean price."""
    effort: str
    """“quick” or “laborious”, beside the mean of all dishes."""
    size: int
    lowest: float
    mean: float
    highest: float
    minutes: float
    """Mean preparation time."""

    @property
    def name(self) -> str:
        """“Budget-friendly, quick”."""
        return f"{self.level}, {self.effort}"

    @property
    def prices(self) -> str:
        """“$8.99 to $19.99”; of one price, only that."""
        if self.lowest == self.highest:
            return money(self.lowest)
        return f"{money(self.lowest)} to {money(self.highest)}"

    @property
    def mean_price(self) -> str:
        """“$15.20”."""
        return money(self.mean)

    @property
    def mean_minutes(self) -> str:
        """“20.8”."""
        return minutes(self.minutes)


def tiers(groups: Sequence[Mapping[str, Any]]) -> tuple[Tier, ...]:
    """Return the segments, the cheapest first, named by rank: never by number or letter.

    ``groups`` as in ``Fit.summary``. None where a segment has no prices or preparation times.
    """
    told = [(group, _numbers(group, "price"), _numbers(group, "prep_time")) for group in groups]
    if not told or not all(price and effort for _, price, effort in told):
        return ()
    # What ties in price ranks by effort; what ties in both, by the dearest dish and by size.
    told.sort(key=lambda one: (one[1]["mean"], one[2]["mean"], one[1]["maximum"], one[0]["size"]))
    n_dishes = sum(group["size"] for group, _, _ in told)
    overall = math.fsum(group["size"] * effort["mean"] for group, _, effort in told) / n_dishes
    return tuple(
        Tier(
            letter=str(group["letter"]),
            level=_level(rank, len(told)),
            effort=_effort(float(effort["mean"]), overall),
            size=int(group["size"]),
            lowest=float(price["minimum"]),
            mean=float(price["mean"]),
            highest=float(price["maximum"]),
            minutes=float(effort["mean"]),
        )
        for rank, (group, price, effort) in enumerate(told)
    )


def insight(found: Sequence[Tier]) -> str:
    """Return what the segments are, in a sentence made of their figures."""
    if len(found) < 2:
        return "There is one segment, so the menu is not divided."
    levels = listed([f"{tier.level} ({tier.prices})" for tier in found])
    overlaps = [(one, other) for one, other in pairwise(found) if one.highest >= other.lowest]
    if overlaps:
        told = listed([f"{one.level} and {other.level}" for one, other in overlaps])
        start = f"The {len(found)} segments are not price levels only: prices of {told} overlap"
        start += f". By mean price they are {levels}"
    else:
        start = f"The {len(found)} segments are price levels that do not overlap: {levels}"
    times = [tier.minutes for tier in found]
    spent = f"{listed([minutes(time) for time in times])} minutes on average"
    if times == sorted(times) and times[0] < times[-1]:
        return f"{start}. The dearer, the longer they take to prepare: {spent}."
    return f"{start}. They take {spent} to prepare, so effort does not follow the price."


def money(amount: float) -> str:
    """Return an amount with its cents.

    >>> money(1234.5)
    '$1,234.50'
    """
    return f"${amount:,.2f}"


def minutes(time: float) -> str:
    """Return minutes with one decimal, if it is not 0.

    >>> minutes(20.8333), minutes(45.0)
    ('20.8', '45')
    """
    return f"{time:,.1f}".removesuffix(".0")


def dishes(number: int) -> str:
    """Return “1 dish”, “6 dishes”."""
    return counted(number, "dish", "dishes")


def _numbers(group: Mapping[str, Any], column: str) -> Mapping[str, Any]:
    figures: Mapping[str, Any] = group["columns"].get(column) or {}
    return figures if figures.get("mean") is not None else {}


def _level(rank: int, n: int) -> str:
    if n == 1:
        return ONLY
    if rank == 0:
        return CHEAPEST
    if rank == n - 1:
        return DEAREST
    return BETWEEN if n == 3 else f"{BETWEEN} {rank}"


def _effort(mean: float, overall: float) -> str:
    if math.isclose(mean, overall):
        return "of average effort"
    return "quick" if mean < overall else "laborious"
