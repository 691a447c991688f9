"""Who may see what, and do what; the reason is a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.learning.models import Fit, StatisticalModel

PAGES = ("model", "edit", "delete", "compare", "progress")


@pytest.mark.parametrize("name", PAGES)
def test_someone_elses_model_is_not_found(
    client: Client, make_user: Callable[..., User], fitted: StatisticalModel, name: str
) -> None:
    client.force_login(make_user("stranger", "add_statisticalmodel"))

    response = client.get(reverse(f"headwater:{name}", args=[fitted.pk]))

    assert response.status_code == 404
    assert fitted.name not in response.content.decode()


@pytest.mark.parametrize("name", ["run", "cancel", "delete", "edit"])
def test_nothing_can_be_done_to_someone_elses_model(
    client: Client, make_user: Callable[..., User], fitted: StatisticalModel, name: str
) -> None:
    client.force_login(make_user("stranger"))

    assert client.post(reverse(f"headwater:{name}", args=[fitted.pk])).status_code == 404
    assert StatisticalModel.objects.filter(pk=fitted.pk).exists()
    assert fitted.fits.count() == 1


def test_lists_show_only_what_may_be_seen(
    client: Client, make_user: Callable[..., User], fitted: StatisticalModel
) -> None:
    client.force_login(make_user("stranger"))

    for name in ("overview", "models"):
        assert fitted.name not in client.get(reverse(f"headwater:{name}")).content.decode()


@pytest.mark.parametrize("name", ["fit", "points"])
def test_a_run_of_another_model_is_not_found(
    page: Client, fitted: StatisticalModel, make_model: Callable[..., Any], name: str
) -> None:
    other = make_model(name="Other", results_storage="")
    assert fitted.current_fit is not None

    right = reverse(f"headwater:{name}", args=[fitted.pk, fitted.current_fit.pk])
    wrong = reverse(f"headwater:{name}", args=[other.pk, fitted.current_fit.pk])

    assert page.get(right).status_code == 200
    assert page.get(wrong).status_code == 404


@pytest.mark.parametrize("given", ["before=1&after=x", "before=&after=", "", "before=999&after=1"])
def test_a_comparison_of_what_is_not_there_is_not_found(
    page: Client, fitted: StatisticalModel, given: str
) -> None:
    address = reverse("headwater:compare", args=[fitted.pk])

    assert page.get(f"{address}?{given}").status_code == 404


def test_who_may_only_look_sees_why_the_button_is_disabled(
    client: Client, make_user: Callable[..., User], fitted: StatisticalModel
) -> None:
    client.force_login(make_user("viewer", "view_statisticalmodel"))

    text = client.get(reverse("headwater:model", args=[fitted.pk])).content.decode()

    assert "this needs the permission “run_inference”" in text
    assert "disabled" in text
    assert reverse("headwater:run", args=[fitted.pk]) not in text
    assert reverse("headwater:edit", args=[fitted.pk]) not in text
    assert reverse("headwater:delete", args=[fitted.pk]) not in text


@pytest.mark.parametrize(
    ("name", "codename"),
    [
        ("run", "run_inference"),
        ("cancel", "run_inference"),
        ("edit", "change_statisticalmodel"),
        ("delete", "delete_statisticalmodel"),
    ],
)
def test_who_may_only_look_is_refused_with_a_sentence(
    client: Client,
    make_user: Callable[..., User],
    fitted: StatisticalModel,
    name: str,
    codename: str,
) -> None:
    client.force_login(make_user("viewer", "view_statisticalmodel"))

    response = client.post(reverse(f"headwater:{name}", args=[fitted.pk]))

    assert response.status_code == 403
    assert f"this needs the permission “{codename}”" in response.content.decode()
    assert fitted.fits.count() == 1


def test_a_new_model_needs_the_permission_to_add(
    client: Client, make_user: Callable[..., User]
) -> None:
    client.force_login(make_user("viewer", "view_statisticalmodel"))
    address = reverse("headwater:create")

    assert client.get(address).status_code == 403
    assert "add_statisticalmodel" in client.post(address).content.decode()
    assert "add_statisticalmodel" in client.get(reverse("headwater:models")).content.decode()


def test_the_run_permission_is_enough_to_run(
    client: Client, make_user: Callable[..., User], fitted: StatisticalModel
) -> None:
    client.force_login(make_user("operator", "view_statisticalmodel", "run_inference"))

    response = client.post(reverse("headwater:run", args=[fitted.pk]))

    assert response["Location"] == reverse("headwater:model", args=[fitted.pk])


def test_an_owner_may_do_everything_with_their_own(
    client: Client, make_user: Callable[..., User], fitted: StatisticalModel
) -> None:
    owner = make_user("owner")
    StatisticalModel.objects.filter(pk=fitted.pk).update(owner=owner)
    client.force_login(owner)

    text = client.get(reverse("headwater:model", args=[fitted.pk])).content.decode()
    assert "Run again" in text
    assert client.get(reverse("headwater:edit", args=[fitted.pk])).status_code == 200
    assert client.post(reverse("headwater:delete", args=[fitted.pk])).status_code == 302
    assert not Fit.objects.exists()
