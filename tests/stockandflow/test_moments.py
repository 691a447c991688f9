"""Moments and numbers that cannot be: a sentence each, and nothing is written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from headwater.stockandflow import balance, count_stocks, diff_partition, forecast
from headwater.stockandflow.analysis.series import level_series
from headwater.stockandflow.errors import ClockError, DefinitionError, StockAndFlowError
from headwater.stockandflow.models import StockRecord
from headwater.stockandflow.periodic import run_periodic_schedule
from tests.stockapp.models import Subscriber

pytestmark = pytest.mark.django_db
ODD: list[Any] = [dt.date(2026, 3, 2), "2026", dt.datetime(2026, 3, 2)]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    ("call", "name"),
    [
        (count_stocks, "as_of"),
        (lambda odd: diff_partition("stage", odd), "as_of"),
        (lambda odd: balance("stage", odd), "since"),
        (run_periodic_schedule, "now"),
    ],
)
def test_what_is_no_moment_in_a_time_zone_is_refused(call: Any, name: str, odd: Any) -> None:
    with pytest.raises(ClockError, match=f"“{name}” is "):
        call(odd)
    assert not StockRecord.objects.exists()


@pytest.mark.parametrize("periods", [0, -1, 3.5, "3", 10**9])
def test_a_forecast_has_a_whole_number_of_periods(periods: Any) -> None:
    with pytest.raises(StockAndFlowError, match="whole number from 1 to 1,000"):
        forecast("stage", periods)


def test_a_facet_that_nothing_was_counted_by_is_refused() -> None:
    Subscriber.objects.create(stage="trial", country="no")
    count_stocks(timezone.now(), only=["stage"])
    assert level_series("stage", facet="country", value="no").lines["trial"] == (1,)
    with pytest.raises(DefinitionError, match="facet “colour”"):
        level_series("stage", facet="colour", value="red")
