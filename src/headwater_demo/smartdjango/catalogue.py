"""The products of the pretended site, and the groups that each of them is for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """One product; ``groups`` are the letters of the groups it is for, "" is everybody."""

    name: str
    description: str
    price: Decimal
    groups: str = ""


PRODUCTS = [
    Offer("Town map", "Every street and footpath, on paper that survives rain.", Decimal("4.50")),
    Offer("Tote bag", "Heavy cotton with the harbour crane on it.", Decimal("12.00")),
    Offer("Pocket diary", "A week on two pages, with the tide tables.", Decimal("8.90"), "A"),
    Offer("Coffee for one", "A cup and a filter for those in a hurry.", Decimal("14.00"), "A"),
    Offer("Tool roll", "Canvas, with room for nine tools.", Decimal("32.00"), "B"),
    Offer("Bicycle repair kit", "Patches, levers and a small pump.", Decimal("18.50"), "BC"),
    Offer("Seeds for a balcony", "Six kinds that forgive beginners.", Decimal("9.80"), "BC"),
    Offer("Card games", "Five games with one deck, explained.", Decimal("11.00"), "C"),
    Offer("Reading lamp", "Warm light that leaves the rest in peace.", Decimal("46.00"), "D"),
    Offer("The long reads", "Our best stories of the year, bound.", Decimal("24.00"), "D"),
    Offer("Wool blanket", "Woven two villages from here.", Decimal("79.00"), "CD"),
]
