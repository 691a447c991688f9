"""Content chosen by group: a redirect, a query, a part of a template."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client

from headwater_demo.smartdjango.catalogue import PRODUCTS
from headwater_demo.smartdjango.load import load_products
from headwater_demo.smartdjango.models import Product, ProductGroup, UserInfo

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

DEALS = "/smartdjango/deals/"


def label(user: User, letter: str | None) -> UserInfo:
    user_info = UserInfo.objects.get(account__user=user)
    UserInfo.objects.filter(pk=user_info.pk).update(cluster_1=letter)
    return user_info


def test_products_are_made_once(db: None) -> None:
    assert load_products() == len(PRODUCTS)
    Product.objects.first().delete()
    assert load_products() == 0


@pytest.mark.parametrize("group", ["A", "B", "C", "D", "E", "AB", None, ""])
def test_filter_for_group(group: str | None, db: None, django_assert_num_queries: Any) -> None:
    load_products()
    two_letters = Product.objects.create(name="For AB", description="", price=1)
    ProductGroup.objects.create(product=two_letters, letter="AB")
    with django_assert_num_queries(1):
        found = [product.name for product in Product.objects.filter_for_group(group)]
    expected = {
        offer.name
        for offer in PRODUCTS
        if not offer.groups or (group and group in list(offer.groups))
    }
    if group == "AB":
        expected.add("For AB")
    assert sorted(found) == sorted(expected)


def test_filter_is_a_query(db: None) -> None:
    load_products()
    cheap = Product.objects.filter(price__lt=10).filter_for_group("B").order_by("price")
    assert [product.name for product in cheap] == ["Town map", "Seeds for a balcony"]


@pytest.mark.parametrize(
    ("letter", "goes_to"), [("B", "B"), ("AB", "AB"), (None, "all"), ("", "all")]
)
def test_redirect_to_the_groups_deals(
    client: Client, admin: User, letter: str | None, goes_to: str
) -> None:
    label(admin, letter)
    client.force_login(admin)
    response = client.get(DEALS)
    assert response.status_code == 302
    assert response.headers["Location"] == f"{DEALS}{goes_to}/"


def test_the_groups_deals(client: Client, admin: User) -> None:
    load_products()
    user_info = label(admin, "B")
    client.force_login(admin)
    page = client.get(f"{DEALS}B/").content.decode()
    assert "Deals for group B" in page
    assert f"Chosen for you, User {user_info.pk}" in page
    assert "Tool roll" in page
    assert "Reading lamp" not in page
    page = client.get(f"{DEALS}D/").content.decode()
    assert "These are another group’s" in page
    assert "Reading lamp" in page
    page = client.get(f"{DEALS}all/").content.decode()
    assert "Deals for everybody" in page
    assert "Reading lamp" not in page
    assert "Town map" in page


@pytest.mark.parametrize("letter", ["b", "ABC", "1", "Ä", "everybody"])
def test_groups_have_capital_letters(client: Client, admin: User, letter: str) -> None:
    client.force_login(admin)
    assert client.get(f"{DEALS}{letter}/").status_code == 404


def test_sign_in_is_required(client: Client, db: None) -> None:
    for address in (DEALS, f"{DEALS}B/"):
        assert client.get(address).headers["Location"].startswith("/sign-in/")


def render(text: str, **context: Any) -> str:
    return Template("{% load smartdjango %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("group", "shown"), [("A", "yes"), ("B", "yes"), ("C", "no"), ("AB", "no"), (None, "no")]
)
def test_for_group(group: str | None, shown: str) -> None:
    text = '{% for_group user_info "A" "B" %}yes{% else %}no{% endfor_group %}'
    assert render(text, user_info=UserInfo(cluster_1=group)) == shown


def test_for_group_without_else() -> None:
    text = "a{% for_group user_info letter %}{{ word }}{% endfor_group %}b"
    somebody = UserInfo(cluster_1="C")
    assert render(text, user_info=somebody, letter="C", word="<i>") == "a&lt;i&gt;b"
    assert render(text, user_info=somebody, letter="D") == "ab"
    assert render(text, user_info=None, letter="C") == "ab"
    # No group is not the group of a variable that is not there.
    assert render(text, user_info=UserInfo(cluster_1=None)) == "ab"
    assert render(text, user_info=UserInfo(cluster_1="")) == "ab"


@pytest.mark.parametrize("tag", ["{% for_group %}", "{% for_group user_info %}"])
def test_for_group_needs_a_user_and_a_letter(tag: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="takes a user and the letters"):
        render(tag + "{% endfor_group %}")


def test_a_group_that_never_was_has_no_deals(admin_client: Client) -> None:
    load_products()
    assert admin_client.get(f"{DEALS}A/").status_code == 200
    assert admin_client.get(f"{DEALS}ZZ/").status_code == 404
