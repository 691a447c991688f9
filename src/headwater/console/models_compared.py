"""Two models side by side, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater.console.choices import User
from headwater.console.dates import Dates, date_and_spread, date_columns
from headwater.console.result import objective_of, outliers_of
from headwater.console.rights import may_see_groups
from headwater.console.state import found
from headwater.console.words import NOTHING, figure, mean_and_spread, percent
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.agreement import Agreement
from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.reads import rows_key


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two."""

    fit: Fit
    name: str
    technique: str
    found: str
    objective: str
    score: str
    outliers: str


@dataclass(frozen=True, slots=True)
class Member:
    """One group of one of the two."""

    letter: str
    size: int
    share: float
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Match:
    """Two groups that hold the same rows as far as possible; None where one has no partner."""

    before: Member | None
    after: Member | None
    overlap: int | None


def comparable_with(fit: Fit, user: User) -> list[Fit]:
    """Return the results in use of other models with rows of the same Django model or dataset."""
    models = StatisticalModel.objects.visible_to(user).exclude(pk=fit.model_id)
    found = []
    for model in models.select_related("current_fit", "owner"):
        current = model.current_fit
        if current is None or rows_key(current.source) != rows_key(fit.source):
            continue
        if current.n_groups is None:  # a network that divides no rows
            continue
        current.model = model
        if may_see_groups(user, current):
            found.append(current)
    return found


def side_of(fit: Fit) -> Side:
    """Return the facts of ``fit``."""
    technique = TECHNIQUES.get(fit.technique)
    family = fit.parameters.get("family")
    label = technique.label if technique else fit.technique
    if technique and family:
        label = f"{label}, {_choice(technique, family)}"
    outliers = outliers_of(fit, sees_rows=False)
    return Side(
        fit=fit,
        name=str(fit.model),
        technique=label,
        found=found(fit),
        objective=objective_of(fit)[0],
        score=figure((fit.scores or {}).get("objective"), 6),
        outliers=NOTHING
        if outliers is None
        else f"{figure(outliers.n)} ({percent(outliers.share)})",
    )


def _choice(technique: Any, family: str) -> str:
    parameter = next((p for p in technique.parameters if p.name == "family"), None)
    return str(dict(parameter.choices).get(family, family)) if parameter else family


def matched_groups(before: Fit, after: Fit, agreed: Agreement | None) -> list[Match]:
    """Return the groups of both, matched ones together, the rest after them."""
    one, two = _members(before), _members(after)
    pairs = agreed.pairs if agreed is not None else ()
    matches = [
        Match(one.pop(a), two.pop(b), count) for a, b, count in pairs if a in one and b in two
    ]
    matches.sort(key=lambda match: (len(match.before.letter), match.before.letter))  # type: ignore[union-attr]
    matches += [Match(member, None, None) for member in one.values()]
    matches += [Match(None, member, None) for member in two.values()]
    return matches


def _members(fit: Fit) -> dict[str, Member]:
    dates: Dates = date_columns(fit)
    return {
        group["letter"]: Member(
            letter=group["letter"],
            size=group["size"],
            share=group["share"],
            cells=[f"{name} {_text(of, name, dates)}" for name, of in group["columns"].items()],
        )
        for group in (fit.summary or {}).get("groups", [])
    }


def _text(summary: dict[str, Any], name: str, dates: Dates) -> str:
    if summary.get("mean") is None:
        top = summary.get("top") or []
        return ", ".join(f"{value} {percent(share)}" for value, share in top[:2]) or NOTHING
    if name in dates:
        return date_and_spread(float(summary["mean"]), summary.get("std"), dates[name])
    return mean_and_spread(float(summary["mean"]), summary.get("std"))
