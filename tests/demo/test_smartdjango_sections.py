"""Pages of types A to J: each has something to read, the visitor's numbers, and a timer."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from headwater_demo.smartdjango.models import UserInfo, Visit
from headwater_demo.smartdjango.page_types import PAGE_TYPES
from headwater_demo.smartdjango.sections import sections
from headwater_demo.smartdjango.standing import standing_of, standings_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

PAGES = "/smartdjango/pages/"


def show(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_there_is_something_to_read_of_each_type() -> None:
    found = sections()
    assert "".join(found) == PAGE_TYPES
    slugs = [article.slug for section in found.values() for article in section.articles]
    assert len(slugs) == len(set(slugs)) == 30
    for section in found.values():
        assert section.title
        assert section.summary
        for article in section.articles:
            assert article.paragraphs
            assert all(article.paragraphs)
            assert 5 <= article.seconds <= 60
        # One leads to the next, and the last one to the first.
        walk = [section.articles[0]]
        for _ in section.articles:
            walk.append(section.after(walk[-1]))
        assert walk[-1] == walk[0]
        assert set(walk) == set(section.articles)


def test_every_page_is_there(client: Client, admin: User) -> None:
    client.force_login(admin)
    for section in sections().values():
        page = client.get(f"{PAGES}{section.letter}/").content.decode()
        assert f"Pages of type {section.letter}" in page
        assert "smartdjango/timer.js" in page
        for article in section.articles:
            address = f"{PAGES}{section.letter}/{article.slug}/"
            assert f'href="{address}"' in page
            shown = client.get(address)
            assert shown.status_code == 200
            assert f'<h1 id="article-title">{article.title}</h1>' in shown.content.decode()


@pytest.mark.parametrize(
    "address", ["K/", "a/", "A/no-such-article/", "B/sharpen-a-kitchen-knife/"]
)
def test_pages_that_are_not_there(client: Client, admin: User, address: str) -> None:
    client.force_login(admin)
    assert client.get(PAGES + address).status_code == 404


@pytest.mark.parametrize("address", ["", "A/", "A/sharpen-a-kitchen-knife/"])
def test_sign_in_is_required(client: Client, db: None, address: str) -> None:
    response = client.get(PAGES + address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")


def test_own_mean_beside_the_groups(client: Client, admin: User) -> None:
    first, second, third = UserInfo.objects.exclude(account__user=admin).order_by("pk")[:3]
    own = UserInfo.objects.get(account__user=admin)
    for user_info, letter, mean in [(own, "B", 20.0), (first, "B", 31.0), (second, "C", 99.0)]:
        UserInfo.objects.filter(pk=user_info.pk).update(
            cluster_1=letter, avg_time_pages_f=mean, visits_pages_f=7
        )
    page = show(client, admin, f"{PAGES}F/")
    assert "in <strong>group B</strong>" in page
    assert "<dt>Your mean on Outdoors</dt><dd>20.0 s</dd>" in page
    assert "<dt>The mean of group B</dt><dd>25.5 s</dd>" in page
    assert 'data-mean="25.5"' in page
    assert 'data-others="group B"' in page
    assert "<dt>Your visits</dt><dd>7</dd>" in page
    assert standing_of(third, "F").others == "everybody"


def test_without_a_group_everybody_is_the_measure(client: Client, admin: User) -> None:
    page = show(client, admin, f"{PAGES}A/")
    assert "in no group yet" in page
    assert "The mean of everybody" in page


def test_all_types_in_one_query(admin: User, django_assert_num_queries: object) -> None:
    user_info = UserInfo.objects.get(account__user=admin)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = standings_of(user_info)
    assert "".join(one.page_type for one in found) == PAGE_TYPES
    times = UserInfo.objects.values_list("avg_time_pages", flat=True)
    assert found[-1].others_mean == pytest.approx(sum(times) / 40)
    assert found[-1].visits == user_info.visits_pages


def test_no_cache_keeps_a_page_with_a_token(client: Client, admin: User) -> None:
    client.force_login(admin)
    for address in ("A/", "A/sharpen-a-kitchen-knife/"):
        assert "no-store" in client.get(PAGES + address).headers["Cache-Control"]


def test_somebody_who_is_not_measured(client: Client, stranger: User) -> None:
    page = show(client, stranger, f"{PAGES}A/")
    assert "nothing is counted" in page
    assert "data-token" not in page
    assert "How long you stay" not in show(client, stranger, PAGES)


def test_a_get_changes_nothing(client: Client, admin: User) -> None:
    before = list(UserInfo.objects.values())
    for address in ("", "A/", "A/sharpen-a-kitchen-knife/"):
        show(client, admin, PAGES + address)
    assert list(UserInfo.objects.values()) == before
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "address", ["pages/", "pages/A/", "pages/A/sharpen-a-kitchen-knife/", "deals/all/"]
)
def test_no_style_or_script_in_the_page(client: Client, admin: User, address: str) -> None:
    page = show(client, admin, f"/smartdjango/{address}")
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page
