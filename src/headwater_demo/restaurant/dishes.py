"""The menu with the figures of its orders, read in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater_demo.restaurant.models import AgeGroup, MenuItem, Season


@dataclass(frozen=True, slots=True)
class Favourite:
    """The season or the age group in which most portions were ordered."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class DishRow:
    """One dish with what is known of its orders."""

    dish: MenuItem
    times_ordered: int
    portions: int
    rating: float | None
    season: Favourite | None
    """None where nothing was ordered."""
    age_group: Favourite | None


def dish_rows() -> list[DishRow]:
    """Return the dishes, the most ordered first. One query."""
    found: Any = MenuItem.objects.with_figures()
    return [
        DishRow(
            dish=dish,
            times_ordered=dish.times_ordered,
            portions=dish.portions,
            rating=dish.rating,
            season=_favourite(dish, "in", Season),
            age_group=_favourite(dish, "by", AgeGroup),
        )
        for dish in sorted(found, key=lambda dish: (-dish.portions, dish.name))
    ]


def _favourite(dish: Any, how: str, choices: Any) -> Favourite | None:
    if not dish.portions:
        return None
    counts = {choice: getattr(dish, f"{how}_{choice.value}") for choice in choices}
    most = max(counts, key=lambda choice: counts[choice])
    return Favourite(str(most.label), counts[most] / dish.portions)
