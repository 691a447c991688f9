"""Result: what a fit found, ready to be shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import reverse
from django.utils.text import slugify

from headwater.console.charts.chart import Chart
from headwater.console.charts.histogram import histogram_chart
from headwater.console.charts.restarts import restarts_chart
from headwater.console.charts.scatter import scatter_chart
from headwater.console.charts.sizes import sizes_chart
from headwater.console.charts.trace import trace_chart
from headwater.console.dates import (
    DateKind,
    Dates,
    date_and_spread,
    date_columns,
    notes_with_dates,
)
from headwater.console.networks.result import NetworkResult, network_result
from headwater.console.rights import may_see_groups, may_see_rows
from headwater.console.words import NOTHING, figure, mean_and_spread, percent
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import Fit

FAR = 0.8
"""A group's mean that lies so many spreads from the mean of all is marked as high or low."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of one group."""

    text: str
    differs: str = ""
    """“higher” or “lower” than the mean of all rows, or nothing."""


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the groups table."""

    letter: str
    size: int
    share: float
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Outliers:
    """Rows far from every group."""

    n: int
    share: float
    rule: str
    sample: list[tuple[str, str]]
    """(key, score) of some of them, for those who may see rows."""


@dataclass(frozen=True, slots=True)
class Result:
    """Groups, charts and facts of one fit that succeeded."""

    fit: Fit
    columns: list[str]
    groups: list[Group]
    picture: Chart | None
    """Where the groups lie."""
    sizes: Chart | None
    trace: Chart | None
    restarts: Chart | None
    notes: list[str]
    """What was done to the columns before anything was learned, as sentences."""
    hidden: str = ""
    """Why a part of it is not shown to this person."""
    sees_groups: bool = True
    network: NetworkResult | None = None
    outliers: Outliers | None = None

    @property
    def trace_place(self) -> str:
        """How wide the trace is drawn: the picture of the restarts stands beside it, or a note."""
        return "hw-half" if self.restarts else "hw-two-thirds"


def _overall(groups: list[dict[str, Any]], column: str) -> tuple[float, float] | None:
    """Return mean and spread of ``column`` over all groups, from those of each."""
    parts = [
        (group["share"], float(of["mean"]), float(of.get("std") or 0))
        for group in groups
        if (of := group["columns"].get(column)) and of.get("mean") is not None
    ]
    weight = sum(share for share, _, _ in parts)
    if not weight:
        return None
    mean = sum(share * own for share, own, _ in parts) / weight
    variance = sum(share * (spread**2 + (own - mean) ** 2) for share, own, spread in parts) / weight
    return mean, math.sqrt(variance)


def _cell(
    summary: dict[str, Any] | None,
    kind: str,
    overall: tuple[float, float] | None,
    date: DateKind | None,
) -> Cell:
    if not summary:
        return Cell(NOTHING)
    if summary.get("mean") is None:
        top = summary.get("top") or []
        return Cell(", ".join(f"{value} {percent(share)}" for value, share in top[:3]) or NOTHING)
    mean, spread = float(summary["mean"]), summary.get("std")
    if date:
        text = date_and_spread(mean, spread, date)
    else:
        text = f"{percent(mean)} yes" if kind == "boolean" else mean_and_spread(mean, spread)
    differs = ""
    if overall and overall[1] > 0:
        distance = (mean - overall[0]) / overall[1]
        differs = "higher" if distance > FAR else "lower" if distance < -FAR else ""
    return Cell(text, differs)


def objective_of(fit: Fit) -> tuple[str, bool]:
    """Return what the score of ``fit`` is called, and whether more of it is better."""
    technique = TECHNIQUES.get(fit.technique)
    told = (fit.scores or {}).get("objective_name")
    name = told or (technique.objective if technique else "score")
    return str(name), technique.objective_rises if technique else True


def _picture(fit: Fit, name: str, dates: Dates) -> Chart | None:
    """Return the picture of where the groups lie, if there is anything to draw."""
    drawn = (fit.summary or {}).get("scatter") or {}
    if drawn.get("kind") == "histogram":
        return histogram_chart(drawn, name=name, dates=dates)
    if drawn.get("points"):
        points = reverse("headwater:points", args=[fit.model_id, fit.pk])
        return scatter_chart(
            drawn, name=name, n_rows=fit.n_rows, points_address=points, dates=dates
        )
    return None


def result_of(fit: Fit, user: AbstractBaseUser | AnonymousUser) -> Result:
    """Return what ``fit``, which must have succeeded, found: as much of it as ``user`` may see."""
    summary = fit.summary or {}
    sees_groups, sees_rows = may_see_groups(user, fit), may_see_rows(user, fit)
    groups: list[dict[str, Any]] = summary.get("groups", []) if sees_groups else []
    dates = date_columns(fit)
    kinds = {column["name"]: column.get("kind", "numeric") for column in summary.get("columns", [])}
    columns = list(kinds) or list(groups[0]["columns"] if groups else ())
    overall = {column: _overall(groups, column) for column in columns}
    name = slugify(f"{fit.model.name} run {fit.pk}")
    objective, rises = objective_of(fit)
    trace = fit.trace or {}
    return Result(
        fit=fit,
        columns=columns,
        groups=[
            Group(
                letter=group["letter"],
                size=group["size"],
                share=group["share"],
                cells=[
                    _cell(
                        group["columns"].get(column),
                        kinds.get(column, "numeric"),
                        overall[column] if len(groups) > 1 else None,
                        dates.get(column),
                    )
                    for column in columns
                ],
            )
            for group in groups
        ],
        picture=_picture(fit, name, dates) if sees_rows else None,
        sizes=sizes_chart(groups, name=name) if groups else None,
        trace=trace_chart(
            trace["objectives"],
            objective=objective,
            rises=rises,
            converged=bool(fit.scores.get("converged", True)),
            name=name,
            has_groups=fit.n_groups is not None,
        )
        if trace.get("objectives")
        else None,
        restarts=restarts_chart(trace["restarts"], objective=objective, rises=rises, name=name)
        if len(trace.get("restarts", [])) > 1
        else None,
        notes=notes_with_dates(summary, dates) if sees_groups else [],
        hidden=sees_groups.reason or sees_rows.reason,
        sees_groups=bool(sees_groups),
        network=network_result(fit, name=name, dates=dates) if sees_groups else None,
        outliers=outliers_of(fit, sees_rows=bool(sees_rows)) if sees_groups else None,
    )


def outliers_of(fit: Fit, *, sees_rows: bool) -> Outliers | None:
    """Return the outliers that ``fit`` found; None where its technique knows none."""
    told = (fit.summary or {}).get("outliers")
    if not told:
        return None
    sample = told.get("sample") or [] if sees_rows else []
    return Outliers(
        n=int(told["n"]),
        share=float(told["share"]),
        rule=str(told.get("rule", "")),
        sample=[(str(row), figure(float(score), 4)) for row, score in sample],
    )
