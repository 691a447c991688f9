"""The search for the best bound: a loose ascent from k-means++, moves, and a tight ascent."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from headwater.engines.mixture import moves
from headwater.engines.mixture.climb import Problem, State, without_empty
from headwater.engines.mixture.kernel import responsibilities, summed, width
from headwater.engines.mixture.moves import Move
from headwater.engines.mixture.regroup import agglomerate, hand_over

Array = NDArray[np.float64]

ROUNDS = 40
"""Rounds of moves, at most."""
LOOSE = 30
"""Iterations of a loose ascent, at most."""
LEAST_GAIN = 1e-4
"""Gain in nats below which a move is not worth making."""

REGROUPINGS = 8
"""Regroupings of the best state, at most, where no two starts agree."""
SAME = 0.05
"""Difference in nats below which two states are taken for the same."""
LOOKED_AT = 1_000
"""Rows that tell whether the values of a column repeat."""
TRIES = 5
"""Merges that are tried although they lose at first."""

Watch = Callable[[State, int], None]
"""Called with the state and the iterations so far."""


@dataclass(slots=True)
class Search:
    """One search on rows held in memory, from one start."""

    Y: Array
    """(D, n)."""
    problem: Problem
    """Of these rows."""
    metric: Array
    """(D, D) takes the rows to standardised columns, where k-means measures distances."""
    rng: np.random.Generator
    watch: Watch
    iterations: int = 0
    _repeating: Array = field(init=False)
    """(C, D) takes the rows to those standardised columns whose values repeat."""

    def __post_init__(self) -> None:
        some = self.Y[:, :: -(-self.Y.shape[1] // LOOKED_AT)]
        first = np.round(self.metric @ some, 7)
        distinct = np.array([len(np.unique(column)) for column in first])
        self._repeating = self.metric[distinct < 0.5 * first.shape[1]]

    def start(self, init: str) -> State:
        """Return the state of the first iteration, from k-means++ or random labels."""
        n = self.Y.shape[1]
        K = min(self.problem.n_components, n)
        if init == "random":
            labels = self.rng.integers(K, size=n)
        else:
            labels = _k_means((self.metric @ self.Y).T, K, int(self.rng.integers(2**31)))
        return self.problem.step(_hard(self.Y, labels, K), sweeps=3)

    def gather(self, state: State) -> State:
        """Return the state after a loose ascent whose components were merged pair by pair."""
        state = self.loose(state, tol=self._tolerance(state))
        labels = responsibilities(self.Y, state.natural()).argmax(axis=0)
        parts = _hard(self.Y, labels, len(state.counts))
        owner = agglomerate(self.problem.prior, parts, limit=self.problem.n_components)
        gathered = self._regrouped(parts, owner)
        first = min(*gathered.trail, gathered.bound)
        way = (b for b in (*state.trail, state.bound) if b < first)
        return replace(gathered, trail=(*way, *gathered.trail))

    def _regrouped(self, parts: Array, owner: NDArray[np.intp]) -> State:
        prior, limit = self.problem.prior, self.problem.n_components
        groups, _ = hand_over(
            prior, parts, owner, int(owner.max()) + 1, limit=limit, most=2 * len(parts)
        )
        after = self.problem.step(groups, sweeps=3)
        return self.loose(after, tol=self._tolerance(after))

    def loose(self, state: State, *, tol: float, max_iter: int = LOOSE) -> State:
        """Ascend until a round rises by less than ``tol`` nats; return no empty component."""
        for _ in range(max_iter):
            before = state.bound
            state = self.problem.next(state).after(state)
            self.iterations += 1
            self.watch(state, self.iterations)
            if state.bound - before < tol:
                break
        return without_empty(state)

    def explore(self, init: str) -> State:
        """Return the best state of several starts, until two of them meet it.

        Each start is improved in two ways, after its components were gathered pair by pair and as
        it is; either may lead further. What two starts meet is taken for the best there is; where
        they do not agree, the tries are bounded by the size of the work.
        """
        most = _tries(self.Y.shape, self.problem.n_components)
        best = self.run(self.gather(start := self.start(init)))
        met_from = {0}
        for tried in range(1, most):
            if tried % 2:
                state = self.run(start)
            else:
                state = self.run(self.gather(start := self.start(init)))
            if abs(state.bound - best.bound) < SAME:
                met_from.add(tried // 2)
            elif state.bound > best.bound:
                met_from = {tried // 2}
            best = max(best, state, key=lambda one: one.bound)
            if len(met_from) == 2:
                return best
        failures = 0
        for _ in range(REGROUPINGS):
            after = self._regroup(best)
            failures = 0 if after is not None else failures + 1
            best = best if after is None else after
            if failures == 2:
                break
        return best

    def run(self, state: State) -> State:
        """Return the best state that moves reach from ``state``; its bound is never lower."""
        state = self.loose(state, tol=self._tolerance(state))
        failed: set[Key] = set()
        for _ in range(ROUNDS):
            after = self._shrink(state) or self._grow(state, failed) or self._adapt(state)
            if after is None:
                break
            state = after
        return state

    def _tolerance(self, state: State) -> float:
        return max(1e-2, 1e-6 * abs(state.bound))

    def _shrink(self, state: State) -> State | None:
        """Return the state after merges and removals that gain, or None if there are none."""
        if len(state.counts) == 1:
            return None
        Y, prior = self.Y, self.problem.prior
        R, near = responsibilities(Y, state.natural()), moves.neighbours(state.components)
        found = []
        for pair in _pairs(near[:, :3]):
            found.append(moves.merge(prior, moves.share(prior, Y, R, pair), pair))
        after = self._best_of(state, found)
        if after is not None:
            return after
        found = []
        for k in range(len(near)):
            group = (k, *(int(j) for j in near[k, :3]))
            part = moves.share(prior, Y, R, group)
            found.append(moves.delete(prior, part, group, max_iter=16))
        return self._best_of(state, found)

    def _grow(self, state: State, failed: set[Key]) -> State | None:
        """Return the state after splits and new divisions that gain, or None.

        With no component left to split into, a split is paid for by a merge.
        """
        Y, prior = self.Y, self.problem.prior
        R, near = responsibilities(Y, state.natural()), moves.neighbours(state.components)
        K = len(near)
        names = _signatures(state)
        found: list[Move] = []
        for old in [(k,) for k in range(K)] + _pairs(near[:, :2]):
            key = frozenset(names[k] for k in old)
            if key in failed:
                continue
            part = moves.share(prior, Y, R, old)
            if len(part.weights) < 2:
                continue
            move = moves.split(
                prior,
                part,
                old,
                self.rng,
                random=3 if len(old) == 1 else 2,
                repeating=self._repeating,
                max_iter=40,
            )
            self.watch(state, self.iterations)
            if move is None or move.gain < LEAST_GAIN:
                failed.add(key)
            else:
                found.append(move)
        after = self._best_of(state, found)
        if after is not None or self.problem.n_components > K:
            return after
        down = [
            moves.merge(prior, moves.share(prior, Y, R, pair), pair) for pair in _pairs(near[:, :3])
        ]
        down.sort(key=lambda move: -move.gain)
        up = sorted((m for m in found if m.kind == "split"), key=lambda move: -move.gain)
        for one in up[:3]:
            for other in down[:6]:
                if one.gain + other.gain > LEAST_GAIN and not set(one.old) & set(other.old):
                    after = self._make(state, [other, one])
                    if after.bound > state.bound + LEAST_GAIN:
                        return after.after(state)
                    break
        return None

    def _best_of(self, state: State, found: list[Move]) -> State | None:
        """Make the moves that gain, the best first and disjoint; all of them, or only the best."""
        ordered = sorted((m for m in found if m.gain > LEAST_GAIN), key=lambda m: -m.gain)
        chosen = _disjoint(ordered, len(state.counts), self.problem.n_components)
        for plan in [chosen, chosen[:1]] if len(chosen) > 1 else [chosen] if chosen else []:
            after = self._make(state, plan)
            if after.bound > state.bound + LEAST_GAIN:
                return after.after(state)
        return None

    def _make(self, state: State, plan: list[Move]) -> State:
        gone = {k for move in plan for k in move.old}
        stay = [k for k in range(len(state.counts)) if k not in gone]
        statistics = np.concatenate(
            [state.sums.statistics[stay], *(move.statistics for move in plan)]
        )
        after = self.problem.step(statistics, sweeps=3)
        return self.loose(after, tol=self._tolerance(after))

    def _adapt(self, state: State) -> State | None:
        """Return the state after a merge that gains only once all components have adapted."""
        before = state.bound
        state = self.loose(state, tol=1e-3)
        statistics, prior = state.sums.statistics, self.problem.prior
        K = len(statistics)
        if K > 1:
            alone = [moves.local_value(prior, statistics[[k]], 0.0) for k in range(K)]
            ranked: list[tuple[float, tuple[int, ...]]] = []
            for pair in _pairs(moves.neighbours(state.components)[:, :4]):
                together = statistics[list(pair)].sum(axis=0, keepdims=True)
                gain = moves.local_value(prior, together, 0.0) - sum(alone[k] for k in pair)
                ranked.append((gain, pair))
            ranked.sort(key=lambda one: -one[0])
            for _, pair in ranked[:TRIES]:
                together = statistics[list(pair)].sum(axis=0, keepdims=True)
                after = self._make(state, [Move("merge", pair, together, 0.0)])
                if after.bound > state.bound + LEAST_GAIN:
                    return after.after(state)
        return state if state.bound > before + 1.0 else None

    def _regroup(self, state: State) -> State | None:
        """Return the state after parts of groups were handed over, if its bound is higher."""
        labels = responsibilities(self.Y, state.natural()).argmax(axis=0)
        fine = self.loose(self.start("k-means++"), tol=self._tolerance(state))
        cut = responsibilities(self.Y, fine.natural()).argmax(axis=0)
        K = len(fine.counts)
        both, label = np.unique(labels * K + cut, return_inverse=True)
        parts = _hard(self.Y, label.astype(np.intp), len(both))
        owner = np.unique(both // K, return_inverse=True)[1].astype(np.intp)
        after = self._regrouped(parts, owner)
        for _ in range(ROUNDS):
            again = self._shrink(after) or self._grow(after, set())
            if again is None:
                break
            after = again
        return after.after(state) if after.bound > state.bound + LEAST_GAIN else None


Key = frozenset[tuple[int, ...]]


def _tries(shape: tuple[int, ...], n_components: int) -> int:
    """Return how often to search: 2 to 8 times, less where a pass costs more."""
    D, n = shape
    return int(np.clip(2e8 / (n_components * (n * width(D) + 30 * D**3)), 2, 8))


def _signatures(state: State) -> list[tuple[int, ...]]:
    """Return what a component is, coarsely: the same before and after it has hardly changed."""
    counts = np.round(20 * np.log(state.counts)).astype(int)
    traces = np.trace(state.components.scale, axis1=1, axis2=2)
    spread = np.sqrt(traces / state.components.dof)
    centres = np.round(state.components.mean / spread[:, None] * 5).astype(int)
    return [
        (int(n), round(5 * np.log(s)), *map(int, c))
        for n, s, c in zip(counts, spread, centres, strict=True)
    ]


def _pairs(near: NDArray[np.intp]) -> list[tuple[int, ...]]:
    """Return each pair of a component and one near it once, in a fixed order."""
    return sorted({(min(k, int(j)), max(k, int(j))) for k, row in enumerate(near) for j in row})


def _disjoint(ordered: list[Move], K: int, limit: int) -> list[Move]:
    """Return moves in order, without those that touch a component twice or exceed the limit."""
    taken: set[int] = set()
    chosen: list[Move] = []
    for move in ordered:
        growth = len(move.statistics) - len(move.old)
        if taken & set(move.old) or (growth > 0 and K + growth > limit):
            continue
        taken |= set(move.old)
        K += growth
        chosen.append(move)
    return chosen


def _k_means(Z: Array, K: int, seed: int) -> NDArray[np.intp]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct rows than K
        model = KMeans(K, n_init=1, max_iter=10, random_state=seed).fit(Z)
    return np.asarray(model.labels_, dtype=np.intp)


def _hard(Y: Array, labels: NDArray[np.intp], K: int) -> Array:
    R = np.zeros((K, Y.shape[1]))
    R[labels, np.arange(Y.shape[1])] = 1.0
    statistics = summed(Y, R)
    return statistics[statistics[:, 0] > 0]
