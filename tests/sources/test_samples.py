"""The built-in samples: what they hold, and that what they suggest shows something."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from sklearn.cluster import DBSCAN, KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler
from tools.make_shop_sample import shop_customers

from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.learning.membership import unpack_members
from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.models import Dataset, Source
from headwater.sources.open_sample import SampleError, open_sample
from headwater.sources.roles import role_problems
from headwater.sources.rows import read_frame
from headwater.sources.samples.catalog import SAMPLES
from headwater.sources.samples.customers import SEGMENTS, make_customers, sizes


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("analyst")


def learn(dataset: Dataset) -> Fit:
    """Return a run of what the sample suggests."""
    sample = SAMPLES[dataset.sample.partition(":")[0]]
    source = Source.objects.create(dataset=dataset, columns=sample.features)
    model = StatisticalModel.objects.create(
        name=sample.name,
        technique=sample.technique,
        parameters=dict(sample.parameters),
        encoding=dict(sample.encoding),
        source=source,
        engine_meta_iterations=10,
    )
    model.full_clean()
    return model.perform_inference()


def labels_of(fit: Fit) -> list[int]:
    """Return the group of each row, in the order of the rows; -1 outside of every group."""
    grouping = unpack_members(fit.membership.packed).grouping
    assert (np.diff(grouping.ids) > 0).all()
    return [int(one) for one in grouping.labels]


@pytest.mark.parametrize("key", SAMPLES)
def test_a_sample_is_what_it_says(key: str) -> None:
    sample = SAMPLES[key]
    frame = sample.frame(sample.n_rows)

    assert (sample.key, frame.height) == (key, sample.n_rows)
    assert frame.columns == [column.name for column in sample.columns]
    assert frame.null_count().sum_horizontal()[0] == 0
    assert role_problems([column.as_json() for column in sample.columns]) == []
    for column in sample.columns:
        dtype = frame[column.name].dtype
        fits = {"number": dtype.is_numeric(), "text": dtype == pl.String, "date": dtype == pl.Date}
        assert fits[column.type], column
    parameters = TECHNIQUES[sample.technique].parameters.clean(dict(sample.parameters))
    assert parameters.items() >= dict(sample.parameters).items()
    assert ENCODING.clean(dict(sample.encoding))["scale"] == sample.encoding["scale"]


def test_a_sample_is_opened_once_by_each_person(user: User) -> None:
    first, again = open_sample("spices", user), open_sample("spices", user)
    other = open_sample("spices", User.objects.create_user("other"))

    assert first == again != other
    assert first.current is not None
    assert first.current.n_rows == 8
    assert read_frame(first.current)["spice"][4] == "Saffron"
    assert first.current.profile["price_per_gram"]["max"] == 25


def test_generated_customers_come_in_any_number(user: User) -> None:
    few = open_sample("customers", user, 120)

    assert few == open_sample("customers", user, 120)
    assert few.current is not None
    assert (few.name, few.current.n_rows) == ("Generated customers (120)", 120)
    assert open_sample("customers", user) == open_sample("customers", user, 1_000) != few
    for size in (0, 1_000_001):
        with pytest.raises(SampleError, match="it takes from 1 to 1,000,000"):
            open_sample("customers", user, size)
    with pytest.raises(SampleError, match="has 8 rows, and no other number"):
        open_sample("spices", user, 9)
    with pytest.raises(SampleError, match="There is no sample “tea”; there are “spices”"):
        open_sample("tea", user)


@pytest.mark.parametrize("n", [1, 7, 1_000, 2_345])
def test_customers_lie_in_the_ranges_of_their_segments(n: int) -> None:
    frame = make_customers(n)

    assert sum(sizes(n)) == n == frame.height
    assert all(abs(got - n * s.share) < 1 for got, s in zip(sizes(n), SEGMENTS, strict=True))
    for segment, size in zip(SEGMENTS, sizes(n), strict=True):
        own = frame.filter(pl.col("true_segment") == segment.name)
        assert own.height == size
        assert own["total_spending"].is_between(*segment.spending).all()
        assert own["purchase_frequency"].is_between(*segment.frequency, closed="left").all()
        assert own["days_since_last_purchase"].is_between(*segment.recency, closed="left").all()
    average = frame["total_spending"] / frame["purchase_frequency"]
    assert (average - frame["avg_order_value"]).abs().max() <= 0.005 + 1e-9
    assert frame["customer_id"].to_list() == list(range(1, n + 1))
    assert frame["email"].is_unique().all()
    assert frame["email"].str.contains(r"^[a-z.']+\d+@example\.(com|net|org)$").all()


def test_customers_are_the_same_each_time_and_shuffled() -> None:
    frame = make_customers(1_000)

    assert frame.equals(make_customers(1_000))
    assert not frame.equals(make_customers(1_000, seed=7))
    runs = (frame["true_segment"] != frame["true_segment"].shift()).sum()
    assert runs > 500  # four runs, had they stayed in the order of their segments


def test_generated_segments_are_found_again(user: User) -> None:
    dataset = open_sample("customers", user)
    fit = learn(dataset)

    assert fit.status == "succeeded", fit.error
    assert dataset.current is not None
    known = read_frame(dataset.current)["true_segment"].to_list()
    assert adjusted_rand_score(known, labels_of(fit)) > 0.9


def _features(key: str) -> Any:
    sample = SAMPLES[key]
    return sample.frame(0).select(sample.features).to_numpy().astype(float)


def test_spices_are_grouped_as_scikit_learn_groups_them(user: User) -> None:
    X = StandardScaler().fit_transform(_features("spices"))
    known = KMeans(3, random_state=42, n_init=10).fit(X)

    fit = learn(open_sample("spices", user))

    assert adjusted_rand_score(known.labels_, labels_of(fit)) == 1
    assert fit.scores["objective"] == pytest.approx(known.inertia_)


def test_three_dishes_are_outside_of_every_group(user: User) -> None:
    X = StandardScaler().fit_transform(_features("dishes"))
    known = DBSCAN(eps=0.8, min_samples=2).fit_predict(X)

    found = labels_of(learn(open_sample("dishes", user)))

    assert [label == -1 for label in found] == [label == -1 for label in known]
    assert [label == -1 for label in found] == [False] * 9 + [True] * 3
    assert adjusted_rand_score(known, found) == 1


def test_flavours_have_the_directions_that_scikit_learn_finds(user: User) -> None:
    known = PCA(2).fit(_features("flavours")).explained_variance_ratio_

    fit = learn(open_sample("flavours", user))

    assert fit.summary["decomposition"]["explained"][:2] == pytest.approx(list(known))


@pytest.mark.parametrize("key", ["recipes", "menu", "delivery", "shop"])
def test_what_a_sample_suggests_can_be_run(user: User, key: str) -> None:
    fit = learn(open_sample(key, user))

    assert fit.status == "succeeded", fit.error
    assert fit.n_groups == SAMPLES[key].parameters["n_clusters"]


def test_the_shop_s_figures_are_those_of_its_months() -> None:
    packaged = SAMPLES["shop"].frame(0)

    assert packaged.equals(shop_customers())
    assert packaged["revenue"].sum() == pytest.approx(
        pl.read_csv(_months(), columns=["revenue"])["revenue"].sum()
    )


def _months() -> Path:
    import headwater_demo.shop

    return Path(headwater_demo.shop.__file__).parent / "data" / "customer_months.csv"


def test_a_command_writes_customers(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"

    said = io.StringIO()
    call_command("make_customers", rows=50, file=file, stdout=said)

    assert said.getvalue() == f"50 customers written to {file}.\n"
    assert pl.read_csv(file).equals(make_customers(50))
    with pytest.raises(CommandError, match="--rows was 0"):
        call_command("make_customers", rows=0, file=file)
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("make_customers", rows=1, file=tmp_path / "no" / "x.csv")


def test_no_sample_touches_numpys_global_numbers() -> None:
    before = np.random.get_state()[1].copy()  # type: ignore[index, union-attr]
    make_customers(100)
    assert (np.random.get_state()[1] == before).all()  # type: ignore[index]
