"""Runs of a network, and any two models of the same rows, side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from headwater.engines.segments.agreement import adjusted_rand_index
from headwater.learning.agreement import agreement
from headwater.learning.models import Membership, StatisticalModel
from headwater.networks.models import BayesianNetwork
from tests.networks.conftest import EXAMPLE_1, EXAMPLE_2, make_network  # noqa: F401
from tests.testapp.models import Device, Person


@pytest.fixture
def other(fitted: StatisticalModel, make_model: Callable[..., Any]) -> StatisticalModel:
    """A mixture of the same people as ``fitted``."""
    model = make_model(
        name="Mixture",
        technique="variational_mixture",
        parameters={"n_components": 5},
        results_storage="dmf:testapp.Person.segment",
    )
    assert model.perform_inference().status == "succeeded"
    return model


def _address(before: Any, after: Any = None) -> str:
    address = f"{reverse('headwater:compare-models')}?before={before}"
    return address if after is None else f"{address}&after={after}"


def test_numbers_of_nodes_stand_beside_each_other(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    Person.objects.bulk_create(Person(x=float(x)) for x in range(50))
    network = make_network(EXAMPLE_1)
    first = network.perform_inference()
    Person.objects.filter(x__gt=40).update(x=1000.0)
    second = network.perform_inference(recalculate=True)
    address = reverse("headwater:compare", args=[network.pk])

    response = page.get(f"{address}?before={first.pk}&after={second.pk}")
    text = response.content.decode()

    mu, tau = response.context["nodes"]
    assert (mu.column, tau.column) == ("mu", "tau")
    assert mu.before.startswith("24.")
    assert mu.change.startswith("+1")
    assert "Sizes</h2>" not in text
    assert "Which rows moved is not known" not in text


def test_a_changed_network_is_told_between_runs(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    Person.objects.bulk_create(Person(x=float(x)) for x in range(20))
    network = make_network(EXAMPLE_1)
    first = network.perform_inference()
    network.nodes.filter(name="mu").update(distribution_params="0, 1e-3")
    second = network.perform_inference(recalculate=True)
    address = reverse("headwater:compare", args=[network.pk])

    text = page.get(f"{address}?before={first.pk}&after={second.pk}").content.decode()

    assert "The settings differ: the network." in text


def test_runs_of_a_clustering_network_compare_groups_and_no_components(
    page: Client,
    make_people: Callable[..., Any],
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    make_people(60)
    network = make_network(EXAMPLE_2)
    first = network.perform_inference()
    second = network.perform_inference(recalculate=True)
    address = reverse("headwater:compare", args=[network.pk])

    response = page.get(f"{address}?before={first.pk}&after={second.pk}")

    assert response.context["nodes"] == []
    assert "0 of 60 rows moved to another group" in response.content.decode()


def test_two_models_agree_on_the_same_groups(
    page: Client, fitted: StatisticalModel, other: StatisticalModel
) -> None:
    response = page.get(_address(fitted.current_fit_id, other.current_fit_id))
    text = response.content.decode()

    agreed = response.context["agreed"]
    assert agreed.rand_index == 1.0
    assert (agreed.matched, agreed.compared) == (60, 60)
    assert "100% of 60 rows are in groups that match" in text
    assert sorted(count for _, _, count in agreed.pairs) == [20, 40]
    assert {pair.before.size == pair.after.size for pair in response.context["pairs"]} == {True}
    assert "2 groups made" in text
    assert "2 groups found, of at most 5" in text


def test_the_models_to_compare_with_are_those_of_the_same_rows(
    page: Client,
    fitted: StatisticalModel,
    other: StatisticalModel,
    make_model: Callable[..., Any],
    make_source: Callable[..., Any],
) -> None:
    Device.objects.bulk_create(Device(x=float(i % 2), y=float(i % 3)) for i in range(30))
    devices = make_model(name="Devices", source=make_source(Device), results_storage="")
    assert devices.perform_inference().status == "succeeded"
    make_model(name="Never run", results_storage="")

    text = page.get(_address(fitted.current_fit_id)).content.decode()
    both = page.get(_address(fitted.current_fit_id, devices.current_fit_id))

    assert (
        _address(fitted.current_fit_id, other.current_fit_id).replace("&", "&amp;")[
            len(reverse("headwater:compare-models")) :
        ]
        in text
    )
    assert "Devices" not in text
    assert "Never run" not in text
    assert both.status_code == 200
    assert "The two learned from rows of different models" in both.content.decode()
    assert "agreed" not in both.context


def test_a_network_without_groups_is_not_compared(
    page: Client,
    fitted: StatisticalModel,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network(EXAMPLE_1)
    fit = network.perform_inference()
    refused = page.get(_address(fit.pk))
    assert refused.status_code == 404
    assert "Network" not in [
        str(one.model) for one in page.get(_address(fitted.current_fit_id)).context["others"]
    ]


def test_without_kept_labels_groups_stand_unmatched(
    page: Client, fitted: StatisticalModel, other: StatisticalModel
) -> None:
    Membership.objects.filter(fit=other.current_fit_id).delete()

    response = page.get(_address(fitted.current_fit_id, other.current_fit_id))

    assert "so groups are not matched" in response.content.decode()
    assert len(response.context["pairs"]) == 4


def test_nobody_compares_what_they_may_not_see(
    client: Client,
    make_user: Callable[..., User],
    fitted: StatisticalModel,
    other: StatisticalModel,
) -> None:
    owner = make_user("owner")
    StatisticalModel.objects.filter(pk=fitted.pk).update(owner=owner)
    client.force_login(owner)

    assert client.get(_address(fitted.current_fit_id, other.current_fit_id)).status_code == 404
    assert client.get(_address(other.current_fit_id)).status_code == 404
    assert "Mixture" not in client.get(_address(fitted.current_fit_id)).content.decode()

    client.force_login(make_user("viewer", "view_statisticalmodel"))
    assert client.get(_address(fitted.current_fit_id)).status_code == 403


@pytest.mark.parametrize("before", ["", "x", "999", "-1"])
def test_a_run_that_is_not_there_is_not_found(page: Client, before: str) -> None:
    assert page.get(_address(before)).status_code == 404


def test_a_run_without_a_result_is_not_found(
    page: Client, fitted: StatisticalModel, make_fit: Callable[..., Any]
) -> None:
    failed = make_fit(fitted, status="failed", error="x")

    assert page.get(_address(failed.pk)).status_code == 404
    assert page.get(_address(fitted.current_fit_id, failed.pk)).status_code == 404


# --- agreement ---


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=2, max_size=60),
)
def test_the_adjusted_rand_index_is_scikit_learns(labels: list[tuple[int, int]]) -> None:
    table = np.zeros((4, 5), dtype=int)
    for one, two in labels:
        table[one, two] += 1

    ours = adjusted_rand_index(table)

    assert ours == pytest.approx(adjusted_rand_score(*zip(*labels, strict=True)), abs=1e-12)


def test_too_few_rows_have_no_index() -> None:
    assert adjusted_rand_index(np.array([[1, 0], [0, 0]])) is None
    assert adjusted_rand_index(np.zeros((0, 0), dtype=int)) is None


def test_fits_of_different_rows_cannot_agree(
    fitted: StatisticalModel, make_fit: Callable[..., Any]
) -> None:
    strange = make_fit(fitted, source={"model": "testapp.Device"})
    assert fitted.current_fit is not None

    with pytest.raises(ValueError, match="only divisions of the same rows can agree"):
        agreement(fitted.current_fit, strange)
