"""Atypical values: outside of so many standard deviations of the posterior predictive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from headwater.learning.errors import FitError, NotInferredError
from headwater.networks.atypical import annotate_atypical
from tests.networks.conftest import EXAMPLE_2, definition, node
from tests.testapp.models import Person

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db


def people_of_one_metric(n: int = 400) -> np.ndarray:
    x = np.random.default_rng(8).normal(10, 5, n)
    Person.objects.bulk_create(Person(x=float(value)) for value in x)
    return x


def test_the_interval_is_that_of_the_predictive(make_network: Make) -> None:
    x = people_of_one_metric()
    network = make_network()
    network.perform_inference()
    tau = network.engine_object["tau"]
    mu = network.engine_object["mu"]
    shape, rate = float(tau.phi[1]), -float(tau.phi[0])
    variance = rate / (shape - 1) + float(mu.standard_deviation) ** 2  # E[1/tau] + Var[mu]
    low, high = network.typical_interval()
    assert low == pytest.approx(float(mu.mean) - 2 * variance**0.5, rel=1e-12)
    assert high == pytest.approx(float(mu.mean) + 2 * variance**0.5, rel=1e-12)
    assert low == pytest.approx(x.mean() - 2 * x.std(), abs=0.1)  # the priors say next to nothing


def test_a_view_and_a_query_agree(make_network: Make) -> None:
    people_of_one_metric()
    network = make_network()
    network.perform_inference()
    marked = annotate_atypical(Person.objects.all(), network)
    answers = {person.pk: person.is_atypical for person in marked}
    assert answers == {p.pk: network.is_atypical(p.x) for p in Person.objects.all()}
    assert 0.02 < sum(answers.values()) / len(answers) < 0.08  # a bell has 4.6 % out there
    wide = annotate_atypical(Person.objects.all(), network, deviations=4, name="far")
    assert wide.filter(far=True).count() < sum(answers.values())


def test_the_ends_are_typical_and_nothing_is_not_atypical(make_network: Make) -> None:
    people_of_one_metric(50)
    Person.objects.create(name="unknown")
    network = make_network()
    network.perform_inference()
    low, high = network.typical_interval(deviations=1)
    assert not network.is_atypical(low, deviations=1)
    assert not network.is_atypical(high, deviations=1)
    assert network.is_atypical(np.nextafter(high, 100), deviations=1)
    assert not network.is_atypical(None)
    assert not network.is_atypical(float("nan"))
    for wrong in (-1, 0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="it takes a finite number above 0"):
            network.typical_interval(deviations=wrong)
    unknown = annotate_atypical(Person.objects.filter(name="unknown"), network, field="height")
    assert unknown.get().is_atypical is False


@pytest.mark.parametrize("scale", ["none", "standard"])
def test_it_is_in_the_metrics_own_units(make_network: Make, scale: str) -> None:
    people_of_one_metric()
    network = make_network(encoding={"scale": scale})
    network.perform_inference()
    assert network.typical_interval() == pytest.approx((0.0, 20.0), abs=1.0)


def test_it_needs_one_metric_with_a_spread(make_people: Make, make_network: Make) -> None:
    network = make_network()
    with pytest.raises(NotInferredError, match="has no inference yet"):
        network.is_atypical(3.0)
    make_people(90)
    clustering = make_network(EXAMPLE_2, name="Clustering")
    clustering.perform_inference()
    with pytest.raises(FitError, match="“Clustering” has no predictive of a single metric"):
        clustering.typical_interval()
    counts = make_network(
        definition(node("r", "Gamma", "1, 1"), node("N", "Poisson", "r", "testapp.Person.age")),
        name="Counts",
    )
    Person.objects.update(age=3)
    counts.perform_inference()
    with pytest.raises(FitError, match="“Counts” has no predictive"):
        counts.is_atypical(3)
