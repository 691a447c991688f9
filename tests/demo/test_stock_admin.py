"""The demo's second admin site: who is in a stock, and what can be done with them."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.test import Client

from headwater.learning.models import StatisticalModel
from headwater.stockandflow import count_stocks
from headwater.stockandflow.models import FlowEvent
from headwater_demo.shop.load import load_shop
from headwater_demo.shop.models import Customer
from headwater_demo.shop.replay import replay
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.statistical_models import load_statistical_models

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]
INDEX = "/stock-admin/"
LAPSING = "/stock-admin/stocks-customer-activity/lapsing/"


@pytest.fixture
def shop(admin: User, small_shop: None) -> User:
    """The person who may look, with the shop's year played back."""
    load_shop()
    replay()
    return User.objects.get(username="analyst")


def show(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def address_of(client: Client, user: User, name: str) -> str:
    """Return the address of the group of users called ``name``."""
    page = show(client, user, INDEX)
    found = re.search(rf'href="(/stock-admin/stocks-user-groups/[^"]+)"[^>]*>{name}<', page)
    assert found is not None
    return found[1]


def test_the_analyst_sees_every_stock_and_flow(client: Client, shop: User) -> None:
    page = show(client, shop, INDEX)
    for words in ("Lapsing", "Dormant", "Winning back", "Arriving"):
        assert words in page
    assert "addlink" not in page
    for address in re.findall(r'href="(/stock-admin/[^"]*)"', page):
        if "logout" not in address:
            assert client.get(address, follow=True).status_code == 200, address


def test_customers_of_a_stock_become_a_file(client: Client, shop: User) -> None:
    page = show(client, shop, LAPSING)
    lapsing = Customer.objects.filter(activity="lapsing").order_by("number")
    assert all(f">{one.number}<" in page for one in lapsing[:3])
    chosen = [one.pk for one in lapsing[:2]]
    response = client.post(LAPSING, {"action": "write_csv", ACTION_CHECKBOX_NAME: chosen})
    assert response.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [int(row["number"]) for row in rows] == [one.number for one in lapsing[:2]]
    assert {row["activity"] for row in rows} == {"lapsing"}
    # Nobody of another stock can be slipped in.
    other = Customer.objects.filter(activity="active").values_list("pk", flat=True)[0]
    response = client.post(LAPSING, {"action": "write_csv", ACTION_CHECKBOX_NAME: [other]})
    assert b"active" not in response.content.replace(b"activity", b"")


def test_users_get_their_group_anew(client: Client, admin: User) -> None:
    load_statistical_models()
    model = StatisticalModel.objects.get(name=CLUSTERING)
    assert model.perform_inference().status == "succeeded"
    # Somebody who does as another does, and was put into a wrong group by hand.
    right = UserInfo.objects.order_by("pk")[0]
    assert right.cluster_1 is not None
    wrong = "Z"
    UserInfo.objects.filter(pk=right.pk).update(cluster_1=wrong)
    count_stocks(only=["user-groups"])
    before = FlowEvent.objects.count()
    address = address_of(client, admin, wrong)
    response = client.post(
        address, {"action": "assign_anew", ACTION_CHECKBOX_NAME: [right.pk]}, follow=True
    )
    assert "1 users were looked at; 1 are in another group now." in response.content.decode()
    assert UserInfo.objects.get(pk=right.pk).cluster_1 == right.cluster_1
    # The move is in the books at once, with its time.
    (event,) = FlowEvent.objects.order_by("pk")[before:]
    assert (event.object_id, event.source, event.sink) == (str(right.pk), wrong, right.cluster_1)
    assert not event.is_inferred


def test_who_may_only_look_gives_nobody_a_group(client: Client, shop: User) -> None:
    UserInfo.objects.update(cluster_1="A")
    count_stocks(only=["user-groups"])
    page = show(client, shop, address_of(client, shop, "A"))
    assert str(UserInfo.objects.latest("pk")) in page
    assert "assign_anew" not in page


def test_before_the_first_fit_there_is_a_sentence(client: Client, admin: User) -> None:
    load_statistical_models()
    client.force_login(admin)
    keys = list(UserInfo.objects.values_list("pk", flat=True))[:2]
    response = client.post(
        "/admin/smartdjango/userinfo/",
        {"action": "assign_anew", ACTION_CHECKBOX_NAME: keys},
        follow=True,
    )
    assert "has no inference yet" in response.content.decode()
