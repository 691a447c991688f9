"""An inference: the published example, restarts, seeds, threads, and what cannot be inferred."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from headwater.engines.network.ascent import settled
from headwater.engines.network.errors import NetworkError
from headwater.engines.network.graph import build
from headwater.engines.network.inference import infer
from headwater.engines.network.observe import DataError
from headwater.engines.network.posterior import Posterior
from headwater.engines.progress import Step
from tests.engines.mixture.draws import usage
from tests.engines.network.networks import CLUSTERING, ONE_METRIC, Array, metric, network

MIXTURE = network(
    "alpha ~ Dirichlet: numpy.full(3, 0.1)",
    "Z ~ Categorical: alpha, plates=(:dl|x, ), :ifr",
    "mu ~ GaussianARD: 0, 1e-2, plates=(3, )",
    "tau ~ Gamma: 1e-2, 1e-2, plates=(3, )",
    "x* ~ Mixture: Z, @bayespy.nodes.GaussianARD(), mu, tau",
)


def two_sides(n: int = 60) -> dict[str, Array]:
    rng = np.random.default_rng(8)
    return {"x": np.concatenate([rng.normal(-2, 0.5, n // 2), rng.normal(2, 0.5, n // 2)])}


def same(one: Posterior, other: Posterior) -> bool:
    """Whether two posteriors are the same to the last bit."""
    return one.restart_bounds == other.restart_bounds and all(
        np.array_equal(a, b)
        for name in one
        if not one[name].observed
        for a, b in zip(one[name].get_moments(), other[name].get_moments(), strict=True)
    )


def test_the_published_means_of_one_metric() -> None:
    posterior = infer(ONE_METRIC, metric())
    assert float(posterior["mu"].get_moments()[0]) == pytest.approx(9.8093, abs=5e-5)
    assert float(posterior["tau"].get_moments()[0]) == pytest.approx(0.03916, abs=5e-6)
    assert posterior.converged
    assert posterior.engine == "BayesPy"
    assert posterior.rows == {"avg1": 200}
    low, high = posterior["mu"].interval()
    assert low < 9.8093 < high


def test_the_order_in_which_nodes_are_stated_does_not_matter_for_building() -> None:
    backwards = replace(ONE_METRIC, nodes=ONE_METRIC.nodes[::-1])
    one, other = infer(ONE_METRIC, metric()), infer(backwards, metric())
    assert other.bound == pytest.approx(one.bound, rel=1e-8)
    assert list(other) == ["avg1", "tau", "mu"]


def test_restarts_differ_and_the_best_is_kept_with_its_way() -> None:
    posterior = infer(CLUSTERING, {"Y": usage(200)}, engine="bayespy", restarts=4)
    assert len(set(posterior.restart_bounds)) > 1
    assert posterior.bound == max(posterior.restart_bounds) == posterior.bounds[-1]
    assert posterior.iterations == len(posterior.bounds)
    assert all(b >= a - 1e-6 for a, b in zip(posterior.bounds, posterior.bounds[1:], strict=False))


def test_the_seed_decides() -> None:
    one, again = (infer(MIXTURE, two_sides(), random_state=3, restarts=2) for _ in range(2))
    other = infer(MIXTURE, two_sides(), random_state=4, restarts=2)
    assert same(one, again)
    assert not same(one, other)


def test_one_restart_where_nothing_is_random() -> None:
    posterior = infer(ONE_METRIC, metric(), restarts=15)
    assert len(posterior.restart_bounds) == 1
    assert "run once instead of 15 times" in posterior.notes[0]


def test_networks_in_threads_never_see_each_other_nor_the_generator_of_the_process() -> None:
    np.random.seed(7)
    before = np.random.get_state()[1].copy()
    jobs = [(MIXTURE, two_sides(), seed) for seed in range(6)]
    jobs += [(CLUSTERING, {"Y": usage(200)}, seed) for seed in range(3)]

    def run(job: tuple) -> Posterior:
        definition, data, seed = job
        return infer(
            definition, data, engine="bayespy", restarts=2, random_state=seed, iterations=30
        )

    alone = [run(job) for job in jobs]
    with ThreadPoolExecutor(6) as executor:
        together = list(executor.map(run, jobs * 2))
    for posterior, expected in zip(together, alone * 2, strict=True):
        assert same(posterior, expected)
    assert np.array_equal(np.random.get_state()[1], before)


def test_each_iteration_is_told_and_what_the_callback_raises_stops_the_fit() -> None:
    steps: list[Step] = []
    posterior = infer(MIXTURE, two_sides(), restarts=2, callback=steps.append)
    assert [step.restart for step in steps] == sorted(step.restart for step in steps)
    assert {step.restarts for step in steps} == {2}
    last = {step.restart: step.objective for step in steps}
    assert list(last.values()) == posterior.restart_bounds

    class HaltedError(Exception):
        pass

    def stop(step: Step) -> None:
        if step.iteration == 3:
            raise HaltedError

    with pytest.raises(HaltedError):
        infer(MIXTURE, two_sides(), callback=stop)


def test_the_limit_of_iterations_is_kept_and_said() -> None:
    posterior = infer(MIXTURE, two_sides(), iterations=2)
    assert posterior.iterations == 2
    assert not posterior.converged
    assert "had not settled after 2 iterations" in posterior.notes[0]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ([-100.0, -99.9], False),
        ([-100.0, -99.9999, -99.9998], False),  # still 1e-4 a round: a plateau may end
        ([-100.0, -99.9, -99.9], False),
        ([-100.0, -100.0, -100.0], True),
        ([-100.0, -99.9995, -99.99945], True),
        ([-100.0, -100.0001, -100.0001], True),
    ],
)
def test_when_a_bound_has_settled(bounds: list[float], expected: bool) -> None:
    assert settled(bounds, 1e-5) is expected
    assert not settled(bounds, 0.0)


def test_informative_groups_without_a_random_start_keep_their_order() -> None:
    stated = network(
        "alpha ~ Dirichlet: [1, 1]",
        "mu ~ GaussianARD: [3, -3], 1, plates=(2, )",
        "Z ~ Categorical: alpha, plates=(:dl|x, )",
        "x* ~ Mixture: Z, @bayespy.nodes.GaussianARD(), mu, 4",
    )
    posterior = infer(stated, two_sides())
    assert posterior["mu"].mean == pytest.approx([2, -2], abs=0.2)
    assert posterior["Z"].get_moments()[0].argmax(axis=1).tolist() == [1] * 30 + [0] * 30


REFUSED = [
    (
        network("mu ~ GaussianARD: 0, 1", "x* ~ GaussianARD: my, 1"),
        "“x” takes “my”, and there is no node of that name",
    ),
    (
        network("a ~ GaussianARD: b, 1", "b ~ GaussianARD: a, 1", "x* ~ GaussianARD: a, 1"),
        "The nodes go in a circle: a → b → a",
    ),
    (
        network("mu ~ Gaussian: [0, 0], 1", "x* ~ GaussianARD: mu, 1"),
        r"“mu” \(Gaussian\) cannot be built from what it was given: numbers of shape \(2,\), 1",
    ),
    (
        network("mu ~ GaussianARD: 0, 1, plates=(4, )", "x* ~ GaussianARD: mu, 1"),
        r"“x” \(GaussianARD\) cannot be built .* mu with plates \(4,\) and shape \(\)",
    ),
    (network("mu ~ GaussianARD: 0, 1, plates=(0, )", "x* ~ GaussianARD: mu, 1"), "“mu” has plates"),
    (network("mu ~ GaussianARD: (0, 1", "x* ~ GaussianARD: mu, 1"), "The parameters of “mu”"),
    (network("x* ~ GaussianARD: numpy.load('x'), 1"), "The parameters of “x” cannot be worked out"),
    (network("x* ~ Wishart: 2, numpy.identity(2)"), "“x” is Wishart, which cannot observe"),
    (
        network("tau ~ Gamma: 1e-6, 1e-6, :ifr", "x* ~ GaussianARD: 0, tau"),
        "“tau” cannot start at random: its prior is so wide",
    ),
    (
        network("a ~ GammaShape: :ifr", "x* ~ Gamma: a, 1"),
        "“a” has no distribution to draw a start from",
    ),
]


@pytest.mark.parametrize(("definition", "sentence"), REFUSED, ids=lambda x: str(x)[:30])
def test_what_cannot_be_built_is_said_of_the_node(definition: object, sentence: str) -> None:
    with pytest.raises(NetworkError, match=sentence):
        infer(definition, {"x": np.array([0.5, 1.0, 2.0])})  # type: ignore[arg-type]


BAD_ROWS = [
    ("Poisson: 3", [1, 0, -1.5], "“x” is Poisson and takes counts; row 3 has -1.5."),
    ("Poisson: 3", [1, 0.5, 2], "“x” is Poisson and takes counts; row 2 has 0.5."),
    ("Bernoulli: 0.5", [1, 0, 2], "“x” is Bernoulli and takes 0 or 1; row 3 has 2."),
    ("Binomial: 4, 0.5", [1, 5, 2], "“x” is Binomial and takes a count from 0 to 4, its number"),
    ("Categorical: [0.5, 0.5]", [1, 0, 2], "takes a whole number from 0 to 1, one per category"),
    ("Gamma: 1, 1", [1, 0, 2], "“x” is Gamma and takes numbers above 0; row 2 has 0."),
    ("Exponential: 1", [1, 2, -3], "“x” is Exponential and takes numbers above 0; row 3 has -3."),
    ("Beta: [1, 1]", [0.5, 1, 0.2], "takes numbers between 0 and 1, without the ends; row 2 has 1"),
    ("GaussianARD: 0, 1", [1, np.nan, 2], "takes finite numbers; row 2 has nan."),
    ("Multinomial: 3, [0.5, 0.5]", [[1, 2], [2, 2]], "add up to 3, its number of trials; row 2"),
    ("Dirichlet: [1, 1]", [[0.5, 0.5], [0.5, 0.4]], "takes shares that add up to 1; row 2 has 0.9"),
    ("Gaussian: [0, 0], [[1, 0], [0, 1]]", [[1, 2], [3, np.inf]], "row 2, column 2, has inf"),
]


@pytest.mark.parametrize(("text", "rows", "sentence"), BAD_ROWS, ids=lambda x: str(x)[:20])
def test_the_first_row_that_does_not_fit_is_named(text: str, rows: list, sentence: str) -> None:
    with pytest.raises(DataError) as error:
        infer(network(f"x* ~ {text}"), {"x": np.array(rows)})
    assert sentence in str(error.value)
    assert error.value.node == "x"
    assert not np.isfinite(np.array(rows)[error.value.row]).all() or error.value.row > 0


def test_counts_may_be_floats_and_a_single_column_a_vector_of_one() -> None:
    counts = infer(network("l ~ Gamma: 1, 1", "x* ~ Poisson: l"), {"x": np.array([1.0, 2.0, 4.0])})
    assert float(counts["l"].mean) == pytest.approx(8 / 4)
    vectors = network("mu ~ Gaussian: [0], [[1e-6]]", "x* ~ Gaussian: mu, [[1]]")
    assert infer(vectors, {"x": np.array([1.0, 3.0])})["mu"].mean == pytest.approx([2], abs=1e-5)


def test_what_is_missing_or_too_much_is_said() -> None:
    with pytest.raises(NetworkError, match="“avg1” observes columns, and no data were given"):
        build(ONE_METRIC, {})
    with pytest.raises(NetworkError, match=r"was given the shape \(0,\)"):
        build(ONE_METRIC, {"avg1": np.array([])})
    with pytest.raises(NetworkError, match="restarts was 0"):
        infer(ONE_METRIC, metric(), restarts=0)
    cannot = network("mu ~ GaussianARD: 0, 1", "F ~ Add: mu, mu", "x* ~ GaussianARD: F, 1")
    with pytest.raises(NetworkError, match="Parent nodes are not independent"):
        infer(cannot, {"x": np.array([1.0])})


@pytest.mark.parametrize("engine", ["auto", "bayespy"])
def test_both_engines_refuse_the_same_rows(engine: str) -> None:
    rows = usage(200)
    rows[7, 1] = np.inf
    with pytest.raises(DataError, match="row 8, column 2, has inf"):
        infer(CLUSTERING, {"Y": rows}, engine=engine)  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match="“Y” takes numbers, and was given texts"):
        infer(CLUSTERING, {"Y": np.array([["a", "b"]] * 20)}, engine=engine)  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match="“Y” observes columns, and no data were given"):
        infer(CLUSTERING, {}, engine=engine)  # type: ignore[arg-type]


def test_arithmetic_that_fails_is_a_sentence_not_a_number() -> None:
    stated = network("tau ~ Gamma: 1, 1", "x* ~ GaussianARD: 0, tau")
    with pytest.raises(NetworkError, match="The lower bound is no finite number in iteration 1"):
        infer(stated, {"x": np.array([1e200, -1e200])})


@pytest.mark.parametrize("module", ["definition", "posterior", "inference", "check"])
def test_bayespy_is_imported_only_when_a_network_is_built(module: str) -> None:
    code = (
        f"import headwater.engines.network.{module}, sys; "
        "assert not any(name.startswith('bayespy') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
