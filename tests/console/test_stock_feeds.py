"""The tokens of feeds: made, shown once, revoked, and only by their owner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from headwater.stockandflow.models import FeedToken
from headwater.stockandflow.tokens import find_token

AT = "/stocks/stage/feeds/"


def test_the_secret_is_shown_once(page: Client, analyst: User) -> None:
    made = page.post(AT, {"name": "Kitchen screen", "what": "stage.trial"})
    secret = made.context["made"]["secret"]
    again = page.get(AT)

    assert secret in made.content.decode()
    assert made["Cache-Control"] == "private, no-store"
    assert secret not in again.content.decode()
    (token,) = FeedToken.objects.all()
    assert find_token(secret) == token
    assert (token.owner, token.partition, token.stock) == (analyst, "stage", "trial")
    assert "Kitchen screen" in again.content.decode()


def test_a_token_can_be_for_a_whole_partition(page: Client) -> None:
    page.post(AT, {"name": "All", "what": "stage"})

    (token,) = FeedToken.objects.all()
    assert (token.partition, token.stock) == ("stage", "")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": "", "what": "stage"}, "Give it a name, so that you know later what it was for."),
        ({"name": "x" * 101, "what": "stage"}, "The name is 101 characters long; it may have 100."),
        (
            {"name": "Hall\x00screen", "what": "stage"},
            "The name of a token holds a control character",
        ),
        (
            {"name": "Hall\nscreen", "what": "stage"},
            "The name of a token holds a control character",
        ),
        ({"name": "One", "what": "place"}, "There is no “place” here."),
        ({"name": "One"}, "Choose what the token is for."),
    ],
)
def test_what_cannot_be_made_is_said(page: Client, given: dict[str, str], sentence: str) -> None:
    response = page.post(AT, given)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not FeedToken.objects.exists()


def test_only_the_owner_sees_and_revokes(
    client: Client, page: Client, make_user: Callable[..., User]
) -> None:
    page.post(AT, {"name": "Kitchen screen", "what": "stage"})
    (token,) = FeedToken.objects.all()
    revoke = f"{AT}{token.pk}/revoke/"
    other = Client()
    other.force_login(make_user("other", "view_subscriber"))

    assert "Kitchen screen" not in other.get(AT).content.decode()
    assert other.post(revoke).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None

    response = page.post(revoke, follow=True)
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "The token “Kitchen screen” opens nothing any more." in response.content.decode()
    assert page.get(revoke).status_code == 405


def test_who_may_see_nothing_may_not_let_a_program_see_it(
    client: Client, make_user: Callable[..., User]
) -> None:
    client.force_login(make_user("visitor"))

    assert client.get(AT).status_code == 404
    assert client.post(AT, {"name": "One", "what": "stage"}).status_code == 404
    assert not FeedToken.objects.exists()
