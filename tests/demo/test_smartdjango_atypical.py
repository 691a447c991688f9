"""The page of atypical users: who lies outside of two deviations of what is expected."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from headwater.networks.models import BayesianNetwork
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.smartdjango.networks import METRIC
from headwater_demo.smartdjango.views.atypical import Expectation
from headwater_demo.statistical_models import load_statistical_models

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

ATYPICAL = "/smartdjango/atypical/"


@pytest.fixture
def network(admin: User) -> BayesianNetwork:
    """The network of one metric, learned from the 40 users."""
    load_statistical_models()
    network = BayesianNetwork.objects.get(name=METRIC)
    fit = network.perform_inference()
    assert fit.status == "succeeded", fit.error
    return BayesianNetwork.objects.get(name=METRIC)


def show(client: Client, user: User, address: str = ATYPICAL) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_atypical_users_are_marked(client: Client, admin: User, network: BayesianNetwork) -> None:
    far, near = UserInfo.objects.exclude(account__user=admin).order_by("pk")[:2]
    low, high = network.typical_interval(deviations=2)
    UserInfo.objects.update(avg1=(low + high) / 2)
    UserInfo.objects.filter(pk=far.pk).update(avg1=high + 0.001)
    UserInfo.objects.filter(pk=near.pk).update(avg1=low + 0.001)

    page = show(client, admin)
    assert "1 of 40 users is atypical" in page
    assert f'<th scope="row">User {far.pk}</th>' in page
    assert f'<th scope="row">User {near.pk}</th>' not in page
    assert page.count('<span class="site-atypical">atypical</span>') == 1
    assert "who you are, is typical" in page

    page = show(client, admin, f"{ATYPICAL}?show=all")
    assert page.count('<span class="site-atypical">atypical</span>') == 1
    assert "Page 1 of 2" in page
    assert 'href="?show=all&amp;page=2"' in page


def test_the_visitor_is_told(client: Client, admin: User, network: BayesianNetwork) -> None:
    UserInfo.objects.filter(account__user=admin).update(avg1=1_000)
    assert "who you are, is atypical" in show(client, admin)


def test_others_are_shown_to_whom_may_see_them(
    client: Client, stranger: User, network: BayesianNetwork
) -> None:
    page = show(client, stranger)
    assert "Typical or not" in page
    assert "<table" not in page


def test_before_the_first_fit(client: Client, admin: User) -> None:
    assert "does not exist any more" in show(client, admin)
    load_statistical_models()
    assert "has no inference yet" in show(client, admin)


def test_a_network_of_another_kind(client: Client, admin: User, network: BayesianNetwork) -> None:
    """A fit without a predictive of one metric is told as such."""
    fit = network.current_fit
    assert fit is not None
    fit.summary["network"]["predictive"] = None
    type(fit).objects.filter(pk=fit.pk).update(summary=fit.summary)
    assert "has no predictive of a single metric" in show(client, admin)


def test_pages_of_the_table_are_few_queries(
    client: Client, admin: User, network: BayesianNetwork, django_assert_max_num_queries: object
) -> None:
    client.force_login(admin)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(f"{ATYPICAL}?show=all&page=2")
    assert client.get(f"{ATYPICAL}?page=x").status_code == 200


def test_places_in_the_picture() -> None:
    expected = Expectation(low=0.0, high=20.0)
    assert (expected.mean, expected.deviation) == (10.0, 5.0)
    assert expected.deviations(25.0) == 3.0
    assert expected.place(10.0) == 50.0
    assert expected.place(0.0) == 25.0
    assert expected.place(20.0) == 75.0
    assert expected.place(1e9) == 99.0
    assert expected.place(-1e9) == 1.0
