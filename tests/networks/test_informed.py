"""What was learned as the next start, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from headwater.engines.network.errors import DefinitionChanged, NetworkError
from headwater.learning.errors import FitError, NotInferredError
from headwater.networks.informed import inform_priors, limit_components, restore_definition
from tests.networks.conftest import EXAMPLE_1, EXAMPLE_2, definition, mixture, node
from tests.testapp.models import Person

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db


def test_a_rate_is_informed_in_closed_form(make_network: Make) -> None:
    Person.objects.bulk_create(Person(is_active=number < 7) for number in range(10))
    network = make_network(
        definition(
            node("p", "Beta", "[1, 1]"), node("Y", "Bernoulli", "p", "testapp.Person.is_active")
        )
    )
    network.perform_inference()
    inform_priors(network, weight=0.5)
    p = network.nodes.get(name="p")
    assert [float(part) for part in p.params.strip("[]() ").split(",")] == [1 + 3.5, 1 + 1.5]
    network.perform_inference(recalculate=True)
    assert float(network.engine_object["p"].mean) == pytest.approx((4.5 + 7) / (7 + 10))


def test_informed_groups_keep_their_components_and_letters(
    make_people: Make, make_network: Make
) -> None:
    make_people(120)
    network = make_network(EXAMPLE_2, results_storage="dmf:testapp.Person.group")
    first = network.perform_inference()
    before = dict(Person.objects.values_list("pk", "group"))
    inform_priors(network, weight=0.2)
    assert network.network_problems() == []
    second = network.perform_inference(recalculate=True)
    assert (second.status, second.error) == ("succeeded", "")
    assert second.n_groups == first.n_groups == 2
    assert dict(Person.objects.values_list("pk", "group")) == before
    assert network.engine_object["mu"].plates == (3,)  # two groups and one spare
    assert second.summary["network"]["engine"] == "BayesPy"


def test_the_limit_is_lowered(make_people: Make, make_network: Make) -> None:
    make_people(90)
    network = make_network(EXAMPLE_2)
    fit = network.perform_inference()
    limit_components(network, fit.summary["network"]["suggested_limit"])
    assert network.stated().by_name["alpha"].parameters == "numpy.full(3, 1e-05)"
    again = network.perform_inference(recalculate=True)
    assert again.n_groups == 2
    assert again.summary["network"]["engine"] == "mixture kernel"


def test_a_network_is_stated_as_in_an_earlier_run(make_people: Make, make_network: Make) -> None:
    make_people(90)
    network = make_network(EXAMPLE_2)
    network.nodes.filter(name="Y").update(filter={"is_active": True})
    network.nodes.filter(name="mu").update(graph_interval="0, 1")
    fit = network.perform_inference()
    limit_components(network, 4)
    network.nodes.filter(name="Y").update(filter={})
    network.nodes.filter(name="mu").update(graph_interval="")
    restore_definition(network, fit)
    assert network.definition() == fit.definition
    assert network.engine_object["mu"].plates == (10,)  # its posterior serves again


def test_what_cannot_be_done_is_said_and_changes_nothing(
    make_people: Make, make_network: Make
) -> None:
    make_people(90)
    network, other = make_network(), make_network(mixture(4), name="Other")
    with pytest.raises(NotInferredError, match="has no inference yet to learn a prior from"):
        inform_priors(network)
    fit = network.perform_inference()
    with pytest.raises(NetworkError, match=r"weight was 1\.5; it takes a number from 0 to 1"):
        inform_priors(network, weight=1.5)
    with pytest.raises(NetworkError):
        limit_components(network, 3)
    with pytest.raises(NetworkError, match="takes a whole number from 1 to 1,000"):
        limit_components(other, 10**9)
    with pytest.raises(FitError, match=f"Run {fit.pk} is none of “Other”"):
        restore_definition(other, fit)
    assert network.stated() == EXAMPLE_1
    network.nodes.filter(name="mu").update(distribution_params="0, 1e-3")
    with pytest.raises(DefinitionChanged, match="changed are “mu”"):
        inform_priors(network)
