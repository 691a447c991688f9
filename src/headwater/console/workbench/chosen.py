"""Chosen: rows, columns and preparation as they stand in the form, so far."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from headwater.console.learning_form import read_filter
from headwater.console.technique_form import OF_ENCODING, OF_TECHNIQUE
from headwater.console.workbench.rows import Rows
from headwater.engines.catalog import ENCODING
from headwater.engines.parameters import ParameterError
from headwater.learning.chain import label_fields
from headwater.sources.models import Source


@dataclass(frozen=True, slots=True)
class Chosen:
    """What would be read and how it would be prepared."""

    rows: Rows
    columns: tuple[str, ...]
    filter: Mapping[str, Any]
    encoding: Mapping[str, Any]
    min_samples: int | None = None
    """As it stands in the form; None: not there, or no number."""

    def source(self) -> Source:
        """Return a source of it that is not saved."""
        source = self.rows.source()
        source.columns, source.filter = list(self.columns), dict(self.filter)
        source.labels = label_fields()
        return source

    def reads(self) -> dict[str, Any]:
        """Return it as ``Source.as_json`` does."""
        return self.source().as_json()


def chosen_of(rows: Rows | None, given: QueryDict | Mapping[str, Any]) -> Chosen | None:
    """Return what the fields ``given`` say of ``rows``; None while nothing can be read."""
    if rows is None:
        return None
    several: Callable[[str], list[str]] = (
        given.getlist if isinstance(given, QueryDict) else lambda name: list(given.get(name) or [])
    )
    known = {column.name for column in rows.columns}
    columns = tuple(name for name in several("columns") if name in known)
    if not columns:
        return None
    encoding: dict[str, Any] = {}
    for parameter in ENCODING:
        name = OF_ENCODING + parameter.name
        if parameter.kind == "columns":
            encoding[parameter.name] = [one for one in several(name) if one in columns]
        elif given.get(name) not in (None, ""):
            encoding[parameter.name] = given[name]
    try:
        encoding = ENCODING.clean(encoding)
    except ParameterError:
        encoding = ENCODING.defaults()
    try:
        condition = read_filter(str(given.get("filter") or ""))
    except ValidationError:
        return None
    neighbours = str(given.get(f"{OF_TECHNIQUE}min_samples") or "")
    return Chosen(
        rows=rows,
        columns=columns,
        filter=condition,
        encoding=json.loads(json.dumps(encoding)),
        min_samples=int(neighbours) if neighbours.isdecimal() and len(neighbours) < 5 else None,
    )
