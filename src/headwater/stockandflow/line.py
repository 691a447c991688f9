"""Line: what was counted of a stock, period by period, with the words and colour to draw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from headwater.engines.letters import index_of
from headwater.engines.periods import HOURLY, MONTHLY, QUARTERLY, YEARLY, period_start
from headwater.stockandflow.analysis.counts import recorded_period
from headwater.stockandflow.analysis.series import LevelSeries, level_series, stock_series
from headwater.stockandflow.definitions import Partition, Stock
from headwater.stockandflow.discover import find_partition
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.models import StockRecord
from headwater.stockandflow.state_order import are_letters, states_in_order

PALETTE = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#d55e00",
    "#56b4e9",
    "#f0e442",
    "#8c8c8c",
)
"""Okabe and Ito's, in the order in which the console's pages give them to states."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line of one stock."""

    slug: str
    name: str
    colour: str
    counts: tuple[int | None, ...]
    """None: not counted in that period."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one stock, or of all stocks of a partition, at the same moments.

    ``moments`` are those of counts, and the starts of periods that were missed.
    """

    period: str
    moments: tuple[datetime, ...]
    backfilled: tuple[bool, ...]
    labels: tuple[str, ...]
    lines: tuple[Line, ...]


def lines_of(
    what: Stock | Partition, *, facet: str | None = None, value: str = "", counts: int = 100
) -> Lines:
    """Return the lines of ``what`` over its last ``counts`` counts.

    With ``facet``, its slug, they are of the objects that have ``value``, written as records do.
    Raises StockAndFlowError for a state that no count has seen. At most six queries.
    """
    since = _since(what, counts)
    if isinstance(what, Stock) and not what.partition:
        series = stock_series(what, facet=facet, value=value, since=since)
        lines = [Line(what.slug, what.name, PALETTE[0], series.lines[what.slug])]
        return _drawn(series, lines)
    partition = what if isinstance(what, Partition) else find_partition(what.partition)
    series = level_series(partition, facet=facet, value=value, since=since)
    colours = colours_of(partition)
    lines = [
        Line(
            partition.stock(state).slug,
            partition.name_of(state),
            colour,
            series.lines.get(state, tuple(0 for _ in series.moments)),
        )
        for state, colour in colours.items()
        if isinstance(what, Partition) or state == what.state
    ]
    if isinstance(what, Stock) and not lines:
        raise StockAndFlowError(
            f"There is no stock “{what.slug}”: no object was ever counted in it. There are: "
            f"{', '.join(f'“{partition.slug}.{state}”' for state in colours) or 'none'}."
        )
    return _drawn(series, lines)


def colours_of(partition: Partition) -> dict[str, str]:
    """Return state -> colour, in the order of the states.

    Stated states come first, then others in the order in which they were first counted: so a new
    one takes no colour from another. Letters of a statistical model keep the colour of the letter.
    """
    states = states_in_order(partition)
    if are_letters(states):
        return {state: _colour(index_of(state)) for state in sorted(states, key=index_of)}
    return {state: _colour(number) for number, state in enumerate(states)}


def _since(what: Stock | Partition, counts: int) -> datetime | None:
    """Return the moment of the first of the last ``counts`` counts; None where there are fewer."""
    if isinstance(what, Partition):
        records = StockRecord.objects.filter(partition=what.slug)
    elif what.partition:
        records = StockRecord.objects.filter(partition=what.partition)
    else:
        records = StockRecord.objects.filter(partition="", stock=what.slug)
    records = records.filter(period=recorded_period(records, what.every))
    moments = records.order_by("-counted_at").values_list("counted_at", flat=True).distinct()
    return next(iter(moments[counts - 1 : counts]), None)


def _drawn(series: LevelSeries, lines: list[Line]) -> Lines:
    labels = tuple(_label(series.period, moment) for moment in series.moments)
    return Lines(series.period, series.moments, series.backfilled, labels, tuple(lines))


def _label(period: str, moment: datetime) -> str:
    zone = timezone.get_default_timezone()
    local = period_start(period, moment, zone).astimezone(zone)
    if period == HOURLY:
        return local.strftime("%Y-%m-%dT%H:%M")
    if period == YEARLY:
        return local.strftime("%Y")
    if period in (MONTHLY, QUARTERLY):
        return local.strftime("%Y-%m")
    return local.date().isoformat()


def _colour(number: int) -> str:
    return PALETTE[number % len(PALETTE)]
