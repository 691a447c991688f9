"""The transition matrix as a heat map: of those in a stock, how many go where by the next count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headwater.console.flows.heat import HeatCell, HeatColumn, HeatRow, HeatTable, shade
from headwater.console.flows.part import Part
from headwater.console.flows.period_words import period_noun
from headwater.console.flows.section import Asked, Section, Table
from headwater.console.flows.waiting import needs, period_of
from headwater.console.letters import Mark
from headwater.console.words import NOTHING, counted, figure, listed, percent

if TYPE_CHECKING:
    from headwater.stockandflow.analysis.transitions import TransitionTable

KEY = "matrix"
LABEL = "Transitions"
_TOLD = 3
"""As many moves are told in the summary."""


def matrix_section(part: Part, asked: Asked) -> Section | None:
    """Return the section with the transition matrix of a partition."""
    from headwater.stockandflow.analysis.transitions import transition_table

    partition = part.partition
    if partition is None:
        return None
    found = transition_table(
        partition,
        since=asked.since,
        until=asked.until,
        include_relabelled=asked.with_relabelled,
        every=asked.every,
    )
    if not found.periods:
        return Section(KEY, LABEL, note=needs("Transitions need", 2, partition))
    return Section(
        KEY,
        LABEL,
        template="headwater/parts/stocks_matrix.html",
        context={
            "heat": matrix_of(
                found, marks=dict(asked.marks), per=period_noun(period_of(partition))
            ),
            "longer": found.longer,
        },
        table=lambda: Table(("from", "to", "objects", "share"), export_rows(found)),
    )


def matrix_of(table: TransitionTable, *, marks: dict[str, Mark], per: str) -> HeatTable:
    """Return the heat map of ``table``; ``per`` names one period, such as “day”."""
    names = [table.names[state] for state in table.states]
    rows = [
        HeatRow(
            names[i],
            [
                *(
                    _cell(table.counts[i][j], table.probabilities[i][j], names[i], names[j], i == j)
                    for j in range(len(names))
                ),
                _cell(table.left[i], table.leaving[i], names[i], "outside", False),
            ],
            mark=marks.get(state),
        )
        for i, state in enumerate(table.states)
    ]
    entered = HeatRow(
        "Outside",
        [
            *(
                HeatCell(
                    figure(count),
                    spoken=f"{counted(count, 'object')} came from outside to {name}",
                )
                for count, name in zip(table.entered, names, strict=True)
            ),
            HeatCell(NOTHING),
        ],
        is_outside=True,
    )
    return HeatTable(
        key="heat-matrix",
        title=_title(table),
        subtitle="Share of the objects of each stock, and their number, by where they were a "
        f"{per} later; {counted(table.periods, 'step')} from one count to the next, added up",
        summary=_summary(table, per),
        reading=(
            "Go along a row: of all objects that were in the stock on the left at a count, this "
            "share was in the stock above at the next count. A row adds up to 100%.",
            "Dark cells hold more. A framed cell says how many stayed.",
            "Shares of a few objects say little: the small number is how many objects went that "
            "way.",
            "The last row counts objects that came from outside. There is no share of those: it is "
            "not known how many outside could have come.",
        ),
        corner="From ↓ To →",
        columns=[
            *(
                HeatColumn(name, marks.get(state))
                for state, name in zip(table.states, names, strict=True)
            ),
            HeatColumn("Outside"),
        ],
        rows=[*rows, entered],
    )


def export_rows(table: TransitionTable) -> list[tuple[str, str, int, float | None]]:
    """Return (from, to, objects, share) of each cell; "" is the outside."""
    rows: list[tuple[str, str, int, float | None]] = []
    for i, source in enumerate(table.states):
        rows += [
            (source, sink, table.counts[i][j], table.probabilities[i][j])
            for j, sink in enumerate(table.states)
        ]
        rows.append((source, "", table.left[i], table.leaving[i]))
    rows += [
        ("", sink, count, None) for sink, count in zip(table.states, table.entered, strict=True)
    ]
    return rows


def _cell(count: int, share: float | None, source: str, sink: str, is_same: bool) -> HeatCell:
    if share is None:
        return HeatCell(NOTHING, spoken=f"No object was in {source} at a count", is_same=is_same)
    verb = "stayed in" if is_same else "went from"
    way = source if is_same else f"{source} to {sink}"
    return HeatCell(
        percent(share),
        figure(count),
        shade(share),
        is_same,
        f"{counted(count, 'object')} ({percent(share)}) {verb} {way}",
    )


def _staying(table: TransitionTable) -> list[tuple[float, str]]:
    names = [table.names[state] for state in table.states]
    found = [(table.probabilities[i][i], name) for i, name in enumerate(names)]
    return sorted((share, name) for share, name in found if share is not None)


def _title(table: TransitionTable) -> str:
    staying = _staying(table)
    if not staying:
        return "No object was in a stock at two counts in a row"
    least, most = staying[0], staying[-1]
    if len(staying) == 1:
        return f"{percent(most[0])} of {most[1]} stay from one count to the next"
    if percent(least[0]) == percent(most[0]):
        return f"About {percent(most[0])} of each stock stay from one count to the next"
    return (
        f"{most[1]} holds on to most ({percent(most[0])} stay), {least[1]} to least "
        f"({percent(least[0])})"
    )


def _summary(table: TransitionTable, per: str) -> str:
    names = [table.names[state] for state in table.states]
    size = len(names)
    moves = [
        (table.counts[i][j], table.probabilities[i][j], names[i], names[j])
        for i in range(size)
        for j in range(size)
        if i != j and table.counts[i][j]
    ]
    moves += [
        (table.left[i], table.leaving[i], names[i], "outside") for i in range(size) if table.left[i]
    ]
    moves.sort(key=lambda move: -move[0])
    if not moves:
        return "Nothing moved between the stocks."
    told = [
        f"{source} to {sink} ({counted(count, 'object')}, {percent(share)} of {source} a {per})"
        for count, share, source, sink in moves[:_TOLD]
    ]
    came = sum(table.entered)
    return f"Most moves: {listed(told)}. {counted(came, 'object')} came from outside."
