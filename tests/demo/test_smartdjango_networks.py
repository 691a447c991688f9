"""The two networks of the demo are the published ones, and find what was published."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from django.contrib.auth.models import User

from headwater.learning.models import StatisticalModel
from headwater.networks.models import BayesianNetwork
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.generate import GROUPS, group_sizes
from headwater_demo.smartdjango.load import load_users
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.smartdjango.networks import METRIC
from headwater_demo.statistical_models import demo_models, load_statistical_models, needs_fit

pytestmark = pytest.mark.django_db


def rows_of(network: BayesianNetwork) -> list[tuple[str, str, str, bool, list[str]]]:
    return [
        (
            node.name,
            node.distribution,
            node.distribution_params,
            node.is_observable,
            [column.label for column in node.columns.all()],
        )
        for node in network.nodes.all()
    ]


def edges_of(network: BayesianNetwork) -> set[tuple[str, str]]:
    return set(network.edges.values_list("parent__name", "child__name"))


def test_example_1_is_stated_as_published(db: None) -> None:
    load_statistical_models()
    network = BayesianNetwork.objects.get(name="BN1 (Example)")
    assert rows_of(network) == [
        ("mu", "GaussianARD", "0, 1e-6", False, []),
        ("tau", "Gamma", "1e-6, 1e-6", False, []),
        ("avg1", "GaussianARD", "mu, tau", True, ["smartdjango.UserInfo.avg1"]),
    ]
    assert edges_of(network) == {("mu", "avg1"), ("tau", "avg1")}
    assert network.network_type == "general"
    assert network.network_problems() == []
    network.full_clean()


def test_example_2_is_stated_as_published(db: None) -> None:
    load_statistical_models()
    network = BayesianNetwork.objects.get(name="Clustering (Example)")
    assert rows_of(network) == [
        ("alpha", "Dirichlet", "numpy.full(10, 1e-05)", False, []),
        ("Z", "Categorical", "alpha, plates=(:dl|Y, ), :ifr", False, []),
        ("mu", "Gaussian", "numpy.zeros(2), [[1e-5,0], [0, 1e-5]], plates=(10, )", False, []),
        ("Lambda", "Wishart", "2, [[1e-5,0], [0, 1e-5]], plates=(10, )", False, []),
        (
            "Y",
            "Mixture",
            "Z, @bayespy.nodes.Gaussian(), mu, Lambda, :noplates",
            True,
            ["smartdjango.UserInfo.avg_time_pages", "smartdjango.UserInfo.avg_time_pages_a"],
        ),
    ]
    assert edges_of(network) == {("alpha", "Z"), ("Z", "Y"), ("mu", "Y"), ("Lambda", "Y")}
    assert network.network_type == "clustering"
    assert network.engine_meta_iterations == 15
    assert (network.counter, network.counter_threshold) == (0, 10)
    assert network.threshold_actions == ":recalculate"
    assert network.results_storage == "dmf:smartdjango.UserInfo.cluster_1"
    assert network.network_problems() == []
    network.full_clean()


def test_what_people_changed_stays(db: None) -> None:
    assert len(load_statistical_models()) == 7
    network = BayesianNetwork.objects.get(name=METRIC)
    network.nodes.filter(name="tau").update(distribution_params="2, 1")
    assert load_statistical_models() == []
    assert network.nodes.get(name="tau").distribution_params == "2, 1"


def test_example_1_finds_the_published_posterior(db: None) -> None:
    load_users(200)
    load_statistical_models()
    network = BayesianNetwork.objects.get(name=METRIC)
    fit = network.perform_inference(recalculate=True)
    assert fit.status == "succeeded", fit.error
    network = BayesianNetwork.objects.get(name=METRIC)
    Q = network.engine_object
    mu, tau = Q["mu"].get_moments()[0], Q["tau"].get_moments()[0]
    assert mu == pytest.approx(9.8093, abs=5e-5)
    assert tau == pytest.approx(0.03916, abs=5e-6)


@pytest.mark.parametrize(
    "n",
    [
        200,
        800,
        pytest.param(2_000, marks=pytest.mark.statistics),
        pytest.param(20_000, marks=pytest.mark.statistics),
    ],
)
def test_each_size_of_the_table_finds_the_four_groups(db: None, n: int) -> None:
    load_users(n)
    load_statistical_models()
    # One start of fifteen: each of them finds the groups by itself.
    BayesianNetwork.objects.filter(name=CLUSTERING).update(engine_meta_iterations=1)
    fit = BayesianNetwork.objects.get(name=CLUSTERING).perform_inference(recalculate=True)
    assert fit.status == "succeeded", fit.error
    assert (fit.n_rows, fit.n_groups) == (n, 4)
    letters = np.array(UserInfo.objects.order_by("pk").values_list("cluster_1", flat=True))
    starts = np.cumsum([0, *group_sizes(n)])
    found = []
    for start, stop in pairwise(starts):
        values, counts = np.unique(letters[start:stop], return_counts=True)
        found.append(values[counts.argmax()])
        # The two around (20, 20) cross each other: the rows in the middle may be either's.
        assert counts.max() / counts.sum() > 0.75
    assert len(set(found)) == len(GROUPS)


def test_what_needs_a_fit(admin: User) -> None:
    load_statistical_models()
    models = {model.name: model for model in demo_models()}
    assert [needs_fit(model) for model in models.values()] == [True] * 7
    for name in (METRIC, CLUSTERING):
        assert models[name].perform_inference().status == "succeeded"
    models = {model.name: model for model in demo_models()}
    assert not needs_fit(models[METRIC])
    assert not needs_fit(models[CLUSTERING])

    load_users(44)
    assert needs_fit(models[METRIC])
    assert needs_fit(models[CLUSTERING])
    StatisticalModel.objects.filter(name=CLUSTERING).delete()
    assert CLUSTERING not in {model.name for model in demo_models()}
