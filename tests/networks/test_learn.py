"""A network is run, keeps what it learned, and serves it to code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from headwater.engines.network.errors import DefinitionChanged
from headwater.learning.errors import FitError, NotInferredError
from headwater.learning.models import FitStatus, StatisticalModel
from headwater.networks.models import BayesianNetwork, BayesianNetworkNode
from tests.networks.conftest import EXAMPLE_2, definition, mixture, node
from tests.testapp.models import Person

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db


def seed_people(n: int) -> None:
    """Keep ``n`` people whose x is the seed's metric and whose (x, y) are none of its groups."""
    rng = np.random.RandomState(123456)
    rng.binomial(1, 0.7, n)
    rng.normal(30, 2, n)
    Person.objects.bulk_create(Person(x=float(x)) for x in rng.normal(10, 5, n))


def test_example_1_has_the_known_posterior(make_network: Make) -> None:
    seed_people(200)
    network = make_network()
    fit = network.perform_inference()
    assert (fit.status, fit.error) == (FitStatus.SUCCEEDED, "")
    assert (fit.n_rows, fit.n_groups, fit.written) == (200, None, {})
    Q = BayesianNetwork.objects.get(name="Network").engine_object
    assert Q["mu"].get_moments()[0] == pytest.approx(9.8093, abs=5e-5)
    assert Q["tau"].get_moments()[0] == pytest.approx(0.03916, abs=5e-6)
    told = {one["name"]: one for one in fit.summary["network"]["nodes"]}
    assert told["mu"]["entries"][0]["mean"] == pytest.approx(9.8093, abs=5e-5)
    (curve,) = told["tau"]["curves"]
    assert np.trapezoid(curve["y"], curve["x"]) == pytest.approx(0.998, abs=1e-3)
    assert told["Y"]["entries"] == []
    with pytest.raises(FitError, match="divides no rows into groups"):
        network.assign({"x": 1.0})


def test_a_graph_interval_is_drawn_as_it_is_asked_for(make_network: Make) -> None:
    seed_people(50)
    network = make_network()
    network.nodes.filter(name="mu").update(graph_interval="5, 15")
    fit = network.perform_inference()
    mu = fit.summary["network"]["nodes"][0]
    assert mu["interval"] == [5.0, 15.0]
    assert (mu["curves"][0]["x"][0], mu["curves"][0]["x"][-1]) == (5.0, 15.0)


@pytest.mark.parametrize("engine", ["auto", "bayespy"])
def test_a_clustering_network_writes_by_primary_key(
    make_people: Make, make_network: Make, engine: str
) -> None:
    make_people(90)
    network = make_network(
        mixture(10 if engine == "auto" else 2),  # BayesPy rarely finds two groups among ten
        results_storage="dmf:testapp.Person.group",
        engine_meta_iterations=5,
        parameters={"engine": engine, "network_type": "clustering"},
    )
    fit = network.perform_inference()
    assert (fit.status, fit.error) == (FitStatus.SUCCEEDED, "")
    assert (fit.n_groups, fit.written["updated"]) == (2, 90)
    assert fit.summary["network"]["engine"] == ("mixture kernel" if engine == "auto" else "BayesPy")
    assert fit.summary["network"]["suggested_limit"] == 3
    for person in Person.objects.all():
        assert person.group == ("A" if person.x < 5 else "B")
    assert network.assign_cluster([0.1, -0.2]) == "A"
    assert network.assign_cluster({"x": 9.8, "y": 10.4}) == "B"
    assert network.assign_cluster(Person.objects.first()) == Person.objects.first().group
    assert network.predict([{"x": 0.0, "y": 0.0}, {"x": 10.0, "y": 9.0}]) == ["A", "B"]
    with pytest.raises(ValueError, match="has 3 values; “Network” observes 2: x, y"):
        network.assign_cluster([1, 2, 3])
    Z = network.engine_object["Z"].get_moments()[0]
    assert Z.shape == (90, 10 if engine == "auto" else 2)
    own = np.array(list(Person.objects.order_by("pk").values_list("group", flat=True)))
    assert len(set(zip(Z.argmax(axis=1).tolist(), own.tolist(), strict=True))) == 2
    mu = next(one for one in fit.summary["network"]["nodes"] if one["name"] == "mu")
    assert len(mu["entries"]) == 4  # of the two components that hold rows
    again = network.perform_inference(recalculate=True)
    assert again.summary["matching"] == {"moved": 0, "compared": 90}


