"""The reading by recency, frequency and monetary value, on the page of a run."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from headwater.segmentation.rfm import rfm_of
from tests.console.segment_runs import run_sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(django_user_model: Any) -> tuple[Any, Any]:
    return tuple(  # type: ignore[return-value]
        django_user_model.objects.create_user(name, password="secret") for name in ("ada", "bob")
    )


def test_the_scores_are_loaded_after_the_page(client: Client, people: tuple[Any, Any]) -> None:
    ada, bob = people
    fit = run_sample("customers", ada, size=200)
    client.force_login(ada)
    address = reverse("headwater:segmentation-rfm", args=[fit.pk])
    page = client.get(reverse("headwater:segmentation", args=[fit.pk])).content.decode()
    assert f'hx-get="{address}"' in page
    assert 'href="#rfm"' in page
    fragment = client.get(address).content.decode()
    rfm = rfm_of(fit)
    assert rfm is not None
    for one in rfm.segments:
        assert f"<strong>{one.word}</strong>: {one.meaning}" in fragment
        assert f'<td class="hw-number">{one.recency:.1f}</td>' in fragment
    assert "<option selected>days_since_last_purchase</option>" in fragment
    client.force_login(bob)
    assert client.get(address).status_code == 404


def test_other_columns_can_be_chosen(client: Client, people: tuple[Any, Any]) -> None:
    fit = run_sample("customers", people[0], size=200)
    client.force_login(people[0])
    address = reverse("headwater:segmentation-rfm", args=[fit.pk])
    names = {"recency": "days_since_last_purchase", "frequency": "purchase_frequency"}
    chosen = client.get(address, {**names, "monetary": "avg_order_value"}).content.decode()
    assert "<option selected>avg_order_value</option>" in chosen
    refused = client.get(address, {**names, "monetary": "purchase_frequency"}).content.decode()
    assert "three different columns" in refused
    assert "<table" not in refused


def test_rows_that_tell_of_nothing_of_the_kind_have_no_such_section(
    client: Client, people: tuple[Any, Any]
) -> None:
    fit = run_sample("spices", people[0])
    client.force_login(people[0])
    page = client.get(reverse("headwater:segmentation", args=[fit.pk])).content.decode()
    assert 'href="#rfm"' not in page
    fragment = client.get(reverse("headwater:segmentation-rfm", args=[fit.pk])).content.decode()
    assert "No three columns of these rows seem to be about it." in fragment
