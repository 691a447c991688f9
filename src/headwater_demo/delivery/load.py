"""Fill the table of the delivery: ten customers."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from headwater_demo.delivery.models import Customer

CUSTOMERS = (
    ("Regular Eve", "25.50", 8, 3, 19, 2),
    ("Premium Diverse", "45.20", 12, 5, 20, 4),
    ("Budget Lunch", "15.30", 4, 2, 12, 1),
    ("Moderate Lunch", "32.80", 6, 4, 13, 3),
    ("Frequent Budget", "18.90", 15, 2, 18, 1),
    ("Late Night Premium", "52.60", 9, 6, 21, 5),
    ("Standard Eve", "28.40", 7, 3, 19, 2),
    ("Premium Eve", "41.10", 10, 4, 20, 4),
    ("Minimal Lunch", "12.75", 3, 1, 11, 1),
    ("Frequent Moderate", "38.20", 14, 3, 18, 3),
)
"""(name, order value, orders a month, cuisines, hour, variation): kinds of customer, not people."""


def load_delivery() -> tuple[int, bool]:
    """Ensure that there are customers; return how many, and whether they were made now."""
    with transaction.atomic():
        created = not Customer.objects.exists()
        if created:
            Customer.objects.bulk_create(
                [
                    Customer(
                        name=name,
                        average_order_value=Decimal(value),
                        order_frequency=frequency,
                        preferred_cuisine_diversity=cuisines,
                        peak_ordering_time=hour,
                        seasonal_variation=variation,
                    )
                    for name, value, frequency, cuisines, hour, variation in CUSTOMERS
                ]
            )
        return Customer.objects.count(), created
