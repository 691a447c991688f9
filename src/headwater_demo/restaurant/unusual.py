"""Unusual: the dishes that no other is like, with why, measured as the run measured them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from headwater.learning.models import Fit, StatisticalModel
from headwater.words import figure, listed, percent
from headwater_demo.restaurant.columns import label
from headwater_demo.restaurant.models import MenuItem
from headwater_demo.restaurant.tiers import dishes, money

TOLD = 2
"""Columns that are told of the difference between two dishes."""


@dataclass(frozen=True, slots=True)
class Unusual:
    """One unusual dish."""

    dish: MenuItem
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """The unusual dishes."""

    insight: str
    dishes: tuple[Unusual, ...]


def unusual_of(model: StatisticalModel, fit: Fit, menu: Sequence[MenuItem]) -> Found:
    """Return the dishes that ``fit``, which serves ``model``, left outside, by their keys."""
    told = fit.summary.get("outside") or {}
    outside = set(told.get("ids") or ())
    found = [dish for dish in menu if dish.pk in outside]
    reasons = _reasons(model, fit, found) if found else {}
    n, n_rows = int(told.get("n") or 0), fit.n_rows or 0
    if not n:
        insight = f"None of the {dishes(n_rows)} is unusual: each has others that are like it."
    else:
        names = f": {listed([dish.name for dish in found])}" if found else ""
        insight = (
            f"{n:,} of {dishes(n_rows)} ({percent(told.get('share'))}) "
            f"{'is' if n == 1 else 'are'} unusual and may be worth a look{names}."
        )
    return Found(insight, tuple(Unusual(dish, reasons.get(dish.pk, "")) for dish in found))


def _reasons(model: StatisticalModel, fit: Fit, found: Sequence[MenuItem]) -> dict[int, str]:
    """Return key -> why: how near the nearest dish is, and in what it differs.

    Distances are those that the run measured: in spreads of each column.
    """
    import numpy as np

    from headwater.learning.assign import serving

    pipeline = serving(model)
    if pipeline is None or model.source is None:
        return {}
    table = model.source.read()
    matrix = pipeline.encoder.transform(table)
    X, ids = matrix.X, table.ids.tolist()
    if len(ids) < 2:
        return {}
    at_of = {key: at for at, key in enumerate(ids)}
    by_key = {dish.pk: dish for dish in MenuItem.objects.filter(pk__in=ids)}
    radius = fit.parameters.get("eps")
    reasons = {}
    for dish in found:
        at = at_of.get(dish.pk)
        if at is None:
            continue
        distances = np.linalg.norm(X - X[at], axis=1)
        distances[at] = np.inf
        nearest = int(distances.argmin())
        near = int((distances <= radius).sum()) if radius is not None else 0
        apart: dict[str, float] = {}
        for name, part in zip(matrix.names, (X[at] - X[nearest]) ** 2, strict=True):
            column = name.partition("=")[0]
            apart[column] = apart.get(column, 0.0) + float(part)
        reasons[dish.pk] = _sentence(
            dish, by_key[ids[nearest]], float(distances[nearest]), radius, near, apart
        )
    return reasons


def _sentence(
    dish: MenuItem,
    other: MenuItem,
    distance: float,
    radius: float | None,
    near: int,
    apart: dict[str, float],
) -> str:
    told = f"The dish most like it is {other}, {figure(distance, 3)} spreads away"
    if radius is not None:
        within = f"within {figure(float(radius), 3)}"
        told += f"; none is {within}" if not near else f"; {within} there are too few, {near:,}"
    ordered = sorted((column for column in apart if apart[column] > 0), key=lambda c: -apart[c])
    differs = [
        f"{label(column)} ({_value(dish, column)}, not {_value(other, column)})"
        for column in ordered[:TOLD]
    ]
    return f"{told}. They differ most in {listed(differs)}." if differs else f"{told}."


def _value(dish: MenuItem, column: str) -> str:
    value: Any = getattr(dish, column)
    if column == "price":
        return money(float(value))
    return f"{value:,}" if isinstance(value, int) else str(value)
