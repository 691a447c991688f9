"""MENU: the dishes that the restaurant begins with, and how guests order them."""

from __future__ import annotations

from dataclasses import dataclass

from headwater_demo.restaurant.models import Cuisine


@dataclass(frozen=True, slots=True)
class Habit:
    """How guests order a dish; shares need not sum to 1."""

    popularity: float
    """How often it is ordered, beside the others."""
    meals: tuple[float, float, float]
    """At lunch, in the afternoon, in the evening."""
    seasons: tuple[float, float, float, float]
    """Spring, summer, autumn, winter."""
    ages: tuple[float, float, float, float]
    """Under 30, 30 to 44, 45 to 59, 60 and over."""
    rating: float
    """About which its ratings lie."""


@dataclass(frozen=True, slots=True)
class Dish:
    """One dish of the menu."""

    name: str
    price: str
    prep_time: int
    calories: int
    spice_level: int
    cuisine: Cuisine
    habit: Habit


MENU = (
    Dish(
        "Italian Pasta", "15.99", 25, 450, 2, Cuisine.ITALIAN,
        Habit(13, (4, 1, 6), (1, 1, 1, 1.2), (4, 4, 3, 2), 4.3),
    ),
    Dish(
        "Indian Curry", "22.50", 35, 650, 3, Cuisine.INDIAN,
        Habit(9, (2, 0, 7), (1, 0.6, 1.1, 1.6), (3, 4, 3, 1), 4.4),
    ),
    Dish(
        "Caesar Salad", "12.99", 15, 350, 1, Cuisine.AMERICAN,
        Habit(12, (8, 1, 3), (1.2, 2, 0.8, 0.4), (3, 4, 3, 3), 4.0),
    ),
    Dish(
        "Vindaloo Curry", "28.99", 45, 800, 4, Cuisine.INDIAN,
        Habit(5, (1, 0, 8), (1, 0.5, 1.1, 1.7), (4, 3, 1.5, 0.5), 4.2),
    ),
    Dish(
        "Margherita Pizza", "18.75", 30, 500, 2, Cuisine.ITALIAN,
        Habit(15, (3, 1, 7), (1, 1.1, 1, 1), (5, 4, 3, 1.5), 4.5),
    ),
    Dish(
        "Club Sandwich", "14.50", 20, 300, 1, Cuisine.AMERICAN,
        Habit(11, (9, 2, 1), (1.1, 1.3, 1, 0.8), (4, 3, 3, 2), 3.9),
    ),
    Dish(
        "Fish Tacos", "25.00", 40, 700, 3, Cuisine.MEXICAN,
        Habit(7, (3, 1, 5), (1.1, 1.8, 0.8, 0.5), (5, 4, 1.5, 0.5), 4.2),
    ),
    Dish(
        "Mushroom Risotto", "19.99", 25, 450, 2, Cuisine.ITALIAN,
        Habit(8, (2, 0, 6), (0.8, 0.6, 1.8, 1.2), (2, 3, 4, 3), 4.3),
    ),
    Dish(
        "Coq au Vin", "35.99", 60, 900, 1, Cuisine.FRENCH,
        Habit(4, (1, 0, 9), (0.8, 0.3, 1.3, 1.9), (0.5, 2, 4, 5), 4.6),
    ),
    Dish(
        "Chocolate Cake", "8.99", 10, 200, 0, Cuisine.DESSERT,
        Habit(14, (1, 6, 4), (1, 0.9, 1, 1.3), (3, 3, 3, 4), 4.7),
    ),
    Dish(
        "Chef's Challenge", "45.00", 90, 1200, 5, Cuisine.OWN,
        Habit(2, (0, 0, 1), (1, 1, 1, 1), (5, 3, 0.7, 0.2), 3.4),
    ),
)  # fmt: skip
