"""New users have a group at once; a visitor can be another user, and themselves again."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from headwater.learning.models import StatisticalModel
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.join import join, like
from headwater_demo.smartdjango.load import load_users
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.statistical_models import load_statistical_models
from tests.demo.conftest import chance

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

HOME = "/smartdjango/"
NEW = "/smartdjango/users/new/"
BE = "/smartdjango/users/be/"
ONESELF = "/smartdjango/users/oneself/"


@pytest.fixture
def fitted(admin: User) -> StatisticalModel:
    """The model of the groups, learned from the 40 users."""
    load_statistical_models()
    model = StatisticalModel.objects.get(name=CLUSTERING)
    fit = model.perform_inference()
    assert fit.status == "succeeded", fit.error
    return StatisticalModel.objects.get(pk=model.pk)


def test_a_new_user_has_a_group_without_a_refit(fitted: StatisticalModel) -> None:
    fits = fitted.fits.count()
    for seed in range(8):
        user_info = join(chance(seed))
        stored = UserInfo.objects.get(pk=user_info.pk)
        # The group is the one of those who use the site in the same way.
        assert stored.cluster_1 == fitted.assign(
            {
                "avg_time_pages_a": stored.avg_time_pages_a,
                "avg_time_pages": stored.avg_time_pages,
            }
        )
        assert stored.joined_at is not None
        assert stored.visits_pages == 10
        assert stored.visits_pages_j == 1
        assert StatisticalModel.objects.get(pk=fitted.pk).current_fit_id == fitted.current_fit_id
        StatisticalModel.objects.filter(pk=fitted.pk).update(counter=0)
    assert fitted.fits.count() == fits


def test_a_new_user_counts_five(fitted: StatisticalModel) -> None:
    join(chance(1))
    assert StatisticalModel.objects.get(pk=fitted.pk).counter == 5


def test_a_new_user_before_the_first_fit(admin: User) -> None:
    assert join(chance(1)).cluster_1 is None  # the model is not even there
    load_statistical_models()
    assert join(chance(2)).cluster_1 is None
    assert StatisticalModel.objects.get(name=CLUSTERING).counter == 5


def test_a_new_user_in_an_empty_table(db: None) -> None:
    user_info = join(chance(3))
    assert 18 < user_info.avg_time_pages < 22
    assert user_info.age == 30


def test_a_new_user_resembles_somebody(admin: User) -> None:
    other = UserInfo.objects.latest("pk")
    made = [like(other, chance(seed)) for seed in range(50)]
    assert abs(sum(one.avg_time_pages for one in made) / 50 - other.avg_time_pages) < 0.3
    assert {one.age for one in made} == {other.age}
    assert all(one.pk is None for one in made)


def test_the_visitor_is_the_new_user(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    response = client.post(NEW, {"next": "/smartdjango/pages/A/"}, follow=True)
    assert response.redirect_chain == [("/smartdjango/pages/A/", 302)]
    user_info = UserInfo.objects.get()
    page = response.content.decode()
    assert f"You are User {user_info.pk} now, who is new and gets a group with the next fit" in page
    assert f"You use the site as <strong>User {user_info.pk}</strong>" in page
    assert "data-token=" in page

    response = client.post(ONESELF, follow=True)
    assert "You are yourself again" in response.content.decode()
    assert "You use the site as" not in response.content.decode()


def test_the_group_is_told(client: Client, admin: User, fitted: StatisticalModel) -> None:
    client.force_login(admin)
    page = client.post(NEW, follow=True).content.decode()
    user_info = UserInfo.objects.latest("pk")
    assert f"who is new and is in group {user_info.cluster_1} already, without a new fit" in page


def test_so_many_new_users_in_an_hour(client: Client, stranger: User, settings: Any) -> None:
    settings.SMARTDJANGO_NEW_USERS_PER_HOUR = 2
    client.force_login(stranger)
    pages = [client.post(NEW, follow=True).content.decode() for _ in range(5)]
    # The hour may end in between.
    assert 2 <= UserInfo.objects.count() <= 4
    assert any("You have made 2 users in this hour" in page for page in pages)


def test_be_another_user(client: Client, admin: User) -> None:
    other = UserInfo.objects.latest("pk")
    client.force_login(admin)
    page = client.post(BE, {"user": str(other.pk)}, follow=True).content.decode()
    assert f"You are User {other.pk} now" in page
    for address in (HOME, "/smartdjango/pages/", "/smartdjango/pages/B/"):
        assert f"You use the site as <strong>User {other.pk}</strong>" in (
            client.get(address).content.decode()
        )
    # Whoever is gone is nobody's.
    other.delete()
    assert "You use the site as" not in client.get(HOME).content.decode()


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 30, "٣"])
def test_be_nobody(client: Client, admin: User, number: str) -> None:
    client.force_login(admin)
    assert client.post(BE, {"user": number}).status_code == 404


def test_only_who_may_is_another_user(client: Client, analyst: User, stranger: User) -> None:
    other = UserInfo.objects.latest("pk")
    for person in (analyst, stranger):
        client.force_login(person)
        assert client.post(BE, {"user": str(other.pk)}).status_code == 403
        assert "on every page" not in client.get(HOME).content.decode()
    analyst.user_permissions.add(Permission.objects.get(codename="be_userinfo"))
    client.force_login(analyst)
    page = client.get(HOME, {"user": str(other.pk)}).content.decode()
    assert f"Be User {other.pk} on every page" in page
    assert client.post(BE, {"user": str(other.pk)}).status_code == 302


@pytest.mark.parametrize("address", [NEW, BE, ONESELF])
def test_buttons_are_posted_with_a_token_by_who_is_signed_in(admin: User, address: str) -> None:
    assert Client().post(address).headers["Location"].startswith("/sign-in/")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin)
    assert browser.post(address).status_code == 403
    assert browser.get(address).status_code == 405
    assert UserInfo.objects.count() == 40


@pytest.mark.parametrize(
    "following", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_no_way_to_another_site(client: Client, admin: User, following: str) -> None:
    client.force_login(admin)
    assert client.post(ONESELF, {"next": following}).headers["Location"] == HOME


def test_new_users_stay_when_the_demo_starts_again(admin: User) -> None:
    join(chance(1))
    assert load_users(40).replaced == 0
    assert UserInfo.objects.count() == 41
    assert load_users(40, recreate=True).replaced == 41
    assert UserInfo.objects.count() == 40
