"""Dates: a fit sees them as days since 1970-01-01; people read them as dates again."""

from __future__ import annotations

from typing import Any

from headwater.learning.dates import DateKind, Dates, as_date, date_and_spread, date_columns

__all__ = [
    "DAY",
    "DateKind",
    "Dates",
    "as_date",
    "date_and_spread",
    "date_columns",
    "notes_with_dates",
]

DAY = 86_400_000
"""Milliseconds, in which a chart counts time."""


def notes_with_dates(summary: dict[str, Any], dates: Dates) -> list[str]:
    """Return the notes of a fit; what a missing date was taken as reads as a date."""
    notes = list(summary.get("notes", []))
    for column in summary.get("columns", []):
        name, filled = column["name"], column.get("filled_with")
        if name not in dates or not isinstance(filled, (int, float)):
            continue
        end = f"taken as {filled:,.6g}."
        notes = [
            note.removesuffix(end) + f"taken as {as_date(filled, dates[name])}."
            if note.startswith(f"“{name}” lacks") and note.endswith(end)
            else note
            for note in notes
        ]
    return notes
