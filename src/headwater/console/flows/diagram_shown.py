"""Section: the stock-flow diagram, with the levels of the last count and the rates chosen."""

from __future__ import annotations

from collections.abc import Iterable

from headwater.console.flows.diagram import OUTSIDE, diagram_of
from headwater.console.flows.levels_shown import LevelNow, levels_now
from headwater.console.flows.part import Part
from headwater.console.flows.period_words import period_noun
from headwater.console.flows.section import Asked, Section, Table
from headwater.console.flows.series_shown import flows_of
from headwater.console.flows.tanks import Pipe, Tank
from headwater.console.words import counted, listed
from headwater.stockandflow.errors import StockAndFlowError

MOST_TANKS = 12
MOST_PIPES = 24
Ends = tuple[str, str]


def diagram_section(part: Part, asked: Asked) -> Section | None:
    """Return the section with the diagram; None for a single stock without flows."""
    pipes, note = _pipes(part, asked)
    moving = {end for pipe in pipes if pipe.moves for end in (pipe.source, pipe.sink)}
    lines = [
        line for line in levels_now(part, asked) if not line.is_retired or line.state in moving
    ]
    if not lines or (len(lines) < 2 and not part.flows):
        return None
    shown = _most(lines)
    states = {line.state for line in shown}
    drawn = [pipe for pipe in pipes if {pipe.source, pipe.sink} <= {*states, OUTSIDE}]
    drawn = sorted(drawn, key=lambda pipe: -pipe.moves)[:MOST_PIPES]
    tanks = [Tank(line.state, line.name, line.mark, line.count) for line in shown]
    diagram = diagram_of(tanks, drawn)
    left_out = [
        *([counted(len(lines) - len(shown), "smaller stock")] if len(lines) > len(shown) else []),
        *([counted(len(pipes) - len(drawn), "rarer flow")] if len(pipes) > len(drawn) else []),
    ]
    return Section(
        "diagram",
        "Diagram",
        template="headwater/parts/stocks_diagram.html",
        context={
            "diagram": diagram,
            "title": _title(part, drawn, len(tanks)),
            "subtitle": _subtitle(part, drawn),
            "summary": _summary(part, lines, pipes),
            "left_out": listed(left_out),
            "clouds": bool(diagram.clouds),
            "is_counted": any(line.count is not None for line in lines),
        },
        note=note,
        table=lambda: _table(pipes),
    )


def _most(lines: list[LevelNow]) -> list[LevelNow]:
    """Return the stocks that are drawn: the largest, in their own order."""
    kept = sorted(lines, key=lambda line: -(line.count or 0))[:MOST_TANKS]
    return [line for line in lines if line in kept]


def _pipes(part: Part, asked: Asked) -> tuple[list[Pipe], str]:
    """Return the flows that are stated, then other moves that occurred, and what hinders."""
    moves: dict[Ends, int] = {}
    periods, per, note = 0, "period", ""
    try:
        series = flows_of(part, asked)
    except StockAndFlowError as refused:
        note = str(refused)
    else:
        moves = {ends: sum(line) for ends, line in series.moves.items()}
        periods = len(series.intervals)
        per = period_noun(asked.every or series.period or "")
    states = set(asked.marks)
    ends = [*_stated(part, states), *(ends for ends, number in moves.items() if number)]
    pipes = [
        Pipe(
            source, sink, _flow_name(part, source, sink), moves.get((source, sink), 0), periods, per
        )
        for source, sink in dict.fromkeys(ends)
        if source != sink and {source, sink} <= {*states, OUTSIDE}
    ]
    return pipes, note


def _stated(part: Part, states: set[str]) -> Iterable[Ends]:
    """Yield the moves that flows name; what stands in for a stock counts as outside."""
    for flow in part.flows:
        for source in flow.source_keys:
            for sink in flow.sink_keys:
                yield (source if source in states else "", sink if sink in states else "")


def _flow_name(part: Part, source: str, sink: str) -> str:
    if part.partition is not None:
        found = part.partition.flow_of(source, sink)
        return str(found) if found is not None else ""
    states = {stock.slug for stock in part.stocks}
    for flow in part.flows:
        for one in flow.source_keys:
            for other in flow.sink_keys:
                if (one if one in states else "", other if other in states else "") == (
                    source,
                    sink,
                ):
                    return str(flow)
    return ""


def _title(part: Part, pipes: list[Pipe], tanks: int) -> str:
    moving = [pipe for pipe in pipes if pipe.moves]
    if moving:
        most = max(moving, key=lambda pipe: pipe.moves)
        ends = f"from {part.name_of(most.source)} to {part.name_of(most.sink)}"
        return f"Most move {ends}: {most.rate}"
    if not pipes:
        return "No moves have been seen yet"
    return f"How objects may move, with {counted(tanks, 'stock')}"


def _subtitle(part: Part, pipes: list[Pipe]) -> str:
    periods = max((pipe.periods for pipe in pipes), default=0)
    if not periods:
        return "Stocks as tanks, flows as pipes; rates need two counts"
    per = pipes[0].per
    return (
        "Stocks as tanks, as full as at the last count; flows as pipes, with how many went "
        f"through on average a {per}, of {counted(periods, per)}"
    )


def _summary(part: Part, lines: list[LevelNow], pipes: list[Pipe]) -> str:
    moving = sorted((pipe for pipe in pipes if pipe.moves), key=lambda pipe: -pipe.moves)
    head = f"{counted(len(lines), 'stock')} and {counted(len(pipes), 'flow')} between them."
    told = [
        f"{part.name_of(pipe.source)} to {part.name_of(pipe.sink)} ({pipe.rate})"
        for pipe in moving[:3]
    ]
    return f"{head} Most move: {listed(told)}." if told else head


def _table(pipes: list[Pipe]) -> Table:
    return Table(
        ("source", "sink", "flow", "moves", "periods", "moves_a_period"),
        [
            (
                pipe.source or None,
                pipe.sink or None,
                pipe.name or None,
                pipe.moves,
                pipe.periods,
                pipe.moves / pipe.periods if pipe.periods else None,
            )
            for pipe in pipes
        ],
    )
