"""differences_of: in what each segment differs from the others, in figures and as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headwater.learning.dates import Dates, as_date
from headwater.segmentation.roles import RECENCY, Direction, Role, guess_role, label_of, trait
from headwater.segmentation.segment import Difference
from headwater.words import near, percent

LARGE = 0.8
"""Cohen's d or h from which a difference is large (Cohen 1988)."""
HALF = 0.5


def differences_of(summary: Mapping[str, Any], dates: Dates) -> dict[str, tuple[Difference, ...]]:
    """Return letter -> differences to the rows of all other segments, the strongest first.

    ``summary`` is that of a fit. A difference is clear where it is of some size and beyond chance
    (``distinctive``, see ``engines.segments.apart``), or where it is large and no value of the
    segment lies among the values of the others: that is a plain fact, however few rows there are.
    """
    groups = {str(group["letter"]): group["columns"] for group in summary.get("groups") or []}
    ends = {column: _ends(groups, column) for column in _columns(groups)}
    return {
        letter: tuple(
            _difference(each, letter, groups, ends, dates)
            for each in (summary.get("apart") or {}).get(letter, ())
        )
        for letter in groups
    }


def _columns(groups: Mapping[str, Any]) -> list[str]:
    return list(next(iter(groups.values()))) if groups else []


def _ends(groups: Mapping[str, Any], column: str) -> dict[str, tuple[float, float]]:
    """Return letter -> least and greatest value, where there are any."""
    return {
        letter: (float(figures["minimum"]), float(figures["maximum"]))
        for letter, columns in groups.items()
        if (figures := columns.get(column)) and figures.get("minimum") is not None
    }


def _difference(
    each: Mapping[str, Any],
    letter: str,
    groups: Mapping[str, Any],
    ends: Mapping[str, Mapping[str, tuple[float, float]]],
    dates: Dates,
) -> Difference:
    column, kind = str(each["column"]), str(each["kind"])
    direction = str(each["direction"])
    category = each.get("category")
    is_date = column in dates and kind == "numeric"
    role = _role(column, kind, ends.get(column) or {})
    is_separate = kind == "numeric" and _is_separate(direction, letter, ends.get(column) or {})
    value, rest = _texts(each, groups.get(letter, {}).get(column) or {}, dates)
    strength = float(each.get("strength", abs(float(each["effect"]))))
    tends: Direction = "high" if direction in ("higher", "more") else "low"
    if is_date and role is not None and role.key == RECENCY:
        tends = "low" if tends == "high" else "high"
    label = label_of(column)
    is_clear = bool(each.get("distinctive")) or (is_separate and strength >= LARGE)
    sentence = _sentence(label, kind, category, direction, value, rest, is_date, is_separate)
    return Difference(
        column=column,
        label=label,
        kind="date" if is_date else kind,
        category=None if category is None else str(category),
        direction=direction,
        value=value,
        rest=rest,
        strength=strength,
        is_clear=is_clear,
        is_separate=is_separate,
        sentence=f"{sentence}{'' if is_clear else '; it may be chance'}.",
        role=role.key if role is not None else "",
        tends=tends,
        trait=_trait(column, kind, category, direction, role, tends, is_date, float(each["value"])),
    )


def _role(column: str, kind: str, ends: Mapping[str, tuple[float, float]]) -> Role | None:
    if kind != "numeric":
        return None
    if not ends:
        return guess_role(column)
    return guess_role(
        column,
        low=min(low for low, _ in ends.values()),
        high=max(high for _, high in ends.values()),
    )


def _is_separate(direction: str, letter: str, ends: Mapping[str, tuple[float, float]]) -> bool:
    """Return whether all values of the segment lie above, or below, all others."""
    others = [of for other, of in ends.items() if other != letter]
    if letter not in ends or not others:
        return False
    low, high = ends[letter]
    if direction == "higher":
        return low > max(top for _, top in others)
    return high < min(bottom for bottom, _ in others)


def _texts(each: Mapping[str, Any], figures: Mapping[str, Any], dates: Dates) -> tuple[str, str]:
    """Return the figures of the segment and of the rest, with the same number of decimals."""
    value, rest = float(each["value"]), float(each["rest"])
    column = str(each["column"])
    if each["kind"] != "numeric":
        return percent(value), percent(rest)
    if column in dates:
        return as_date(value, dates[column]), as_date(rest, dates[column])
    spread = float(figures.get("std") or 0.0) or abs(value - rest) / 10
    return near(value, spread), near(rest, spread)


def _sentence(
    label: str,
    kind: str,
    category: object,
    direction: str,
    value: str,
    rest: str,
    is_date: bool,
    is_separate: bool,
) -> str:
    if kind != "numeric":
        what = f"“{category}” as {label}" if category is not None else label
        often = "More" if direction == "more" else "Less"
        return f"{often} often {what}: {value} of its rows, {rest} of the rest"
    if is_date:
        more = "Later" if direction == "higher" else "Earlier"
    else:
        more = "Higher" if direction == "higher" else "Lower"
    ends = ""
    if is_separate:
        ends = f"; all of its values lie {'above' if direction == 'higher' else 'below'} all others"
    return f"{more} {label}: {value} on average, {rest} in the rest{ends}"


def _trait(
    column: str,
    kind: str,
    category: object,
    direction: str,
    role: Role | None,
    tends: Direction,
    is_date: bool,
    share: float,
) -> str:
    if kind == "numeric":
        return trait(column, role, tends, is_date=is_date)
    what = str(category) if category is not None else label_of(column)
    if direction == "more":
        return f"{'mostly' if share > HALF else 'more often'} {what}"
    return f"{'seldom' if share < HALF else 'less often'} {what}"
