"""Forecast: what the levels of a partition may be in the next periods, and what if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from headwater.engines.periods import next_period_start
from headwater.stockandflow.analysis.counts import (
    Count,
    Interval,
    counts_of,
    intervals_of,
    names_of,
    states_of,
)
from headwater.stockandflow.analysis.transitions import Ends, moves_of
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.discover import find_partition
from headwater.stockandflow.errors import NotEnoughRecords, StockAndFlowError

if TYPE_CHECKING:
    from headwater.engines.transition import Posterior

Line = tuple[float, ...]
MOST_PERIODS = 1_000
MOST_DRAWS = 100_000


@dataclass(frozen=True, slots=True)
class Forecast:
    """The levels expected at ``moments``: state -> a number for each, in objects.

    Between ``low80`` and ``high80``, both included, the level lies with a probability of 80 %.
    ``last`` are the levels that it goes on from, counted at ``counted_at``; ``history`` is the
    number of periods that it has learned from. ``varying`` names the moves' sources ("" is the
    outside) whose rates vary from period to period more than chance explains.
    """

    moments: tuple[datetime, ...]
    states: tuple[str, ...]
    names: dict[str, str]
    median: dict[str, Line]
    low80: dict[str, Line]
    high80: dict[str, Line]
    low95: dict[str, Line]
    high95: dict[str, Line]
    last: dict[str, int]
    counted_at: datetime
    history: int
    varying: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What a forecast learns from: counts of one period that follow one another.

    ``intervals`` are those of exactly one period, ``moves`` who went where in each of them.
    """

    period: str
    counts: tuple[Count, ...]
    intervals: tuple[Interval, ...]
    moves: tuple[Mapping[Ends, int], ...]


def forecast(
    partition: Partition | str,
    periods: int,
    *,
    rates: Mapping[Ends, float] | None = None,
    include_relabelled: bool = False,
    seed: int = 0,
    draws: int = 2000,
    history: History | None = None,
) -> Forecast:
    """Return the levels to be expected in the next ``periods`` periods.

    Objects are taken to go on moving at the rates of the past, as a Markov chain with arrivals from
    outside; see ``headwater.engines.transition``. It knows no trend, no season and no campaign:
    where there is one, the future lies outside the bands more often than they say, and
    ``backtest`` shows it. It learns from intervals of exactly one period; those in which counts
    were missed are left out.

    ``rates`` asks what if: (source, sink) -> a factor for that rate, "" being outside. What a move
    gains is taken from those who would stay. The same ``seed`` draws the same numbers. ``history``
    is what ``history_of`` returned, for who asks several times of one reading.

    Raises NotEnoughRecords where no two counts are a period apart, and StockAndFlowError for rates
    and periods that cannot be.
    """
    partition = find_partition(partition)
    for number, what, most in ((periods, "periods", MOST_PERIODS), (draws, "draws", MOST_DRAWS)):
        if not isinstance(number, int) or not 1 <= number <= most:
            raise StockAndFlowError(
                f"A forecast of {number!r} {what} was asked for. Ask for a whole number from 1 to "
                f"{most:,}."
            )
    if history is None:
        history = history_of(partition, include_relabelled=include_relabelled)
    if not history.intervals:
        raise NotEnoughRecords(too_few(partition, history))
    last = history.counts[-1]
    moments = _moments(history.period, last, periods)
    return play(partition, history, last, moments, rates=rates or {}, seed=seed, draws=draws)


def history_of(partition: Partition, *, include_relabelled: bool) -> History:
    """Return what there is to learn from, from all counts that closed a page."""
    period, counts = counts_of(partition)
    intervals = intervals_of(period, counts)
    moves = moves_of(partition, intervals, include_relabelled=include_relabelled)
    kept = [place for place, one in enumerate(intervals) if not one.missed]
    return History(
        period,
        tuple(one for one in counts if one.page is not None),
        tuple(intervals[place] for place in kept),
        tuple(moves[place] for place in kept),
    )


