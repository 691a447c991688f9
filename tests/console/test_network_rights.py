"""Who may see a network, and who may change it; what the policy forbids."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.console.security import POLICY
from headwater.learning.models import Fit
from headwater.networks.models import (
    BayesianNetwork,
    BayesianNetworkEdge,
    BayesianNetworkNode,
    BayesianNetworkNodeColumn,
)
from tests.networks.conftest import EXAMPLE_1, EXAMPLE_2, make_network  # noqa: F401

OF_NETWORK = (
    "network-edit",
    "network-example",
    "node-create",
    "edge-create",
    "edges-missing",
    "network-inform",
    "network-limit",
)
OF_NODE = ("node", "node-delete", "node-move")
ONLY_POST = ("network-example", "node-move", "edge-create", "edges-missing", "edge-delete")


@pytest.fixture
def network(make_network: Callable[..., BayesianNetwork]) -> BayesianNetwork:  # noqa: F811
    """A network that nobody owns, with a run."""
    network = make_network()
    Fit.objects.create(
        model=network,
        technique=network.technique,
        status="succeeded",
        definition=network.definition(),
        source=network.reads(),
    )
    return network


def _changing(network: BayesianNetwork) -> dict[str, str]:
    """Return name -> address of all that changes a network."""
    node, edge, fit = network.nodes.get(name="mu"), network.edges.first(), network.fits.first()
    assert edge is not None
    assert fit is not None
    named = {name: reverse(f"headwater:{name}", args=[network.pk]) for name in OF_NETWORK}
    named |= {name: reverse(f"headwater:{name}", args=[network.pk, node.pk]) for name in OF_NODE}
    named["edge-delete"] = reverse("headwater:edge-delete", args=[network.pk, edge.pk])
    named["network-restore"] = reverse("headwater:network-restore", args=[network.pk, fit.pk])
    return named


def _everything() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (
            BayesianNetwork,
            BayesianNetworkNode,
            BayesianNetworkEdge,
            BayesianNetworkNodeColumn,
            Fit,
        )
    ]


def test_someone_elses_network_is_not_found(
    client: Client, make_user: Callable[..., User], network: BayesianNetwork
) -> None:
    client.force_login(make_user("stranger", "add_statisticalmodel"))
    before = _everything()

    assert client.get(reverse("headwater:network", args=[network.pk])).status_code == 404
    for name, address in _changing(network).items():
        assert client.post(address).status_code == 404, name
        if name not in ONLY_POST:
            assert client.get(address).status_code == 404, name
    assert _everything() == before


def test_who_may_only_look_is_refused_with_a_sentence(
    client: Client, make_user: Callable[..., User], network: BayesianNetwork
) -> None:
    client.force_login(make_user("viewer", "view_statisticalmodel"))
    before = _everything()

    for name, address in _changing(network).items():
        for response in (
            client.post(address),
            *(() if name in ONLY_POST else (client.get(address),)),
        ):
            assert response.status_code == 403, name
            assert "this needs the permission “change_statisticalmodel”" in (
                response.content.decode()
            )
    assert _everything() == before


def test_who_may_only_look_sees_the_network_and_no_button(
    client: Client, make_user: Callable[..., User], network: BayesianNetwork
) -> None:
    client.force_login(make_user("viewer", "view_statisticalmodel"))

    text = client.get(reverse("headwater:network", args=[network.pk])).content.decode()

    assert "GaussianARD(mu, tau)" in text
    assert "You may not change" in text
    assert "You may not run" in text
    for address in [*_changing(network).values(), reverse("headwater:run", args=[network.pk])]:
        assert address not in text, address


def test_problems_are_told_to_who_may_not_mend_them(
    client: Client, make_user: Callable[..., User], network: BayesianNetwork
) -> None:
    network.edges.all().delete()
    client.force_login(make_user("viewer", "view_statisticalmodel"))

    text = client.get(reverse("headwater:network", args=[network.pk])).content.decode()

    assert "“Y” uses “mu”, and there is no edge" in text
    assert "Add the edge mu → Y" not in text
    assert "Add all" not in text


def test_a_new_network_needs_the_permission_to_add(
    client: Client, make_user: Callable[..., User]
) -> None:
    client.force_login(make_user("viewer", "view_statisticalmodel"))
    address = reverse("headwater:network-create")

    assert client.get(address).status_code == 403
    assert client.post(address, {"name": "Mine"}).status_code == 403
    assert address not in client.get(reverse("headwater:models")).content.decode()
    assert not BayesianNetwork.objects.exists()


def test_an_owner_may_change_their_own(
    client: Client, make_user: Callable[..., User], network: BayesianNetwork
) -> None:
    owner = make_user("owner")
    BayesianNetwork.objects.filter(pk=network.pk).update(owner=owner)
    client.force_login(owner)
    node = network.nodes.get(name="mu")

    client.post(reverse("headwater:node-delete", args=[network.pk, node.pk]))

    assert not network.nodes.filter(name="mu").exists()


def test_only_columns_of_rows_that_one_may_view_are_offered_and_taken(
    client: Client, make_user: Callable[..., User], network: BayesianNetwork
) -> None:
    owner = make_user("owner")
    BayesianNetwork.objects.filter(pk=network.pk).update(owner=owner)
    client.force_login(owner)
    address = reverse("headwater:node-create", args=[network.pk])
    given = {
        "name": "nu",
        "type": "GaussianARD",
        "parameters": "0, 1",
        "columns": ["testapp.Person.y"],
        "act": "save",
    }

    assert "testapp.person" not in client.get(address).content.decode()
    response = client.post(address, given)

    assert response.status_code == 422
    assert "You may not view rows of person" in response.content.decode()
    assert not network.nodes.filter(name="nu").exists()

    owner.user_permissions.add(*make_user("other", "view_person").user_permissions.all())
    assert client.post(address, given).status_code == 302


def test_columns_that_somebody_else_chose_stay_unless_more_is_asked_of_them(
    client: Client, make_user: Callable[..., User], network: BayesianNetwork
) -> None:
    owner = make_user("owner")
    BayesianNetwork.objects.filter(pk=network.pk).update(owner=owner)
    client.force_login(owner)
    node = network.nodes.get(name="Y")
    address = reverse("headwater:node", args=[network.pk, node.pk])
    given = {
        "name": "Y",
        "type": "GaussianARD",
        "parameters": "tau, mu",
        "columns": ["testapp.Person.x"],
        "act": "save",
    }

    refused = client.post(address, given | {"filter": '{"income__gt": 5000}'})
    assert refused.status_code == 422
    assert client.post(address, given).status_code == 302
    assert network.nodes.get(name="Y").params == "tau, mu"


def test_a_get_changes_nothing(page: Client, network: BayesianNetwork) -> None:
    before = _everything()

    for name, address in _changing(network).items():
        expected = (405,) if name in ONLY_POST else (200, 422)
        assert page.get(address).status_code in expected, name
    for name in ("network", "model"):
        assert page.get(reverse(f"headwater:{name}", args=[network.pk])).status_code == 200

    assert _everything() == before


def test_every_page_has_the_policy_and_nothing_inline(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
    make_people: Callable[..., Any],
) -> None:
    make_people(60)
    addresses = [reverse("headwater:network-create"), reverse("headwater:models"), "/"]
    for name, stated in (("One", EXAMPLE_1), ("Two", EXAMPLE_2)):
        network = make_network(stated, name=name)
        fit = network.perform_inference()
        assert fit.status == "succeeded", fit.error
        addresses += [
            reverse(f"headwater:{one}", args=[network.pk])
            for one in ("model", "network", "network-edit", "node-create", "network-limit")
        ]
        node = network.nodes.last()
        assert node is not None
        addresses += [
            reverse(f"headwater:{one}", args=[network.pk, node.pk])
            for one in ("node", "node-delete")
        ]
        addresses.append(reverse("headwater:fit", args=[network.pk, fit.pk]))
        if fit.n_groups:
            addresses.append(f"{reverse('headwater:compare-models')}?before={fit.pk}")
    for address in addresses:
        response = page.get(address)
        text = response.content.decode()
        assert response.status_code in (200, 422), address
        assert response["Content-Security-Policy"] == POLICY, address
        assert not re.search(r"<[^>]*\sstyle=", text), address
        assert not re.search(r"<[^>]*\son[a-z]+=", text), address
        assert "<style" not in text, address
        for tag in re.findall(r"<script[^>]*>", text):
            assert 'src="/static/headwater/' in tag or 'type="application/json"' in tag, tag
