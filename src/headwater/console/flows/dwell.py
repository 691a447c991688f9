"""How long objects stay in a stock: the section with medians and percentiles."""

from __future__ import annotations

from headwater.console.charts.stocks_dwell import QUANTILES, dwell_chart, rows_of
from headwater.console.flows.part import Part
from headwater.console.flows.period_words import period_noun
from headwater.console.flows.section import Asked, Section, Table
from headwater.console.flows.waiting import next_due, period_of, whole
from headwater.console.words import counted, figure, percent
from headwater.stockandflow.definitions import Partition

KEY = "time"
LABEL = "Time in a stock"


def dwell_section(part: Part, asked: Asked) -> Section | None:
    """Return the section that says how long objects stay, those still there counted in."""
    from headwater.stockandflow.analysis.dwell import time_in_state

    partition = part.partition
    if partition is None:
        return None
    dwells = time_in_state(partition, include_relabelled=asked.with_relabelled)
    ended = sum(one.completed for one in dwells)
    ongoing = sum(one.ongoing for one in dwells)

    def table() -> Table:
        return Table(
            ("stock", "ended", "ongoing", *(f"days_{round(q * 100)}" for q in QUANTILES)),
            [
                (
                    one.state,
                    one.completed,
                    one.ongoing,
                    *(
                        None if value is None else value.total_seconds() / 86400
                        for value in (one.quantiles.get(q) for q in QUANTILES)
                    ),
                )
                for one in dwells
            ],
        )

    if not any(one.quantiles.get(0.1) is not None for one in dwells):
        so_far = f"{counted(ended, 'such stay')} ended" if ended else "No such stay has ended"
        known = (
            "Time in a stock needs objects that came to a stock after the first count and left it "
            f"again. {so_far} so far; {figure(ongoing)} go on. "
        )
        return Section(KEY, LABEL, note=known + next_due(partition))
    return Section(
        KEY,
        LABEL,
        note=whole(asked, dates=True),
        template="headwater/parts/stocks_dwell.html",
        context={
            "chart": dwell_chart(dwells, marks=dict(asked.marks), name=partition.slug),
            "ended": ended,
            "ongoing": ongoing,
            "between": between(partition),
            "not_drawn": [
                row
                for row, one in zip(rows_of(dwells), dwells, strict=True)
                if one.quantiles.get(0.1) is None
            ],
        },
        table=table,
    )


def between(partition: Partition) -> str:
    """Return the sentence on moves whose time is known only to lie between two counts."""
    events = partition.events.objects.filter(partition=partition.slug).counted()
    moves = events.count()
    inferred = events.filter(is_inferred=True).count()
    if not inferred:
        return ""
    noun = period_noun(period_of(partition))
    share = "All moves" if inferred == moves else f"{percent(inferred / moves)} of the moves"
    return (
        f"{share} were found by comparing two counts. When such a move happened is only known to "
        f"lie between the two, so a stay may be up to a {noun} longer or shorter at either end "
        "than is shown."
    )
