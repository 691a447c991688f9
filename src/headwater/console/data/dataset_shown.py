"""What the page of a dataset shows of a version: its columns in figures, and its first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headwater.console.data.reading_form import Option, reading_fields
from headwater.console.data.upload_choices import TYPES
from headwater.learning.models import StatisticalModel
from headwater.sources.files.errors import FileError, cut
from headwater.sources.files.reading import Reading
from headwater.sources.models import Dataset, DatasetVersion
from headwater.sources.roles import ROLES, roles_for
from headwater.words import figure, percent

WIDTH, HEIGHT = 120, 32
"""Of the small histogram of a column."""


@dataclass(frozen=True, slots=True)
class Top:
    """One of the most frequent values of a column."""

    value: str
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """One column of a version."""

    place: int
    name: str
    type: str
    role: str
    roles: tuple[Option, ...]
    n_missing: int
    missing: str
    """The missing ones as a share."""
    n_distinct: int
    bars: str
    """Outline of the histogram, in a box of ``WIDTH`` by ``HEIGHT``; "" where there is none."""
    spread: str
    """From where to where, and where the middle is."""
    top: tuple[Top, ...]
    n_outliers: int
    suggests_log: bool


def columns_shown(
    version: DatasetVersion, chosen: Mapping[str, str] | None = None
) -> list[ColumnShown]:
    """Return the columns of ``version``; ``chosen`` are roles that a form gave and that misfit."""
    found = []
    for place, column in enumerate(version.columns):
        name, type_ = column["name"], column["type"]
        role = (chosen or {}).get(name, column["role"])
        figures = version.profile.get(name, {})
        n, n_missing = figures.get("n") or 0, figures.get("n_missing") or 0
        histogram = figures.get("histogram") or {}
        found.append(
            ColumnShown(
                place=place,
                name=name,
                type=TYPES.get(type_, type_),
                role=ROLES.get(column["role"], column["role"]),
                roles=tuple(Option(key, words, key == role) for key, words in roles_for(type_)),
                n_missing=n_missing,
                missing=percent(n_missing / n) if n else "",
                n_distinct=figures.get("n_distinct") or 0,
                bars=bars(histogram.get("counts") or []),
                spread=_spread(figures, type_),
                top=() if histogram else _top(figures, n),
                n_outliers=figures.get("n_outliers") or 0,
                suggests_log=bool(figures.get("suggests_log")),
            )
        )
    return found


def bars(counts: Sequence[int]) -> str:
    """Return the outline of bars as high as ``counts``, in a box of ``WIDTH`` by ``HEIGHT``.

    >>> bars([1, 2])
    'M0 32V16H60V0H120V32Z'
    """
    most = max(counts, default=0)
    if not most:
        return ""
    width = WIDTH / len(counts)
    path = f"M0 {HEIGHT}"
    for place, count in enumerate(counts):
        height = max(HEIGHT * count / most, 1.0) if count else 0.0
        path += f"V{HEIGHT - height:.3g}H{(place + 1) * width:.4g}"
    return f"{path}V{HEIGHT}Z"


def _top(figures: Mapping[str, Any], n: int) -> tuple[Top, ...]:
    top = figures.get("top") or []
    if not n or (len(top) > 1 and top[0][1] == 1):
        return ()
    return tuple(Top(text, count, count / n) for text, count in top[:3])


def _spread(figures: Mapping[str, Any], type_: str) -> str:
    top = figures.get("top") or []
    if type_ in ("text", "boolean"):
        different = len(top) > 1 and top[0][1] == 1
        return f"All different, such as “{cut(top[0][0])}”" if different else ""
    low, high, middle = (figures.get(name) for name in ("min", "max", "median"))
    if low is None or high is None:
        return ""
    if type_ == "date":
        return f"{low} to {high}, half of them to {middle}"
    return f"{figure(float(low))} to {figure(float(high))}, median {figure(float(middle or 0))}"


def first_rows(version: DatasetVersion) -> list[list[str]]:
    """Return the first rows of ``version`` as texts; none where its file is gone."""
    from headwater.sources.first_rows import first_rows as read

    try:
        return read(version)
    except FileNotFoundError:
        return []


def how_read(version: DatasetVersion) -> list[tuple[str, str]]:
    """Return how the file of ``version`` was read: setting and value, in words."""
    if not version.reading:
        return []
    try:
        reading = Reading.from_json(version.reading)
    except FileError:
        return []
    fields = reading_fields(reading, [reading.sheet] if reading.sheet else [])
    return [
        (
            field.label,
            next((option.label for option in field.options if option.is_chosen), str(field.value)),
        )
        for field in fields
    ]


def analyses_of(dataset: Dataset) -> list[StatisticalModel]:
    """Return the statistical models that learn from ``dataset``, the newest first."""
    return list(
        StatisticalModel.objects.filter(source__dataset=dataset)
        .select_related("source__dataset", "current_fit", "owner")
        .defer("current_fit__artifact", "current_fit__summary", "current_fit__trace")
        .order_by("-pk")
    )
