"""Stocks of the demo as people meet them: groups of users, links from the pages, who may see."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import Count
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from headwater.learning.models import StatisticalModel
from headwater.stockandflow import balance, count_stocks
from headwater.stockandflow.discover import stated
from headwater.stockandflow.models import FlowEvent, StockRecord
from headwater_demo.set_up import keep_books
from headwater_demo.shop.load import load_shop
from headwater_demo.shop.models import Customer
from headwater_demo.shop.moves import Step, way_of
from headwater_demo.shop.replay import replay
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.join import join
from headwater_demo.smartdjango.load import load_users
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.statistical_models import load_statistical_models
from tests.demo.conftest import chance

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]
GROUPS = "user-groups"


@pytest.fixture
def fitted(admin: User) -> StatisticalModel:
    """The model of the groups, learned from the 40 users."""
    load_statistical_models()
    model = StatisticalModel.objects.get(name=CLUSTERING)
    fit = model.perform_inference()
    assert fit.status == "succeeded", fit.error
    return model


def sizes() -> dict[str, int]:
    """Return group -> users, from the users themselves."""
    users = UserInfo.objects.exclude(cluster_1=None).order_by()
    return dict(users.values_list("cluster_1").annotate(Count("pk")))


def test_groups_are_counted_and_balance(fitted: StatisticalModel) -> None:
    (first,) = count_stocks(only=[GROUPS])
    assert dict(first.levels) == sizes()
    assert sum(sizes().values()) == 40
    assert balance(GROUPS).is_exact
    # The first count opens the books: nobody has moved.
    assert not FlowEvent.objects.filter(partition=GROUPS).exclude(cause="opening").exists()
    # A second count in the same hour changes nothing, unless the hour has just begun.
    records = StockRecord.objects.filter(partition=GROUPS).count()
    (second,) = count_stocks(as_of=first.as_of, only=[GROUPS])
    assert second.skipped
    assert StockRecord.objects.filter(partition=GROUPS).count() == records


def test_a_new_user_flows_in_at_once(fitted: StatisticalModel) -> None:
    count_stocks(only=[GROUPS])
    user_info = join(chance(4))

    event = FlowEvent.objects.filter(partition=GROUPS).exclude(cause="opening").get()
    assert event.object_id == str(user_info.pk)
    assert (event.source, event.sink) == ("", user_info.cluster_1)
    assert not event.is_inferred
    assert event.occurred_at is not None


def test_books_are_kept_when_all_users_are_replaced(fitted: StatisticalModel) -> None:
    (first,) = count_stocks(only=[GROUPS])
    load_users(80)
    UserInfo.objects.update(cluster_1="B")
    (second,) = count_stocks(as_of=first.as_of + timedelta(hours=1), only=[GROUPS])
    assert second.levels["B"] == 80
    assert sum(second.levels.values()) == 80
    assert second.events == 40 + 80
    assert balance(GROUPS).is_exact


def test_what_is_set_up_once_is_not_set_up_again(
    fitted: StatisticalModel, small_shop: None
) -> None:
    load_shop()
    Customer.objects.update(segment="A")
    said: list[str] = []
    keep_books(said.append)
    assert any("Shop, November 2011" in line for line in said)
    assert {one.slug for one in stated().partitions} >= {
        "customer-activity",
        "customer-segments",
        GROUPS,
    }
    for slug in ("customer-activity", "customer-segments", GROUPS):
        assert StockRecord.objects.filter(partition=slug).exists()

    records = StockRecord.objects.filter(partition="customer-activity").count()
    said.clear()
    keep_books(said.append)
    assert "its year was played back already" in said[0]
    assert StockRecord.objects.filter(partition="customer-activity").count() == records
    # Today's schedule leaves the books of 2011 as they are.
    assert "customer-activity" not in {counted.slug for counted in count_stocks()}


@pytest.fixture
def shop(admin: User, small_shop: None) -> User:
    """The person who may look, with the shop's year played back."""
    load_shop()
    replay()
    return User.objects.get(username="analyst")


def test_the_way_of_a_customer(
    client: Client, shop: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # One order in the file, in January 2011; it was cancelled later.
    customer = Customer.objects.get(number=12346)
    with django_assert_num_queries(1):
        way = way_of(customer)
    assert [_words(step) for step in way] == [
        ("January 2011", "", "New", "Arriving"),
        ("March 2011", "New", "Lapsing", "Lapsing"),
        ("May 2011", "Lapsing", "Dormant", "Losing"),
    ]
    client.force_login(shop)
    page = client.get("/shop/12346/").content.decode()
    assert page.index("January 2011") < page.index("March 2011") < page.index("May 2011")
    assert "no customer yet" in page
    assert "Dormant" in page


def test_a_customer_of_the_last_days_has_no_way(client: Client, shop: User) -> None:
    late = Customer.objects.filter(activity="").first()
    assert late is not None
    assert way_of(late) == []
    client.force_login(shop)
    page = client.get(f"/shop/{late.number}/").content.decode()
    assert "The books have no move of this customer" in page


def _words(step: Step) -> tuple[str, str, str, str]:
    assert step.since is not None
    return f"{step.since:%B %Y}", step.source, step.sink, step.flow


def test_stepping_through_a_stock_on_the_pages_of_the_shop(client: Client, shop: User) -> None:
    lapsing = list(
        Customer.objects.filter(activity="lapsing").order_by("pk").values_list("number", flat=True)
    )
    assert len(lapsing) > 2
    client.force_login(shop)
    listed = client.get("/shop/").content.decode()
    assert 'href="/feeds/customer-activity.lapsing/first/"' in listed

    response = client.get("/feeds/customer-activity.lapsing/first/", follow=True)
    assert response.redirect_chain[-1][0].startswith(f"/shop/{lapsing[0]}/?")
    page = response.content.decode()
    assert "Number 1 of the stock “Lapsing”" in page
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    response = client.get(html.unescape(following[1]), follow=True)
    assert response.redirect_chain[-1][0].startswith(f"/shop/{lapsing[1]}/?")
    assert "Number 2 of the stock “Lapsing”" in response.content.decode()
    assert "of the stock" not in client.get(f"/shop/{lapsing[1]}/").content.decode()


def test_a_click_adds_no_count_of_today_to_the_year_of_the_shop(
    client: Client, shop: User, admin: User
) -> None:
    records = StockRecord.objects.count()
    client.force_login(admin)
    page = client.get("/stocks/customers/").content.decode()
    assert "Counted only where code asks for it." in page
    response = client.post("/stocks/customers/count/", follow=True)
    assert "is counted only where code asks for it" in response.content.decode()
    assert StockRecord.objects.count() == records


def test_users_have_a_page(client: Client, shop: User) -> None:
    user_info = UserInfo.objects.latest("pk")
    client.force_login(shop)
    page = client.get(user_info.get_absolute_url()).content.decode()
    assert f"You see the site as {user_info} sees it" in page


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/shop/", "/stocks/customers/"),
        ("/shop/", "/stocks/customer-segments/"),
        ("/shop/12346/", "/stocks/customers/"),
        ("/smartdjango/", "/stocks/user-groups/"),
    ],
)
def test_pages_lead_to_the_stocks(client: Client, shop: User, address: str, link: str) -> None:
    load_statistical_models()
    client.force_login(shop)
    assert f'href="{link}"' in client.get(address).content.decode()
    assert client.get(link).status_code == 200


def test_a_stranger_is_not_sent_where_nothing_is_shown(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    assert "/stocks/" not in client.get("/smartdjango/").content.decode()
