"""Periods: where months, quarters and years begin, and that each moment is in one period."""

from __future__ import annotations

import datetime as dt
import doctest
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.engines import periods
from headwater.engines.periods import PERIODS, next_period_start, period_start, period_starts

BERLIN = ZoneInfo("Europe/Berlin")
moments = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC))


def test_examples_in_the_docstrings() -> None:
    assert doctest.testmod(periods).failed == 0


@pytest.mark.parametrize(
    ("often", "start", "following"),
    [
        ("weekly", "2026-11-23", "2026-11-30"),
        ("monthly", "2026-11-01", "2026-12-01"),
        ("quarterly", "2026-10-01", "2027-01-01"),
        ("yearly", "2026-01-01", "2027-01-01"),
    ],
)
def test_where_long_periods_begin(often: str, start: str, following: str) -> None:
    now = dt.datetime(2026, 11, 24, 12, tzinfo=BERLIN)
    assert period_start(often, now, BERLIN).astimezone(BERLIN).date().isoformat() == start
    assert next_period_start(often, now, BERLIN).astimezone(BERLIN).date().isoformat() == following


@pytest.mark.parametrize("often", PERIODS)
@given(now=moments)
def test_each_moment_is_in_one_period(often: str, now: dt.datetime) -> None:
    start, following = (f(often, now, BERLIN) for f in (period_start, next_period_start))
    assert start <= now < following
    assert period_start(often, following, BERLIN) == following
    assert period_start(often, following - dt.timedelta(microseconds=1), BERLIN) == start
    assert period_starts(often, now, following, BERLIN) == [start, following]


def test_a_period_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="fortnightly"):
        period_start("fortnightly", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), BERLIN)
