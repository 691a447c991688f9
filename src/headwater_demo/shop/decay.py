"""Decay: customers who order no more lapse, and are dormant in the end."""

from __future__ import annotations

from datetime import timedelta

from headwater.stockandflow.decay import Decay
from headwater_demo.shop.stocks import ACTIVE, DORMANT, LAPSING, NEW, activity

LAPSES_AFTER = timedelta(days=60)
"""Two whole months without an order. Of the customers who ordered again, three in four did so
sooner. Counted from the last day of a month to the first of another, two whole months in between
are 60 to 63 days, whichever they are, and one is 32 at most."""
DORMANT_AFTER = timedelta(days=120)
"""Four whole months without an order, which are 121 to 124 days; three are 93 at most. Nine in ten
of those who came back did so sooner."""

decay = Decay(
    activity,
    "activity",
    rules=[
        (NEW, LAPSING, LAPSES_AFTER),
        (ACTIVE, LAPSING, LAPSES_AFTER),
        (LAPSING, DORMANT, DORMANT_AFTER),
    ],
    since="last_active",
)
"""The replay calls it at the end of each month. It stands in no ``schedule``: the last order of the
records was in December 2011, and by today's clock every customer would be dormant at once."""
