"""Make the sample of a real shop's customers from the demo's monthly figures.

    .venv/bin/python tools/make_shop_sample.py

Writes ``src/headwater/sources/samples/data/shop_customers.csv``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

SRC = Path(__file__).resolve().parents[1] / "src"
FIGURES = SRC / "headwater_demo" / "shop" / "data"
SAMPLE = SRC / "headwater" / "sources" / "samples" / "data" / "shop_customers.csv"
LAST_DAY = date(2011, 12, 9)
"""The last day of the figures."""


def shop_customers() -> pl.DataFrame:
    """Return one row for each customer, ordered by id."""
    customers = pl.read_csv(FIGURES / "customers.csv", try_parse_dates=True)
    months = pl.read_csv(FIGURES / "customer_months.csv")
    totals = months.group_by("customer_id").agg(
        pl.col("orders").sum(),
        (pl.col("orders") > 0).sum().cast(pl.Int64).alias("months_with_orders"),
        pl.col("items").sum(),
        pl.col("revenue").sum().round(2),
        pl.col("refunds").sum().round(2),
        pl.col("cancelled_orders").sum(),
    )
    days = (pl.lit(LAST_DAY) - pl.col("last_order")).dt.total_days()
    return (
        customers.join(totals, on="customer_id", how="left")
        .with_columns(days.alias("days_since_last_order"))
        # whose only figures were dropped with the lines that are not counted has no month
        .with_columns(pl.col("orders", "months_with_orders", "items").fill_null(0))
        .with_columns(pl.col("revenue", "refunds", "cancelled_orders").fill_null(0))
        .select(
            "customer_id",
            "country",
            "first_order",
            "last_order",
            "days_since_last_order",
            "orders",
            "months_with_orders",
            "items",
            "revenue",
            "refunds",
            "cancelled_orders",
        )
        .sort("customer_id")
    )


if __name__ == "__main__":
    shop_customers().write_csv(SAMPLE)
    print(f"{SAMPLE}: {SAMPLE.stat().st_size:,} bytes")
