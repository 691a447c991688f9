"""Nodes read their columns by primary key, in one statement for each model and filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from headwater.engines.catalog import ENCODING
from headwater.engines.values import EncodingError
from headwater.learning.errors import FitError
from headwater.learning.learn import read_rows
from headwater.networks import read
from headwater.networks.models import AS_THEY_ARE
from headwater.networks.read import read_observed
from tests.networks.conftest import EXAMPLE_2, definition, node
from tests.testapp.models import Employee, Person

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db
ENCODED = ENCODING.clean(AS_THEY_ARE)


def values(network: Any) -> dict[str, Any]:
    """Return node -> values, as the engine takes them."""
    observed = read_observed(network.definition(), ENCODED)
    return {name: one.values for name, one in observed.items()}


def test_one_column_is_a_list_and_several_are_rows(
    make_people: Make, make_network: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_people(20)
    stated = definition(
        *EXAMPLE_2.nodes,
        node("m", "GaussianARD", "0, 1"),
        node("X", "GaussianARD", "m, 1", "testapp.Person.x"),
        network_type="clustering",
    )
    network = make_network(stated)
    statements: list[Any] = []
    monkeypatch.setattr(
        read, "read_rows", lambda source: (statements.append(source), read_rows(source))[1]
    )
    observed = read_observed(network.definition(), ENCODED)
    assert len(statements) == 1  # of one moment, whichever node reads it
    data = {name: one.values for name, one in observed.items()}
    rows = np.array(list(Person.objects.order_by("pk").values_list("x", "y")))
    assert np.array_equal(data["Y"], rows)
    assert np.array_equal(data["X"], rows[:, 0])
    assert observed["Y"].table.ids.tolist() == list(
        Person.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_a_node_reads_the_rows_that_meet_its_filter(make_people: Make, make_network: Make) -> None:
    people = make_people(20)
    Person.objects.filter(pk__in=[one.pk for one in people[:5]]).update(is_active=False)
    network = make_network()
    network.nodes.filter(name="Y").update(filter={"is_active": True})
    data = values(network)
    assert data["Y"].tolist() == [one.x for one in people[5:]]
    network.nodes.filter(name="Y").update(filter={"age": 17})
    with pytest.raises(
        FitError, match=r"There are no rows of testapp\.Person that meet the filter"
    ):
        read_observed(network.definition(), ENCODED)


def test_columns_of_two_models_are_joined_by_primary_key(make_network: Make) -> None:
    for number in range(6):
        Employee.objects.create(name=f"E{number}", x=number, salary=100 * number)
    stated = definition(
        node("m", "Gaussian", "numpy.zeros(2), numpy.eye(2)"),
        node("Y", "Gaussian", "m, numpy.eye(2)", "testapp.Employee.salary", "testapp.Person.x"),
    )
    network = make_network(stated)
    data = values(network)
    assert data["Y"].tolist() == [[100.0 * n, float(n)] for n in range(6)]
    Person.objects.create(name="no employee")
    with pytest.raises(FitError) as torn:
        read_observed(network.definition(), ENCODED)
    assert str(torn.value).startswith(
        "The columns of “Y” are of different rows: testapp.Employee has 6 and testapp.Person has "
        "7. They are joined by primary key, and 1 keys are in one of them only, such as "
    )


def test_a_categorical_node_observes_the_number_of_a_choice(make_network: Make) -> None:
    plans = ["pro", "free", "pro", "team"]
    Person.objects.bulk_create(Person(plan=plan) for plan in plans)
    stated = definition(
        node("p", "Dirichlet", "numpy.ones(3)"),
        node("C", "Categorical", "p", "testapp.Person.plan"),
    )
    network = make_network(stated)
    data = values(network)
    assert data["C"].tolist() == [sorted(set(plans)).index(plan) for plan in plans]


def test_missing_values_are_refused_unless_filled(make_network: Make) -> None:
    Person.objects.bulk_create([Person(height=1.5), Person(height=None), Person(height=2.5)])
    stated = definition(
        node("m", "GaussianARD", "0, 1"),
        node("Y", "GaussianARD", "m, 1", "testapp.Person.height"),
    )
    network = make_network(stated)
    with pytest.raises(EncodingError, match="“height” lacks 1 value"):
        read_observed(network.definition(), ENCODED)
    filled = read_observed(network.definition(), {**ENCODED, "missing": "mean"})
    assert filled["Y"].values.tolist() == [1.5, 2.0, 2.5]


def test_a_mixture_of_categories_observes_their_numbers(make_network: Make) -> None:
    Person.objects.bulk_create(Person(plan=plan) for plan in ["pro", "free"] * 10 + ["team"] * 10)
    stated = definition(
        node("alpha", "Dirichlet", "[1, 1]"),
        node("Z", "Categorical", "alpha, plates=(:dl|Y, ), :ifr"),
        node("p", "Dirichlet", "numpy.ones(3), plates=(2, )"),
        node("Y", "Mixture", "Z, @bayespy.nodes.Categorical(), p", "testapp.Person.plan"),
        network_type="clustering",
    )
    network = make_network(stated)
    data = values(network)
    assert data["Y"].tolist() == [1, 0] * 10 + [2] * 10
    fit = network.perform_inference()
    assert (fit.status, fit.error) == ("succeeded", "")
    of = {plan: network.assign_cluster({"plan": plan}) for plan in ("free", "pro", "team")}
    for person in network.predict(Person.objects.order_by("pk")[:3]):
        assert person in of.values()
    with pytest.raises(EncodingError, match="“plan” was “gone”, which was not among the categor"):
        network.assign_cluster({"plan": "gone"})
