"""Each example that a network may begin with is run on rows whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from headwater.console.networks.examples import EXAMPLES
from headwater.engines.network.definition import Definition
from headwater.networks.models import BayesianNetwork
from tests.networks.conftest import make_network  # noqa: F401
from tests.testapp.models import Person

Make = Callable[..., BayesianNetwork]


def _reading(key: str, **columns: tuple[str, ...]) -> Definition:
    """Return the example with what its nodes are to read."""
    definition = EXAMPLES[key].definition
    nodes = tuple(
        replace(node, columns=tuple(f"testapp.Person.{name}" for name in columns[node.name]))
        if node.name in columns
        else node
        for node in definition.nodes
    )
    return Definition(nodes, definition.edges, definition.network_type)


def _means(network: BayesianNetwork) -> dict[str, list[float]]:
    fit = network.perform_inference()
    assert fit.status == "succeeded", fit.error
    return {
        node["name"]: [entry["mean"] for entry in node["entries"]]
        for node in fit.summary["network"]["nodes"]
    }


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    """400 people: score = 2 x - 3 y + 5, give or take a half; age counts, is_active is a coin."""
    rng = np.random.default_rng(7)
    x, y = rng.normal(0, 2, 400), rng.normal(1, 2, 400)
    score = 2 * x - 3 * y + 5 + rng.normal(0, 0.5, 400)
    age, coin = rng.poisson(4, 400), rng.random(400) < 0.3
    Person.objects.bulk_create(
        Person(x=a, y=b, score=c, age=int(d), is_active=bool(e))
        for a, b, c, d, e in zip(x, y, score, age, coin, strict=True)
    )
    return {"x": x, "y": y, "score": score, "age": age, "is_active": coin}


def test_the_metric_is_told(people: dict[str, Any], make_network: Make) -> None:  # noqa: F811
    means = _means(make_network(_reading("metric", Y=("score",))))

    assert means["mu"][0] == pytest.approx(people["score"].mean(), abs=0.01)
    assert means["tau"][0] == pytest.approx(1 / people["score"].var(), rel=0.02)


def test_a_rate_of_yes_is_told(people: dict[str, Any], make_network: Make) -> None:  # noqa: F811
    means = _means(make_network(_reading("yes-or-no", Y=("is_active",))))

    assert means["p"][0] == pytest.approx((people["is_active"].sum() + 1) / 402, abs=1e-6)


def test_a_rate_of_counts_is_told(people: dict[str, Any], make_network: Make) -> None:  # noqa: F811
    means = _means(make_network(_reading("counts", Y=("age",))))

    assert means["rate"][0] == pytest.approx((people["age"].sum() + 1e-3) / 400.001, abs=1e-6)


def test_a_regression_is_told(people: dict[str, Any], make_network: Make) -> None:  # noqa: F811
    means = _means(make_network(_reading("regression", X=("x", "y"), Y=("score",))))

    assert means["w"] == pytest.approx([2, -3], abs=0.06)
    assert means["start"] == pytest.approx([5], abs=0.1)
    assert means["tau"][0] == pytest.approx(4, rel=0.2)


def test_groups_are_found(
    make_people: Callable[..., Any],
    make_network: Make,  # noqa: F811
) -> None:
    make_people(90)
    network = make_network(_reading("mixture", Y=("x", "y")))

    fit = network.perform_inference()

    assert (fit.status, fit.n_groups) == ("succeeded", 2), fit.error
