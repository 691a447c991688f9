"""The search: the bound rises, moves never lower it, and the best known bounds are reached."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.engines.mixture import VariationalMixture
from headwater.engines.progress import Step
from tests.engines.mixture.draws import KNOWN, Array, blobs, hard, soft, usage


def rises(bounds: list[float]) -> bool:
    """Say whether bounds never fall by more than their rounding."""
    return all(after - before > -1e-9 * abs(before) for before, after in pairwise(bounds))


@st.composite
def small(draw: st.DrawFn) -> tuple[Array, Array]:
    """Draw rows (n, D) and responsibilities (n, K) to start from."""
    n = draw(st.integers(5, 40))
    seed = draw(st.integers(0, 2**20))
    groups, D = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    X = blobs(n, D, groups, seed=seed, apart=draw(st.floats(0, 8)))
    start = draw(st.sampled_from([hard, soft]))
    return X, start(n, draw(st.integers(1, min(n, 6))), seed=seed)


@given(small())
def test_the_bound_never_falls_and_moves_never_lower_it(drawn: tuple[Array, Array]) -> None:
    X, R = drawn
    K = R.shape[1]
    plain = VariationalMixture(K, moves=False).fit(X, responsibilities=R)
    moved = VariationalMixture(K, random_state=0).fit(X, responsibilities=R)
    assert rises(plain.lower_bounds_)
    assert rises(moved.lower_bounds_)
    assert moved.lower_bound_ > plain.lower_bound_ - 1e-5
    assert moved.n_groups_ <= K
    assert plain.n_groups_ == (plain.weights_ > 0).sum()


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_the_bound_of_an_ascent_alone_never_falls(init: str) -> None:
    for seed in range(3):
        model = VariationalMixture(6, init=init, moves=False, random_state=seed).fit(usage(200))
        assert rises(model.lower_bounds_)
        assert len(model.means_) == 6
        assert model.n_iter_ == len(model.lower_bounds_)


@pytest.mark.statistics
@pytest.mark.parametrize("n", KNOWN)
def test_the_seeds_reach_the_best_known_bound_with_four_groups(n: int) -> None:
    X = usage(n)
    fits = [VariationalMixture(random_state=seed).fit(X) for seed in range(15)]
    reached = [model for model in fits if abs(model.lower_bound_ - KNOWN[n]) < 0.01]
    assert len(reached) >= (15 if n >= 800 else 14)
    for model in reached:
        assert model.n_groups_ == 4
        assert model.converged_
        assert model.weights_ == pytest.approx(np.full(4, 0.25), abs=0.02)


def test_the_groups_of_the_usage_data_are_those_it_was_drawn_from() -> None:
    model = VariationalMixture(random_state=0).fit(usage(2000))
    found = {
        (round(m[0]), round(m[1])): C for m, C in zip(model.means_, model.covariances_, strict=True)
    }
    assert set(found) == {(20, 20), (25, 25), (16, 16)}
    np.testing.assert_allclose(found[(25, 25)], [[2, -1.5], [-1.5, 2]], atol=0.25)
    np.testing.assert_allclose(found[(16, 16)], 0.5 * np.eye(2), atol=0.1)


@pytest.mark.parametrize("K", [1, 2, 5])
@pytest.mark.parametrize("D", [1, 2, 4])
def test_separated_groups_are_counted(D: int, K: int) -> None:
    model = VariationalMixture(8, random_state=3).fit(blobs(150 * K, D, K, seed=K))
    assert model.n_groups_ == K
    assert sorted(np.bincount(model.labels_)) == [150] * K


def test_one_component_is_one_group() -> None:
    X = blobs(50, 2, 3)
    model = VariationalMixture(1, random_state=0).fit(X)
    assert model.weights_.tolist() == [1.0]
    np.testing.assert_allclose(model.means_[0], X.mean(axis=0), rtol=1e-3)


def test_the_best_restart_is_kept() -> None:
    X = usage(200)
    model = VariationalMixture(8, n_init=4, moves=False, random_state=5).fit(X)
    assert len(model.restart_lower_bounds_) == 4
    assert len(set(model.restart_lower_bounds_)) > 1
    assert model.lower_bound_ == max(model.restart_lower_bounds_) == model.lower_bounds_[-1]
    assert (model.objective_, model.objectives_, model.restart_objectives_) == (
        model.lower_bound_,
        model.lower_bounds_,
        model.restart_lower_bounds_,
    )


def test_the_limit_of_iterations_is_kept_and_said() -> None:
    model = VariationalMixture(8, moves=False, max_iter=3, random_state=0).fit(usage(200))
    assert model.n_iter_ == 3
    assert not model.converged_


def test_steps_are_told() -> None:
    steps: list[Step] = []
    model = VariationalMixture(6, n_init=2, random_state=0).fit(usage(200), callback=steps.append)
    assert {s.restart for s in steps} == {1, 2}
    assert {s.restarts for s in steps} == {2}
    assert {s.phase for s in steps} == {"search", "refine"}
    refined = [s.objective for s in steps if s.phase == "refine" and s.restart == 1]
    assert refined[-1] == pytest.approx(model.restart_lower_bounds_[0])
    numbers = [s.iteration for s in steps if s.phase == "refine" and s.restart == 1]
    assert numbers == list(range(1, len(numbers) + 1))
    assert steps[-1].n_groups == 4
    assert all(np.isfinite(s.objective) for s in steps)


@pytest.mark.parametrize("phase", ["search", "refine"])
def test_an_exception_of_the_callback_stops_the_fit_and_reaches_the_caller(phase: str) -> None:
    told: list[Step] = []

    def stop(step: Step) -> None:
        told.append(step)
        if step.phase == phase:
            raise InterruptedError("enough")

    model = VariationalMixture(random_state=0)
    with pytest.raises(InterruptedError, match="enough"):
        model.fit(usage(200), callback=stop)
    assert sum(s.phase == phase for s in told) == 1
    assert not hasattr(model, "means_")


@pytest.mark.parametrize("seed", range(3))
def test_common_values_are_found_from_every_start(seed: int) -> None:
    rng = np.random.default_rng(0)
    counts = np.column_stack([rng.poisson(mean, 600) for mean in (2, 5, 1)]).astype(float)
    bounds = [VariationalMixture(10, random_state=s).fit(counts).lower_bound_ for s in (seed, 9)]
    assert bounds[0] == pytest.approx(bounds[1], abs=1.0)
