"""One run of a fit: search on rows in memory, then a tight ascent on all rows."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from headwater.engines.mixture import gaussian, kernel
from headwater.engines.mixture.climb import EMPTY, Ascent, Mixture, Problem, Rows, State, climb
from headwater.engines.mixture.data import Data
from headwater.engines.mixture.gaussian import Prior
from headwater.engines.mixture.search import Search
from headwater.engines.mixture.second_look import look_again
from headwater.engines.mixture.simplify import Simplifier
from headwater.engines.mixture.student import StudentProblem, StudentState

Array = NDArray[np.float64]

FIRST_ROWS = 10_000
"""Rows of the first search; of more rows a sample is searched first."""
SEARCH_ROWS = 100_000
"""Rows that the second search holds in memory; of more rows again a sample."""

SPARE = 3
"""Components more than there may be groups, in the search that comes before heavy tails."""

P = TypeVar("P", bound=Mixture)
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
    heavy: bool
    """Whether components are Student-t."""


@dataclass(frozen=True, slots=True)
class Run(Generic[P]):
    """What a run ended with."""

    state: P
    bounds: list[float]
    """After each iteration on the way here, on all rows, in the coordinates of the pass."""
    n_iter: int
    """Of the tight ascent."""
    converged: bool
    scatter: float = 0.0
    """Share of the rows searched that lay thinly around all groups and were made no group."""
    again: bool = False
    """Whether the groups are those that rows without outliers led to."""


def threads(given: int | None) -> int:
    """Return the number of threads: as given, or one per core."""
    return given or os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs of one fit."""

    data: Data
    prior: Prior
    plan: Plan
    R: Array | None
    """Responsibilities (n, K) to start from, or None: from k-means++ (or at random)."""
    executor: Executor
    watch: Watch

    def gaussian(self, rng: np.random.Generator) -> Run[State]:
        """Search, then ascend on all rows."""
        everything = self._problem(self.data.rows(), self.plan.n_components)
        if self.plan.moves:
            state, rows = self._searched(self.plan.n_components, rng)
            if self._is_sample(rows):
                state = everything.transfer(state)
            return self._ascend(everything, state, 0)
        if self.R is not None:
            state = self._given(everything, self.R)
        else:
            state = self._first(rng)
            if self.data.n > FIRST_ROWS:
                state = everything.transfer(state)
        return self._ascend(everything, state, 1)

    def student(self, rng: np.random.Generator) -> Run[StudentState]:
        """Search for Gaussian groups, simplify them, then ascend on all rows."""
        everything = self._student_problem(self.data.rows())
        if self.plan.moves:
            state, scatter = self._simplified(everything, rng)
            again = self._looked_again(everything, state, rng)
            run = self._ascend(everything, again or state, 0)
            return replace(run, scatter=scatter, again=again is not None)
        if self.R is not None:
            statistics, precision, log_weights = self._given_sums(self.R)
            state = everything.begin(
                statistics,
                statistics[:, 0],
                precision=precision,
                log_weights=log_weights,
                sweeps=1,
            )
        else:
            first = self._first(rng)
            state = everything.begin(first.sums.statistics, first.counts)
        return self._ascend(everything, state, 1)

    def _problem(self, rows: Rows, limit: int) -> Problem:
        keep = not self.plan.moves
        return Problem(rows, self.prior, limit, executor=self.executor, keep_all=keep)

    def _student_problem(self, rows: Rows) -> StudentProblem:
        limit, keep = self.plan.n_components, not self.plan.moves
        return StudentProblem(rows, self.prior, limit, executor=self.executor, keep_all=keep)

    def _is_sample(self, rows: Array) -> bool:
        return bool(rows.shape[1] < self.data.n)

    def _tell(self, phase: str, n: int, done: int = 0) -> Callable[[Mixture, int], None]:
        def told(state: Mixture, iteration: int) -> None:
            bound = state.bound + n * self.data.coordinates.log_det
            self.watch(phase, iteration + done, bound, int((state.counts > EMPTY).sum()))

        return told

    def _search(self, rows: Array, limit: int, rng: np.random.Generator) -> Search:
        metric = self.data.coordinates.metric
        told = self._tell("search", rows.shape[1])
        return Search(rows, self._problem(rows, limit), metric, rng, told)

    def _first(self, rng: np.random.Generator) -> State:
        """Return the first state from k-means++ or at random, on a sample."""
        sample = self.data.sample(FIRST_ROWS, rng)
        return self._search(sample, self.plan.n_components, rng).start(self.plan.init)

    def _searched(self, limit: int, rng: np.random.Generator) -> tuple[State, Array]:
        """Return the best Gaussian state that moves find, and the rows that its sums are of."""
        data = self.data
        if self.R is not None:
            state = self._given(self._problem(data.rows(), limit), self.R)
        else:
            first = self._search(data.sample(FIRST_ROWS, rng), limit, rng)
            state = first.explore(self.plan.init)
            if data.n <= FIRST_ROWS:
                return state, first.Y
        second = self._search(data.sample(SEARCH_ROWS, rng), limit, rng)
        if self.R is None or self._is_sample(second.Y):
            state = second.problem.transfer(state)
        return second.run(state), second.Y

    def _simplified(
        self, everything: StudentProblem, rng: np.random.Generator
    ) -> tuple[StudentState, float]:
        """Return the best state of heavy tails on all rows, and the share of scatter.

        Of two Gaussian searches, one has spare components for far rows, which would otherwise
        take the place of a group. The better one is taken while scatter has still components of
        its own; where that leaves more groups than allowed, the one that ends better.
        """
        found = []
        for spare in (0, SPARE) if self.R is None else (0,):
            start, rows = self._searched(self.plan.n_components + spare, rng)
            told = self._tell("search", rows.shape[1])
            simplifier = Simplifier(rows, self._student_problem(rows), told)
            state = simplifier.problem.begin(start.sums.statistics, start.counts)
            found.append((simplifier, simplifier.run(state)))

        def whole(state: StudentState, rows: Array) -> StudentState:
            return everything.transfer(state) if self._is_sample(rows) else state

        found.sort(key=lambda one: -whole(one[1], one[0].rows).bound)
        ended = []
        for simplifier, state in found:
            end = whole(simplifier.finish(state), simplifier.rows)
            ended.append((end, simplifier.scatter / simplifier.rows.shape[1]))
            if not simplifier.forced:
                break
        return max(ended, key=lambda one: one[0].bound)

    def _looked_again(
        self, everything: StudentProblem, state: StudentState, rng: np.random.Generator
    ) -> StudentState | None:
        """Return the state on all rows that a second look leads to, or None: see ``look_again``."""
        if self.R is not None:
            return None
        rows = self.data.sample(SEARCH_ROWS, rng)

        def search(some: Array) -> tuple[State, Array]:
            if some.shape[1] > FIRST_ROWS:
                index = np.sort(rng.choice(some.shape[1], size=FIRST_ROWS, replace=False))
                some = np.ascontiguousarray(some[:, index])
            found = self._search(some, self.plan.n_components, rng)
            return found.explore(self.plan.init), some

        told = self._tell("search", rows.shape[1])
        again = look_again(rows, state, self._student_problem, search, told)
        if again is None:
            return None
        if self._is_sample(rows):
            again = everything.transfer(again)
        return replace(again, trail=())

    def _given_sums(self, R: Array) -> tuple[Array, Array, Array]:
        """Return sums under the given responsibilities, the prior's precision and weights."""
        K = self.plan.n_components
        statistics = np.zeros((K, kernel.width(self.data.dimension)))
        start = 0
        for chunk in self.data:
            end = start + chunk.shape[1]
            statistics += kernel.summed(chunk, np.ascontiguousarray(R[start:end].T))
            start = end
        log_weights = gaussian.expected_log_weights(np.zeros(K), self.prior.concentration, K)
        return statistics, gaussian.prior_precision(self.prior, K), log_weights

    def _given(self, problem: Problem, R: Array) -> State:
        """Return BayesPy's first state from given responsibilities."""
        return problem.step(*self._given_sums(R))

    def _ascend(self, problem: Ascent[P], state: P, done: int) -> Run[P]:
        """Ascend tightly; ``done`` iterations were made on the way to ``state``."""
        bounds = [*state.trail, state.bound]
        state, iterations, converged = climb(
            problem,
            state,
            max_iter=self.plan.max_iter - done,
            tol=self.plan.tol * max(1.0, abs(state.bound) / 1000),
            trace=bounds,
            watch=self._tell("refine", self.data.n, done),
        )
        return Run(state, bounds, iterations + done, converged)
