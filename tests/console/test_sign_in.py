"""Every page of the console asks who is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.console.urls import urlpatterns

OPEN = {"sign-in", "sign-out"}


def _address(name: str, arguments: dict[str, type]) -> str:
    return reverse(f"headwater:{name}", kwargs=dict.fromkeys(arguments, 1))


@pytest.mark.parametrize("pattern", [p for p in urlpatterns if p.name not in OPEN], ids=str)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.django_db
def test_every_page_sends_a_stranger_to_the_sign_in(
    client: Client, pattern: Any, method: str
) -> None:
    address = _address(pattern.name, pattern.pattern.converters)

    response = getattr(client, method)(address)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("headwater:sign-in"))


@pytest.mark.django_db
def test_after_the_sign_in_comes_the_page_that_was_asked_for(client: Client) -> None:
    User.objects.create_user("ada", password="secret")
    asked = reverse("headwater:models")

    shown = client.get(client.get(asked)["Location"])
    assert "Sign in" in shown.content.decode()
    response = client.post(
        client.get(asked)["Location"], {"username": "ada", "password": "secret", "next": asked}
    )

    assert response["Location"] == asked


@pytest.mark.django_db
def test_the_sign_in_leads_to_no_other_site(client: Client) -> None:
    User.objects.create_user("ada", password="secret")

    response = client.post(
        reverse("headwater:sign-in"),
        {"username": "ada", "password": "secret", "next": "https://elsewhere.example/"},
    )

    assert response["Location"] == reverse("headwater:overview")


@pytest.mark.django_db
def test_a_wrong_password_is_told_and_kept_out(client: Client) -> None:
    response = client.post(reverse("headwater:sign-in"), {"username": "ada", "password": "x"})

    assert response.status_code == 200
    assert "correct username and password" in response.content.decode()


@pytest.mark.django_db
def test_a_fragment_without_a_session_moves_the_whole_page(client: Client) -> None:
    response = client.get(
        reverse("headwater:progress", args=[1]),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/models/1/"},
    )

    assert response.status_code == 204
    assert response["HX-Redirect"] == reverse("headwater:sign-in") + "?next=/models/1/"


def test_signing_out_needs_a_post(page: Client) -> None:
    assert page.get(reverse("headwater:sign-out")).status_code == 405
    assert "_auth_user_id" in page.session

    assert page.post(reverse("headwater:sign-out"))["Location"] == reverse("headwater:sign-in")
    assert "_auth_user_id" not in page.session


def test_changes_need_the_token(analyst: User, make_model: Callable[..., Any]) -> None:
    model = make_model()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(analyst)

    for name in ("run", "cancel", "delete", "edit"):
        address = reverse(f"headwater:{name}", args=[model.pk])
        assert strict.post(address).status_code == 403
    assert not model.fits.exists()
