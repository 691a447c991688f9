"""Sample: customers of a food delivery."""

from __future__ import annotations

from headwater.sources.samples.sample import Sample, columns_of, fixed_rows

_COLUMNS = columns_of(
    name="customer",
    features=(
        "average_order_value",
        "order_frequency",
        "preferred_cuisine_diversity",
        "peak_ordering_time",
        "seasonal_variation",
    ),
)
DELIVERY = Sample(
    key="delivery",
    name="Food delivery customers",
    summary="Ten customers by what, how often and when they order.",
    description=(
        "Average order value, orders a month, how many cuisines, the hour of most orders and how "
        "much ordering changes with the season, from 1 to 10. The tree is cut into four segments "
        "at first; drag the line to have more or fewer."
    ),
    columns=_COLUMNS,
    n_rows=10,
    technique="hierarchical",
    parameters={"n_clusters": 4, "linkage": "ward"},
    encoding={"scale": "standard"},
    frame=fixed_rows(
        _COLUMNS,
        (
            ("Regular Eve", 25.50, 8, 3, 19, 2),
            ("Premium Diverse", 45.20, 12, 5, 20, 4),
            ("Budget Lunch", 15.30, 4, 2, 12, 1),
            ("Moderate Lunch", 32.80, 6, 4, 13, 3),
            ("Frequent Budget", 18.90, 15, 2, 18, 1),
            ("Late Night Premium", 52.60, 9, 6, 21, 5),
            ("Standard Eve", 28.40, 7, 3, 19, 2),
            ("Premium Eve", 41.10, 10, 4, 20, 4),
            ("Minimal Lunch", 12.75, 3, 1, 11, 1),
            ("Frequent Moderate", 38.20, 14, 3, 18, 3),
        ),
    ),
)
