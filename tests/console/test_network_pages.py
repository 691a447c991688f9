"""Networks stated in the console: made, nodes, edges, columns, problems; nothing lost on errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.console.networks.examples import EXAMPLES
from headwater.engines.network.check import check
from headwater.engines.network.definition import Definition
from headwater.networks.models import BayesianNetwork, BayesianNetworkNode
from tests.networks.conftest import EXAMPLE_1, EXAMPLE_2, make_network  # noqa: F401

SETTINGS = {
    "name": "Metric",
    "p_network_type": "general",
    "p_engine": "auto",
    "p_tol": "1e-5",
    "p_random_state": "0",
    "engine_meta_iterations": "2",
    "engine_iterations": "100",
    "e_scale": "none",
    "e_missing": "refuse",
    "e_category_weight": "1",
    "recalculate": "manual",
}


def _at(name: str, network: BayesianNetwork, *more: int) -> str:
    return reverse(f"headwater:{name}", args=[network.pk, *more])


def _node(network: BayesianNetwork, name: str) -> BayesianNetworkNode:
    return network.nodes.get(name=name)


def _statements(network: BayesianNetwork) -> list[str]:
    return [f"{node.name}: {node.type}({node.params})" for node in network.nodes.all()]


# --- settings ---


def test_a_network_is_made_and_belongs_to_who_made_it(page: Client, analyst: User) -> None:
    response = page.post(reverse("headwater:network-create"), SETTINGS)

    network = BayesianNetwork.objects.get()
    assert response["Location"] == _at("network", network)
    assert network.owner == analyst
    assert network.technique == "bayesian_network"
    assert network.parameters["tol"] == 1e-5
    assert network.encoding["scale"] == "none"
    assert network.encoding["missing"] == "refuse"
    assert network.engine_meta_iterations == 2


@pytest.mark.parametrize("key", EXAMPLES)
def test_each_example_lacks_nothing_but_its_columns(page: Client, key: str) -> None:
    page.post(reverse("headwater:network-create"), SETTINGS | {"example": key})

    network = BayesianNetwork.objects.get()
    definition = EXAMPLES[key].definition
    assert network.stated() == definition
    assert network.network_type == definition.network_type
    assert {problem.code for problem in check(definition)} <= {
        "nothing_observed",
        "no_data_length",
        "no_groups",
    }


def test_wrong_settings_stand_at_their_fields_and_nothing_is_lost(page: Client) -> None:
    BayesianNetwork.objects.create(name="Taken")

    response = page.post(
        reverse("headwater:network-create"),
        SETTINGS | {"name": "Taken", "description": "Mine", "p_tol": "-1", "example": "counts"},
    )

    assert response.status_code == 422
    form = response.context["form"]
    assert "p_tol" in form.errors
    text = response.content.decode()
    assert ">Mine</textarea>" in text.replace("\n", "")
    assert 'value="counts"' in text
    assert form["example"].value() == "counts"
    assert BayesianNetwork.objects.count() == 1


def test_a_name_is_given_once(page: Client) -> None:
    BayesianNetwork.objects.create(name="Taken")

    response = page.post(reverse("headwater:network-create"), SETTINGS | {"name": "Taken"})

    assert "of that name already. Choose another name." in response.content.decode()


def test_settings_are_changed_and_letters_get_a_field(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network(EXAMPLE_2)
    address = _at("network-edit", network)
    choices = page.get(address).context["form"].fields["results_storage"].choices

    given = SETTINGS | {
        "p_network_type": "clustering",
        "p_engine": "bayespy",
        "results_storage": "dmf:testapp.Person.group",
    }
    response = page.post(address, given)

    assert ("dmf:testapp.Person.group", "group") in choices
    assert response.status_code == 302
    network = BayesianNetwork.objects.get()
    assert network.name == "Metric"
    assert network.parameters["engine"] == "bayespy"
    assert network.results_storage == "dmf:testapp.Person.group"


def test_a_general_network_writes_no_letters(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network(EXAMPLE_2)
    given = SETTINGS | {"results_storage": "dmf:testapp.Person.group"}

    response = page.post(_at("network-edit", network), given)

    assert response.status_code == 422
    assert "A general network gives no row a group" in response.content.decode()
    assert BayesianNetwork.objects.get().network_type == "clustering"


def test_the_form_of_other_models_leads_to_that_of_networks(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network()

    for method in (page.get, page.post):
        assert method(_at("edit", network))["Location"] == _at("network-edit", network)


# --- nodes ---


def test_example_1_is_stated_node_by_node(page: Client) -> None:
    network = BayesianNetwork.objects.create(name="BN1")
    add = _at("node-create", network)
    for name, kind, parameters in (
        ("mu", "GaussianARD", "0, 1e-6"),
        ("tau", "Gamma", "1e-6, 1e-6"),
    ):
        given = {"name": name, "type": kind, "parameters": parameters, "act": "save"}
        assert page.post(add, given).status_code == 302
    response = page.post(
        add,
        {
            "name": "Y",
            "type": "GaussianARD",
            "parameters": "mu, tau",
            "rows_of": "testapp.person",
            "more": ["testapp.Person.x"],
            "add_edges": "on",
            "act": "save",
        },
        follow=True,
    )

    assert network.stated() == EXAMPLE_1
    assert "The node “Y” was added. Added mu → Y, tau → Y." in response.content.decode()
    assert response.context["problems"] == []


def test_a_parameter_error_marks_the_character_and_keeps_the_input(page: Client) -> None:
    network = BayesianNetwork.objects.create(name="BN1")

    response = page.post(
        _at("node-create", network),
        {"name": "mu", "type": "GaussianARD", "parameters": "0, 1e-6]", "act": "save"},
    )
    text = response.content.decode()

    assert response.status_code == 422
    assert "Character 8" in text
    assert ">0, 1e-6<mark>]</mark></pre>" in text
    assert "0, 1e-6]</textarea>" in text
    assert response.context["form"]["name"].value() == "mu"
    assert not network.nodes.exists()


def test_what_is_pressed_changes_the_form_and_saves_nothing(page: Client) -> None:
    network = BayesianNetwork.objects.create(name="BN1")
    address = _at("node-create", network)
    given: dict[str, Any] = {
        "name": "Y",
        "type": "Gaussian",
        "parameters": "mu, Lambda",
        "rows_of": "testapp.person",
        "columns": ["testapp.Person.x"],
        "more": ["testapp.Person.y", "testapp.Person.age"],
    }

    def labels(act: str, **changed: Any) -> list[str]:
        form = page.post(address, given | changed | {"act": act}).context["form"]
        assert form["name"].value() == "Y"
        assert not form.errors
        return [column.lookup for column in form.columns]

    three = ["testapp.Person.x", "testapp.Person.y", "testapp.Person.age"]
    assert labels("refresh") == ["x"]
    assert labels("add") == ["x", "y", "age"] or labels("add") == ["x", "age", "y"]
    assert labels("up:2", columns=three) == ["x", "age", "y"]
    assert labels("down:0", columns=three) == ["y", "x", "age"]
    assert labels("down:2", columns=three) == ["x", "y", "age"]
    assert labels("remove:1", columns=three) == ["x", "age"]
    assert labels("remove:99", columns=three) == ["x", "y", "age"]
    example = page.post(address, given | {"act": "example"}).context["form"]
    assert example["parameters"].value() == "numpy.zeros(2), [[1e-5, 0], [0, 1e-5]]"
    assert not network.nodes.exists()


def test_columns_keep_their_order_and_may_be_of_two_models(page: Client) -> None:
    network = BayesianNetwork.objects.create(name="BN1")
    columns = ["testapp.Device.y", "testapp.Person.x", "testapp.Device.x"]

    page.post(
        _at("node-create", network),
        {
            "name": "Y",
            "type": "Gaussian",
            "parameters": "[0, 0, 0], numpy.identity(3)",
            "columns": columns,
            "filter": '{"x__gt": 0}',
            "graph_interval": "-1, 5",
            "act": "save",
        },
    )

    node = _node(network, "Y")
    assert [column.label for column in node.columns.all()] == columns
    assert node.filter == {"x__gt": 0}
    assert node.graph_interval == "-1, 5"
    assert node.is_observable


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"name": "2mu"}, "name", "begins with a letter"),
        ({"name": "tau"}, "name", "has a node “tau” already"),
        ({"name": ""}, "name", "required"),
        ({"name": "2mu", "type": ""}, "name", "begins with a letter"),
        ({"type": ""}, "type", "Choose a distribution or a function."),
        ({"graph_interval": "5"}, "graph_interval", "Write the two ends"),
        ({"filter": "{"}, "filter", "This is not JSON"),
        ({"filter": "[]"}, "filter", "Write lookups with their values"),
        ({"filter": '{"is_active": true}'}, "filter", "give the node columns to read"),
        (
            {"filter": '{"nothing": 1}', "columns": ["testapp.Person.x"]},
            "filter",
            "“nothing”",
        ),
        ({"columns": ["testapp.Person.name"]}, "more", "holds free text"),
        ({"columns": ["testapp.Gone.x"]}, "more", "is not installed any more"),
        (
            {"type": "Dot", "columns": ["testapp.Person.x"]},
            "more",
            "Dot cannot observe columns",
        ),
        ({"type": "Wishart", "columns": ["testapp.Person.x"]}, "more", "cannot observe"),
    ],
)
def test_what_is_wrong_with_a_node_stands_at_its_field(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
    given: dict[str, Any],
    field: str,
    sentence: str,
) -> None:
    network = make_network()
    whole = {"name": "nu", "type": "GaussianARD", "parameters": "0, 1", "act": "save"} | given

    response = page.post(_at("node-create", network), whole)

    assert response.status_code == 422
    assert any(sentence in error for error in response.context["form"].errors[field])
    assert sentence in response.content.decode()
    assert network.nodes.count() == 3


def test_a_renamed_node_is_renamed_where_it_is_used(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network(EXAMPLE_2)
    node = _node(network, "Y")

    response = page.post(
        _at("node", network, node.pk),
        {
            "name": "visits",
            "type": "Mixture",
            "parameters": node.params,
            "columns": ["testapp.Person.x", "testapp.Person.y"],
            "act": "save",
        },
        follow=True,
    )

    assert _node(network, "Z").params == "alpha, plates=(:dl|visits, ), :ifr"
    assert "Its new name was also written in Z." in response.content.decode()
    assert response.context["problems"] == []


def test_nodes_are_moved_and_deleted(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network()
    tau = _node(network, "tau")

    page.post(_at("node-move", network, tau.pk), {"to": "up"})
    assert [node.name for node in network.nodes.all()] == ["tau", "mu", "Y"]
    page.post(_at("node-move", network, tau.pk), {"to": "up"})
    page.post(_at("node-move", network, tau.pk), {"to": "down"})
    page.post(_at("node-move", network, tau.pk), {"to": "down"})
    page.post(_at("node-move", network, tau.pk), {"to": "down"})
    assert [node.name for node in network.nodes.all()] == ["mu", "Y", "tau"]

    question = page.get(_at("node-delete", network, tau.pk)).content.decode()
    assert "Y names it; until that is changed, the network cannot be run." in question
    assert "1 edge: tau → Y" in question
    assert network.nodes.count() == 3
    page.post(_at("node-delete", network, tau.pk))
    assert [str(edge) for edge in network.edges.all()] == ["mu → Y"]


def test_a_node_of_another_network_is_not_found(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network, other = make_network(), make_network(name="Other")
    node = _node(other, "mu")

    for name in ("node", "node-delete"):
        assert page.get(_at(name, network, node.pk)).status_code == 404
    for name in ("node", "node-delete", "node-move"):
        assert page.post(_at(name, network, node.pk)).status_code == 404
    edge = other.edges.first()
    assert edge is not None
    assert page.post(_at("edge-delete", network, edge.pk)).status_code == 404
    assert other.nodes.count() == 3


# --- edges and problems ---


def test_a_missing_edge_is_added_by_its_button(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network(Definition(EXAMPLE_1.nodes))
    response = page.get(_at("network", network))
    text = response.content.decode()

    assert "Add the edge mu → Y" in text
    assert "Add all 2 missing edges" in text
    assert reverse("headwater:run", args=[network.pk]) not in text
    assert "It can be run once the 2 problems below are mended." in text

    mend = response.context["problems"][0].mends[0]
    page.post(mend.address, dict(mend.fields))
    assert [str(edge) for edge in network.edges.all()] == ["mu → Y"]
    page.post(_at("edges-missing", network))
    assert network.stated() == EXAMPLE_1
    after = page.get(_at("network", network)).content.decode()
    assert reverse("headwater:run", args=[network.pk]) in after


def test_an_edge_that_nothing_uses_is_deleted_by_its_button(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network()
    page.post(
        _at("edge-create", network),
        {
            "parent": _node(network, "mu").pk,
            "child": _node(network, "tau").pk,
            "description": "by mistake",
        },
    )
    assert network.edges.filter(description="by mistake").exists()

    (problem,) = page.get(_at("network", network)).context["problems"]
    mend = problem.mends[0]
    assert mend.label == "Delete the edge mu → tau"
    page.post(mend.address, dict(mend.fields))
    assert not network.edges.filter(description="by mistake").exists()


@pytest.mark.parametrize(
    ("parent", "child", "sentence"),
    [
        ("mu", "mu", "An edge leads from one node to another one."),
        ("mu", "Y", "There is such an edge already."),
        ("", "Y", "Choose a node."),
        ("999", "Y", "Choose a node of this network."),
    ],
)
def test_a_wrong_edge_is_refused_with_its_input_kept(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
    parent: str,
    child: str,
    sentence: str,
) -> None:
    network = make_network()
    pks = {node.name: str(node.pk) for node in network.nodes.all()}

    response = page.post(
        _at("edge-create", network),
        {
            "parent": pks.get(parent, parent),
            "child": pks[child],
            "description": "because",
        },
    )

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert 'value="because"' in response.content.decode()
    assert network.edges.count() == 2


def test_an_example_fills_an_empty_network_only(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = BayesianNetwork.objects.create(name="Empty")
    assert "Begin with it" in page.get(_at("network", network)).content.decode()
    page.post(_at("network-example", network), {"example": "mixture"})
    assert BayesianNetwork.objects.get(pk=network.pk).stated() == EXAMPLES["mixture"].definition

    full = make_network()
    response = page.post(_at("network-example", full), {"example": "counts"}, follow=True)
    assert "has nodes already" in response.content.decode()
    assert full.stated() == EXAMPLE_1
    assert page.post(_at("network-example", full), {"example": "none"}).status_code == 404


def test_the_drawing_follows_each_edit(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network()
    drawing = page.get(_at("network", network)).context["drawing"]
    assert {node.name for node in drawing.nodes} == {"mu", "tau", "Y"}
    assert {(edge.parent, edge.child) for edge in drawing.edges} == {("mu", "Y"), ("tau", "Y")}
    assert [node.css for node in drawing.nodes if node.name == "Y"] == ["hw-node-observed"]

    page.post(_at("node-delete", network, _node(network, "tau").pk))

    drawing = page.get(_at("network", network)).context["drawing"]
    assert {node.name for node in drawing.nodes} == {"mu", "Y"}
    assert drawing.sentences[0] == (
        "The network has 2 nodes, of which 1 observes data, and 1 edge."
    )


def test_a_deterministic_node_is_drawn_double_and_read_as_computed(page: Client) -> None:
    network = BayesianNetwork.objects.create(name="Line")
    page.post(_at("network-example", network), {"example": "regression"})

    response = page.get(_at("network", network))

    doubles = {node.name for node in response.context["drawing"].nodes if node.is_double}
    assert doubles == {"slope", "line"}
    assert [n.sign for n in response.context["nodes"]] == ["~", "~", "=", "~", "=", "~", "~"]
    assert "hw-node-inner" in response.content.decode()


def test_a_model_that_is_no_network_has_no_workbench(page: Client, make_model: Any) -> None:
    model = make_model()

    for name in ("network", "network-edit", "node-create", "network-inform", "network-limit"):
        assert page.get(reverse(f"headwater:{name}", args=[model.pk])).status_code == 404
