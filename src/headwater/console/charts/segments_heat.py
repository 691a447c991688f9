"""How far the means of each segment lie from those of all rows: a table shaded to both sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headwater.console.words import NOTHING, figure, percent

STEPS = 5
"""``console.css`` has classes hw-off-1 to hw-off-5 to either side, hw-up and hw-down."""
PER_STEP = 0.4
"""Spreads from the mean that one step stands for; the last step has no end."""


@dataclass(frozen=True, slots=True)
class OffCell:
    """One mean: how far it is off, and what it is."""

    deviation: str
    mean: str
    css: str
    spoken: str


@dataclass(frozen=True, slots=True)
class OffRow:
    """One column of the data, over all segments."""

    label: str
    overall: str
    cells: tuple[OffCell, ...]


@dataclass(frozen=True, slots=True)
class OffTable:
    """See ``templates/headwater/parts/segment_heat.html``."""

    key: str
    title: str
    subtitle: str
    summary: str
    reading: tuple[str, ...]
    letters: tuple[str, ...]
    rows: tuple[OffRow, ...]


def off_css(deviation: float | None, per_step: float = PER_STEP) -> str:
    """Return the classes of a cell that lies ``deviation`` spreads from the mean.

    >>> off_css(0.1), off_css(0.6), off_css(-9.0), off_css(None)
    ('', 'hw-off hw-up hw-off-2', 'hw-off hw-down hw-off-5', '')
    """
    if deviation is None:
        return ""
    step = min(STEPS, round(abs(deviation) / per_step + 0.2))
    if not step:
        return ""
    return f"hw-off {'hw-up' if deviation > 0 else 'hw-down'} hw-off-{step}"


def signed(value: float | None) -> str:
    """Return “+1.2”, “−0.4” or “0”.

    >>> signed(1.234), signed(-0.44), signed(0.01), signed(None)
    ('+1.2', '−0.4', '0', '–')
    """
    if value is None:
        return NOTHING
    text = f"{value:+.1f}".replace("-", "−")
    return "0" if text in ("+0.0", "−0.0") else text


def deviations_table(
    heat: Mapping[str, Any],
    *,
    label: Callable[[str], str],
    value: Callable[[str, float | None], str],
) -> OffTable:
    """Return the heat map of ``heat``, as ``engines.segments.heat`` makes it.

    ``label``: of a letter; ``value``: a mean of a column in words.
    """
    groups = heat["groups"]
    rows = []
    strongest: tuple[float, str] = (0.0, "")
    for at, column in enumerate(heat["columns"]):
        name = column_label(column)
        cells = []
        for group in groups:
            deviation, mean = group["deviations"][at], group["means"][at]
            told = _mean(column, mean, value)
            cells.append(
                OffCell(
                    signed(deviation),
                    told,
                    off_css(deviation),
                    _spoken(label(group["letter"]), name, deviation, told),
                )
            )
            if deviation is not None and abs(deviation) > strongest[0]:
                side = "above" if deviation > 0 else "below"
                strongest = (
                    abs(deviation),
                    f"{label(group['letter'])} is {figure(abs(deviation), 2)} spreads {side} the "
                    f"mean in {name}",
                )
        rows.append(OffRow(name, _mean(column, column["mean"], value), tuple(cells)))
    return OffTable(
        key="deviations",
        title=_title(groups, heat["columns"], label),
        subtitle="Mean of each segment: spreads from the mean of all rows in segments, and below "
        "it the mean itself",
        summary=f"The greatest difference: {strongest[1]}." if strongest[1] else "Nothing differs.",
        reading=(
            "Go along a row: a blue cell with a plus is a segment whose mean in that column is "
            "above the mean of all, an orange one with a minus lies below.",
            "The stronger the colour, the farther away. One spread is as far as rows usually "
            "lie from the mean.",
            "The small number is the mean itself, in the units of the column.",
        ),
        letters=tuple(group["letter"] for group in groups),
        rows=tuple(rows),
    )


def column_label(column: Mapping[str, Any]) -> str:
    """Return “city” or “city = Oslo”."""
    if column.get("category") is None:
        return str(column["column"])
    return f"{column['column']} = {column['category']}"


def _mean(
    column: Mapping[str, Any], mean: float | None, value: Callable[[str, float | None], str]
) -> str:
    if mean is None:
        return NOTHING
    return percent(mean) if column.get("category") is not None else value(column["column"], mean)


def _spoken(segment: str, column: str, deviation: float | None, mean: str) -> str:
    if deviation is None:
        return f"{segment}: no value in {column}"
    if signed(deviation) == "0":
        return f"{segment}: {column} {mean}, as in all rows"
    side = "above" if deviation > 0 else "below"
    return f"{segment}: {column} {mean}, {figure(abs(deviation), 2)} spreads {side} all rows"


def _title(
    groups: Sequence[Mapping[str, Any]],
    columns: Sequence[Mapping[str, Any]],
    label: Callable[[str], str],
) -> str:
    """Return which column divides the segments most."""
    ranges = []
    for at, column in enumerate(columns):
        known = [g["deviations"][at] for g in groups if g["deviations"][at] is not None]
        if len(known) > 1:
            ranges.append((max(known) - min(known), column_label(column)))
    if not ranges:
        return "One segment, so its means are those of all its rows"
    ranges.sort(key=lambda pair: -pair[0])
    if len(ranges) > 1 and ranges[1][0] >= 0.9 * ranges[0][0]:
        return f"The segments differ most in {ranges[0][1]} and {ranges[1][1]}"
    return f"The segments differ most in {ranges[0][1]}"
