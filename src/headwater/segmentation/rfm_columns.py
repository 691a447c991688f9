"""RfmColumns: which columns tell recency, frequency and monetary value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from headwater.segmentation.roles import FREQUENCY, RECENCY, SPENDING, guess_role
from headwater.sources.models import Source

MONETARY = (SPENDING, "basket")
"""Roles of what is spent; in all goes before per order."""


@dataclass(frozen=True, slots=True)
class RfmColumns:
    """Three columns with numbers or, for recency, with dates."""

    recency: str
    """Time since the last one, or its date."""
    frequency: str
    monetary: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that could tell one of the three."""

    name: str
    is_date: bool


def candidates_of(source: Source) -> dict[str, Candidate]:
    """Return the columns with numbers or dates, by name: those learned from before the others."""
    if source.is_dataset:
        columns = source.version.columns
        types = {one["name"]: one["type"] for one in columns if one["role"] not in ("id", "label")}
        names = [name for name in dict.fromkeys([*source.columns, *types]) if name in types]
        return {
            name: Candidate(name, types[name] == "date")
            for name in names
            if types[name] in ("number", "date")
        }
    return {
        info.lookup: Candidate(info.lookup, _is_date(info.field))
        for info in source.column_infos()
        if info.kind == "numeric"
    }


def _is_date(field: models.Field[Any, Any]) -> bool:
    return isinstance(getattr(field, "output_field", field), models.DateField)


def guess_columns(candidates: Mapping[str, Candidate]) -> RfmColumns | None:
    """Return the first candidate of each role; None where one of the three is not there."""
    found: dict[str, str] = {}
    for one in candidates.values():
        role = guess_role(one.name)
        if role is not None and (role.key == RECENCY or not one.is_date):
            found.setdefault(role.key, one.name)
    monetary = next((found[role] for role in MONETARY if role in found), None)
    if RECENCY not in found or FREQUENCY not in found or monetary is None:
        return None
    return RfmColumns(found[RECENCY], found[FREQUENCY], monetary)
