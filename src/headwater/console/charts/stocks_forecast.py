"""What may come of a stock: its counts so far, and a fan of bands for the next ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headwater.console.charts.chart import Chart, axis, grid
from headwater.console.flows.period_words import day
from headwater.console.letters import Mark
from headwater.console.words import figure


@dataclass(frozen=True, slots=True)
class Fan:
    """The past and the possible future of one stock."""

    state: str
    name: str
    past: Sequence[tuple[datetime, int | None]]
    """Counts, the oldest first; None where a period was not counted."""
    moments: Sequence[datetime]
    """Those of the next counts; as many as each of the following."""
    median: Sequence[float]
    low80: Sequence[float]
    high80: Sequence[float]
    low95: Sequence[float]
    high95: Sequence[float]
    past_median: Sequence[float] | None = None
    """Median without what-if; None: there is no what-if."""
    period: str | None = None

    @property
    def last(self) -> int | None:
        """The newest count that is known."""
        return next((count for _, count in reversed(self.past) if count is not None), None)


def forecast_chart(fan: Fan, *, mark: Mark | None, key: str, name: str) -> Chart:
    """Return the fan chart of one stock."""
    colour = mark.fill if mark else "$accent"
    line = mark.line if mark else "$accent"
    last = next(((m, c) for m, c in reversed(fan.past) if c is not None), None)
    start = [] if last is None else [last]
    outer = _band(fan.low95, fan.high95, fan.moments, start, "95", colour, 0.16)
    inner = _band(fan.low80, fan.high80, fan.moments, start, "80", colour, 0.32)
    series: list[dict[str, Any]] = [
        *outer,
        *inner,
        {
            "type": "line",
            "name": "Counted",
            "symbol": "circle",
            "symbolSize": 5 if len(fan.past) <= 40 else 0,
            "showSymbol": len(fan.past) <= 40,
            "connectNulls": False,
            "lineStyle": {"color": line, "width": 2},
            "itemStyle": {"color": line},
            "data": [
                {
                    "value": [_ms(moment), count],
                    "told": f"Counted on {day(moment, fan.period)}: {figure(count)}",
                }
                for moment, count in fan.past
            ],
        },
        {
            "type": "line",
            "name": "Median",
            "symbol": "emptyCircle",
            "symbolSize": 6,
            "lineStyle": {"color": line, "width": 2, "type": "dashed"},
            "itemStyle": {"color": line},
            "data": [
                *(
                    {"value": [_ms(m), c], "symbolSize": 0, "told": f"Now: {figure(c)}"}
                    for m, c in start
                ),
                *(
                    {"value": [_ms(moment), round(fan.median[i], 2)], "told": _told(fan, i)}
                    for i, moment in enumerate(fan.moments)
                ),
            ],
        },
    ]
    if fan.past_median is not None:
        series.append(
            {
                "type": "line",
                "name": "Median as things are",
                "symbol": "none",
                "silent": True,
                "tooltip": {"show": False},
                "lineStyle": {"color": "$muted", "width": 1.5, "type": "dotted"},
                "itemStyle": {"color": "$muted"},
                "data": [
                    *([_ms(m), c] for m, c in start),
                    *(
                        [_ms(moment), round(value, 2)]
                        for moment, value in zip(fan.moments, fan.past_median, strict=True)
                    ),
                ],
            }
        )
    return Chart(
        key=key,
        title=title_of(fan),
        subtitle="Counts so far (line), the median (dashed), and bands that hold 80% and 95% of "
        "what may come" + (_DOTTED if fan.past_median is not None else ""),
        summary=summary_of(fan),
        reading=(
            "The dark band holds 8 of 10 possible futures, the light one 95 of 100; the dashed "
            "line is the median: half of what may come lies below it.",
            "A wide band means that the records so far allow much. It grows with each period.",
            "Objects are taken to go on moving at the rates of the past. Whatever has not happened "
            "so far is not in it.",
        ),
        option={
            "animation": False,
            "grid": grid(top=16, right=24),
            "tooltip": {"trigger": "item"},
            "xAxis": {
                **axis(""),
                "type": "time",
                "splitLine": {"show": False},
                "axisLabel": {"color": "$muted", "hideOverlap": True, "showMinLabel": False},
            },
            "yAxis": axis("Objects", minInterval=1, splitNumber=4),
            "series": series,
        },
        headings=("Count on", "Median", "80% from", "80% to", "95% from", "95% to"),
        rows=[
            (
                day(moment, fan.period),
                figure(round(fan.median[i])),
                figure(round(fan.low80[i])),
                figure(round(fan.high80[i])),
                figure(round(fan.low95[i])),
                figure(round(fan.high95[i])),
            )
            for i, moment in enumerate(fan.moments)
        ],
        height="small",
        file_name=f"{name}-forecast-{key}",
    )


_DOTTED = "; dotted, the median at the rates as they are"


def title_of(fan: Fan) -> str:
    """Return what the forecast says of the stock, in short."""
    median = round(fan.median[-1])
    last = fan.last
    if last is None:
        return f"{fan.name}: median {figure(median)} on {day(fan.moments[-1], fan.period)}"
    if fan.low95[-1] <= last <= fan.high95[-1] and (
        median == last or fan.low80[-1] <= last <= fan.high80[-1]
    ):
        return f"{fan.name}: median {figure(median)}; {figure(last)} now"
    way = "more" if median > last else "fewer"
    return f"{fan.name}: {way}, median {figure(median)}; {figure(last)} now"


def summary_of(fan: Fan) -> str:
    """Return the forecast of the last period in words."""
    low80, high80 = round(fan.low80[-1]), round(fan.high80[-1])
    low95, high95 = round(fan.low95[-1]), round(fan.high95[-1])
    median = figure(round(fan.median[-1]))
    return (
        f"On {day(fan.moments[-1], fan.period)}, the median of {fan.name} is {median} objects: "
        f"half of what may come lies below it. With 80% probability it holds {figure(low80)} to "
        f"{figure(high80)}, with 95% "
        f"{figure(low95)} to {figure(high95)}."
    )


def _band(
    low: Sequence[float],
    high: Sequence[float],
    moments: Sequence[datetime],
    start: Sequence[tuple[datetime, int | None]],
    stack: str,
    colour: str,
    opacity: float,
) -> list[dict[str, Any]]:
    """Return two stacked lines: an invisible one, and the area from it to the band's end."""
    common = {
        "type": "line",
        "stack": stack,
        "symbol": "none",
        "silent": True,
        "tooltip": {"show": False},
        "lineStyle": {"opacity": 0},
    }
    at_start = [[_ms(moment), count] for moment, count in start]
    return [
        {
            **common,
            "name": f"From, {stack}%",
            "data": [
                *at_start,
                *([_ms(m), round(v, 2)] for m, v in zip(moments, low, strict=True)),
            ],
        },
        {
            **common,
            "name": f"To, {stack}%",
            "areaStyle": {"color": colour, "opacity": opacity},
            "data": [
                *([at, 0] for at, _ in at_start),
                *([_ms(m), round(b - a, 2)] for m, a, b in zip(moments, low, high, strict=True)),
            ],
        },
    ]


def _told(fan: Fan, i: int) -> str:
    return (
        f"Median on {day(fan.moments[i], fan.period)}: {figure(round(fan.median[i]))}\n"
        f"80%: {figure(round(fan.low80[i]))} to {figure(round(fan.high80[i]))}\n"
        f"95%: {figure(round(fan.low95[i]))} to {figure(round(fan.high95[i]))}"
    )


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
