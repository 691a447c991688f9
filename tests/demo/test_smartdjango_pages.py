"""SmartDjango shows each user the page of their group, and others only to whom may see them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from headwater.learning.models import Fit, FitStatus, StatisticalModel
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.fronts import STANDARD, front_for
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.statistical_models import load_statistical_models

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

HOME = "/smartdjango/"


def column(mean: float) -> dict[str, float]:
    return {"mean": mean, "std": 1.0, "minimum": mean - 3, "maximum": mean + 3}


@pytest.fixture
def fit(admin: User) -> Fit:
    """A finished fit that found two groups of 30 and 10 users."""
    load_statistical_models()
    model = StatisticalModel.objects.get(name=CLUSTERING)
    fit = Fit.objects.create(
        model=model,
        status=FitStatus.SUCCEEDED,
        technique=model.technique,
        n_rows=40,
        n_groups=2,
        summary={
            "groups": [
                {
                    "letter": letter,
                    "size": size,
                    "share": size / 40,
                    "columns": {"avg_time_pages_a": column(mean), "avg_time_pages": column(mean)},
                }
                for letter, size, mean in [("A", 30, 20.0), ("B", 10, 26.0)]
            ]
        },
    )
    StatisticalModel.objects.filter(pk=model.pk).update(current_fit=fit)
    return fit


def show(client: Client, user: User, address: str = HOME) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def label(user: User, letter: str | None) -> UserInfo:
    user_info = UserInfo.objects.get(account__user=user)
    UserInfo.objects.filter(pk=user_info.pk).update(cluster_1=letter)
    return user_info


def test_sign_in_is_required(client: Client) -> None:
    response = client.get(HOME)
    assert response.status_code == 302
    assert response.headers["Location"] == "/sign-in/?next=/smartdjango/"


@pytest.mark.parametrize(
    ("letter", "title"),
    [
        ("A", "Today in five lines"),
        ("B", "Guides picked for you"),
        ("C", "A bit of everything"),
        ("D", "Take your time"),
        ("E", "Welcome"),
        ("AB", "Welcome"),
        (None, "Welcome"),
        ("", "Welcome"),
    ],
)
def test_front_page_goes_by_the_group(
    client: Client, admin: User, letter: str | None, title: str
) -> None:
    label(admin, letter)
    assert f'<h1 id="front-title">{title}</h1>' in show(client, admin)


def test_nobody_gets_the_standard_page() -> None:
    assert front_for(None) is STANDARD


def test_own_numbers_stand_beside_the_groups(client: Client, admin: User, fit: Fit) -> None:
    user_info = label(admin, "A")
    UserInfo.objects.filter(pk=user_info.pk).update(avg_time_pages_a=21.5, avg_time_pages=17.75)
    page = show(client, admin)
    assert "in <strong>group A</strong>" in page
    assert "30 users, 75% of all" in page
    assert "21.5 s, above the group’s mean of 20.0 s." in page
    assert "17.8 s, far below the group’s mean of 20.0 s." in page
    assert "<td>21.5</td>" in page  # everybody's mean: 0.75 * 20 + 0.25 * 26


def test_group_that_the_fit_does_not_know(client: Client, admin: User, fit: Fit) -> None:
    label(admin, "Z")
    page = show(client, admin)
    assert "in <strong>group Z</strong>" in page
    assert "Show as table" not in page


def test_without_a_group_the_next_step_is_named(client: Client, admin: User) -> None:
    load_statistical_models()
    page = show(client, admin)
    assert "has no group yet" in page
    assert "Run “Clustering (Example)” in the console" in page


def test_user_who_came_after_the_fit(client: Client, admin: User, fit: Fit) -> None:
    label(admin, None)
    assert "without this user" in show(client, admin)


def test_model_was_deleted(client: Client, admin: User) -> None:
    assert "does not exist any more" in show(client, admin)


def test_somebody_who_is_not_measured(client: Client, stranger: User) -> None:
    page = show(client, stranger)
    assert "your account is not one of its users" in page
    assert "See it as somebody else" not in page


def test_switching_between_users(client: Client, analyst: User) -> None:
    other = UserInfo.objects.order_by("pk").first()
    assert other is not None
    UserInfo.objects.filter(pk=other.pk).update(cluster_1="B")
    page = show(client, analyst, f"{HOME}?user={other.pk}")
    assert f"You see the site as User {other.pk} sees it" in page
    assert "Guides picked for you" in page
    assert f'href="?user={other.pk}"' in page  # the example of group B
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


def test_another_user_is_not_shown_to_who_may_not_see(
    client: Client, admin: User, stranger: User
) -> None:
    other = UserInfo.objects.order_by("pk").first()
    assert other is not None
    client.force_login(stranger)
    assert client.get(f"{HOME}?user={other.pk}").status_code == 404


@pytest.mark.parametrize("asked", ["0", "-1", "x", "9" * 30, "1;drop", "٣", "1.5"])
def test_unknown_user(client: Client, admin: User, asked: str) -> None:
    client.force_login(admin)
    assert client.get(HOME, {"user": asked}).status_code == 404


def test_a_get_changes_nothing(client: Client, admin: User, fit: Fit) -> None:
    label(admin, "A")
    before = list(UserInfo.objects.values()), list(Fit.objects.values())
    show(client, admin)
    assert (list(UserInfo.objects.values()), list(Fit.objects.values())) == before


def test_no_style_or_script_in_the_page(client: Client, admin: User, fit: Fit) -> None:
    label(admin, "A")
    page = show(client, admin)
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page