def too_few(partition: Partition, history: History, needed: int = 2) -> str:
    """Return the sentence that says how many counts it takes and how many there are."""
    there = len(history.counts)
    if there < needed:
        counts = "no count" if not there else f"{there} count{'s' if there > 1 else ''}"
        said = f"there {'are' if there > 1 else 'is'} {counts}"
    else:
        said = f"of the {there} counts that there are, too few are one period after another"
    return f"It needs {needed} counts of “{partition}” in periods that follow one another; {said}."


def play(
    partition: Partition,
    history: History,
    last: Count,
    moments: Sequence[datetime],
    *,
    rates: Mapping[Ends, float],
    seed: int,
    draws: int,
) -> Forecast:
    """Return what the moves of ``history`` say of ``moments``, one period after the other."""
    import numpy as np

    from headwater.engines.transition import bands, learn, simulate

    seen = {end for moves in history.moves for ends in moves for end in ends}
    held = {state for state, objects in last.levels.items() if objects}
    states = states_of(partition, seen | held)
    if not states:
        raise NotEnoughRecords(
            f"Nobody was in any stock of “{partition}” at any count, so there is nothing to go by."
        )
    place = {state: i for i, state in enumerate(states)}
    outside = len(states)
    moves = np.zeros((len(history.moves), outside + 1, outside + 1), dtype=np.int64)
    for period, found in enumerate(history.moves):
        for (source, sink), objects in found.items():
            moves[period, place.get(source, outside), place.get(sink, outside)] += objects
    factors = np.ones((outside + 1, outside + 1))
    for (source, sink), factor in rates.items():
        _refuse_rate(partition, source, sink, factor, states)
        factors[place.get(source, outside), place.get(sink, outside)] = factor
    posterior = learn(moves[:, :outside], moves[:, outside, :outside])
    drawn = simulate(
        posterior,
        [last.levels.get(state, 0) for state in states],
        len(moments),
        draws=draws,
        rng=np.random.default_rng(seed),
        factors=factors,
    )
    middle, around = bands(drawn, (0.8, 0.95))

    def lines(levels: np.ndarray) -> dict[str, Line]:
        columns = levels.T.astype(float).tolist()
        return {state: tuple(column) for state, column in zip(states, columns, strict=True)}

    return Forecast(
        moments=tuple(moments),
        states=states,
        names=names_of(partition, states),
        median=lines(middle),
        low80=lines(around[0.8][0]),
        high80=lines(around[0.8][1]),
        low95=lines(around[0.95][0]),
        high95=lines(around[0.95][1]),
        last={state: last.levels.get(state, 0) for state in states},
        counted_at=last.counted_at,
        history=len(history.moves),
        varying=_varying(posterior, states),
    )


def _varying(posterior: Posterior, states: Sequence[str]) -> tuple[str, ...]:
    sources = [state for state, one in zip(states, posterior.rows, strict=True) if not one.is_plain]
    if not all(one.is_plain for one in posterior.inflows):
        sources.append(OUTSIDE)
    return tuple(sources)


def _refuse_rate(
    partition: Partition, source: str, sink: str, factor: float, states: Sequence[str]
) -> None:
    for end in (source, sink):
        if end != OUTSIDE and end not in states:
            known = ", ".join(f"“{state}”" for state in states)
            raise StockAndFlowError(
                f"{partition.what} has no stock “{end}” in its records. There are {known}, and “” "
                "for the outside."
            )
    if source == sink:
        raise StockAndFlowError(
            f"A rate from “{source}” to itself was asked for. Staying follows from the moves away; "
            "give factors for those."
        )
    if not 0 <= factor < float("inf"):
        raise StockAndFlowError(
            f"The factor of the rate from “{source or 'outside'}” to “{sink or 'outside'}” is "
            f"{factor}. Give a number from 0 on; 1 leaves the rate as it is."
        )


def _moments(period: str, last: Count, periods: int) -> list[datetime]:
    """Return when the next counts are due, as late in their periods as the last one was."""
    zone = timezone.get_default_timezone()
    late = last.counted_at - last.period_start
    start = last.period_start
    found = []
    for _ in range(periods):
        start = next_period_start(period, start, zone)
        found.append(min(start + late, next_period_start(period, start, zone)))
    return found
