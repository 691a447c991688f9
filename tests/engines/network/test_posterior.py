"""A posterior: plain arrays that can be stored, and what they say of each node."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from scipy import stats

from headwater.engines.artifact import Pipeline, pack, unpack
from headwater.engines.encoding import Encoder
from headwater.engines.network import posterior as module
from headwater.engines.network.errors import DefinitionChanged, NetworkError
from headwater.engines.network.estimator import BayesianNetwork
from headwater.engines.network.graph import build
from headwater.engines.network.inference import infer
from headwater.engines.network.posterior import Posterior
from headwater.engines.table import Table
from tests.engines.mixture.draws import usage
from tests.engines.network.networks import CLUSTERING, ONE_METRIC, metric, network

KINDS = network(
    "x ~ GaussianARD: 1, 4",
    "v ~ Gaussian: [1, 2], [[2, 0.5], [0.5, 1]]",
    "rate ~ Gamma: 3, 2",
    "wait ~ Exponential: 2",
    "share ~ Beta: [2, 5]",
    "shares ~ Dirichlet: [2, 3, 5]",
    "Lambda ~ Wishart: 5, [[2, 0.5], [0.5, 1]]",
    "both ~ GaussianGamma: [1, 2], [[2, 0.5], [0.5, 1]], 3, 4",
    "yes ~ Bernoulli: 0.3",
    "wins ~ Binomial: 7, 0.3",
    "which ~ Categorical: [0.2, 0.3, 0.5]",
    "counts ~ Multinomial: 7, [0.2, 0.3, 0.5]",
    "many ~ Poisson: 4",
    "shape ~ GammaShape:",
    "sum ~ Add: x, 1",
    "several ~ GaussianARD: [1, 2, 3], 4, plates=(3, )",
    "y* ~ GaussianARD: 0, 1",
)


@pytest.fixture(scope="module")
def kinds() -> Posterior:
    """The posterior of nodes that the data say nothing of: it is their prior."""
    return infer(KINDS, {"y": np.zeros(3)})


COVARIANCE = np.linalg.inv([[2, 0.5], [0.5, 1]])
EXPECTED: dict[str, Any] = {
    "x": stats.norm(1, 0.5),
    "v": stats.norm([1, 2], np.sqrt(np.diag(COVARIANCE))),
    "rate": stats.gamma(3, scale=1 / 2),
    "wait": stats.expon(scale=1 / 2),
    "share": stats.beta(2, 5),
    "shares": stats.beta([2, 3, 5], [8, 7, 5]),
    "both": stats.t(6, [1, 2], np.sqrt(4 / 3 * np.diag(COVARIANCE))),
    "yes": stats.bernoulli(0.3),
    "wins": stats.binom(7, 0.3),
    "many": stats.poisson(4),
    "several": stats.norm([1, 2, 3], 0.5),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_means_spreads_intervals_and_densities_are_those_of_the_distribution(
    kinds: Posterior, name: str
) -> None:
    node, expected = kinds[name], EXPECTED[name]
    np.testing.assert_allclose(node.mean, expected.mean(), rtol=1e-9)
    np.testing.assert_allclose(node.standard_deviation, expected.std(), rtol=1e-9)
    for got, end in zip(node.interval(0.9), expected.interval(0.9), strict=True):
        np.testing.assert_allclose(got, end, rtol=1e-9)
    at = [1.0] if hasattr(expected, "pmf") else [0.31]
    probability = expected.pmf if hasattr(expected, "pmf") else expected.pdf
    np.testing.assert_allclose(node.density(at), probability(at), rtol=1e-9)
    assert node.has_density


def test_a_wishart_has_the_spread_of_its_draws_and_a_gamma_for_each_diagonal(
    kinds: Posterior,
) -> None:
    node = kinds["Lambda"]
    wishart = stats.wishart(5, COVARIANCE)
    np.testing.assert_allclose(node.mean, wishart.mean(), rtol=1e-9)
    np.testing.assert_allclose(node.standard_deviation, np.sqrt(wishart.var()), rtol=1e-9)
    draws = wishart.rvs(200_000, random_state=1)[:, 1, 1]
    for q, end in zip((0.05, 0.95), node.interval(0.9, 1), strict=True):
        assert float(end) == pytest.approx(np.quantile(draws, q), rel=0.02)


def test_categories_and_counts(kinds: Posterior) -> None:
    which = kinds["which"]
    np.testing.assert_allclose(which.mean, [0.2, 0.3, 0.5])
    np.testing.assert_allclose(which.standard_deviation, np.sqrt([0.16, 0.21, 0.25]))
    np.testing.assert_allclose(which.density([0, 1, 2]), [0.2, 0.3, 0.5])
    multinomial = stats.multinomial(7, [0.2, 0.3, 0.5])
    np.testing.assert_allclose(kinds["counts"].mean, multinomial.mean())
    np.testing.assert_allclose(
        kinds["counts"].standard_deviation, np.sqrt(np.diag(multinomial.cov()))
    )


def test_one_number_among_many_by_its_place(kinds: Posterior) -> None:
    assert kinds["several"].marginal(2).mean() == pytest.approx(3)
    assert kinds["v"].density(2.0, 1) == pytest.approx(
        stats.norm(2, COVARIANCE[1, 1] ** 0.5).pdf(2)
    )
    with pytest.raises(NetworkError, match=r"“several” has plates \(3,\).*nothing at \(3,\)"):
        kinds["several"].marginal(3)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("shape", "“shape” is a point estimate, which has a value and no distribution"),
        ("sum", "“sum” is a function of other nodes: it has moments and no distribution"),
        ("y", "“y” is observed: its moments are the data"),
    ],
)
def test_what_has_no_distribution_says_so(kinds: Posterior, name: str, sentence: str) -> None:
    assert not kinds[name].has_density
    with pytest.raises(NetworkError, match=sentence):
        kinds[name].interval()


def test_functions_of_nodes_have_moments_and_points_have_values(kinds: Posterior) -> None:
    assert (kinds["sum"].mean, kinds["sum"].standard_deviation) == (2, 0.5)
    assert (kinds["shape"].mean, kinds["shape"].standard_deviation) == (1, 0)
    assert kinds["sum"].phi == []
    with pytest.raises(NetworkError, match="level was 1"):
        kinds["x"].interval(1)


def test_matrices_of_gaussians_have_variances_of_each_number() -> None:
    stated = network("W ~ GaussianARD: 0, [[1, 4], [9, 16]], shape=(2, 2)", "y* ~ Poisson: 1")
    W = infer(stated, {"y": np.array([1])})["W"]
    np.testing.assert_allclose(W.standard_deviation, [[1, 1 / 2], [1 / 3, 1 / 4]])
    assert W.marginal(1, 0).std() == pytest.approx(1 / 3)


def test_the_names_are_those_of_the_definition(kinds: Posterior) -> None:
    assert list(kinds) == [node.name for node in KINDS.nodes]
    assert len(kinds) == 17
    with pytest.raises(KeyError, match="There is no node “z”; there are x, v"):
        kinds["z"]


def test_moments_cannot_be_changed_from_outside() -> None:
    posterior = infer(ONE_METRIC, metric())
    with pytest.raises(ValueError, match="read-only"):
        posterior["mu"].get_moments()[0][...] = 3


def test_more_numbers_than_are_kept_are_left_out_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("headwater.engines.network.posterior.KEPT", 1_000)
    monkeypatch.setattr("headwater.engines.network.kernel.KEPT", 1_000)
    assert module.KEPT == 1_000
    for engine in ("auto", "bayespy"):
        posterior = infer(CLUSTERING, {"Y": usage(200)}, engine=engine, iterations=5)  # type: ignore[arg-type]
        with pytest.raises(NetworkError, match=r"“Z” has 2,000 numbers, and 1,000 are kept"):
            posterior["Z"].get_moments()
        assert posterior["mu"].mean.shape == (10, 2)
        assert posterior.labels is not None
        assert posterior.labels.shape == (200,)


def test_it_belongs_to_one_definition() -> None:
    posterior = infer(ONE_METRIC, metric())
    posterior.require(ONE_METRIC)
    mu, tau, avg1 = ONE_METRIC.nodes
    changed = replace(
        ONE_METRIC,
        nodes=(replace(mu, parameters="0, 1e-5"), replace(tau, name="precision"), avg1),
    )
    with pytest.raises(
        DefinitionChanged, match="changed are “mu”; new are “precision”; gone are “tau”"
    ):
        posterior.require(changed)
    with pytest.raises(DefinitionChanged, match="its edges, its type or the order"):
        posterior.require(replace(ONE_METRIC, edges=(("mu", "avg1"),)))


@pytest.mark.parametrize("engine", ["auto", "bayespy"])
def test_it_is_stored_without_pickle_and_read_without_bayespy(engine: str, tmp_path: Path) -> None:
    rows = usage(200)
    model = BayesianNetwork(
        CLUSTERING.to_json(), engine=engine, max_iter=30, functions={"f": np.ones}
    ).fit({"Y": rows})
    table = Table(
        np.arange(200), {"a": rows[:, 0], "b": rows[:, 1]}, {"a": "numeric", "b": "numeric"}
    )
    letters = tuple("ABCDEFGHIJ"[: model.n_groups_])
    encoder = Encoder(scale="none").fit(table)
    packed = pack(Pipeline("bayesian_network", encoder, model, letters, ("a", "b")))
    back = unpack(packed.data, packed.digest)
    assert back.predict(table) == [letters[g] for g in model.labels_]
    assert back.estimator.functions is None
    assert back.estimator.posterior.labels is None
    back.estimator.posterior.require(CLUSTERING)
    assert skops.io.get_untrusted_types(data=skops.io.dumps(model.posterior.state)) == []

    path = tmp_path / "artifact"
    path.write_bytes(packed.data)
    code = (
        "import sys, json, hashlib\n"
        "from headwater.engines.artifact import unpack\n"
        "data = open(sys.argv[1], 'rb').read()\n"
        "network = unpack(data, sys.argv[2]).estimator\n"
        "print(json.dumps({name: [hashlib.sha256(part.tobytes()).hexdigest()\n"
        "    for part in network[name].get_moments()] for name in network if name != 'Y'}))\n"
        "assert network['mu'].interval()[0].shape == (10, 2)\n"
        "assert not any(name.startswith('bayespy') for name in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path, packed.digest], check=True, capture_output=True
    )
    read = json.loads(done.stdout)
    for name, digests in read.items():
        kept = model[name].get_moments()
        assert digests == [hashlib.sha256(part.tobytes()).hexdigest() for part in kept]


def test_moments_are_exactly_those_of_bayespys_node() -> None:
    posterior = infer(ONE_METRIC, metric(), iterations=5, tol=0)
    nodes = build(ONE_METRIC, metric()).nodes
    for _ in range(5):
        nodes["mu"].update()
        nodes["tau"].update()
    for name in ("mu", "tau"):
        for got, expected in zip(posterior[name].get_moments(), nodes[name].u, strict=True):
            assert np.array_equal(got, expected)
