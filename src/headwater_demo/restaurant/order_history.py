"""make_orders: a year of orders, generated; the guests do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from headwater_demo.restaurant.menu import MENU
from headwater_demo.restaurant.models import AgeGroup, OrderData, Season, season_of

if TYPE_CHECKING:
    import numpy as np

N_ORDERS = 4_000
FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 365
SEED = 75
MEALS = ((12.9, 0.6), (15.9, 0.6), (19.6, 1.0))
"""(hour, spread in hours) of lunch, afternoon and evening."""
OPENS, CLOSES = 11.0, 22.5
SPREAD_OF_RATINGS = 0.55


def make_orders(
    items: Mapping[str, int], rng: np.random.Generator, *, n: int = N_ORDERS
) -> list[OrderData]:
    """Return ``n`` orders, not saved, the first one first; ``items``: name of a dish -> its key.

    Dishes differ in how often they are ordered, at which time of the day and of the year, by whom,
    and in how they are rated. The same ``rng`` gives the same orders.
    """
    import numpy as np

    days = [FIRST_DAY + timedelta(days=day) for day in range(DAYS)]
    seasons, ages = list(Season), list(AgeGroup)
    of_day = np.array([seasons.index(season_of(day)) for day in days])
    orders = []
    counts = rng.multinomial(n, _shares([dish.habit.popularity for dish in MENU]))
    for dish, count in zip(MENU, counts.tolist(), strict=True):
        habit = dish.habit
        day = rng.choice(DAYS, size=count, p=_shares(np.array(habit.seasons)[of_day]))
        meal = rng.choice(3, size=count, p=_shares(habit.meals))
        middle, spread = np.array(MEALS)[meal].T
        hour = np.clip(rng.normal(middle, spread), OPENS, CLOSES)
        age = rng.choice(4, size=count, p=_shares(habit.ages))
        portions = 1 + rng.poisson(0.5, size=count)
        rating = np.clip(rng.normal(habit.rating, SPREAD_OF_RATINGS, size=count), 1, 5).round(1)
        drawn = zip(*(one.tolist() for one in (day, hour, age, portions, rating)), strict=True)
        orders += [
            OrderData(
                menu_item_id=items[dish.name],
                quantity_ordered=portion,
                customer_rating=stars,
                order_time=days[on] + timedelta(minutes=round(60 * at)),
                customer_age_group=ages[by],
                season=seasons[of_day[on]],
            )
            for on, at, by, portion, stars in drawn
        ]
    return sorted(orders, key=lambda order: (order.order_time, order.menu_item_id))


def _shares(weights: Any) -> Any:
    """Return ``weights`` divided by their sum."""
    import numpy as np

    given = np.asarray(weights, dtype=np.float64)
    return given / given.sum()
