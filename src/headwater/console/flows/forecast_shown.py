"""The forecast of a partition on its page: a fan for each stock, what-if, and how good it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from headwater.console.charts.chart import Chart
from headwater.console.charts.stocks_forecast import Fan, forecast_chart
from headwater.console.flows.period_words import day, period_noun
from headwater.console.flows.waiting import next_due
from headwater.console.flows.whatif import AT_HAND, Slider, rates_of, sliders_of
from headwater.console.letters import Mark
from headwater.console.words import counted, figure, listed
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.errors import NotEnoughRecords

if TYPE_CHECKING:
    from headwater.stockandflow.forecast import Forecast, History

MOST_PERIODS = 24
USUAL_PERIODS = 6
DRAWS = 2000
FEWEST_DRAWS = 500
"""With fewer draws, the ends of the bands would tremble visibly."""
WORK = 1_500_000
"""Draws x periods x stocks x stocks that are done within about a quarter of a second."""
FEW = 5
"""Fewer steps than these are said to be few."""
PAST = 60
"""As many counts stand before the fan."""


@dataclass(frozen=True, slots=True)
class Line:
    """What may come of one stock at the last moment."""

    name: str
    mark: Mark | None
    now: str
    median: str
    """Half of what may come lies below it."""
    low80: str
    high80: str
    low95: str
    high95: str
    as_is: str = ""
    """The median without what-if."""
    difference: str = ""


@dataclass(frozen=True, slots=True)
class ForecastShown:
    """See ``templates/headwater/parts/stocks_forecast.html``."""

    periods: int
    per: str
    sliders: tuple[Slider, ...] = ()
    charts: tuple[Chart, ...] = ()
    lines: tuple[Line, ...] = ()
    until: str = ""
    headline: str = ""
    basis: str = ""
    refused: str = ""
    """Why there is no forecast; "" where there is one."""
    forecast: Forecast | None = None
    choices: range = field(default_factory=lambda: range(1, MOST_PERIODS + 1))

    @property
    def is_what_if(self) -> bool:
        """Return whether a rate was changed."""
        return any(one.factor != 1.0 for one in self.sliders)

    @property
    def at_hand(self) -> tuple[Slider, ...]:
        """The sliders that stand open: of the largest moves, and those that were moved."""
        return tuple(s for i, s in enumerate(self.sliders) if i < AT_HAND or s.factor != 1.0)

    @property
    def folded(self) -> tuple[Slider, ...]:
        """The sliders of the other moves."""
        return tuple(one for one in self.sliders if one not in self.at_hand)


def periods_of(given: str) -> int:
    """Return how many periods a form asks for; 6 for what is no number from 1 to 24.

    >>> periods_of("12"), periods_of("0"), periods_of("99"), periods_of("many")
    (12, 6, 6, 6)
    """
    if given.isascii() and given.isdecimal() and 1 <= int(given[:4]) <= MOST_PERIODS:
        return int(given)
    return USUAL_PERIODS


def draws_for(states: int, periods: int, runs: int) -> int:
    """Return how many draws each of ``runs`` forecasts may make within a request; 0: too few.

    >>> draws_for(4, 6, 1), draws_for(8, 12, 2), draws_for(40, 24, 2)
    (2000, 976, 0)
    """
    may = WORK // (max(1, states) ** 2 * periods * runs)
    return min(DRAWS, may) if may >= FEWEST_DRAWS else 0


def forecast_shown(
    partition: Partition,
    given: Mapping[str, str],
    *,
    history: History,
    marks: Mapping[str, Mark],
    name: str,
) -> ForecastShown:
    """Return the forecast that the fields of a request ask for, or why there is none.

    ``history`` is what ``history_of`` says of ``partition``.
    """
    from headwater.stockandflow.analysis.series import level_series
    from headwater.stockandflow.forecast import forecast

    periods = periods_of(given.get("periods", ""))
    per = period_noun(history.period)
    sliders = sliders_of(history.moves, given, name_of=partition.name_of, per=per)
    rates = rates_of(sliders)
    size = _size(partition, history)
    runs = 2 if rates else 1
    draws = draws_for(size, periods, runs)
    if not draws:
        refused = _too_large(partition, size, runs)
        return ForecastShown(periods, per, tuple(sliders), refused=refused)
    try:
        plain = forecast(partition, periods, draws=draws, history=history)
    except NotEnoughRecords as few:
        return ForecastShown(periods, per, refused=f"{few} {next_due(partition)}")
    asked = plain
    if rates:
        asked = forecast(partition, periods, draws=draws, history=history, rates=rates)
    series = level_series(partition, since=history.counts[-PAST:][0].counted_at)
    past = _past(series.moments, series.lines)
    fans = [
        Fan(
            state=state,
            name=asked.names[state],
            past=past.get(state, []),
            moments=asked.moments,
            median=asked.median[state],
            low80=asked.low80[state],
            high80=asked.high80[state],
            low95=asked.low95[state],
            high95=asked.high95[state],
            past_median=plain.median[state] if rates else None,
            period=series.period,
        )
        for state in asked.states
    ]
    return ForecastShown(
        periods=periods,
        per=per,
        sliders=tuple(sliders),
        charts=tuple(
            forecast_chart(fan, mark=marks.get(fan.state), key=f"forecast-{i}", name=name)
            for i, fan in enumerate(fans)
        ),
        lines=tuple(_line(fan, marks.get(fan.state), asked.last.get(fan.state)) for fan in fans),
        until=day(asked.moments[-1], series.period),
        headline=_headline(fans, rates, per),
        basis=_basis(asked, per, series.period),
        forecast=asked,
    )


def _size(partition: Partition, history: History) -> int:
    """Return how many stocks a forecast has: those stated, and those that somebody was in."""
    seen = {end for moves in history.moves for ends in moves for end in ends if end}
    last = history.counts[-1].levels if history.counts else {}
    return len(seen.union(partition.state_names(), (one for one, held in last.items() if held)))


def _past(
    moments: tuple[datetime, ...], lines: Mapping[str, tuple[int | None, ...]]
) -> dict[str, list[tuple[datetime, int | None]]]:
    return {
        state: list(zip(moments, counts, strict=True))[-PAST:] for state, counts in lines.items()
    }


def _line(fan: Fan, mark: Mark | None, last: int | None) -> Line:
    median = round(fan.median[-1])
    as_is = None if fan.past_median is None else round(fan.past_median[-1])
    return Line(
        name=fan.name,
        mark=mark,
        now=figure(last),
        median=figure(median),
        low80=figure(round(fan.low80[-1])),
        high80=figure(round(fan.high80[-1])),
        low95=figure(round(fan.low95[-1])),
        high95=figure(round(fan.high95[-1])),
        as_is="" if as_is is None else figure(as_is),
        difference="" if as_is is None else signed(median - as_is),
    )


def signed(change: int) -> str:
    """Return a change with its sign.

    >>> signed(1200), signed(-3), signed(0)
    ('+1,200', '−3', '0')
    """
    return f"+{change:,}" if change > 0 else figure(change)


def _headline(fans: list[Fan], rates: Mapping[tuple[str, str], float], per: str) -> str:
    ahead = counted(len(fans[0].moments), per)
    if rates:
        changes = sorted(
            (
                (round(fan.median[-1]) - round((fan.past_median or fan.median)[-1]), fan.name)
                for fan in fans
            ),
            key=lambda change: -abs(change[0]),
        )
        told = [f"{name} {signed(change)}" for change, name in changes[:3] if change]
        if not told:
            return f"With these rates, no median differs after {ahead}"
        return (
            f"With these rates, after {ahead}: {listed(told)}, in medians, against the rates as "
            "they are"
        )
    clear = [
        fan
        for fan in fans
        if fan.last is not None and not fan.low80[-1] <= fan.last <= fan.high80[-1]
    ]
    if not clear:
        return f"No stock changes clearly within {ahead}, by its forecast"
    told = [
        f"{fan.name} {'grows' if fan.median[-1] > (fan.last or 0) else 'shrinks'} to a median of "
        f"{figure(round(fan.median[-1]))}"
        for fan in clear[:2]
    ]
    return f"Within {ahead}, {listed(told)}"


def _basis(made: Forecast, per: str, period: str | None) -> str:
    steps = counted(
        made.history, f"step from one {per} to the next", f"steps from one {per} to the next"
    )
    said = (
        f"Learned from {steps}; made from the count of {day(made.counted_at, period)}. Objects "
        "are taken to go on moving at the rates of the past, without trend or season."
    )
    if made.history < FEW:
        said += " So few steps say little, and the bands are wide for it."
    if made.varying:
        words = [made.names[state] if state else "the outside" for state in made.varying]
        said += (
            f" Rates of moves from {listed(words)} vary more from {per} to {per} than chance "
            "explains, so the bands are wider."
        )
    return said


def _too_large(partition: Partition, size: int, runs: int) -> str:
    most = WORK // (size**2 * FEWEST_DRAWS * runs)
    remedy = f"Choose at most {counted(most, 'period')}" if most else "Make it in code"
    example = f"forecast(“{partition.slug}”, periods)"
    either = f"{remedy}, or make it in code with {example}" if most else f"{remedy} with {example}"
    return (
        f"A forecast of {size} stocks for so many periods takes longer than a page may wait. "
        f"{either}."
    )
