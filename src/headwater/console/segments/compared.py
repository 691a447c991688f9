"""Two runs of the same rows side by side, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headwater.console.flows.heat import HeatCell, HeatColumn, HeatRow, HeatTable, shade
from headwater.console.letters import mark
from headwater.console.segments.known import agreement_in_words
from headwater.console.segments.shown import OUTSIDE, label_of
from headwater.console.words import NOTHING, counted, figure, percent
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import Fit

if TYPE_CHECKING:
    from headwater.segmentation.compare import RunsCompared


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs."""

    fit: Fit
    key: str
    """“A” or “B”."""
    technique: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Score:
    """One score of both."""

    label: str
    a: str
    b: str
    note: str
    better: str
    """“a”, “b” or nothing."""


@dataclass(frozen=True, slots=True)
class Match:
    """A segment of the one and its partner in the other."""

    a: str
    b: str
    letter_a: str
    letter_b: str
    size_a: str
    size_b: str
    shared: str


def side_of(fit: Fit, key: str) -> Side:
    """Return the facts of one run."""
    from headwater.segmentation.names import segment_names

    technique = TECHNIQUES.get(fit.technique)
    return Side(fit, key, technique.label if technique else fit.technique, segment_names(fit))


def headline(found: RunsCompared) -> str:
    """Return how far the two agree, in one sentence."""
    if not found.compared:
        return "The two runs have no row in common that both put into a segment"
    return f"{agreement_in_words(found.ari)}, on {counted(found.compared, 'row')}"


def scores_of(found: RunsCompared) -> list[Score]:
    """Return the scores of both, each with what is better."""
    return [
        Score(
            one.label,
            _number(one.a),
            _number(one.b),
            "" if one.more is None else "more is better" if one.more else "less is better",
            one.better or "",
        )
        for one in found.scores
        if one.a is not None or one.b is not None
    ]


def _number(value: float | None) -> str:
    return NOTHING if value is None else figure(value, 3 if isinstance(value, float) else 4)


def matches_of(found: RunsCompared, a: Side, b: Side) -> list[Match]:
    """Return the segments of both, partners together."""
    return [
        Match(
            a=label_of(one.a, a.names) if one.a else "",
            b=label_of(one.b, b.names) if one.b else "",
            letter_a=one.a or "",
            letter_b=one.b or "",
            size_a=figure(one.size_a) if one.a else NOTHING,
            size_b=figure(one.size_b) if one.b else NOTHING,
            shared=f"{figure(one.shared)} ({percent(one.jaccard)})" if one.shared else NOTHING,
        )
        for one in found.matches
    ]


def cross_of(found: RunsCompared, a: Side, b: Side) -> HeatTable:
    """Return where the rows of each segment of the one are in the other."""
    rows = []
    for letter, counts in zip(found.letters_a, found.table, strict=True):
        total = sum(counts) or 1
        name = label_of(letter, a.names) if letter else OUTSIDE.capitalize()
        rows.append(
            HeatRow(
                name,
                [
                    HeatCell(
                        figure(count),
                        percent(count / total) if count else "",
                        shade(count / total),
                        spoken=f"{counted(count, 'row')} of {name} are in "
                        f"{label_of(other, b.names) if other else OUTSIDE} of run {b.fit.pk}",
                    )
                    for count, other in zip(counts, found.letters_b, strict=True)
                ],
                mark=mark(letter) if letter else None,
                is_outside=not letter,
            )
        )
    return HeatTable(
        key="cross",
        title="Where the rows of each segment are in the other run",
        subtitle=f"Down: run {a.fit.pk}. Across: run {b.fit.pk}. Rows, and their share of the "
        "segment on the left",
        summary=_only(found),
        reading=(
            "Go along a row: so many rows of the segment on the left are in the segment above.",
            "With one dark cell in each row and column, both runs divide alike.",
            "Letters are those of each run: A of the one need not be A of the other.",
        ),
        corner=f"Run {a.fit.pk} ↓ Run {b.fit.pk} →",
        columns=[
            HeatColumn(
                label_of(letter, b.names) if letter else "Outside", mark(letter) if letter else None
            )
            for letter in found.letters_b
        ],
        rows=rows,
    )


def _only(found: RunsCompared) -> str:
    told = f"{counted(found.compared + found.outside, 'row')} are in both runs."
    if found.only_a or found.only_b:
        told += (
            f" {counted(found.only_a, 'row')} only in the first, "
            f"{counted(found.only_b, 'row')} only in the second: they are left out."
        )
    return told
