"""rule_of: the few conditions that tell a segment's rows, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headwater.learning.dates import Dates, as_date
from headwater.segmentation.roles import label_of
from headwater.segmentation.segment import SimpleRule
from headwater.words import figure, listed, percent


def rule_of(
    found: Mapping[str, Any], kinds: Mapping[str, str], dates: Dates, rows: str
) -> SimpleRule | None:
    """Return what ``engines.segments.rules`` found for a segment in words; None where nothing.

    ``rows`` is what rows are called, as many.
    """
    precision, recall = found.get("precision"), found.get("recall")
    if not found.get("conditions") or precision is None or recall is None:
        return None
    conditions = tuple(
        _condition(
            str(one["column"]),
            str(one["op"]),
            one["value"],
            kinds.get(str(one["column"]), "numeric"),
            dates,
        )
        for one in found["conditions"]
    )
    told = (
        f"Where {listed(list(conditions))}: {percent(precision)} of such {rows} are in this "
        f"segment, and {percent(recall)} of the segment are such {rows}."
    )
    return SimpleRule(conditions, float(precision), float(recall), told)


def _condition(column: str, op: str, value: Any, kind: str, dates: Dates) -> str:
    label = label_of(column)
    if kind == "boolean":
        is_yes = bool(value) if op in ("=", "==") else not value
        return f"{label} is {'yes' if is_yes else 'no'}"
    if kind == "categorical":
        return f"{label} is {'' if op in ('=', '==') else 'not '}“{value}”"
    text = as_date(float(value), dates[column]) if column in dates else figure(float(value), 6)
    if column in dates:
        return f"{label} is {'after' if op == '>' else 'not after'} {text}"
    return f"{label} is {'above' if op == '>' else 'at most'} {text}"
