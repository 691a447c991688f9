"""Networks in the admin: stated from nothing, run, looked at; and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from headwater.learning.models import FitReason
from headwater.networks.models import BayesianNetwork, BayesianNetworkNode
from tests.networks.conftest import EXAMPLE_1, EXAMPLE_2
from tests.testapp.models import Person

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db
NETWORKS = "admin:headwater_networks_bayesiannetwork"
NODES = "admin:headwater_networks_bayesiannetworknode"


def network_form(**values: Any) -> dict[str, Any]:
    """Return what the form of a network posts, without nodes and edges."""
    return {
        "name": "Stated",
        "description": "",
        "owner": "",
        "encoding": '{"scale": "none", "missing": "refuse"}',
        "parameters": "{}",
        "engine_meta_iterations": 1,
        "engine_iterations": 1000,
        "results_storage": "",
        "counter_threshold": "",
        "threshold_actions": "",
        "recalculate": "manual",
        "recalculate_at": "",
        **management("nodes"),
        **management("edges"),
        **values,
    }


def management(prefix: str, total: int = 0) -> dict[str, Any]:
    return {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": 0}


def node_form(name: str, distribution: str, params: str, position: int) -> dict[str, Any]:
    prefix = f"nodes-{position}"
    return {
        f"{prefix}-position": position,
        f"{prefix}-name": name,
        f"{prefix}-node_type": "stochastic",
        f"{prefix}-distribution": distribution,
        f"{prefix}-distribution_params": params,
    }


def errors_of(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_network_is_stated_from_nothing_and_run(
    admin_client: Any, make_people: Make, django_capture_on_commit_callbacks: Any
) -> None:
    make_people(40)
    given = network_form(**management("nodes", 3))
    given |= node_form("mu", "GaussianARD", "0, 1e-6", 0)
    given |= node_form("tau", "Gamma", "1e-6, 1e-6", 1)
    given |= node_form("Y", "GaussianARD", "mu, tau", 2) | {"nodes-2-is_observable": "on"}
    response = admin_client.post(reverse(f"{NETWORKS}_add"), given)
    assert response.status_code == 302, errors_of(response)
    network = BayesianNetwork.objects.get(name="Stated")
    node = network.nodes.get(name="Y")

    page = reverse(f"{NODES}_change", args=[node.pk])
    columns = {
        "network": network.pk,
        "name": "Y",
        "node_type": "stochastic",
        "position": 2,
        "distribution": "GaussianARD",
        "distribution_params": "mu, tau",
        "is_observable": "on",
        "filter": "{}",
        **management("columns", 1),
        "columns-0-node": node.pk,
        "columns-0-ref_model": ContentType.objects.get_for_model(Person).pk,
        "columns-0-ref_column": "x",
        "columns-0-position": 0,
    }
    refused = admin_client.post(page, columns | {"columns-0-ref_column": "hight"})
    assert "“hight” is not a column of person" in errors_of(refused)
    assert not node.columns.exists()
    response = admin_client.post(page, columns)
    assert response.status_code == 302, errors_of(response)

    change = reverse(f"{NETWORKS}_change", args=[network.pk])
    assert "there is no edge from mu to Y" in admin_client.get(change).content.decode()
    act(admin_client, "add_missing_edges", network)
    assert network.stated() == type(EXAMPLE_1)(
        network.stated().nodes, (("mu", "Y"), ("tau", "Y")), "general"
    )
    assert "Nothing: it can be run." in admin_client.get(change).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        act(admin_client, "run_inference", network)
    network.refresh_from_db()
    assert network.is_inferred
    assert network.current_fit.reason == FitReason.ASKED


def act(client: Any, action: str, *networks: Any) -> Any:
    return client.post(
        reverse(f"{NETWORKS}_changelist"),
        {"action": action, "_selected_action": [network.pk for network in networks]},
        follow=True,
    )


def test_pages_open(admin_client: Any, make_people: Make, make_network: Make) -> None:
    make_people(90)
    network = make_network(EXAMPLE_2, results_storage="dmf:testapp.Person.group")
    network.perform_inference()
    network.perform_inference(recalculate=True)
    node = network.nodes.first()
    for name, arguments in [
        (f"{NETWORKS}_changelist", []),
        (f"{NETWORKS}_add", []),
        (f"{NETWORKS}_change", [network.pk]),
        (f"{NODES}_changelist", []),
        (f"{NODES}_add", []),
        (f"{NODES}_change", [node.pk]),
    ]:
        assert admin_client.get(reverse(name, args=arguments)).status_code == 200, name
    page = admin_client.get(reverse(f"{NETWORKS}_change", args=[network.pk])).content.decode()
    assert f"Current inference: run {network.current_fit_id}, 2 groups" in page
    assert f"Previous inference: run {network.current_fit_id - 1}, 2 groups" in page


def test_groups_are_shown_only_to_who_may_view_the_rows(
    client: Any, django_user_model: Any, make_people: Make, make_network: Make
) -> None:
    make_people(60)
    network = make_network(EXAMPLE_2)
    network.perform_inference()
    staff = django_user_model.objects.create_user("staff", password="x", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_bayesiannetwork"))
    client.force_login(staff)
    change = reverse(f"{NETWORKS}_change", args=[network.pk])
    assert "Current inference" not in client.get(change).content.decode()
    staff.user_permissions.add(Permission.objects.get(codename="view_person"))
    assert "Current inference" in client.get(change).content.decode()


def test_a_column_that_one_may_not_view_is_refused(
    client: Any, django_user_model: Any, make_network: Make
) -> None:
    node = make_network().nodes.get(name="Y")
    column = node.columns.get()
    staff = django_user_model.objects.create_user("staff", password="x", is_staff=True)
    names = ["change_bayesiannetworknode", "view_bayesiannetwork", "view_profile"]
    names += [f"{verb}_bayesiannetworknodecolumn" for verb in ("add", "change", "view")]
    staff.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(staff)
    given = {
        "network": node.network_id,
        "name": "Y",
        "node_type": "stochastic",
        "position": 2,
        "distribution": "GaussianARD",
        "distribution_params": "mu, tau",
        "is_observable": "on",
        "filter": "{}",
        "columns-TOTAL_FORMS": 1,
        "columns-INITIAL_FORMS": 1,
        "columns-0-id": column.pk,
        "columns-0-node": node.pk,
        "columns-0-ref_model": ContentType.objects.get_for_model(Person).pk,
        "columns-0-ref_column": "age",
        "columns-0-position": 0,
    }
    page = errors_of(client.post(reverse(f"{NODES}_change", args=[node.pk]), given))
    assert "You may not view rows of" in page
    column.refresh_from_db()
    assert column.ref_column == "x"


def test_nobody_becomes_owner_of_what_they_may_not_view(
    client: Any, django_user_model: Any, make_network: Make
) -> None:
    network = make_network()
    staff = django_user_model.objects.create_user("staff", password="x", is_staff=True)
    names = ["view_bayesiannetwork", "change_bayesiannetwork"]
    staff.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(staff)
    change = reverse(f"{NETWORKS}_change", args=[network.pk])
    given = network_form(name="Network", owner=staff.pk)
    assert "You may not view all rows that the nodes" in errors_of(client.post(change, given))
    network.refresh_from_db()
    assert network.owner is None
    staff.user_permissions.add(Permission.objects.get(codename="view_person"))
    assert client.post(change, given).status_code == 302


def test_a_new_seed_is_drawn(admin_client: Any, make_network: Make) -> None:
    network = make_network(EXAMPLE_2, parameters={"random_state": 3, "network_type": "clustering"})
    act(admin_client, "new_seed", network)
    network.refresh_from_db()
    assert network.parameters["random_state"] != 3
    assert network.network_type == "clustering"


def test_a_change_of_the_kind_of_a_node_needs_the_rest_to_follow(
    admin_client: Any, make_network: Make
) -> None:
    node = make_network().nodes.get(name="mu")
    page = reverse(f"{NODES}_change", args=[node.pk])
    given = {
        "network": node.network_id,
        "name": "mu",
        "node_type": "deterministic",
        "position": 0,
        "distribution": "GaussianARD",
        "distribution_params": "0, 1e-6",
        "filter": "{}",
        **management("columns"),
    }
    text = errors_of(admin_client.post(page, given))
    assert "A deterministic node has none of this." in text
    assert "A deterministic node needs a function. Choose one." in text
    assert BayesianNetworkNode.objects.get(pk=node.pk).node_type == "stochastic"
