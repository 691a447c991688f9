"""One run of a fit: search on rows in memory, then a tight ascent on all rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headwater.engines.mixture import gaussian, kernel
from headwater.engines.mixture.climb import EMPTY, Problem, State, climb
from headwater.engines.mixture.data import Data
from headwater.engines.mixture.gaussian import Prior
from headwater.engines.mixture.search import Search

Array = NDArray[np.float64]

FIRST_ROWS = 10_000
"""Rows of the first search; of more rows a sample is searched first."""
SEARCH_ROWS = 100_000
"""Rows that the second search holds in memory; of more rows again a sample."""

Watch = Callable[[str, int, float, int], None]
"""Called with phase, iteration, lower bound and number of groups."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to run; the options of the estimator."""

    n_components: int
    init: str
    moves: bool
    max_iter: int
    tol: float


@dataclass(frozen=True, slots=True)
class Run:
    """What a run ended with."""

    state: State
    bounds: list[float]
    """After each iteration on the way here, on all rows, in the coordinates of the pass."""
    n_iter: int
    """Of the tight ascent."""
    converged: bool


def threads(given: int | None) -> int:
    """Return the number of threads: as given, or one per core."""
    return given or os.cpu_count() or 1


def run(
    data: Data,
    prior: Prior,
    plan: Plan,
    R: Array | None,
    rng: np.random.Generator,
    executor: Executor,
    watch: Watch,
) -> Run:
    """Search from k-means++ (or from responsibilities ``R`` (n, K)), then ascend on all rows."""

    def on(rows: Array | Iterable[Array]) -> Problem:
        return Problem(rows, prior, plan.n_components, executor=executor, keep_all=not plan.moves)

    def tell(phase: str, n: int) -> Callable[[State, int], None]:
        def told(state: State, iteration: int) -> None:
            bound = state.bound + n * data.coordinates.log_det
            watch(phase, iteration, bound, int((state.counts > EMPTY).sum()))

        return told

    def search(rows: Array) -> Search:
        metric = data.coordinates.metric
        return Search(rows, on(rows), metric, rng, tell("search", rows.shape[1]))

    everything = on(data.rows())
    sampled = data.n > (FIRST_ROWS if R is None else SEARCH_ROWS)
    if R is not None:
        state = _given(everything, data, prior, plan.n_components, R)
    else:
        first = search(data.sample(FIRST_ROWS, rng))
        state = first.explore(plan.init) if plan.moves else first.start(plan.init)
    if plan.moves and (data.n > FIRST_ROWS or R is not None):
        second = search(data.sample(SEARCH_ROWS, rng))
        state = second.run(second.problem.transfer(state) if sampled else state)
    if data.n > (SEARCH_ROWS if plan.moves else FIRST_ROWS) and (plan.moves or R is None):
        state = everything.transfer(state)
    done = 0 if plan.moves else 1  # an ascent from a start has made its first update there
    bounds = [*state.trail, state.bound]
    tell_refine = tell("refine", data.n)
    state, iterations, converged = climb(
        everything,
        state,
        max_iter=plan.max_iter - done,
        tol=plan.tol * max(1.0, abs(state.bound) / 1000),
        trace=bounds,
        watch=lambda now, i: tell_refine(now, i + done),
    )
    return Run(state, bounds, iterations + done, converged)


def _given(problem: Problem, data: Data, prior: Prior, K: int, R: Array) -> State:
    """Return BayesPy's first state: given responsibilities, prior precision and weights."""
    statistics = np.zeros((K, kernel.width(data.dimension)))
    start = 0
    for chunk in data:
        end = start + chunk.shape[1]
        statistics += kernel.summed(chunk, np.ascontiguousarray(R[start:end].T))
        start = end
    log_weights = gaussian.expected_log_weights(np.zeros(K), prior.concentration, K)
    return problem.step(statistics, gaussian.prior_precision(prior, K), log_weights)
