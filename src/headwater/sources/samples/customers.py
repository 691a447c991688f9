"""Sample: generated customers in four known segments, any number of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headwater.sources.samples.sample import Sample, SampleColumn

if TYPE_CHECKING:
    import numpy as np
    import polars

N_CUSTOMERS = 1_000
SEED = 42


@dataclass(frozen=True, slots=True)
class _Segment:
    """A known segment: its share, and the ranges that its customers are drawn from."""

    name: str
    share: float
    spending: tuple[float, float]
    frequency: tuple[int, int]
    """From the first up to, not including, the second; so with ``recency``."""
    recency: tuple[int, int]


SEGMENTS = (
    _Segment("High Value", 0.2, (800, 2000), (15, 30), (1, 30)),
    _Segment("Regular", 0.4, (200, 800), (5, 15), (15, 90)),
    _Segment("Occasional", 0.3, (50, 200), (1, 5), (60, 180)),
    _Segment("At Risk", 0.1, (100, 500), (1, 3), (120, 365)),
)
CATEGORIES = ("Electronics", "Clothing", "Books", "Home", "Sports")
COLUMNS = (
    SampleColumn("customer_id", "number", "id"),
    SampleColumn("name", "text", "name"),
    SampleColumn("email", "text", "out"),
    SampleColumn("age", "number", "out"),
    SampleColumn("gender", "text", "out"),
    SampleColumn("total_spending", "number", "feature"),
    SampleColumn("purchase_frequency", "number", "feature"),
    SampleColumn("days_since_last_purchase", "number", "feature"),
    SampleColumn("avg_order_value", "number", "feature"),
    SampleColumn("membership_years", "number", "out"),
    SampleColumn("city", "text", "out"),
    SampleColumn("preferred_category", "text", "out"),
    SampleColumn("true_segment", "text", "label"),
)


def sizes(n: int) -> list[int]:
    """Return how many of ``n`` customers each segment has; the sizes sum to ``n``.

    >>> sizes(1000), sizes(7)
    ([200, 400, 300, 100], [1, 3, 2, 1])
    """
    exact = [n * segment.share for segment in SEGMENTS]
    whole = [int(one + 1e-9) for one in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: whole[at] - exact[at])
    for at in by_rest[: n - sum(whole)]:
        whole[at] += 1
    return whole


def make_customers(n: int = N_CUSTOMERS, *, seed: int = SEED) -> polars.DataFrame:
    """Return ``n`` customers in random order; the same ``n`` and ``seed`` give the same ones."""
    import numpy as np
    import polars as pl

    if n < 1:
        raise ValueError(f"The customers to make were {n:,}; at least 1 is made.")
    rng = np.random.default_rng(seed)
    drawn: dict[str, list[np.ndarray[Any, Any]]] = {"spending": [], "frequency": [], "recency": []}
    counts = sizes(n)
    for segment, count in zip(SEGMENTS, counts, strict=True):
        drawn["spending"].append(rng.uniform(*segment.spending, count))
        drawn["frequency"].append(rng.integers(*segment.frequency, count))
        drawn["recency"].append(rng.integers(*segment.recency, count))
    order = rng.permutation(n)
    spending = np.concatenate(drawn["spending"])[order].round(2)
    frequency = np.concatenate(drawn["frequency"])[order]
    known = np.repeat(np.arange(len(SEGMENTS)), counts)[order]
    people = _people(n, rng, seed)
    return pl.DataFrame(
        {
            "customer_id": np.arange(1, n + 1),
            "name": people["name"],
            "email": people["email"],
            "age": rng.integers(18, 75, n),
            "gender": np.array(["M", "F"])[rng.integers(0, 2, n)],
            "total_spending": spending,
            "purchase_frequency": frequency,
            "days_since_last_purchase": np.concatenate(drawn["recency"])[order],
            "avg_order_value": (spending / frequency).round(2),
            "membership_years": rng.uniform(0.1, 10, n).round(2),
            "city": people["city"],
            "preferred_category": np.array(CATEGORIES)[rng.integers(0, len(CATEGORIES), n)],
            "true_segment": np.array([segment.name for segment in SEGMENTS])[known],
        }
    )


def _people(n: int, rng: np.random.Generator, seed: int) -> dict[str, Any]:
    """Return names, addresses and cities, put together from some hundred that Faker made.

    Faker makes about 5,000 names a second, too few for a hundred thousand customers.
    """
    import polars as pl
    from faker import Faker

    fake = Faker("en_US")
    fake.seed_instance(seed)
    first = pl.Series(sorted({fake.first_name() for _ in range(1_000)}))
    last = pl.Series(sorted({fake.last_name() for _ in range(1_000)}))
    city = pl.Series(sorted({fake.city() for _ in range(400)}))
    given = first[rng.integers(0, len(first), n)]
    family = last[rng.integers(0, len(last), n)]
    # the number tells two people of one name apart; the domains are kept free for examples
    number = pl.Series(range(1, n + 1)).cast(pl.String)
    domain = pl.Series(["example.com", "example.net", "example.org"])[rng.integers(0, 3, n)]
    return {
        "name": given + " " + family,
        "email": (given + "." + family + number + "@" + domain).str.to_lowercase(),
        "city": city[rng.integers(0, len(city), n)],
    }


CUSTOMERS = Sample(
    key="customers",
    name="Generated customers",
    summary="Customers of a shop, generated in four segments that are known.",
    description=(
        "Spending, purchases, days since the last one and average order value are drawn for four "
        "segments: High Value, Regular, Occasional and At Risk. The column true_segment says which "
        "one a customer was drawn for, so that what is found can be compared with it. Age, gender, "
        "city, membership and favourite category do not depend on the segment, and are left out at "
        "first. The people do not exist."
    ),
    columns=COLUMNS,
    n_rows=N_CUSTOMERS,
    technique="k_means",
    parameters={"n_clusters": 4},
    encoding={"scale": "standard"},
    frame=make_customers,
    any_size=True,
)
