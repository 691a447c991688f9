"""The shop's segments, counted."""

from __future__ import annotations

from typing import Any

from django.db.models import Avg, Count, Q, QuerySet, Sum

from headwater_demo.shop.models import Customer


def segments() -> list[dict[str, Any]]:
    """Return one dict per segment, by letter: customers, shares and means. One query."""
    rows = list(
        Customer.objects.exclude(Q(segment=None) | Q(segment=""))
        .order_by("segment")
        .values("segment")
        .annotate(
            customers=Count("pk"),
            turnover=Sum("revenue"),
            recency=Avg("recency_days"),
            orders=Avg("orders"),
            revenue=Avg("revenue"),
            months=Avg("months_active"),
            refunds=Avg("refunds_share"),
        )
    )
    customers = sum(row["customers"] for row in rows)
    turnover = sum(row["turnover"] for row in rows)
    for row in rows:
        row["share"] = row["customers"] / customers
        row["turnover_share"] = float(row["turnover"] / turnover) if turnover else 0.0
    return rows


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
