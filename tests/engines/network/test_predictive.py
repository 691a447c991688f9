"""What is expected of the next value: against closed forms and many draws."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headwater.engines.network.errors import NetworkError
from headwater.engines.network.inference import infer
from headwater.engines.network.predictive import of_one_metric, predictive
from tests.engines.mixture.draws import usage
from tests.engines.network.networks import CLUSTERING, ONE_METRIC, metric, network

DRAWS = 2_000_000


def test_the_published_metric() -> None:
    posterior = infer(ONE_METRIC, metric())
    found = predictive(posterior, "avg1")
    a, b = float(posterior["tau"].phi[1]), -float(posterior["tau"].phi[0])
    assert float(found.mean) == pytest.approx(9.8093, abs=5e-5)
    variance = b / (a - 1) + float(posterior["mu"].standard_deviation) ** 2
    assert float(found.standard_deviation) == pytest.approx(math.sqrt(variance), rel=1e-12)
    low, high = found.typical_interval()
    assert (float(low), float(high)) == pytest.approx(
        (9.80935 - 2 * math.sqrt(variance), 9.80935 + 2 * math.sqrt(variance)), abs=1e-4
    )
    values = metric()["avg1"]
    atypical = ((values < low) | (values > high)).mean()
    assert 0.01 < atypical < 0.09
    assert found.columns == ("app.Model.column",)
    one = of_one_metric(posterior)
    assert one is not None
    assert one.standard_deviation == found.standard_deviation


def test_draws_of_a_metric_with_few_rows_have_its_spread() -> None:
    stated = network("mu ~ GaussianARD: 0, 0.5", "tau ~ Gamma: 2, 1", "x* ~ GaussianARD: mu, tau")
    posterior = infer(stated, {"x": np.array([1.0, 2.0, 4.0, 4.5])})
    found = predictive(posterior, "x")
    mu = posterior["mu"].marginal().rvs(DRAWS, random_state=np.random.default_rng(1))
    tau = posterior["tau"].marginal().rvs(DRAWS, random_state=np.random.default_rng(2))
    x = np.random.default_rng(3).normal(mu, 1 / np.sqrt(tau))
    assert float(found.mean) == pytest.approx(x.mean(), abs=0.01)
    assert float(found.standard_deviation) == pytest.approx(x.std(), rel=0.01)


def test_draws_of_vectors_have_its_spread() -> None:
    rows = np.random.default_rng(4).multivariate_normal([1, -2], [[2, 0.6], [0.6, 1]], 12)
    stated = network(
        "mu ~ Gaussian: [0, 0], [[0.5, 0], [0, 0.5]]",
        "Lambda ~ Wishart: 4, [[1, 0], [0, 2]]",
        "x* ~ Gaussian: mu, Lambda",
    )
    posterior = infer(stated, {"x": rows})
    found = predictive(posterior, "x")
    rng = np.random.default_rng(5)
    from scipy.stats import wishart

    V, dof = -2 * posterior["Lambda"].phi[0], 2 * float(posterior["Lambda"].phi[1])
    draws = 100_000
    precision = wishart(dof, np.linalg.inv(V)).rvs(draws, random_state=rng)
    S = np.linalg.inv(-2 * posterior["mu"].phi[1])
    mu = rng.multivariate_normal(posterior["mu"].mean, S, draws)
    noise = np.linalg.solve(np.linalg.cholesky(precision).mT, rng.normal(size=(draws, 2, 1)))
    x = mu + noise[:, :, 0]
    np.testing.assert_allclose(found.mean, x.mean(axis=0), atol=0.02)
    np.testing.assert_allclose(found.standard_deviation, x.std(axis=0), rtol=0.02)
    assert found.mean.shape == (2,)
    assert of_one_metric(posterior) is None


def test_constants_are_certain() -> None:
    stated = network("x* ~ GaussianARD: 3, 4")
    found = predictive(infer(stated, {"x": np.array([1.0, 2.0])}), "x")
    assert (found.mean, found.standard_deviation) == (3, 0.5)
    stated = network("x* ~ Gaussian: [1, 2], [[4, 0], [0, 1]]")
    found = predictive(infer(stated, {"x": np.ones((3, 2))}), "x")
    np.testing.assert_allclose(found.standard_deviation, [0.5, 1])


def test_several_columns_each_have_their_own() -> None:
    stated = network(
        "mu ~ GaussianARD: 0, 1e-3, plates=(2, )",
        "tau ~ Gamma: 2, 2, plates=(2, )",
        "x* ~ GaussianARD: mu, tau",
    )
    rows = np.random.default_rng(6).normal([1, 5], [1, 3], (50, 2))
    found = predictive(infer(stated, {"x": rows}), "x")
    np.testing.assert_allclose(found.mean, rows.mean(axis=0), rtol=0.02)
    np.testing.assert_allclose(found.standard_deviation, rows.std(axis=0), rtol=0.1)


def test_where_no_spread_is_known_it_is_infinite() -> None:
    stated = network("tau ~ Gamma: 0.2, 1", "x* ~ GaussianARD: 0, tau")
    found = predictive(infer(stated, {"x": np.array([1.0])}), "x")  # a = 0.7
    assert found.standard_deviation == math.inf
    assert found.typical_interval() == (-math.inf, math.inf)


@pytest.mark.parametrize(
    ("definition", "data", "name", "sentence"),
    [
        (CLUSTERING, {"Y": usage(200)}, "Y", "“Y” is Mixture; the spread"),
        (ONE_METRIC, metric(), "mu", "“mu” is not observed, and GaussianARD"),
        (ONE_METRIC, metric(), "nu", "There is no node “nu”"),
        (
            network("m ~ GaussianARD: 0, 1, plates=(:dl|x, )", "x* ~ GaussianARD: m, 1"),
            {"x": np.array([1.0, 2.0])},
            "x",
            "“m” differs from row to row of “x”",
        ),
        (
            network("b ~ GaussianGamma: [0], [[1]], 1, 1", "x* ~ Gaussian: b, [[1]]"),
            {"x": np.array([1.0, 2.0])},
            "x",
            "The mean of “x” is “b” .GaussianGamma.",
        ),
    ],
)
def test_what_has_none_says_why(definition, data, name, sentence) -> None:  # type: ignore[no-untyped-def]
    posterior = infer(definition, data, iterations=5)
    with pytest.raises(NetworkError, match=sentence):
        predictive(posterior, name)
