"""A user beside their group, from what the last fit of “Clustering (Example)” has learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater.console.letters import mark
from headwater.learning.models import Fit
from headwater_demo.smartdjango.models import UserInfo


@dataclass(frozen=True, slots=True)
class Comparison:
    """One column: the user's number, the group's, everybody's; places are per cent of the scale."""

    label: str
    own: float
    group_mean: float
    group_deviation: float
    overall_mean: float
    own_at: float
    group_at: float
    group_from: float
    group_width: float
    overall_at: float

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        away = abs(self.own - self.group_mean)
        if self.group_deviation > 0 and away > 2 * self.group_deviation:
            where = "far above" if self.own > self.group_mean else "far below"
        elif self.group_deviation > 0 and away > self.group_deviation:
            where = "above" if self.own > self.group_mean else "below"
        else:
            where = "close to"
        return f"{self.own:.1f} s, {where} the group’s mean of {self.group_mean:.1f} s."


@dataclass(frozen=True, slots=True)
class Usage:
    """The group of a user."""

    letter: str
    size: int
    share: float
    """Of all users, from 0 to 1."""
    colour: int
    """Of the letter, in the palette."""
    comparisons: list[Comparison]


def usage_of(user_info: UserInfo, fit: Fit) -> Usage | None:
    """Return the user's group as ``fit`` saw it; None where the fit has no group of that letter."""
    groups: list[dict[str, Any]] = fit.summary.get("groups", [])
    own = next((group for group in groups if group["letter"] == user_info.cluster_1), None)
    if own is None:
        return None
    comparisons = [
        compare(user_info, name, own["columns"][name], [g["columns"][name] for g in groups], groups)
        for name in own["columns"]
        if hasattr(user_info, name) and "mean" in own["columns"][name]
    ]
    return Usage(
        letter=own["letter"],
        size=own["size"],
        share=own["share"],
        colour=mark(own["letter"]).colour,
        comparisons=comparisons,
    )


def compare(
    user_info: UserInfo,
    name: str,
    own_group: dict[str, float],
    columns: list[dict[str, float]],
    groups: list[dict[str, Any]],
) -> Comparison:
    """Return the user's ``name`` beside their group's and everybody's."""
    own = float(getattr(user_info, name))
    low = min(own, *(column["minimum"] for column in columns))
    high = max(own, *(column["maximum"] for column in columns))
    width = (high - low) or 1.0

    def place(value: float) -> float:
        return round(min(100.0, max(0.0, 100 * (value - low) / width)), 2)

    mean, deviation = own_group["mean"], own_group["std"]
    overall = sum(
        group["share"] * column["mean"] for group, column in zip(groups, columns, strict=True)
    )
    start, end = place(mean - deviation), place(mean + deviation)
    return Comparison(
        label=str(getattr(UserInfo._meta.get_field(name), "verbose_name", name)),
        own=own,
        group_mean=mean,
        group_deviation=deviation,
        overall_mean=overall,
        own_at=place(own),
        group_at=place(mean),
        group_from=start,
        group_width=round(max(0.5, end - start), 2),
        overall_at=place(overall),
    )
