"""The shop's pages: segments counted, customers found, one customer month by month."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from headwater_demo.shop.load import load_shop
from headwater_demo.shop.models import Customer
from headwater_demo.shop.segments import customers_for, segments
from headwater_demo.statistical_models import load_statistical_models

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]


@pytest.fixture
def shop(admin: User, small_shop: None) -> User:
    """The person who may look, with the shop's customers and two segments."""
    load_shop()
    load_statistical_models()
    Customer.objects.exclude(country__in=["Iceland", "Norway"]).update(segment="A")
    Customer.objects.filter(country="Norway").update(segment="B")
    return User.objects.get(username="analyst")


def show(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def test_segments_are_counted_in_one_query(
    shop: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        rows = segments()
    assert [row.letter for row in rows] == ["A", "B"]
    assert rows[0].customers == Customer.objects.filter(segment="A").count()
    assert sum(row.share for row in rows) == pytest.approx(1)
    assert sum(row.revenue_share for row in rows) == pytest.approx(1)


def test_no_segments(db: None) -> None:
    assert segments() == []


def test_list_of_one_segment(client: Client, shop: User) -> None:
    page = show(client, shop, "/shop/?segment=B&sort=revenue")
    best = Customer.objects.filter(segment="B").order_by("-revenue").first()
    assert best is not None
    assert f'href="/shop/{best.number}/"' in page
    assert "in segment B" in page
    assert '<td class="demo-words">Belgium' not in page


def test_pages_keep_what_was_asked(client: Client, shop: User) -> None:
    page = show(client, shop, "/shop/?segment=A&page=2")
    assert "segment=A&amp;page=3" in page
    assert "segment=A&amp;page=1" in page


@pytest.mark.parametrize(
    "query", ["segment=%00", "segment=%22%3E", "sort=drop", "search=%00x", "search=%25_"]
)
def test_odd_questions_are_answered(client: Client, shop: User, query: str) -> None:
    show(client, shop, f"/shop/?{query}")


@pytest.mark.parametrize("page", ["0", "99999", "x"])
def test_page_that_is_not_there(client: Client, shop: User, page: str) -> None:
    client.force_login(shop)
    assert client.get(f"/shop/?page={page}").status_code == 404


def test_search(shop: User) -> None:
    found = customers_for(segment="", search="12347", sort="number")
    assert [customer.country for customer in found] == ["Iceland"]
    assert customers_for(segment="", search="iceland", sort="number").get().number == 12347
    assert customers_for(segment="none", search="", sort="number").count() == (
        Customer.objects.filter(segment=None).count()
    )


def test_nothing_found(client: Client, shop: User) -> None:
    assert "No customer is like that" in show(client, shop, "/shop/?search=nowhere")


def test_empty_shop_names_the_next_step(client: Client, admin: User) -> None:
    load_statistical_models()
    assert "Run “Shop customers” in the console" in show(client, admin, "/shop/")


def test_one_customer(client: Client, shop: User) -> None:
    page = show(client, shop, "/shop/12347/")
    assert "Iceland" in page
    assert "December 2010" in page
    assert "£711.79" in page


def test_unknown_customer(client: Client, shop: User) -> None:
    client.force_login(shop)
    assert client.get("/shop/1/").status_code == 404


@pytest.mark.parametrize("address", ["/shop/", "/shop/12347/"])
def test_who_may_not_see_customers(client: Client, stranger: User, address: str) -> None:
    response = client.get(address)
    assert response.headers["Location"] == f"/sign-in/?next={address}"
    client.force_login(stranger)
    assert client.get(address).status_code == 403


def test_a_share_stands_in_one_line_with_its_bar(client: Client, shop: User) -> None:
    page = show(client, shop, "/shop/")

    assert page.count('<div class="hw-share"><span>') == 2 * len(segments())
    assert '<th scope="col" class="demo-words">Segment</th>' in page
