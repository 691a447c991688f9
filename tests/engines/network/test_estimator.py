"""The estimator that an artifact holds: its parameters, its attributes, its refusals."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from headwater.engines.catalog import TECHNIQUES
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.estimator import BayesianNetwork
from tests.engines.mixture.draws import usage
from tests.engines.network.networks import CLUSTERING, ONE_METRIC, metric


def test_the_catalog_builds_it() -> None:
    model = TECHNIQUES["bayesian_network"].build(
        {"network_type": "clustering", "engine": "bayespy", "random_state": 7},
        restarts=3,
        iterations=50,
        threads=2,
    )
    assert isinstance(model, BayesianNetwork)
    assert (model.n_init, model.max_iter, model.n_threads) == (3, 50, 2)
    assert (model.network_type, model.engine, model.random_state) == ("clustering", "bayespy", 7)


def test_it_tells_what_every_technique_tells() -> None:
    model = BayesianNetwork(CLUSTERING.to_json(), engine="bayespy", n_init=2, random_state=2)
    assert model.fit({"Y": usage(200)}) is model
    assert model.objective_ == model.objectives_[-1] == max(model.restart_objectives_)
    assert model.n_iter_ == len(model.objectives_)
    assert model.converged_
    assert model.notes_ == []
    assert (model.engine_, model.why_engine_) == ("BayesPy", "BayesPy was asked for.")
    assert list(model) == ["alpha", "Z", "mu", "Lambda", "Y"]
    assert model["mu"].plates == (10,)
    assert model.labels_ is not None
    assert np.bincount(model.labels_).tolist() == (model.weights_ * 200).round().tolist()


def test_a_clone_has_the_same_parameters_and_nothing_learned() -> None:
    model = BayesianNetwork(ONE_METRIC.to_json(), tol=1e-7).fit(metric())
    other = clone(model)
    assert other.get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        other.posterior


def test_the_parameter_makes_it_a_clustering_network() -> None:
    stated = {**CLUSTERING.to_json(), "network_type": "general"}
    assert BayesianNetwork(stated).fit({"Y": usage(200)}).labels_ is None
    model = BayesianNetwork(stated, network_type="clustering").fit({"Y": usage(200)})
    assert model.n_groups_ == 4
    model.posterior.require(CLUSTERING)
    assert stated["network_type"] == "general"


def test_what_is_missing_is_said() -> None:
    with pytest.raises(NetworkError, match="There is no definition to infer"):
        BayesianNetwork().fit(metric())
    with pytest.raises(NetworkError, match="engine was 'stan'"):
        BayesianNetwork(ONE_METRIC.to_json(), engine="stan").fit(metric())
    with pytest.raises(NetworkError, match="“avg1” observes columns, and no data were given"):
        BayesianNetwork(ONE_METRIC.to_json()).fit({})


@pytest.mark.parametrize("n_threads", [1, 2])
def test_threads_do_not_change_the_result(n_threads: int) -> None:
    rows = usage(800)
    model = BayesianNetwork(CLUSTERING.to_json(), n_threads=n_threads).fit({"Y": rows})
    assert model.objective_ == BayesianNetwork(CLUSTERING.to_json()).fit({"Y": rows}).objective_
