"""Users, visits and products in Django's admin."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from headwater_demo.smartdjango.allowance import take
from headwater_demo.smartdjango.load import load_products
from headwater_demo.smartdjango.models import Product, UserInfo, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

ADMIN = "/admin/smartdjango/"


@pytest.fixture
def browser(client: Client, admin: User) -> Client:
    load_products()
    Visit.objects.create(
        view=uuid.uuid4(),
        number=1,
        user_info=UserInfo.objects.earliest("pk"),
        page_type="H",
        seconds=4.5,
        counted_at=timezone.now(),
    )
    take(admin.pk, "views", limit=5, seconds=60)
    client.force_login(admin)
    return client


@pytest.mark.parametrize("name", ["userinfo", "account", "visit", "product", "allowance"])
def test_lists_are_shown(browser: Client, name: str) -> None:
    assert browser.get(f"{ADMIN}{name}/").status_code == 200


def test_groups_of_products_are_read_at_once(
    browser: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        page = browser.get(f"{ADMIN}product/").content.decode()
    assert "B, C" in page
    assert "everybody" in page
    product = Product.objects.get(name="Tool roll")
    assert browser.get(f"{ADMIN}product/{product.pk}/change/").status_code == 200


def test_visits_are_not_made_up(browser: Client) -> None:
    visit = Visit.objects.get()
    assert browser.get(f"{ADMIN}visit/add/").status_code == 403
    page = browser.get(f"{ADMIN}visit/{visit.pk}/change/").content.decode()
    assert 'name="_save"' not in page
    assert "4.5" in page


def test_who_joined_can_be_told_from_the_generated(browser: Client) -> None:
    UserInfo.objects.filter(pk=UserInfo.objects.latest("pk").pk).update(joined_at=timezone.now())
    page = browser.get(f"{ADMIN}userinfo/?joined_at__isempty=0").content.decode()
    assert "1 user information" in page
