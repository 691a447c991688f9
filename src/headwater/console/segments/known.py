"""How far the segments agree with labels that are known already."""

from __future__ import annotations

from typing import Any

from headwater.console.flows.heat import HeatCell, HeatColumn, HeatRow, HeatTable, shade
from headwater.console.flows.section import Section
from headwater.console.letters import mark
from headwater.console.segments.shown import OUTSIDE, Shown
from headwater.console.words import counted, figure, percent

KEY = "known"
LABEL = "Known labels"


def known_section(shown: Shown) -> Section | None:
    """Return the cross table with the known label; None where no column holds one."""
    known = shown.summary.get("known")
    if not known:
        return None
    return Section(
        KEY,
        LABEL,
        template="headwater/parts/segment_known.html",
        context={"heat": cross_table(known, shown), "ari": known.get("ari"), "known": known},
        term="rand-index",
    )


def agreement_in_words(ari: float | None) -> str:
    """Return how far two divisions agree, in a few words."""
    if ari is None:
        return "There is too little to compare"
    told = figure(float(ari), 2)
    if ari >= 0.9:
        return f"They agree almost wholly (adjusted Rand index {told})"
    if ari >= 0.65:
        return f"They agree well (adjusted Rand index {told})"
    if ari >= 0.3:
        return f"They agree in part (adjusted Rand index {told})"
    if ari >= 0.1:
        return f"They agree little (adjusted Rand index {told})"
    return f"They agree hardly more than by chance (adjusted Rand index {told})"


def cross_table(known: dict[str, Any], shown: Shown) -> HeatTable:
    """Return where the rows of each segment are among the known labels."""
    table = known["table"]
    labels = [label or "no label" for label in table["columns"]]
    rows = []
    for letter, counts in zip(table["rows"], table["counts"], strict=True):
        total = sum(counts) or 1
        name = shown.label(letter) if letter else OUTSIDE.capitalize()
        rows.append(
            HeatRow(
                name,
                [
                    HeatCell(
                        figure(count),
                        percent(count / total) if count else "",
                        shade(count / total),
                        spoken=f"{counted(count, 'row')} of {name} labelled {label}",
                    )
                    for count, label in zip(counts, labels, strict=True)
                ],
                mark=mark(letter) if letter else None,
                is_outside=not letter,
            )
        )
    return HeatTable(
        key="known-table",
        title=f"{agreement_in_words(known.get('ari'))} with “{known['column']}”",
        subtitle=f"Rows of each segment by “{known['column']}”, which was not learned from",
        summary=_summary(known, shown),
        reading=(
            "Go along a row: so many rows of the segment have the label above.",
            "Dark cells hold a larger share of their segment. With one dark cell in each row and "
            "column, the segments are those labels.",
        ),
        corner="Segment",
        columns=[HeatColumn(label) for label in labels],
        rows=rows,
    )


def _summary(known: dict[str, Any], shown: Shown) -> str:
    table = known["table"]
    told = []
    for letter, counts in zip(table["rows"], table["counts"], strict=True):
        if letter and sum(counts):
            at = max(range(len(counts)), key=lambda i: counts[i])
            label = table["columns"][at] or "no label"
            told.append(f"{shown.label(letter)} is {percent(counts[at] / sum(counts))} {label}")
    return f"{'; '.join(told[:8])}." if told else ""
