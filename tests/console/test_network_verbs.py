"""What was learned as prior, a limit of groups, and the way back: asked, shown, then done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.console.networks.shown import changes
from headwater.engines.network.definition import Definition
from headwater.networks.models import BayesianNetwork
from tests.networks.conftest import (
    EXAMPLE_1,
    EXAMPLE_2,
    definition,
    make_network,  # noqa: F401
    node,
)
from tests.testapp.models import Person


@pytest.fixture
def one_metric(
    db: None,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> BayesianNetwork:
    """Example 1, learned from 100 rows."""
    rng = np.random.default_rng(5)
    Person.objects.bulk_create(
        Person(name=f"P{i}", x=float(x)) for i, x in enumerate(rng.normal(10, 5, 100))
    )
    network = make_network(EXAMPLE_1, name="BN1")
    fit = network.perform_inference()
    assert fit.status == "succeeded", fit.error
    return network


@pytest.fixture
def clustering(
    make_people: Callable[..., Any],
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> BayesianNetwork:
    """Example 2 on two groups of people."""
    make_people(90)
    network = make_network(EXAMPLE_2, name="Groups")
    fit = network.perform_inference()
    assert fit.status == "succeeded", fit.error
    assert fit.n_groups == 2
    return network


def _again(network: BayesianNetwork) -> BayesianNetwork:
    return BayesianNetwork.objects.get(pk=network.pk)


def test_priors_are_informed_after_showing_how(page: Client, one_metric: BayesianNetwork) -> None:
    address = reverse("headwater:network-inform", args=[one_metric.pk])

    asked = page.get(address, {"weight": "0.5"})
    shown = {change.name: change for change in asked.context["changes"]}
    assert set(shown) == {"mu", "tau"}
    assert shown["mu"].before == "~ GaussianARD(0, 1e-6)"
    assert shown["tau"].after.startswith("~ Gamma(25")
    assert _again(one_metric).stated() == EXAMPLE_1

    response = page.post(address, {"weight": "0.5"}, follow=True)
    assert "now know what its last run found" in response.content.decode()
    stated = _again(one_metric).stated()
    assert [c.after for c in changes(EXAMPLE_1, stated)] == [
        change.after for change in asked.context["changes"]
    ]
    assert one_metric.fits.count() == 1


@pytest.mark.parametrize("weight", ["0", "1.5", "-1", "much", "nan"])
def test_a_weight_that_is_none_is_refused(
    page: Client, one_metric: BayesianNetwork, weight: str
) -> None:
    address = reverse("headwater:network-inform", args=[one_metric.pk])

    for response in (page.get(address, {"weight": weight}), page.post(address, {"weight": weight})):
        assert response.status_code == 422
        assert f"The weight was “{weight}”" in response.content.decode()
    assert _again(one_metric).stated() == EXAMPLE_1


def test_what_is_hidden_informs_no_prior(
    client: Client, make_user: Callable[..., User], one_metric: BayesianNetwork
) -> None:
    may_change = ("view_statisticalmodel", "change_statisticalmodel")
    client.force_login(make_user("editor", *may_change))
    address = reverse("headwater:network-inform", args=[one_metric.pk])

    for response in (client.get(address), client.post(address, {"weight": "0.5"})):
        assert response.status_code == 403
        assert "testapp.view_person" in response.content.decode()
    assert _again(one_metric).stated() == EXAMPLE_1

    client.force_login(make_user("reader", *may_change, "view_person"))
    assert client.get(address).status_code == 200


def test_without_a_result_there_is_nothing_to_inform_priors_with(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network()
    address = reverse("headwater:network-inform", args=[network.pk])

    assert "has no result yet" in page.get(address).content.decode()
    response = page.post(address, {"weight": "0.1"})
    assert response.status_code == 422
    assert "Nothing was changed" in response.content.decode()


def test_a_changed_network_is_not_informed_by_what_belongs_to_another(
    page: Client, one_metric: BayesianNetwork
) -> None:
    one_metric.nodes.filter(name="mu").update(distribution_params="5, 1e-6")
    before = _again(one_metric).stated()
    address = reverse("headwater:network-inform", args=[one_metric.pk])

    assert page.get(address).status_code == 422
    assert page.post(address, {"weight": "0.1"}).status_code == 422
    assert _again(one_metric).stated() == before


def test_groups_are_limited_to_those_found_and_one(
    page: Client, clustering: BayesianNetwork
) -> None:
    address = reverse("headwater:network-limit", args=[clustering.pk])

    asked = page.get(address)
    assert asked.context["limit"] == "3"
    assert "Run " in asked.content.decode()
    assert {change.name for change in asked.context["changes"]} == {"alpha", "mu", "Lambda"}
    assert _again(clustering).stated() == EXAMPLE_2

    page.post(address, {"limit": "3"})
    network = _again(clustering)
    assert network.nodes.get(name="alpha").params == "numpy.full(3, 1e-05)"
    fit = network.perform_inference(recalculate=True)
    assert (fit.status, fit.n_groups) == ("succeeded", 2), fit.error


@pytest.mark.parametrize("limit", ["0", "501", "few", ""])
def test_a_limit_that_is_none_is_refused(
    page: Client, clustering: BayesianNetwork, limit: str
) -> None:
    address = reverse("headwater:network-limit", args=[clustering.pk])

    response = page.post(address, {"limit": limit})

    assert response.status_code == 422
    assert "a whole number from 1 to 500" in response.content.decode()
    assert _again(clustering).stated() == EXAMPLE_2


def test_a_network_without_groups_has_no_limit(page: Client, one_metric: BayesianNetwork) -> None:
    address = reverse("headwater:network-limit", args=[one_metric.pk])

    assert page.get(address).status_code == 422
    assert page.post(address, {"limit": "3"}).status_code == 422
    text = page.get(reverse("headwater:model", args=[one_metric.pk])).content.decode()
    assert "Use what was learned as prior" in text
    assert "Allow at most" not in text


def test_a_network_is_stated_again_as_in_a_run(page: Client, one_metric: BayesianNetwork) -> None:
    fit = one_metric.current_fit_id
    tau = one_metric.nodes.get(name="tau")
    page.post(reverse("headwater:node-delete", args=[one_metric.pk, tau.pk]))
    address = reverse("headwater:network-restore", args=[one_metric.pk, fit])

    asked = page.get(address)
    shown = {change.name: change for change in asked.context["changes"]}
    assert shown["tau"].before == ""
    assert shown["tau"].after == "~ Gamma(1e-6, 1e-6)"
    assert shown["edges"].after == "tau → Y"
    page.post(address)

    assert _again(one_metric).stated() == EXAMPLE_1
    assert page.get(address).context["changes"] == []


def test_a_run_of_another_network_states_nothing(
    page: Client,
    one_metric: BayesianNetwork,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    other = make_network(name="Other")
    address = reverse("headwater:network-restore", args=[other.pk, one_metric.current_fit_id])

    assert page.get(address).status_code == 404
    assert page.post(address).status_code == 404


def test_changes_tell_nodes_edges_columns_and_type() -> None:
    before = definition(
        node("mu", "GaussianARD", "0, 1"),
        node("Y", "GaussianARD", "mu, 1", "testapp.Person.x"),
    )
    after = Definition(
        (
            node("mu", "GaussianARD", "0.123456789, 1"),
            node("Y", "GaussianARD", "mu, 1", "testapp.Person.y"),
            node("nu", "Dot", "mu, mu"),
        ),
        (("mu", "nu"),),
        "clustering",
    )

    told = [(one.name, one.before, one.after) for one in changes(before, after)]

    assert told == [
        ("mu", "~ GaussianARD(0, 1)", "~ GaussianARD(0.12346, 1)"),
        (
            "Y",
            "~ GaussianARD(mu, 1), reads testapp.Person.x",
            "~ GaussianARD(mu, 1), reads testapp.Person.y",
        ),
        ("nu", "", "= Dot(mu, mu)"),
        ("edges", "mu → Y", "mu → nu"),
        ("type of the network", "general", "clustering"),
    ]
    assert changes(before, before) == []
