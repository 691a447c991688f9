"""What is wrong with a network is said in sentences, at the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from headwater.networks.edges import add_missing_edges
from headwater.networks.models import (
    BayesianNetworkEdge,
    BayesianNetworkNode,
    BayesianNetworkNodeColumn,
)
from headwater.networks.validate import graph_interval
from tests.networks.conftest import EXAMPLE_1, EXAMPLE_2
from tests.testapp.models import Person

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db

GOOD = {"name": "new", "distribution": "GaussianARD", "distribution_params": "0, 1e-6"}
BAD_NODES = [
    ({"distribution": ""}, "distribution", "A stochastic node needs a distribution. Choose one."),
    (
        {"distribution_params": " "},
        "distribution_params",
        "This is missing. Write for example “0, 1e-6”.",
    ),
    ({"deterministic": "Dot"}, "deterministic", "A stochastic node has none of this. Empty it"),
    ({"deterministic_params": "a"}, "deterministic_params", "A stochastic node has none of this."),
    (
        {"node_type": "deterministic", "deterministic": "Dot", "deterministic_params": "a, b"},
        "distribution",
        "A deterministic node has none of this. Empty it, or change the kind of node.",
    ),
    (
        {
            "node_type": "deterministic",
            "distribution": "",
            "distribution_params": "",
            "deterministic": "Dot",
            "deterministic_params": "a, b",
            "is_observable": True,
        },
        "is_observable",
        "A deterministic node is computed and cannot be observed.",
    ),
    ({"distribution_params": "0, 1e-6)"}, "distribution_params", "Character 8, at “)”"),
    ({"distribution_params": "0, __import__('os')"}, "distribution_params", "Character"),
    ({"graph_interval": "5"}, "graph_interval", "The graph interval was “5”. Write the two ends"),
    ({"graph_interval": "9, 5"}, "graph_interval", "The graph interval was “9, 5”."),
    ({"graph_interval": "0, inf"}, "graph_interval", "The graph interval was “0, inf”."),
    ({"filter": {"x": 1}}, "filter", "Only an observed node reads rows."),
    ({"name": "2nd"}, "name", "A node's name begins with a letter"),
    ({"name": "True"}, "name", "“True” means something else in parameters."),
    ({"name": "mu\n"}, "name", "A node's name begins with a letter"),
    ({"name": "mu"}, NON_FIELD_ERRORS, "The network has a node of that name already."),
]


@pytest.mark.parametrize(("values", "field", "start"), BAD_NODES)
def test_a_node_that_does_not_fit(
    make_network: Make, values: dict[str, Any], field: str, start: str
) -> None:
    node = BayesianNetworkNode(network=make_network(), **{**GOOD, **values})
    with pytest.raises(ValidationError) as refused:
        node.full_clean()
    assert refused.value.message_dict[field][0].startswith(start)


def test_a_node_that_fits(make_network: Make) -> None:
    network = make_network()
    BayesianNetworkNode(network=network, **GOOD, graph_interval="[-1, 2.5]").full_clean()
    BayesianNetworkNode(network=network, name="shape", distribution="GammaShape").full_clean()
    assert graph_interval("") is None


def test_an_edge_stays_within_its_network(make_network: Make) -> None:
    one, other = make_network(), make_network(name="Other")
    mu, foreign = one.nodes.get(name="mu"), other.nodes.get(name="Y")
    for parent, child, field, sentence in [
        (mu, foreign, "child", "“Y” is a node of another network."),
        (mu, mu, "child", "An edge leads from one node to another one."),
        (mu, one.nodes.get(name="Y"), NON_FIELD_ERRORS, "There is such an edge already."),
    ]:
        with pytest.raises(ValidationError) as refused:
            BayesianNetworkEdge(network=one, parent=parent, child=child).full_clean()
        assert refused.value.message_dict[field] == [sentence]


@pytest.mark.parametrize(
    ("lookup", "sentence"),
    [
        ("hight", "“hight” is not a column of person"),
        ("orders__total", "leads to many rows"),
        ("name", "holds free text"),
        ("password", "“password”"),
    ],
)
def test_a_column_that_cannot_be_read(make_network: Make, lookup: str, sentence: str) -> None:
    column = BayesianNetworkNodeColumn(
        node=make_network().nodes.get(name="Y"),
        ref_model=ContentType.objects.get_for_model(Person),
        ref_column=lookup,
    )
    with pytest.raises(ValidationError) as refused:
        column.full_clean()
    assert sentence in refused.value.message_dict["ref_column"][0]


def test_columns_that_are_gone_are_named(make_network: Make) -> None:
    network = make_network()
    BayesianNetworkNodeColumn.objects.update(ref_column="hight")
    (problem,) = network.network_problems()
    assert problem.node == "Y"
    assert problem.sentence.startswith("“Y” reads “testapp.Person.hight”: “hight” is not a column")


def test_a_missing_edge_is_offered_and_added(make_network: Make) -> None:
    network = make_network(EXAMPLE_2)
    network.edges.filter(parent__name="mu").delete()
    (problem,) = network.network_problems()
    assert problem.missing_edge == ("mu", "Y")
    assert "mu" in problem.sentence
    assert add_missing_edges(network) == [("mu", "Y")]
    assert network.network_problems() == []
    assert add_missing_edges(network) == []


def test_only_clustering_networks_write(make_network: Make) -> None:
    network = make_network(EXAMPLE_1, results_storage="dmf:testapp.Person.segment")
    with pytest.raises(ValidationError) as refused:
        network.full_clean()
    assert refused.value.message_dict["results_storage"][0].startswith(
        "A general network gives no row a group, so there is nothing to write."
    )
    make_network(
        EXAMPLE_2, name="Clustering", results_storage="dmf:testapp.Person.group"
    ).full_clean()


def test_a_network_has_no_source(make_network: Make, make_source: Make) -> None:
    network = make_network(source=make_source())
    with pytest.raises(ValidationError, match="A Bayesian network has no source"):
        network.full_clean()


def test_any_other_model_needs_one(make_model: Make) -> None:
    model = make_model()
    model.source = None
    with pytest.raises(ValidationError, match="Choose the rows to learn from"):
        model.full_clean()
