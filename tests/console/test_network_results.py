"""What a network learned, on the pages of models and runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.console.charts.bars import bars_chart
from headwater.console.charts.density import density_chart
from headwater.console.networks.result import in_short, network_result, typical_sentence
from headwater.engines.network.definition import Definition
from headwater.learning.models import Fit
from headwater.networks.models import BayesianNetwork
from tests.networks.conftest import (
    EXAMPLE_1,
    EXAMPLE_2,
    definition,
    make_network,  # noqa: F401
    node,
)
from tests.testapp.models import Person


@pytest.fixture
def one_metric(
    db: None,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> BayesianNetwork:
    """Example 1, learned from 200 rows around 10 with a spread of 5."""
    rng = np.random.default_rng(5)
    Person.objects.bulk_create(
        Person(name=f"P{i}", x=float(x)) for i, x in enumerate(rng.normal(10, 5, 200))
    )
    network = make_network(EXAMPLE_1, name="BN1")
    fit = network.perform_inference()
    assert fit.status == "succeeded", fit.error
    return network


@pytest.fixture
def clustering(
    make_people: Callable[..., Any],
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> BayesianNetwork:
    """Example 2 on two groups of people, with letters written."""
    make_people(90)
    network = make_network(EXAMPLE_2, name="Groups", results_storage="dmf:testapp.Person.group")
    fit = network.perform_inference()
    assert fit.status == "succeeded", fit.error
    return network


def _told(network: BayesianNetwork, name: str) -> dict[str, Any]:
    assert network.current_fit is not None
    nodes = network.current_fit.summary["network"]["nodes"]
    found: dict[str, Any] = next(one for one in nodes if one["name"] == name)
    return found


def test_the_posterior_of_each_node_is_drawn_and_told(
    page: Client, one_metric: BayesianNetwork
) -> None:
    response = page.get(reverse("headwater:model", args=[one_metric.pk]))
    text = response.content.decode()

    result = response.context["result"].network
    assert result.names == ["mu", "tau"]
    for told in result.nodes:
        (chart,) = told.charts
        assert "with 95 % probability" in chart.title
        assert chart.title.startswith(f"{told.name} lies between {told.single.low} and ")
        assert told.single.mean in chart.summary
        assert f'id="posterior-{told.name}"' in text
        assert f'href="#posterior-{told.name}"' in text
    assert "Learned mu and tau" in text
    assert "Typical values of x lie between" in text
    assert result.engine == "BayesPy"
    assert result.why.startswith("BayesPy infers every network that is not a plain mixture")
    assert result.why in text
    assert "Labels written" not in text
    assert "Groups</h2>" not in text
    mean = _told(one_metric, "mu")["entries"][0]["mean"]
    assert abs(float(result.nodes[0].single.mean) - mean) < 0.01
    assert abs(mean - np.mean(Person.objects.values_list("x", flat=True))) < 0.01


def test_a_clustering_network_shows_groups_and_its_nodes(
    page: Client, clustering: BayesianNetwork
) -> None:
    response = page.get(reverse("headwater:model", args=[clustering.pk]))
    text = response.content.decode()

    assert "2 groups found" in text
    assert 'data-chart="chart-scatter"' in text
    result = response.context["result"].network
    assert result.names == ["alpha", "mu", "Lambda"]
    alpha, mu, _ = result.nodes
    assert [chart.key for chart in alpha.charts] == ["node-alpha"]
    assert alpha.charts[0].option["series"][0]["type"] == "bar"
    assert [chart.key for chart in mu.charts] == ["node-mu-0", "node-mu-1"]
    assert mu.plates == "× 10"
    assert len(mu.entries) == 4
    assert result.silent == ["“Z” has a value for each row, which is not listed here."]
    assert "Allow at most 3 groups" in text
    assert Person.objects.filter(group="A").count() + Person.objects.filter(group="B").count() == 90


def test_lists_and_the_overview_name_networks(
    page: Client, one_metric: BayesianNetwork, clustering: BayesianNetwork
) -> None:
    BayesianNetwork.objects.create(name="Empty")
    lists = page.get(reverse("headwater:models")).content.decode()
    overview = page.get(reverse("headwater:overview")).content.decode()

    assert "nothing yet" in lists
    assert "person<br><small>1 column</small>" in lists
    assert "person<br><small>2 columns</small>" in lists
    assert "Learned mu and tau, from 200 rows." in overview
    assert "90 rows in groups" in overview
    assert one_metric.current_fit is not None
    short = in_short(one_metric.current_fit)
    assert short.startswith("mu ")
    assert short in overview


def test_a_network_with_problems_cannot_be_run_from_its_page(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    network = make_network(Definition(EXAMPLE_1.nodes))

    text = page.get(reverse("headwater:model", args=[network.pk])).content.decode()

    assert "2 problems to mend before it can be run" in text
    assert reverse("headwater:run", args=[network.pk]) not in text


def test_the_run_shows_the_network_as_it_was(page: Client, one_metric: BayesianNetwork) -> None:
    assert one_metric.current_fit is not None
    one_metric.nodes.get(name="tau").delete()

    response = page.get(reverse("headwater:fit", args=[one_metric.pk, one_metric.current_fit.pk]))
    text = response.content.decode()

    assert {drawn.name for drawn in response.context["network"].drawing.nodes} == {
        "mu",
        "tau",
        "Y",
    }
    assert "As it was stated for this run." in text
    assert "State the network as in this run" in text
    model = page.get(reverse("headwater:model", args=[one_metric.pk])).content.decode()
    assert "Settings changed</strong>: the network" in model


def test_what_was_learned_is_hidden_from_who_may_not_see_the_rows(
    client: Client, make_user: Callable[..., User], one_metric: BayesianNetwork
) -> None:
    client.force_login(make_user("viewer", "view_statisticalmodel"))

    response = client.get(reverse("headwater:model", args=[one_metric.pk]))
    text = response.content.decode()

    assert response.context["result"].network is None
    assert "testapp.view_person" in text
    assert "Typical values" not in text
    assert "posterior-mu" not in text
    assert "in_short" not in text
    assert one_metric.current_fit is not None
    assert in_short(one_metric.current_fit) not in client.get("/").content.decode()


def test_every_model_that_a_network_read_counts_for_who_may_see_its_result(
    client: Client,
    make_user: Callable[..., User],
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    stated = definition(
        node("mu", "GaussianARD", "0, 1e-6"),
        node("Y", "GaussianARD", "mu, 1", "testapp.Person.x"),
        node("W", "GaussianARD", "mu, 1", "testapp.Device.x"),
    )
    network = make_network(stated)
    fit = Fit.objects.create(
        model=network,
        technique=network.technique,
        status="succeeded",
        definition=network.definition(),
        source=network.reads(),
        n_rows=3,
        scores={"n_iter": 2, "converged": True},
        summary={"network": {"nodes": [], "engine": "BayesPy", "why": ""}},
    )
    address = reverse("headwater:fit", args=[network.pk, fit.pk])

    client.force_login(make_user("one", "view_statisticalmodel", "view_person"))
    assert "testapp.view_device" in client.get(address).content.decode()
    client.force_login(make_user("both", "view_statisticalmodel", "view_person", "view_device"))
    assert "hidden from you" not in client.get(address).content.decode()


def test_outliers_are_told_and_their_rows_only_to_who_may_see_them(
    page: Client, client: Client, make_user: Callable[..., User], fitted: Any
) -> None:
    fit = fitted.current_fit
    fit.summary |= {
        "outliers": {
            "n": 3,
            "share": 0.05,
            "rule": "A row counts as an outlier where its weight is below 0.1.",
            "sample": [[17, 0.012], [4, 0.03]],
        }
    }
    fit.save()
    address = reverse("headwater:model", args=[fitted.pk])

    text = page.get(address).content.decode()
    assert "3 outliers, 5% of the rows" in text
    assert "its weight is below 0.1" in text
    assert '<th scope="row">17</th><td class="hw-number">0.012</td>' in text
    assert "the 2 farthest" in text

    owner = make_user("owner")
    type(fitted).objects.filter(pk=fitted.pk).update(owner=owner)
    client.force_login(owner)
    text = client.get(address).content.decode()
    assert "3 outliers" in text
    assert '<th scope="row">17</th>' not in text
    assert "0.012" not in text


# --- charts ---


def _curve(label: str, middle: float, low: float, high: float) -> dict[str, Any]:
    x = np.linspace(middle - 4, middle + 4, 81)
    y = np.exp(-((x - middle) ** 2) / 2) / np.sqrt(2 * np.pi)
    return {
        "label": label,
        "x": x.tolist(),
        "y": y.tolist(),
        "mean": middle,
        "low": low,
        "high": high,
    }


def test_the_density_marks_mean_and_interval() -> None:
    chart = density_chart(
        [_curve("mu", 10.0, 8.04, 11.96)], node="mu", key="node-mu", level=0.95, name="bn"
    )

    line, interval, mean = chart.option["series"]
    assert chart.title == "mu lies between 8.04 and 11.96 with 95 % probability"
    assert len(line["data"]) == 81
    assert line["data"][0][0] == 6
    assert line["data"][-1][0] == 14
    assert interval["data"][0][0] >= 8.04
    assert interval["data"][-1][0] <= 11.96
    assert interval["silent"]
    assert mean["data"][0] == [10.0, 0]
    assert mean["data"][1][1] == pytest.approx(1 / np.sqrt(2 * np.pi))
    assert chart.option["xAxis"]["min"] <= 6
    assert chart.option["xAxis"]["max"] >= 14
    assert chart.headings == ("Value", "Density")
    assert chart.rows[0][0] == "6"
    assert chart.rows[-1][0] == "14"
    assert len(chart.rows) <= 33
    json.dumps(chart.option, allow_nan=False)


def test_several_densities_have_names_and_differ_in_more_than_colour() -> None:
    curves = [_curve(f"mu[{i}]", 3.0 * i, 3.0 * i - 2, 3.0 * i + 2) for i in range(10)]

    chart = density_chart(curves, node="mu", key="node-mu", level=0.9, name="bn")

    lines = [one for one in chart.option["series"] if one.get("triggerLineEvent")]
    looks = {(str(one["lineStyle"]["color"]), str(one["lineStyle"]["type"])) for one in lines}
    assert len(looks) == 10
    assert chart.option["legend"]["data"] == [curve["label"] for curve in curves]
    assert chart.title == "The numbers of mu lie between −2.0 and 29.0"
    assert len(chart.rows) == 10
    assert "4 more in the table" in chart.summary


def test_bars_have_whiskers_and_say_which_is_largest() -> None:
    bars = [
        {"label": "p[0]", "mean": 0.7, "low": 0.6, "high": 0.79},
        {"label": "p[1]", "mean": 0.3, "low": 0.21, "high": 0.4},
    ]

    chart = bars_chart(bars, node="p", key="node-p", level=0.95, name="bn")

    drawn, whiskers = chart.option["series"]
    assert [one["value"] for one in drawn["data"]] == [0.7, 0.3]
    assert whiskers["data"] == [
        [0.6, 0],
        [0.79, 0],
        [None, None],
        [0.21, 1],
        [0.4, 1],
        [None, None],
    ]
    assert chart.title == "p[0] is the largest share of p with 70%"
    assert chart.rows[1] == ("p[1]", "30%", "21%", "40%")
    single = bars_chart(bars[:1], node="p", key="node-p", level=0.95, name="bn")
    assert single.title == "p[0] lies between 60% and 79% with 95 % probability"
    even = bars_chart([bars[0], bars[0]], node="p", key="node-p", level=0.95, name="bn")
    assert even.title == "The 2 shares of p are nearly the same, about 70%"


def test_typical_values_are_two_deviations_around_the_mean() -> None:
    told = {"node": "Y", "column": "avg1", "mean": 9.95, "deviation": 4.97}

    assert typical_sentence(told, {}) == (
        "Typical values of avg1 lie between 0.0 and 19.9; a value outside is atypical."
    )
    assert typical_sentence(None, {}) == ""
    dated = typical_sentence(told | {"mean": 20779.0, "deviation": 2.0}, {"avg1": "date"})
    assert "between 18 Nov 2026 and 26 Nov 2026" in dated


def test_numbers_without_a_distribution_are_listed_and_not_drawn(
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    entry = {"label": "a", "mean": 2.5, "deviation": None, "low": None, "high": None, "level": 0.95}
    told = {
        "name": "a",
        "type": "GammaShape",
        "role": "A shape.",
        "plates": [],
        "is_observed": False,
        "entries": [entry],
        "n_entries": 1,
        "curves": [],
        "bars": [],
    }
    fit = Fit(model=make_network(), summary={"network": {"nodes": [told], "engine": "BayesPy"}})

    result = network_result(fit, name="x", dates={})

    assert result is not None
    (shown,) = result.nodes
    assert shown.charts == []
    assert shown.single is not None
    assert (shown.single.mean, shown.single.low) == ("2.5", "–")
    assert in_short(fit) == "a 2.5"


def test_a_list_of_networks_asks_few_questions(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(12):
        make_network(EXAMPLE_2, name=f"Network {number}")

    with django_assert_max_num_queries(12):
        page.get(reverse("headwater:models"))


def test_a_page_of_a_network_stays_small(
    page: Client,
    make_network: Callable[..., BayesianNetwork],  # noqa: F811
) -> None:
    rng = np.random.default_rng(3)
    centres = [(0, 0), (12, 2), (3, 12), (20, 20), (-10, 8), (30, 0)]
    Person.objects.bulk_create(
        Person(x=float(x), y=float(y))
        for i in range(2500)
        for x, y in [rng.normal(centres[i % 6], 1)]
    )
    network = make_network(EXAMPLE_2)
    assert network.perform_inference().n_groups == 6

    text = page.get(reverse("headwater:model", args=[network.pk])).content.decode()

    assert '"161 points"' in text.replace("&quot;", '"')
    assert len(text.encode()) < 236_000
