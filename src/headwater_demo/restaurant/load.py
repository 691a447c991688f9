"""Fill the tables of the restaurant: its menu, and a generated year of orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from headwater_demo.restaurant.menu import MENU
from headwater_demo.restaurant.models import MenuItem, OrderData
from headwater_demo.restaurant.order_history import FIRST_DAY, N_ORDERS, SEED, make_orders

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class LoadedRestaurant:
    """What ``load_restaurant`` did."""

    items: int
    orders: int
    created: bool


def load_restaurant(*, n_orders: int = N_ORDERS) -> LoadedRestaurant:
    """Ensure that there is a menu with so many orders; a menu that is there is left as it is."""
    with transaction.atomic():
        created = not MenuItem.objects.exists()
        if created:
            _fill(n_orders)
        return LoadedRestaurant(
            items=MenuItem.objects.count(), orders=OrderData.objects.count(), created=created
        )


def _fill(n_orders: int) -> None:
    import numpy as np

    MenuItem.objects.bulk_create(
        [
            MenuItem(
                name=dish.name,
                price=Decimal(dish.price),
                prep_time=dish.prep_time,
                calories=dish.calories,
                spice_level=dish.spice_level,
                cuisine_type=dish.cuisine,
                created_date=FIRST_DAY - timedelta(days=14),
            )
            for dish in MENU
        ]
    )
    keys = dict(MenuItem.objects.values_list("name", "pk"))
    orders = make_orders(keys, np.random.default_rng(SEED), n=n_orders)
    OrderData.objects.bulk_create(orders, batch_size=_BATCH)
