"""The search for heavy tails: from the Gaussian groups to fewer ones, each with its own tail.

Gaussian components need company to describe a tail: a wider one about the same centre, or one
for the far rows. So the search begins where the Gaussian one ended, and makes merges and removals
as long as the whole bound of the Student-t mixture rises. Then scatter is dissolved: which groups
there are is decided while far rows have a component of their own, and do not count for or against
any of them. Afterwards only a merge or removal that gains as much as a tail costs is made: then
the far rows were the tail of one group that had been taken for two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from headwater.engines.mixture import moves
from headwater.engines.mixture.gaussian import Prior
from headwater.engines.mixture.scatter import scattered
from headwater.engines.mixture.student import RATE, StudentProblem, StudentState

Array = NDArray[np.float64]

LOOSE = 40
"""Iterations of a loose ascent, at most."""
ROUNDS = 40
"""Merges and removals, at most."""
NEAR = 3
"""Neighbours that a component may be merged with."""
TRIES = 6
"""Merges, and removals, that are tried in a round."""
LEAST_GAIN = 1e-4
"""Gain in nats below which a merge or removal is not worth making."""
HOSTS = 10
"""Groups, the largest, that are tried as the only one whose tail holds the scatter."""
ROBUST = 4.0
"""Degrees of freedom, at most, of components that are to take in the rows of one removed."""


@dataclass(slots=True)
class Simplifier:
    """One search on rows held in memory."""

    rows: Array
    """(D, n)."""
    problem: StudentProblem
    """Of these rows."""
    watch: Callable[[StudentState, int], None]
    iterations: int = 0
    scatter: float = 0.0
    """Rows that components dissolved as scatter held."""
    forced: bool = False
    """Whether groups were given up only because there were more than there may be."""

    def run(self, state: StudentState) -> StudentState:
        """Return the state after the merges and removals that raise the bound."""
        state = self.loose(state)
        for _ in range(ROUNDS):
            after = self._fewer(state)
            if after is None:
                break
            state = after
        return state

    def finish(self, state: StudentState) -> StudentState:
        """Return the state without scatter and with no more components than there may be."""
        dissolved = self._dissolved(state)
        if dissolved is not state:  # a tail may now pay for two groups, as it was one all along
            for _ in range(ROUNDS):
                after = self._fewer(dissolved, gain=RATE)
                if after is None:
                    break
                dissolved = self._dissolved(after)
        state = dissolved
        while len(state.counts) > self.problem.n_components:
            self.forced = True
            best = max(self._tried(state), key=lambda s: s.bound)
            state = self._dissolved(replace(best, trail=()))
        return state

    def loose(self, state: StudentState, *, least: float = -np.inf) -> StudentState:
        """Ascend until a round rises little, or would at this rate not come to ``least``."""
        for _ in range(LOOSE):
            before = state.bound
            state = self.problem.next(state).after(state)
            self.iterations += 1
            self.watch(state, self.iterations)
            rise = state.bound - before
            if rise < max(1e-2, 1e-6 * abs(before)) or state.bound + 8 * rise < least:
                break
        return state.without_empty()

    def _dissolved(self, state: StudentState) -> StudentState:
        """Return the state without scatter: its rows go to the tails of all groups, or of one."""
        while len(some := scattered(state.components, state.counts)):
            self.scatter += float(state.counts[some].sum())
            stay = np.setdiff1d(np.arange(len(state.counts)), some)
            order = stay[np.argsort(-state.counts[stay], kind="stable")]
            hosts = [None, *order[:HOSTS]] if len(stay) > 1 else [None]
            found = [self._without(state, some, host=host) for host in hosts]
            state = replace(max(found, key=lambda s: s.bound), trail=())
        return state

    def _fewer(self, state: StudentState, *, gain: float = LEAST_GAIN) -> StudentState | None:
        """Return the state after the merge or removal that gains most, or None if none gains."""
        tried = self._tried(state, least=state.bound)
        best = max(tried, key=lambda s: s.bound, default=None)
        if best is None or best.bound <= state.bound + gain:
            return None
        return best.after(state)

    def _tried(self, state: StudentState, *, least: float = -np.inf) -> list[StudentState]:
        """Return the states after the merges and removals that look best."""
        far = scattered(state.components, state.counts)
        groups = np.setdiff1d(np.arange(len(state.counts)), far)
        if len(groups) == 1:
            return []
        near = groups[moves.neighbours(state.components.take(groups))[:, :NEAR]]
        pairs = sorted(
            {(min(k, j), max(k, j)) for k, row in zip(groups.tolist(), near.tolist(), strict=True)
             for j in row}
        )  # fmt: skip
        cost = {pair: self._cost(state, pair) for pair in pairs}
        found = [
            self._merged(state, pair, least) for pair in sorted(pairs, key=cost.__getitem__)[:TRIES]
        ]
        for k in groups[np.argsort(state.counts[groups], kind="stable")][:TRIES]:
            found.append(self._without(state, np.array([k]), least))
        if len(far):  # it goes at the end; until then no group may spread into it
            found = [s for s in found if len(scattered(s.components, s.counts))]
        return found

    def _cost(self, state: StudentState, pair: tuple[int, int]) -> float:
        """Return what a merge loses in nats as long as the rows keep their weights, roughly."""
        statistics, counts = state.sums.statistics[list(pair)], state.counts[list(pair)]
        scaled = statistics * (counts / np.maximum(statistics[:, 0], 1e-300))[:, None]
        prior: Prior = self.problem.prior
        alone = sum(moves.local_value(prior, one[None], 0.0) for one in scaled)
        return alone - moves.local_value(prior, scaled.sum(axis=0, keepdims=True), 0.0)

    def _merged(self, state: StudentState, pair: tuple[int, int], least: float) -> StudentState:
        stay = [k for k in range(len(state.counts)) if k not in pair]
        both = list(pair)
        statistics, counts, tails = state.sums.statistics, state.counts, state.tails
        after = self.problem.begin(
            np.concatenate([statistics[stay], statistics[both].sum(axis=0, keepdims=True)]),
            np.append(counts[stay], counts[both].sum()),
            tails=np.append(tails[stay], min(tails[both].min(), ROBUST)),
        )
        return self.loose(after, least=least)

    def _without(
        self,
        state: StudentState,
        some: NDArray[np.intp],
        least: float = -np.inf,
        host: np.intp | None = None,
    ) -> StudentState:
        """Return the state after the components ``some`` have left their rows to others, or one."""
        stay = np.setdiff1d(np.arange(len(state.counts)), some)
        robust = (stay == host) | (host is None)
        after = self.problem.begin(
            state.sums.statistics[stay],
            state.counts[stay],
            tails=np.where(robust, np.minimum(state.tails[stay], ROBUST), state.tails[stay]),
        )
        return self.loose(after, least=least)
