"""The shop's segments, counted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Avg, Count, Q, QuerySet, Sum

from headwater_demo.shop.models import Customer


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment: how many customers, which part of the whole, their means."""

    letter: str
    customers: int
    share: float
    revenue_share: float
    recency_days: float
    orders: float
    revenue: float
    months_active: float
    refunds_share: float


def segments() -> list[SegmentRow]:
    """Return the segments by letter. One query."""
    rows = list(
        Customer.objects.exclude(Q(segment=None) | Q(segment=""))
        .order_by("segment")
        .values_list("segment")
        .annotate(
            Count("pk"),
            Sum("revenue"),
            Avg("recency_days"),
            Avg("orders"),
            Avg("revenue"),
            Avg("months_active"),
            Avg("refunds_share"),
        )
    )
    customers = sum(count for _, count, *_ in rows)
    turnover = sum(revenue for _, _, revenue, *_ in rows)
    return [
        SegmentRow(
            str(letter),
            count,
            count / customers,
            float(revenue / turnover) if turnover else 0.0,
            *(float(mean) for mean in means),
        )
        for letter, count, revenue, *means in rows
    ]


SORTS = {
    "number": ("Customer number", ("number",)),
    "revenue": ("Revenue, highest first", ("-revenue", "number")),
    "orders": ("Orders, most first", ("-orders", "number")),
    "recency": ("Last order, latest first", ("recency_days", "number")),
    "lapsed": ("Last order, oldest first", ("-recency_days", "number")),
    "refunds": ("Share refunded, highest first", ("-refunds_share", "number")),
}
"""Key in the address -> (words, order)."""


def customers_for(*, segment: str, search: str, sort: str) -> QuerySet[Customer]:
    """Return the customers that a person asks for; empty words ask for all.

    ``segment`` is a letter, or “none” for those without one. ``search`` is the beginning of a
    customer number or a part of a country.
    """
    found = Customer.objects.order_by(*SORTS.get(sort, SORTS["revenue"])[1])
    if segment == "none":
        found = found.filter(Q(segment=None) | Q(segment=""))
    elif segment:
        found = found.filter(segment=segment)
    if search:
        found = found.filter(Q(number__startswith=search) | Q(country__icontains=search))
    return found
