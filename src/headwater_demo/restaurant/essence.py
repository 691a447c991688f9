"""Essence: the factors in which dishes differ, with what each of them means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headwater.words import counted, figure, listed, percent
from headwater_demo.restaurant.columns import label

WEIGHTY = 0.25
"""Loading from which a column is told as part of a factor."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor."""

    number: int
    share: str
    """Of the differences between dishes."""
    meaning: str
    loadings: tuple[tuple[str, str], ...]
    """(column, loading), the weightiest first."""


@dataclass(frozen=True, slots=True)
class Essence:
    """What the factors tell together."""

    insight: str
    factors: tuple[Factor, ...]
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    """(column, its loading on each factor)."""


def essence_of(summary: Mapping[str, Any], n_dishes: int) -> Essence | None:
    """Return the factors that a fit kept; None where it found none."""
    found = summary.get("decomposition")
    if not found:
        return None
    names = summary.get("names") or {}
    shares = [float(share) for share in found["explained"]]
    loadings: Mapping[str, Sequence[float]] = found["loadings"]
    # A database may keep the keys of a mapping in another order.
    order = {column["name"]: at for at, column in enumerate(summary.get("columns") or ())}
    factors = tuple(
        Factor(
            number=at + 1,
            share=percent(share),
            meaning=_meaning(
                {column: float(weights[at]) for column, weights in loadings.items()},
                *_ends(found["points"], names, at),
            ),
            loadings=tuple(
                (label(column), figure(float(weights[at]), 2))
                for column, weights in sorted(loadings.items(), key=lambda one: -abs(one[1][at]))
            ),
        )
        for at, share in enumerate(shares)
    )
    return Essence(
        insight=_insight(shares, n_dishes),
        factors=factors,
        columns=tuple(
            (label(column), tuple(figure(float(weight), 2) for weight in weights))
            for column, weights in sorted(
                loadings.items(),
                key=lambda one: (order.get(one[0].partition("=")[0], len(order)), one[0]),
            )
        ),
    )


def _insight(shares: Sequence[float], n_dishes: int) -> str:
    whole = percent(min(1.0, sum(shares)))
    told = (
        f"{counted(len(shares), 'factor')} {'explains' if len(shares) == 1 else 'explain'} {whole} "
        f"of the differences between the {n_dishes:,} dishes"
    )
    return f"{told}; the first alone, {percent(shares[0])}." if len(shares) > 1 else f"{told}."


def _ends(points: Sequence[Any], names: Mapping[str, str], at: int) -> tuple[str, str]:
    """Return the names of the dishes that have least and most of a factor."""
    ordered = sorted(points, key=lambda point: float(point[0][at]))
    least, most = ordered[0][1], ordered[-1][1]
    return str(names.get(str(least), least)), str(names.get(str(most), most))


def _meaning(weights: Mapping[str, float], least: str, most: str) -> str:
    """Return what a factor is made of, and which dishes are at its ends."""
    ordered = sorted(weights.items(), key=lambda one: -abs(one[1]))
    weighty = [one for one in ordered if abs(one[1]) >= WEIGHTY]
    # Single cuisines are told where nothing else weighs; the table has all of them.
    weighty = [one for one in weighty if "=" not in one[0]] or weighty or ordered[:2]
    more = [label(column) for column, weight in weighty if weight > 0]
    less = [label(column) for column, weight in weighty if weight < 0]
    ends = f"{most} has most of it, {least} least."
    if more and less:
        return f"More {listed(more)} for less {listed(less)}: {ends}"
    kind = "more" if more else "less"
    together = " together" if len(weighty) > 1 else ""
    return f"{kind.capitalize()} {listed(more or less)}{together}: {ends}"
