"""Fill the tables of the shop from the files in ``data/``."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from headwater_demo.shop.models import Customer, CustomerMonth

DATA = Path(__file__).resolve().parent / "data"
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class LoadedShop:
    """What ``load_shop`` did."""

    customers: int
    months: int
    created: bool


def load_shop() -> LoadedShop:
    """Ensure that the shop's customers are there, with their features at the last date.

    Customers that are there already are left as they are.
    """
    with transaction.atomic():
        created = not Customer.objects.exists()
        if created:
            _fill()
        return LoadedShop(
            customers=Customer.objects.count(),
            months=CustomerMonth.objects.count(),
            created=created,
        )


def _fill() -> None:
    months = defaultdict(list)
    for row in _rows("customer_months.csv"):
        months[int(row["customer_id"])].append(
            CustomerMonth(
                month=date.fromisoformat(f"{row['month']}-01"),
                orders=int(row["orders"]),
                items=int(row["items"]),
                products=int(row["products"]),
                revenue=Decimal(row["revenue"]),
                cancelled_orders=int(row["cancelled_orders"]),
                refunds=Decimal(row["refunds"]),
            )
        )
    rows = _rows("customers.csv")
    last_date = max(date.fromisoformat(row["last_order"]) for row in rows)
    customers = [
        features(
            Customer(
                number=int(row["customer_id"]),
                country=row["country"],
                first_order=date.fromisoformat(row["first_order"]),
                last_order=date.fromisoformat(row["last_order"]),
            ),
            months[int(row["customer_id"])],
            at=last_date,
        )
        for row in rows
    ]
    Customer.objects.bulk_create(customers, batch_size=_BATCH)
    keys = dict(Customer.objects.values_list("number", "pk"))
    for number, of_customer in months.items():
        for month in of_customer:
            month.customer_id = keys[number]
    CustomerMonth.objects.bulk_create(
        [month for of_customer in months.values() for month in of_customer], batch_size=_BATCH
    )


def features(customer: Customer, months: list[CustomerMonth], *, at: date) -> Customer:
    """Return ``customer`` with what is known of them on the day ``at``.

    The share refunded is at most 1: a refund may be for an order before the records begin, and
    who only ever sent goods back has refunded all.
    """
    revenue = sum((month.revenue for month in months), Decimal(0))
    refunds = sum((month.refunds for month in months), Decimal(0))
    customer.recency_days = (at - customer.last_order).days
    customer.orders = sum(month.orders for month in months)
    customer.revenue = revenue
    customer.months_active = sum(month.orders > 0 for month in months)
    if refunds == 0:
        customer.refunds_share = 0.0
    else:
        customer.refunds_share = float(min(Decimal(1), refunds / revenue)) if revenue else 1.0
    return customer


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