def test_before_the_first_inference(make_network: Make) -> None:
    network = make_network(EXAMPLE_2)
    assert network.engine_object is None
    with pytest.raises(NotInferredError, match="“Network” has no inference yet"):
        network.assign_cluster([1, 2])


@pytest.mark.parametrize("engine", ["auto", "bayespy"])
def test_a_posterior_is_served_by_a_process_that_has_no_bayespy(
    make_people: Make, make_network: Make, engine: str
) -> None:
    make_people(60)
    network = make_network(EXAMPLE_2, parameters={"engine": engine, "network_type": "clustering"})
    fit = network.perform_inference()
    here = network.engine_object["mu"].get_moments()[0]
    there = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from headwater.engines.artifact import unpack;"
            "data = sys.stdin.buffer.read(); engine = unpack(data, sys.argv[1]).estimator;"
            "assert 'bayespy' not in sys.modules;"
            "print(engine['mu'].get_moments()[0].tolist())",
            fit.artifact_digest,
        ],
        input=bytes(fit.artifact),
        capture_output=True,
        check=True,
    )
    assert np.array_equal(np.array(eval(there.stdout)), here)  # noqa: S307 - our own list


def test_a_posterior_is_refused_once_the_definition_has_changed(
    make_people: Make, make_network: Make
) -> None:
    make_people(60)
    network = make_network(EXAMPLE_2, results_storage="dmf:testapp.Person.group")
    network.perform_inference()
    BayesianNetworkNode.objects.filter(name="alpha").update(
        distribution_params="numpy.full(10, 1e-3)"
    )
    with pytest.raises(DefinitionChanged, match="changed are “alpha”"):
        network.engine_object["mu"]
    assert network.assign_cluster([0.0, 0.0]) == "A"  # what was learned goes on serving
    network.perform_inference(recalculate=True)
    assert network.engine_object["mu"].plates == (10,)


def test_a_network_with_problems_fails_with_their_sentences(
    make_people: Make, make_network: Make
) -> None:
    make_people(10)
    network = make_network()
    network.edges.all().delete()
    fit = network.perform_inference()
    assert fit.status == FitStatus.FAILED
    assert "“Y” uses “mu”, and there is no edge from mu to Y." in fit.error
    assert "“Y” uses “tau”, and there is no edge from tau to Y." in fit.error


def test_values_that_a_distribution_cannot_take_are_named(make_network: Make) -> None:
    Person.objects.bulk_create([Person(age=3), Person(age=-1), Person(age=2)])
    network = make_network(
        definition(
            node("rate", "Gamma", "1, 1"),
            node("N", "Poisson", "rate", "testapp.Person.age"),
        )
    )
    fit = network.perform_inference()
    assert fit.status == FitStatus.FAILED
    assert "“N”" in fit.error
    assert "-1" in fit.error.replace("−", "-")


def test_a_fit_is_of_the_network_as_it_was_when_asked_for(
    make_people: Make, make_network: Make
) -> None:
    from headwater.learning.fit import run_fit
    from headwater.learning.request import open_fit

    make_people(30)
    network = make_network(EXAMPLE_2)
    fit = open_fit(network)
    network.nodes.all().delete()
    assert run_fit(fit).status == FitStatus.SUCCEEDED
    assert fit.definition["nodes"][0]["name"] == "alpha"


def test_networks_are_fitted_through_any_statistical_model(
    make_people: Make, make_network: Make
) -> None:
    make_people(90)
    make_network(EXAMPLE_2, results_storage="dmf:testapp.Person.group")
    model = StatisticalModel.objects.get(name="Network")
    assert model.perform_inference().n_groups == 2
    assert model.reset_inference() == 90
    assert not Person.objects.exclude(group=None).exists()
