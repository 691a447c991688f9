"""characteristics_of: what each column is like in a segment, in figures and as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headwater.learning.dates import Dates, as_date, date_and_spread
from headwater.segmentation.roles import label_of
from headwater.segmentation.segment import Characteristic
from headwater.words import NOTHING, figure, mean_and_spread, percent

SHOWN_VALUES = 3
"""Values of a category that are told."""


def characteristics_of(
    group: Mapping[str, Any],
    overall: Mapping[str, Any],
    dates: Dates,
    kinds: Mapping[str, str],
) -> tuple[Characteristic, ...]:
    """Return one for each column of ``group`` (as in ``Fit.summary["groups"]``).

    They are in the order of ``kinds``: a database may keep the columns of a group in any order.
    """
    known: Mapping[str, Any] = group["columns"]
    return tuple(
        _characteristic(
            column,
            "date" if column in dates else kinds.get(column) or _kind(figures),
            figures,
            overall.get(column) or {},
            dates,
        )
        for column in dict.fromkeys([*kinds, *known])
        if (figures := known.get(column)) is not None
    )


def _kind(figures: Mapping[str, Any]) -> str:
    return "categorical" if "top" in figures else "numeric"


def _characteristic(
    column: str,
    kind: str,
    figures: Mapping[str, Any],
    overall: Mapping[str, Any],
    dates: Dates,
) -> Characteristic:
    low, high = figures.get("minimum"), figures.get("maximum")
    has_ends = kind in ("numeric", "date")
    return Characteristic(
        column=column,
        label=label_of(column),
        kind=kind,
        text=_text(column, kind, figures, dates),
        lowest=_end(column, low, dates) if has_ends else "",
        highest=_end(column, high, dates) if has_ends else "",
        overall=_text(column, kind, overall, dates) if overall else "",
        n_missing=int(figures.get("n_missing") or 0),
        mean=figures.get("mean"),
        std=figures.get("std"),
        minimum=low,
        maximum=high,
        median=figures.get("median"),
        top=tuple((str(value), float(share)) for value, share in figures.get("top") or ()),
    )


def _text(column: str, kind: str, figures: Mapping[str, Any], dates: Dates) -> str:
    if kind == "categorical":
        top = figures.get("top") or []
        return ", ".join(f"{value} {percent(share)}" for value, share in top[:SHOWN_VALUES]) or (
            NOTHING
        )
    mean = figures.get("mean")
    if mean is None:
        return NOTHING
    if kind == "boolean":
        return f"{percent(mean)} yes"
    if kind == "date":
        return date_and_spread(float(mean), figures.get("std"), dates[column])
    return mean_and_spread(float(mean), figures.get("std"))


def _end(column: str, value: float | None, dates: Dates) -> str:
    if value is None:
        return NOTHING
    return as_date(value, dates[column]) if column in dates else figure(float(value))
