"""What a model learns from, in words: the rows of its source, or what a network observes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headwater.console.network_columns import model_of
from headwater.console.words import listed
from headwater.learning.models import StatisticalModel


@dataclass(frozen=True, slots=True)
class Reads:
    """Rows, columns and filter; falsy where nothing is read yet."""

    name: str
    """The name of its rows in plain words; of several models all of them."""
    columns: list[str]
    filter: dict[str, Any]

    def __bool__(self) -> bool:
        return bool(self.columns)


def reads_of(model: StatisticalModel) -> Reads:
    """Return what ``model`` would read now."""
    return reads_shown(model.specific.reads())


def reads_shown(reads: Mapping[str, Any]) -> Reads:
    """Return ``reads``, which is as ``StatisticalModel.reads`` and ``Fit.source`` have it."""
    if not reads:
        return Reads("nothing yet", [], {})
    parts = [reads, *reads.get("also", [])]
    names = list(dict.fromkeys(_name(str(part.get("model", ""))) for part in parts))
    condition: dict[str, Any] = {}
    for part in parts:
        condition |= part.get("filter") or {}
    columns = dict.fromkeys(column for part in parts for column in part.get("columns", []))
    return Reads(listed(names), list(columns), condition)


def _name(label: str) -> str:
    model = model_of(label)
    return str(model._meta.verbose_name) if model is not None else label
