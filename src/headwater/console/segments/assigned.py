"""New rows with their segments, ready to be shown; and the fields of the form for one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headwater.console.segments.shown import OUTSIDE, label_of
from headwater.console.words import counted, figure, listed, percent
from headwater.learning.models import Fit

if TYPE_CHECKING:
    from headwater.segmentation.assign_rows import AssignedRows


@dataclass(frozen=True, slots=True)
class AssignField:
    """One column of the form."""

    name: str
    key: str
    """Name of the field in the form: columns may be called anything."""
    type: str
    """“number”, “date”, “boolean” or “text”."""
    choices: tuple[str, ...]
    required: bool
    value: str


@dataclass(frozen=True, slots=True)
class AssignedLine:
    """One new row."""

    name: str
    letter: str
    label: str
    probability: str


@dataclass(frozen=True, slots=True)
class AssignedShown:
    """What became of the new rows."""

    headline: str
    lines: tuple[AssignedLine, ...]
    n: int
    has_probabilities: bool
    notes: tuple[str, ...]


def fields_of(fit: Fit, given: Mapping[str, str]) -> list[AssignField]:
    """Return the fields of the form, filled with what was ``given`` before."""
    from headwater.segmentation.assign_rows import asked_columns

    return [
        AssignField(
            name=one.name,
            key=f"column-{number}",
            type=one.type,
            choices=one.categories,
            required=not one.may_be_empty,
            value=given.get(f"column-{number}", ""),
        )
        for number, one in enumerate(asked_columns(fit))
    ]


def row_of(fields: list[AssignField]) -> dict[str, object]:
    """Return the row that the form holds: texts as numbers or dates; an empty one is not known.

    Raises ValueError with a sentence for what is neither.
    """
    return {one.name: _value(one) for one in fields}


def _value(one: AssignField) -> object:
    text = one.value.strip()
    if not text:
        if one.required:
            raise ValueError(f"“{one.name}” is empty. The run does not take missing values.")
        return None
    if one.type == "number":
        try:
            return float(text)
        except ValueError:
            raise ValueError(f"“{one.name}” was “{text}”; it takes a number.") from None
    if one.type == "date":
        from django.utils.dateparse import parse_date, parse_datetime

        try:
            found = parse_datetime(text) or parse_date(text)
        except ValueError:
            found = None
        if found is None:
            raise ValueError(f"“{one.name}” was “{text}”; it takes a date such as 2026-11-24.")
        return found
    if one.type == "boolean":
        if text not in ("yes", "no"):
            raise ValueError(f"“{one.name}” was “{text}”; it takes yes or no.")
        return text == "yes"
    return text


def assigned_shown(found: AssignedRows, names: Mapping[str, str], most: int) -> AssignedShown:
    """Return the first ``most`` rows of ``found``, and a sentence on all of them."""
    told = [
        f"{figure(n)} to {label_of(letter, names)}" if letter else f"{figure(n)} {OUTSIDE}"
        for letter, n in found.counts.items()
    ]
    probabilities = found.probabilities
    lines = tuple(
        AssignedLine(
            name,
            letter,
            names.get(letter, "") if letter else OUTSIDE,
            percent(probabilities[at]) if probabilities is not None and letter else "",
        )
        for at, (name, letter) in enumerate(
            zip(found.names[:most], found.letters[:most], strict=True)
        )
    )
    ignored = (
        (f"Columns that have no part in the run: {listed(list(found.ignored))}.",)
        if found.ignored
        else ()
    )
    return AssignedShown(
        headline=f"{counted(len(found), 'new row')}: {listed(told)}",
        lines=lines,
        n=len(found),
        has_probabilities=probabilities is not None,
        notes=(*found.notes, *ignored),
    )
