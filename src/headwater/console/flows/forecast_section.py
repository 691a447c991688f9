"""The section with the forecast, what-if and the back-test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from headwater.console.flows.backtest_shown import backtest_shown
from headwater.console.flows.forecast_shown import ForecastShown, forecast_shown
from headwater.console.flows.part import Part
from headwater.console.flows.section import Asked, Section, Table
from headwater.console.flows.waiting import whole
from headwater.stockandflow.definitions import Partition

if TYPE_CHECKING:
    from headwater.stockandflow.forecast import History

KEY = "forecast"
LABEL = "Forecast"
RATE = "rate:"
"""Fields of sliders begin so."""


def forecast_section(part: Part, asked: Asked) -> Section | None:
    """Return the section that says what may come, and what if rates changed."""
    partition = part.partition
    if partition is None:
        return None
    from headwater.stockandflow.forecast import history_of

    history = history_of(partition, include_relabelled=False)
    shown = shown_of(partition, asked, history)
    if shown.refused and not shown.sliders:
        return Section(KEY, LABEL, note=shown.refused)
    kept = [
        (name, value)
        for name, value in asked.data.items()
        if name != "periods" and not name.startswith(RATE)
    ]
    return Section(
        KEY,
        LABEL,
        note=whole(asked, dates=True),
        template="headwater/parts/stocks_forecast.html",
        context={
            "shown": shown,
            "kept": kept,
            "fragment": reverse("headwater:stock-forecast", args=[part.process.slug]),
            "backtest": backtest_shown(partition, history),
        },
        table=(lambda: _table(shown)) if shown.forecast is not None else None,
        scripts=("headwater/whatif.js",),
    )


def shown_of(partition: Partition, asked: Asked, history: History | None = None) -> ForecastShown:
    """Return the forecast of ``partition``; ``history`` where it was read already."""
    from headwater.stockandflow.forecast import history_of

    return forecast_shown(
        partition,
        asked.data,
        history=history or history_of(partition, include_relabelled=False),
        marks=asked.marks,
        name=partition.slug,
    )


def _table(shown: ForecastShown) -> Table:
    made = shown.forecast
    headings = ("count_on", "stock", "median", "low_80", "high_80", "low_95", "high_95")
    if made is None:
        return Table(headings, [])
    bands = (made.median, made.low80, made.high80, made.low95, made.high95)
    return Table(
        headings,
        [
            (moment, state, *(band[state][i] for band in bands))
            for i, moment in enumerate(made.moments)
            for state in made.states
        ],
    )
