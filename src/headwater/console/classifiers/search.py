"""The table of a search: which settings were tried, and how each did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headwater.console.words import NOTHING, counted, figure
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.classification.declared import METRICS


@dataclass(frozen=True, slots=True)
class TriedRow:
    """One setting."""

    values: tuple[str, ...]
    score: str
    is_best: bool
    failed: str


@dataclass(frozen=True, slots=True)
class SearchTable:
    """See ``templates/headwater/parts/evaluation_search.html``."""

    title: str
    names: tuple[str, ...]
    """The settings that differ, in words."""
    metric: str
    rows: tuple[TriedRow, ...]


def search_table(told: Mapping[str, Any] | None, technique: str) -> SearchTable | None:
    """Return the table of ``told``, as ``Search.as_json`` has it; None where there was none."""
    if not told:
        return None
    known = TECHNIQUES.get(technique)
    parameters = {p.name: p for p in known.parameters} if known else {}
    names: list[str] = list(told["names"])
    best = told["tried"][told["best"]]
    labels = [parameters[name].label if name in parameters else name for name in names]
    setting = ", ".join(
        f"{label} {_value(parameters.get(name), best['setting'][name])}"
        for label, name in zip(labels, names, strict=True)
    )
    return SearchTable(
        title=f"Of {counted(len(told['tried']), 'setting')}, {setting} does best",
        names=tuple(labels),
        metric=dict(METRICS).get(told["metric"], told["metric"]),
        rows=tuple(
            TriedRow(
                values=tuple(_value(parameters.get(name), one["setting"][name]) for name in names),
                score=_score(one["metrics"].get(told["metric"])),
                is_best=at == told["best"],
                failed=one["failed"] or "",
            )
            for at, one in enumerate(told["tried"])
        ),
    )


def _value(parameter: Any, value: Any) -> str:
    if parameter is not None and parameter.kind == "choice":
        return str(dict(parameter.choices).get(value, value)).partition(":")[0]
    return "empty" if value is None else figure(value, 6)


def _score(measured: Mapping[str, Any] | None) -> str:
    if not measured or measured.get("mean") is None:
        return NOTHING
    return f"{measured['mean']:.3f} ± {measured.get('deviations') or 0.0:.3f}"
