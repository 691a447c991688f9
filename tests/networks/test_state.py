"""Rows of a network and its definition say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from headwater.engines.network.definition import Definition
from headwater.learning.models import StatisticalModel
from headwater.networks.models import BayesianNetwork, BayesianNetworkNode
from headwater.networks.restate import restate
from headwater.networks.state import main_node, observations
from tests.networks.conftest import EXAMPLE_1, EXAMPLE_2, definition, node

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stated", [EXAMPLE_1, EXAMPLE_2])
def test_what_is_restated_is_stated(make_network: Make, stated: Definition) -> None:
    network = make_network(stated)
    assert network.stated() == stated
    assert Definition.from_json(network.definition()) == stated
    assert network.network_problems() == []


def test_a_network_is_its_own_kind_of_statistical_model(make_network: Make) -> None:
    network = make_network(EXAMPLE_2)
    plain = StatisticalModel.objects.get(name="Network")
    specific = plain.specific
    assert isinstance(specific, BayesianNetwork)
    assert specific.stated() == EXAMPLE_2
    assert (specific.technique, specific.network_type) == ("bayesian_network", "clustering")
    specific.counter = 7  # one row, one state
    assert plain.counter == 7
    assert BayesianNetwork.objects.get() == network


def test_only_networks_are_networks(make_network: Make, make_model: Make) -> None:
    other = make_model()
    make_network()
    assert [network.name for network in BayesianNetwork.objects.all()] == ["Network"]
    assert type(other.specific).__name__ == "Clustering"
    assert other.specific.specific is not None


def test_reads_names_the_node_that_is_grouped_first(make_network: Make) -> None:
    stated = definition(
        node("rate", "Gamma", "1, 1"),
        node("N", "Poisson", "rate", "testapp.Profile.visits"),
        *EXAMPLE_2.nodes,
        network_type="clustering",
    )
    network = make_network(stated)
    assert main_node(stated) == "Y"
    assert network.reads() == {
        "model": "testapp.Person",
        "columns": ["x", "y"],
        "filter": {},
        "node": "Y",
        "also": [{"model": "testapp.Profile", "columns": ["visits"], "filter": {}, "node": "N"}],
    }


def test_filters_and_graph_intervals_are_kept_with_a_fit(make_network: Make) -> None:
    network = make_network()
    network.nodes.filter(name="Y").update(filter={"is_active": True})
    network.nodes.filter(name="mu").update(graph_interval="5, 15")
    whole = network.definition()
    assert whole["filters"] == {"Y": {"is_active": True}}
    assert whole["graph_intervals"] == {"mu": "5, 15"}
    assert observations(whole)[0]["filter"] == {"is_active": True}


def test_restating_keeps_rows_by_name_and_removes_what_is_gone(make_network: Make) -> None:
    network = make_network(EXAMPLE_2)
    keys = dict(BayesianNetworkNode.objects.values_list("name", "pk"))
    restate(network, EXAMPLE_1)
    assert network.stated() == EXAMPLE_1
    assert network.network_type == "general"
    now = dict(BayesianNetworkNode.objects.values_list("name", "pk"))
    assert (now["mu"], now["Y"]) == (keys["mu"], keys["Y"])
    assert set(now) == {"mu", "tau", "Y"}


def test_a_restatement_that_fails_leaves_all_as_it_was(make_network: Make) -> None:
    network = make_network(EXAMPLE_2)
    gone = definition(
        node("mu", "GaussianARD", "0, 1"), node("Y", "GaussianARD", "mu, 1", "gone.Model.x")
    )
    with pytest.raises(ValueError, match=r"“Y” reads “gone\.Model\.x”, and gone\.Model is not"):
        restate(network, gone)
    assert network.stated() == EXAMPLE_2


def test_saving_never_infers(make_network: Make) -> None:
    network = make_network(EXAMPLE_2)
    network.save()
    assert not network.fits.exists()
    assert not network.is_inferred
    assert network.engine_object is None
