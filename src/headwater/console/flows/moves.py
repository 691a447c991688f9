"""Who moved between two dates: the section with the Sankey diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from headwater.console.charts.stocks_sankey import sankey_chart
from headwater.console.flows.part import Part
from headwater.console.flows.period_words import day
from headwater.console.flows.section import Asked, Section, Table
from headwater.console.flows.waiting import needs, whole

KEY = "moves"
FROM, TO = "moves-from", "moves-to"
USUAL = 30
"""Unless asked otherwise, moves of so many counts are shown."""
ALL = 62
"""Of more counts than these, only the newest and the last ones of each month can be chosen."""


@dataclass(frozen=True, slots=True)
class DateChoice:
    """One count that can be chosen as a date."""

    value: str
    label: str
    is_chosen: bool


def moves_section(part: Part, asked: Asked) -> Section | None:
    """Return the section that says where objects were at two dates."""
    from headwater.stockandflow.analysis.series import level_series
    from headwater.stockandflow.analysis.transitions import moves_between

    partition = part.partition
    if partition is None:
        return None
    series = level_series(partition)
    any_line = next(iter(series.lines.values()), ())
    held = [
        sum(line[place] or 0 for line in series.lines.values()) for place in range(len(any_line))
    ]
    moments = [
        moment
        for moment, count, is_backfilled in zip(
            series.moments, any_line, series.backfilled, strict=bool(any_line)
        )
        if count is not None and not is_backfilled
    ]
    if len(moments) < 2:
        return Section(KEY, "Who moved", note=needs("Moves need", 2, partition))
    until = chosen(moments, asked.data.get(TO, ""), moments[-1])
    earlier = [moment for moment in moments if moment < until] or moments[:1]
    # Where nothing was yet, everybody would have come from outside.
    filled = {moment for moment, number in zip(series.moments, held, strict=True) if number}
    usual = next((one for one in earlier[-USUAL:] if one in filled), earlier[-1])
    since = chosen(moments, asked.data.get(FROM, ""), usual)
    swapped = since > until
    if swapped:
        since, until = until, since
    context = {
        "from_choices": choices_of(moments, since, series.period),
        "to_choices": choices_of(moments, until, series.period),
        "from_name": FROM,
        "to_name": TO,
        "kept": kept(asked, FROM, TO),
        "swapped": swapped,
    }
    template = "headwater/parts/stocks_moves.html"
    if since == until:
        return Section(
            KEY,
            "Who moved",
            template=template,
            context=context,
            note="Choose two different dates to see who moved between them.",
        )
    moves = moves_between(partition, since, until, include_relabelled=asked.with_relabelled)
    if not sum(one.objects for one in moves):
        return Section(
            KEY,
            "Who moved",
            template=template,
            context=context,
            note="No object was in a stock at either date.",
        )
    states = list(dict.fromkeys([*asked.marks, *(m.source for m in moves if m.source)]))
    states = list(dict.fromkeys([*states, *(m.sink for m in moves if m.sink)]))
    chart = sankey_chart(
        moves,
        order=states,
        name_of=lambda state: part.name_of(state) if state else "Outside",
        marks=dict(asked.marks),
        since=since,
        until=until,
        period=series.period,
        name=partition.slug,
    )

    def table() -> Table:
        return Table(
            ("from", "to", "objects", "from_date", "to_date"),
            [(one.source, one.sink, one.objects, since, until) for one in moves],
        )

    return Section(
        KEY,
        "Who moved",
        note=whole(asked, dates=False),
        template=template,
        context={**context, "chart": chart},
        table=table,
    )


def chosen(moments: Sequence[datetime], given: str, otherwise: datetime) -> datetime:
    """Return the count that a form names, or the last one before it; else ``otherwise``."""
    try:
        moment = parse_datetime(given)
    except ValueError:
        return otherwise
    if moment is None:
        return otherwise
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    before = [one for one in moments if one <= moment]
    return before[-1] if before else moments[0]


def choices_of(
    moments: Sequence[datetime], at: datetime, period: str | None = None
) -> list[DateChoice]:
    """Return the counts to choose from, the newest first; ``at`` is always among them."""
    offered = list(moments)
    if len(offered) > ALL:
        month_ends = {
            before
            for before, after in pairwise(offered)
            if (local := timezone.localtime(before)).month != timezone.localtime(after).month
            or local.year != timezone.localtime(after).year
        }
        newest = set(offered[-USUAL - 1 :])
        kept_ones = newest | month_ends | {offered[0], at}
        offered = [one for one in offered if one in kept_ones]
    return [DateChoice(one.isoformat(), day(one, period), one == at) for one in reversed(offered)]


def kept(asked: Asked, *own: str) -> list[tuple[str, str]]:
    """Return the other fields of the address, which a form of one section hands on."""
    return [(name, value) for name, value in asked.data.items() if name not in own]
