"""Plane: along which two columns the rows of a run are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headwater.console.segments.shown import Shown

PRINCIPAL = ""
"""What the address says for the two directions in which rows differ most."""


@dataclass(frozen=True, slots=True)
class Plane:
    """The axes that are drawn, and those that may be chosen."""

    scatter: Mapping[str, Any]
    """As in ``Fit.summary``."""
    x: str
    """The chosen column along; empty where the run's own picture is drawn."""
    y: str
    choices: tuple[str, ...]
    """Columns that may be chosen; none where there are fewer than three."""
    problem: str = ""
    """Why the chosen columns are not drawn."""
    principal: bool = False
    """Whether the run's own picture is of the directions in which rows differ most."""


def plane_of(shown: Shown) -> Plane:
    """Return what is drawn of ``shown``: its own picture, or the columns that the address names."""
    own = shown.summary.get("scatter") or {}
    choices = tuple(shown.columns("numeric", "boolean"))
    principal = own.get("axes") == "principal"
    x, y = shown.data.get("x", ""), shown.data.get("y", "")
    if not own.get("points") or len(choices) < 2 or not shown.sees_rows:
        return Plane(own, "", "", ())
    if bool(x) != bool(y) and (x in choices or y in choices):
        # One is chosen: the other one is a column as well, as axes of two kinds do not go together.
        other = next(name for name in choices if name not in (x, y))
        x, y = x or other, y or other
    if x not in choices or y not in choices or x == y:
        told = f"Choose two different columns; “{x}” and “{y}” are not." if x or y else ""
        return Plane(own, "", "", choices, told, principal)
    drawn, problem = _of_columns(shown, own, x, y)
    return Plane(drawn or own, x if drawn else "", y if drawn else "", choices, problem, principal)


def _of_columns(
    shown: Shown, own: Mapping[str, Any], x: str, y: str
) -> tuple[dict[str, Any] | None, str]:
    """Return the drawn rows along two columns, or why they cannot be drawn so.

    Only the rows that the run's own picture draws are read.
    """
    import numpy as np

    from headwater.engines.profile import scatter
    from headwater.engines.table import Table
    from headwater.learning.errors import FitError
    from headwater.learning.learn import source_of
    from headwater.sources.read import ReadError

    groups = {str(row): group for _, _, group, row in own["points"]}
    try:
        source = source_of(shown.fit.source)
        source.columns = [x, y]
        if source.is_dataset:
            table = source.read()
        else:
            from headwater.sources.read import read_table

            keys = [row for *_, row in own["points"]]
            table = read_table(source.queryset().filter(pk__in=keys), [x, y], labels=source.labels)
    except (FitError, ReadError, FileNotFoundError) as refused:
        return None, str(refused)
    at = np.array([i for i, key in enumerate(table.ids.tolist()) if str(key) in groups], dtype=int)
    if not len(at):
        return None, "None of the drawn rows is there any more."
    part = Table(
        table.ids[at],
        {name: values[at] for name, values in table.columns.items()},
        table.kinds,
    )
    labels = np.array([groups[str(key)] for key in part.ids.tolist()], dtype=np.int64)
    drawn = scatter(part, labels, own["letters"], limit=len(at))
    return drawn, ""
