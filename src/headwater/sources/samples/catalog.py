"""SAMPLES: the built-in samples by their keys. Import-light: frames are made when asked for."""

from __future__ import annotations

from headwater.sources.samples.customers import CUSTOMERS
from headwater.sources.samples.delivery import DELIVERY
from headwater.sources.samples.kitchen import DISHES, FLAVOURS, MENU, RECIPES, SPICES
from headwater.sources.samples.sample import Sample
from headwater.sources.samples.shop import SHOP

SAMPLES: dict[str, Sample] = {
    "spices": SPICES,
    "recipes": RECIPES,
    "flavours": FLAVOURS,
    "dishes": DISHES,
    "menu": MENU,
    "delivery": DELIVERY,
    "customers": CUSTOMERS,
    "shop": SHOP,
}
