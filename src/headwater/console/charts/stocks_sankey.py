"""Where the objects of a partition were at one date, and where they are at another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from headwater.console.charts.chart import Chart
from headwater.console.flows.period_words import day
from headwater.console.letters import Mark
from headwater.console.words import counted, figure, listed, percent

if TYPE_CHECKING:
    from headwater.stockandflow.analysis.transitions import Move

OUTSIDE = ""
_LARGEST = 3
"""As many moves are told in the summary."""


def sankey_chart(
    moves: Sequence[Move],
    *,
    order: Sequence[str],
    name_of: Callable[[str], str],
    marks: dict[str, Mark],
    since: datetime,
    until: datetime,
    period: str | None = None,
    name: str,
) -> Chart:
    """Return the chart of ``moves`` between two dates; there must be at least one.

    The left column is where objects were, the right one where they are, so a stock that objects
    return to stands on both sides. ``order`` is that of the states; outside comes last.
    """
    states = [*order, OUTSIDE]
    known = [one for one in moves if one.objects and one.source in states and one.sink in states]
    total = sum(one.objects for one in known)
    there = sum(one.objects for one in known if one.source)
    stayed = sum(one.objects for one in known if one.source == one.sink)
    moved = sorted((one for one in known if one.source != one.sink), key=lambda one: -one.objects)
    before = {state: sum(m.objects for m in known if m.source == state) for state in states}
    after = {state: sum(m.objects for m in known if m.sink == state) for state in states}
    nodes: list[dict[str, Any]] = []
    for side, level, told_side in (("from", before, "on"), ("to", after, "on")):
        moment = day(since if side == "from" else until, period)
        nodes += [
            _node(side, state, level[state], name_of(state), marks.get(state), moment, told_side)
            for state in states
            if level[state]
        ]
    ordered = sorted(known, key=lambda m: (states.index(m.source), states.index(m.sink)))
    links = [
        {
            "source": f"from:{one.source}",
            "target": f"to:{one.sink}",
            "value": one.objects,
            "told": _told(one, name_of),
        }
        for one in ordered
    ]
    return Chart(
        key="sankey",
        title=_title(moved, there, stayed, name_of),
        subtitle=f"Left: where objects were on {day(since, period)}. Right: where they were on "
        f"{day(until, period)}. Each band is as thick as the objects that went that way",
        summary=_summary(moved, there, stayed, name_of),
        reading=(
            "Follow a band from left to right: its objects were in the stock on the left at the "
            "first date, and in the stock on the right at the second.",
            "A band between two bars of the same name holds the objects that are in the same "
            "stock at both dates, whatever they did between them.",
            "“Outside” on the left: objects that were not there yet. On the right: objects that "
            "are gone.",
        ),
        option={
            "animation": False,
            "tooltip": {"trigger": "item"},
            "series": [
                {
                    "type": "sankey",
                    "name": "",
                    "left": 8,
                    "right": 8,
                    "top": 12,
                    "bottom": 12,
                    "nodeWidth": 16,
                    "nodeGap": 14,
                    "layoutIterations": 0,
                    "draggable": False,
                    "emphasis": {"focus": "adjacency"},
                    "lineStyle": {"color": "source", "opacity": 0.4, "curveness": 0.5},
                    "data": nodes,
                    "links": links,
                }
            ],
        },
        headings=("From", "To", "Objects", "Share of all", "Share of where they came from"),
        rows=[
            (
                name_of(one.source),
                name_of(one.sink),
                figure(one.objects),
                percent(one.objects / total),
                percent(one.objects / before[one.source]),
            )
            for one in ordered
        ],
        height="large",
        file_name=f"{name}-moves",
    )


def _node(
    side: str, state: str, level: int, words: str, mark: Mark | None, moment: str, at: str
) -> dict[str, Any]:
    return {
        "name": f"{side}:{state}",
        "value": level,
        "depth": 0 if side == "from" else 1,
        "told": f"{words}\n{counted(level, 'object')} {at} {moment}",
        "label": {
            "formatter": f"{words}  {figure(level)}",
            "position": "right" if side == "from" else "left",
            "color": "$ink",
            "fontSize": 12,
            "textBorderColor": "$surface",
            "textBorderWidth": 3,
        },
        "itemStyle": {
            "color": mark.fill if mark else "$muted",
            "borderColor": mark.line if mark else "$muted",
            "borderWidth": 1,
        },
    }


def _told(one: Move, name_of: Callable[[str], str]) -> str:
    if one.source == one.sink:
        return f"{name_of(one.source)}, at both dates\n{counted(one.objects, 'object')}"
    return f"{name_of(one.source)} → {name_of(one.sink)}\n{counted(one.objects, 'object')}"


def _title(moved: Sequence[Move], there: int, stayed: int, name_of: Callable[[str], str]) -> str:
    if not moved:
        return f"All {counted(there, 'object')} are where they were"
    if not there:
        return f"All {counted(sum(one.objects for one in moved), 'object')} came from outside"
    still = f"{percent(stayed / there)} are where they were"
    inner = [one for one in moved if one.source]
    if not inner:
        return f"All {counted(there, 'object')} are where they were, and others came"
    largest = inner[0]
    way = f"from {name_of(largest.source)} to {_to(largest, name_of)}"
    if 2 * largest.objects > there - stayed:
        return f"{still}; most others went {way}"
    return f"{still}; the largest move is {way}"


def _to(move: Move, name_of: Callable[[str], str]) -> str:
    return name_of(move.sink) if move.sink else "outside"


def _summary(moved: Sequence[Move], there: int, stayed: int, name_of: Callable[[str], str]) -> str:
    gone = sum(one.objects for one in moved if one.source and not one.sink)
    came = sum(one.objects for one in moved if not one.source)
    inside = [one for one in moved if one.source and one.sink]
    elsewhere = sum(one.objects for one in inside)
    told = [
        f"{figure(one.objects)} from {name_of(one.source)} to {name_of(one.sink)}"
        for one in inside[:_LARGEST]
    ]
    rest = len(inside) - len(told)
    more = f"; {counted(rest, 'smaller move')} in the table" if rest else ""
    moves = f" Largest moves between stocks: {listed(told)}{more}." if told else ""
    return (
        f"Of {counted(there, 'object')} at the first date, {figure(stayed)} are in the same stock "
        f"at the second, {figure(elsewhere)} in another and {figure(gone)} outside; "
        f"{figure(came)} came from outside.{moves}"
    )
