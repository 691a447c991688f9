"""A posterior belongs to one network: what changes that, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from headwater.console.state import changes_since
from headwater.engines.network.errors import DefinitionChanged
from headwater.networks.edges import add_missing_edges
from headwater.networks.informed import inform_priors

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def inferred(make_people: Make, make_network: Make) -> Any:
    """An inferred network of one metric."""
    make_people(40)
    network = make_network()
    network.perform_inference()
    return network


def test_another_filter_is_another_question(inferred: Any) -> None:
    inferred.nodes.filter(name="Y").update(filter={"age__gt": 200})
    with pytest.raises(DefinitionChanged, match="the filter of “Y” changed since"):
        inferred.engine_object
    with pytest.raises(DefinitionChanged, match="the filter of “Y” changed since"):
        inform_priors(inferred)


def test_columns_prepared_otherwise_have_other_units(inferred: Any) -> None:
    inferred.encoding = {**inferred.encoding, "scale": "standard"}
    inferred.save()
    with pytest.raises(DefinitionChanged, match="how columns are prepared changed since"):
        inform_priors(inferred, weight=1)
    inferred.encoding = {**inferred.encoding, "scale": "none"}
    inferred.save()
    assert inferred.engine_object is not None


def test_spaces_and_the_order_of_edges_say_nothing(inferred: Any) -> None:
    inferred.nodes.filter(name="Y").update(distribution_params="mu,tau")
    inferred.edges.get(parent__name="mu").delete()
    assert add_missing_edges(inferred) == [("mu", "Y")]
    assert inferred.engine_object["mu"] is not None
    assert changes_since(inferred, inferred.current_fit) == []
    inferred.nodes.filter(name="mu").update(distribution_params="0, 1e-5")
    assert changes_since(inferred, inferred.current_fit) == ["the network"]


def test_a_node_that_is_to_be_observed_needs_columns(inferred: Any) -> None:
    inferred.nodes.filter(name="tau").update(is_observable=True)
    (problem,) = inferred.network_problems()
    assert problem.sentence == (
        "“tau” is to be observed and reads no columns yet. Choose its columns."
    )
    fit = inferred.perform_inference(recalculate=True)
    assert (fit.status, fit.error) == ("failed", problem.sentence)
