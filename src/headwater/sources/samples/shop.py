"""Sample: customers of a real online shop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from headwater.sources.samples.sample import Sample, SampleColumn

if TYPE_CHECKING:
    import polars

FILE = Path(__file__).parent / "data" / "shop_customers.csv"
"""See ``data/README.md`` for its source and licence, ``tools/make_shop_sample.py`` for its making.
"""
COLUMNS = (
    SampleColumn("customer_id", "number", "id"),
    SampleColumn("country", "text", "out"),
    SampleColumn("first_order", "date", "out"),
    SampleColumn("last_order", "date", "out"),
    SampleColumn("days_since_last_order", "number", "feature"),
    SampleColumn("orders", "number", "feature"),
    SampleColumn("months_with_orders", "number", "feature"),
    SampleColumn("items", "number", "out"),
    SampleColumn("revenue", "number", "feature"),
    SampleColumn("refunds", "number", "out"),
    SampleColumn("cancelled_orders", "number", "out"),
)


def _frame(size: int) -> polars.DataFrame:
    import polars as pl

    return pl.read_csv(FILE, try_parse_dates=True)


SHOP = Sample(
    key="shop",
    name="Customers of an online shop",
    summary="What 4,372 customers of a real shop bought in a year.",
    description=(
        "Orders, revenue, refunds (in pounds) and days since the last order, December 2010 to 9 "
        "December 2011, of a British wholesaler of gifts. Computed from Online Retail (UCI Machine "
        "Learning Repository, Daqing Chen; CC0). Money and orders spread over several sizes, so "
        "they are learned from on a log scale. No person is named."
    ),
    columns=COLUMNS,
    n_rows=4_372,
    technique="k_means",
    parameters={"n_clusters": 4},
    encoding={"scale": "standard", "log": ["orders", "revenue"]},
    frame=_frame,
)
