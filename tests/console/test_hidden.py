"""Rows of a Django model are shown only to who may view it; what is hidden is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.console.rights import may_see_groups, may_see_rows
from headwater.learning.models import StatisticalModel
from tests.testapp.models import Person

MakeUser = Callable[..., User]
PERMISSION = "testapp.view_person"


def _pages(client: Client, model: StatisticalModel) -> list[str]:
    fit = model.current_fit
    assert fit is not None
    addresses = [
        reverse("headwater:model", args=[model.pk]),
        reverse("headwater:fit", args=[model.pk, fit.pk]),
    ]
    return [client.get(address).content.decode() for address in addresses]


def _points(client: Client, model: StatisticalModel) -> Any:
    assert model.current_fit is not None
    return client.get(reverse("headwater:points", args=[model.pk, model.current_fit.pk]))


@pytest.fixture
def single(make_people: Any, make_model: Any) -> StatisticalModel:
    """A model of one column, whose picture is a histogram."""
    make_people(60)
    model: StatisticalModel = make_model(of={"columns": ("x",)})
    assert model.perform_inference().status == "succeeded"
    return model


def test_with_the_view_permission_of_the_rows_all_is_shown(
    client: Client, make_user: MakeUser, fitted: StatisticalModel
) -> None:
    client.force_login(make_user("viewer", "view_statisticalmodel", "view_person"))

    for text in _pages(client, fitted):
        assert 'id="chart-scatter"' in text
        assert 'id="why-hidden"' not in text
    assert _points(client, fitted).status_code == 200


def test_without_it_neither_rows_nor_groups_are_shown(
    client: Client, make_user: MakeUser, fitted: StatisticalModel
) -> None:
    client.force_login(make_user("viewer", "view_statisticalmodel"))

    for text in _pages(client, fitted):
        assert (
            f"Sizes and means of the groups are hidden from you: seeing them needs the "
            f"permission “{PERMISSION}”" in text
        )
        for shown in (
            'id="chart-scatter"',
            'id="chart-sizes"',
            "groups-title",
            "&quot;points&quot;",
            "&quot;std&quot;",
            "67%",
        ):
            assert shown not in text, shown
        assert 'id="chart-trace"' in text
    refused = _points(client, fitted)
    assert refused.status_code == 403
    assert PERMISSION in refused.content.decode()
    assert "hidden from you" in client.get("/").content.decode()
    fit = fitted.current_fit_id
    compare = reverse("headwater:compare", args=[fitted.pk])
    assert client.get(f"{compare}?before={fit}&after={fit}").status_code == 403


def test_an_owner_without_it_sees_groups_but_no_rows(
    client: Client, make_user: MakeUser, fitted: StatisticalModel
) -> None:
    owner = make_user("owner")
    StatisticalModel.objects.filter(pk=fitted.pk).update(owner=owner)
    client.force_login(owner)

    for text in _pages(client, fitted):
        assert "Rows are hidden from you" in text
        assert PERMISSION in text
        assert "groups-title" in text
        assert 'id="chart-sizes"' in text
        for shown in ('id="chart-scatter"', "&quot;points&quot;", "&quot;minimum&quot;"):
            assert shown not in text, shown
    assert _points(client, fitted).status_code == 403


def test_a_histogram_of_the_rows_is_hidden_as_well(
    client: Client, make_user: MakeUser, single: StatisticalModel
) -> None:
    owner = make_user("owner")
    StatisticalModel.objects.filter(pk=single.pk).update(owner=owner)
    client.force_login(owner)

    for text in _pages(client, single):
        assert 'id="chart-histogram"' not in text
        assert "&quot;counts&quot;" not in text


def test_what_the_run_read_counts_not_what_the_model_reads_now(
    make_user: MakeUser, fitted: StatisticalModel, make_source: Any
) -> None:
    from tests.testapp.models import Device

    user = make_user("viewer", "view_statisticalmodel", "view_device")
    fitted.source = make_source(Device)
    fitted.save()
    assert fitted.current_fit is not None

    assert not may_see_rows(user, fitted.current_fit)
    assert not may_see_groups(user, fitted.current_fit)


def test_rows_behind_a_relation_need_their_own_permission(
    make_user: MakeUser, make_model: Any, make_fit: Any
) -> None:
    source = {"model": Person._meta.label, "columns": ["age", "city__population"]}
    fit = make_fit(make_model(), source=source)

    one = may_see_rows(make_user("one", "view_person"), fit)

    assert not one
    assert "the permission “testapp.view_city”" in one.reason
    assert may_see_rows(make_user("both", "view_person", "view_city"), fit)


def test_rows_of_a_model_that_is_gone_stay_hidden(
    make_user: MakeUser, make_model: Any, make_fit: Any, analyst: User
) -> None:
    fit = make_fit(make_model(), source={"model": "gone.Thing", "columns": ["x"]})

    assert not may_see_rows(make_user("viewer", "view_person"), fit)
    assert may_see_rows(analyst, fit)
