"""Periods: the words for how often, as definitions and schedules write them."""

from headwater.engines.periods import (
    DAILY,
    HOURLY,
    MONTHLY,
    PERIODS,
    QUARTERLY,
    WEEKLY,
    YEARLY,
)

__all__ = ["DAILY", "HOURLY", "MONTHLY", "PERIODS", "QUARTERLY", "WEEKLY", "YEARLY"]
