"""Groups of a network: numbered by size, and new rows assigned as BayesPy's categories are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from headwater.engines.network.definition import Definition
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.estimator import BayesianNetwork
from headwater.engines.network.graph import build
from headwater.engines.network.groups import clustering_of, number, scoring_of
from headwater.engines.network.observe import DataError
from tests.engines.mixture.draws import Array, usage
from tests.engines.network.networks import CLUSTERING, ONE_METRIC, metric, network

N = 120
rng = np.random.default_rng(12)
SIDE = np.repeat([0, 1], [70, 50])


@dataclass(frozen=True)
class Case:
    """Rows of two kinds, and a network that tells them apart."""

    kind: str
    rows: Array
    parts: tuple[str, ...]
    takes: str
    plates: str = "(:dl|Y, )"

    @property
    def definition(self) -> Definition:
        return network(
            "alpha ~ Dirichlet: [0.5, 0.5, 0.5]",
            f"Z ~ Categorical: alpha, plates={self.plates}, :ifr",
            *self.parts,
            f"Y* ~ Mixture: Z, @bayespy.nodes.{self.kind}(), {self.takes}",
            network_type="clustering",
        )


CASES = [
    Case(
        "Gaussian",
        rng.normal([[0, 0], [4, 1]], [[1, 0.5], [0.5, 2]])[SIDE] + 0.3 * rng.normal(size=(N, 2)),
        (
            "mu ~ Gaussian: [0, 0], [[0.1, 0], [0, 0.1]], plates=(3, )",
            "Lambda ~ Wishart: 2, [[1, 0], [0, 1]], plates=(3, )",
        ),
        "mu, Lambda",
    ),
    Case(
        "GaussianARD",
        rng.normal(np.array([0, 4])[SIDE], 1.0),
        ("mu ~ GaussianARD: 0, 0.1, plates=(3, )", "tau ~ Gamma: 1, 1, plates=(3, )"),
        "mu, tau",
    ),
    Case(
        "GaussianARD",
        rng.normal(np.array([[0, 1], [4, -1]])[SIDE], 1.0),
        ("mu ~ GaussianARD: 0, 0.1, plates=(2, 3)", "tau ~ Gamma: 1, 1, plates=(2, 3)"),
        "mu, tau",
        "(:dl|Y, 1)",
    ),
    Case(
        "Gaussian",
        rng.normal(np.array([[0, 1], [4, -1]])[SIDE], 1.0),
        ("mu ~ Gaussian: [0, 0], [[0.1, 0], [0, 0.1]], plates=(3, )",),
        "mu, [[1, 0], [0, 1]]",
    ),
    Case(
        "Gamma",
        rng.gamma(np.array([2.0, 9.0])[SIDE], 1.0),
        ("rate ~ Gamma: 1, 1, plates=(3, )",),
        "4, rate",
    ),
    Case(
        "Exponential",
        rng.exponential(np.array([0.1, 8.0])[SIDE]),
        ("rate ~ Gamma: 1, 1, plates=(3, )",),
        "rate",
    ),
    Case(
        "Poisson",
        rng.poisson(np.array([[1, 9], [8, 2]])[SIDE]),
        ("rate ~ Gamma: 1, 0.2, plates=(2, 3)",),
        "rate",
        "(:dl|Y, 1)",
    ),
    Case(
        "Bernoulli",
        rng.binomial(1, np.array([[0.1, 0.9, 0.2, 0.8], [0.9, 0.2, 0.8, 0.1]])[SIDE]),
        ("p ~ Beta: [1, 1], plates=(4, 3)",),
        "p",
        "(:dl|Y, 1)",
    ),
    Case(
        "Binomial",
        rng.binomial(12, np.array([0.2, 0.8])[SIDE]),
        ("p ~ Beta: [1, 1], plates=(3, )",),
        "12, p",
    ),
    Case(
        "Categorical",
        np.where(rng.random((N, 3)) < 0.8, SIDE[:, None], rng.integers(0, 4, (N, 3))),
        ("p ~ Dirichlet: [1, 1, 1, 1], plates=(3, 3)",),
        "p",
        "(:dl|Y, 1)",
    ),
    Case(
        "Multinomial",
        rng.multinomial(9, np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])[SIDE]),
        ("p ~ Dirichlet: [1, 1, 1], plates=(3, )",),
        "9, p",
    ),
    Case(
        "Beta",
        rng.beta(np.array([2.0, 6.0])[SIDE], np.array([6.0, 2.0])[SIDE]),
        (),
        "[[2, 6], [6, 2], [1, 1]]",
    ),
    Case(
        "Dirichlet",
        np.where(SIDE[:, None] == 0, rng.dirichlet([6, 2, 2], N), rng.dirichlet([1, 2, 6], N)),
        (),
        "[[6, 2, 2], [1, 2, 6], [1, 1, 1]]",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.kind} {np.ndim(c.rows)}")
def test_rows_learned_from_are_assigned_as_bayespys_categories(case: Case) -> None:
    model = BayesianNetwork(
        case.definition.to_json(), engine="bayespy", tol=1e-12, max_iter=4000, n_init=3
    ).fit({"Y": case.rows})
    assert model.labels_ is not None
    shares = model["Z"].get_moments()[0].reshape(N, 3)
    assert (model.components_[model.labels_] == shares.argmax(axis=1)).all()
    assert (model.predict(case.rows) == model.labels_).all()
    np.testing.assert_allclose(
        model.predict_proba(case.rows),
        (shares / shares[:, model.components_].sum(axis=1, keepdims=True))[:, model.components_],
        atol=1e-6,
    )
    group = model.compile()
    assert [group(np.atleast_1d(row)) for row in case.rows] == model.labels_.tolist()
    assert model.n_groups_ >= 2
    assert model.means_.shape == (model.n_groups_, case.rows.reshape(N, -1).shape[1])
    assert model.weights_.sum() == pytest.approx(1)
    largest = np.bincount(SIDE[model.labels_ == 0], minlength=2)
    assert largest.max() > 0.8 * largest.sum()


def test_groups_are_those_that_hold_rows_largest_first() -> None:
    groups = number(np.array([7, 2, 2, 5, 7, 7]))
    assert groups.labels.tolist() == [0, 1, 1, 2, 0, 0]
    assert groups.components.tolist() == [7, 2, 5]
    assert groups.sizes.tolist() == [3, 2, 1]


def test_the_logits_are_the_message_that_bayespy_sends_to_its_categories() -> None:
    rows = usage(200)
    graph = build(CLUSTERING, {"Y": rows})
    graph.nodes["Z"].u = [np.random.default_rng(0).dirichlet(np.ones(10), 200)]
    with np.errstate(all="ignore"):
        for name in ("alpha", "mu", "Lambda", "Z"):
            graph.nodes[name].update()
    scoring = scoring_of(graph, clustering_of(CLUSTERING), rows)
    assert scoring is not None
    np.testing.assert_allclose(scoring.logits(rows), graph.nodes["Z"].phi[0], rtol=1e-9, atol=1e-8)


@pytest.mark.parametrize("engine", ["auto", "bayespy"])
def test_the_published_groups(engine: str) -> None:
    rows = usage(800)
    model = BayesianNetwork(CLUSTERING.to_json(), engine=engine, n_init=1, random_state=2)
    model.fit({"Y": rows})
    if engine == "auto":
        assert model.n_groups_ == 4
        expected = [[16, 16], [20, 20], [20, 20], [25, 25]]
        np.testing.assert_allclose(
            model.means_[np.argsort(model.means_.sum(axis=1))], expected, atol=0.5
        )
    assert model.covariances_ is not None
    for g in range(model.n_groups_):
        own = rows[model.labels_ == g]
        if len(own) > 100:
            np.testing.assert_allclose(model.means_[g], own.mean(axis=0), atol=0.3)
            np.testing.assert_allclose(model.covariances_[g], np.cov(own.T), atol=0.5)
    assert np.diff(model.posterior.groups.sizes).max() <= 0  # type: ignore[union-attr]


def test_a_step_tells_how_many_groups_there_are() -> None:
    steps: list[int] = []
    model = BayesianNetwork(CLUSTERING.to_json(), engine="bayespy", max_iter=40)
    model.fit({"Y": usage(200)}, callback=lambda step: steps.append(step.n_groups))
    assert steps[-1] == model.n_groups_
    assert max(steps) <= 10


def test_rows_that_a_network_cannot_take_are_refused() -> None:
    model = BayesianNetwork(CASES[6].definition.to_json()).fit({"Y": CASES[6].rows})
    with pytest.raises(DataError, match="“Y” is Poisson and takes counts; row 1, column 2, has"):
        model.predict([[1, 0.5]])
    with pytest.raises(ValueError, match="“Y” has 2 columns, and the rows have the shape"):
        model.predict([[1, 2, 3]])


def test_a_general_network_has_no_groups() -> None:
    model = BayesianNetwork(ONE_METRIC.to_json()).fit(metric())
    assert (model.labels_, model.n_groups_) == (None, 0)
    with pytest.raises(NetworkError, match="divides no rows into groups"):
        model.predict([[1.0]])


def test_a_clustering_network_without_a_mixture_is_refused() -> None:
    with pytest.raises(NetworkError, match="has an observed Mixture whose first parameter"):
        BayesianNetwork(ONE_METRIC.to_json(), network_type="clustering").fit(metric())


def test_groups_that_other_columns_tell_too_are_not_assigned_from_one() -> None:
    stated = network(
        "Z ~ Categorical: [0.5, 0.5], plates=(:dl|Y, ), :ifr",
        "mu ~ GaussianARD: 0, 0.1, plates=(2, )",
        "rate ~ Gamma: 1, 1, plates=(2, )",
        "Y* ~ Mixture: Z, @bayespy.nodes.GaussianARD(), mu, 1",
        "visits* ~ Mixture: Z, @bayespy.nodes.Poisson(), rate",
        network_type="clustering",
    )
    data = {"Y": CASES[1].rows, "visits": CASES[6].rows[:, 0]}
    model = BayesianNetwork(stated.to_json()).fit(data)
    assert (np.bincount(model.labels_[SIDE == 0]).argmax()) != (
        np.bincount(model.labels_[SIDE == 1]).argmax()
    )
    with pytest.raises(NetworkError, match="cannot be assigned by itself"):
        model.predict(CASES[1].rows)
