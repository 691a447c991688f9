"""Coordinate ascent on the lower bound: update the posterior, pass over the data, repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from headwater.engines.mixture import gaussian
from headwater.engines.mixture.gaussian import Components, Prior
from headwater.engines.mixture.kernel import Sums, accumulate

Array = NDArray[np.float64]
Rows = Array | Iterable[Array]
Index = NDArray[np.bool_] | NDArray[np.intp]

EMPTY = 1e-9
"""A component with less than this count has left the mixture: nothing can bring it back."""


@dataclass(frozen=True, slots=True)
class State:
    """A point of the ascent: the posterior, and the sums of the pass made with it."""

    components: Components
    log_weights: Array
    """(K,) E[log π_k] that the pass used."""
    sums: Sums
    bound: float
    """Lower bound in nats, with the weights' posterior set after the pass (BayesPy's order)."""
    trail: tuple[float, ...] = ()
    """Bounds on the way here, on the same rows, each higher than the one before."""

    def after(self, before: State) -> State:
        """Return this state as the end of the way that led through ``before``."""
        passed = (*before.trail, before.bound)
        return replace(self, trail=(*passed, *(b for b in self.trail if b > before.bound)))

    @property
    def counts(self) -> Array:
        return self.sums.statistics[:, 0]

    def natural(self) -> Array:
        """Return the natural parameters (K, D') of the pass."""
        return gaussian.natural(self.components, self.log_weights)


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows, prior and limit of components that an ascent works on."""

    rows: Rows
    """(D, n), or a re-iterable of chunks."""
    prior: Prior
    n_components: int
    executor: Executor | None = None
    keep_all: bool = False
    """Whether components stay when they are empty."""

    def bound(self, components: Components, log_weights: Array, sums: Sums) -> float:
        """Return the lower bound at the best q(π), from the sums of a pass with the posterior.

        The normaliser is the expected log likelihood and the entropy together; what it counts of
        the weights is replaced by their evidence.
        """
        counts = sums.statistics[:, 0]
        return (
            sums.normaliser
            - float(log_weights @ counts)
            - float(gaussian.divergence(self.prior, components).sum())
            + gaussian.weights_evidence(counts, self.prior.concentration, self.n_components)
        )

    def step(
        self,
        statistics: Array,
        precision: Array | None = None,
        log_weights: Array | None = None,
        *,
        sweeps: int = 1,
    ) -> State:
        """Update q(μ), q(Λ), q(Z) and q(π) once, in this order.

        Without ``precision`` and ``log_weights`` to begin with, those of the statistics are taken.
        """
        components = gaussian.update(self.prior, statistics, precision, sweeps=sweeps)
        if log_weights is None:
            log_weights = gaussian.expected_log_weights(
                statistics[:, 0], self.prior.concentration, self.n_components
            )
        W = gaussian.natural(components, log_weights)
        sums = accumulate(self.rows, W, executor=self.executor)
        return State(components, log_weights, sums, self.bound(components, log_weights, sums))

    def transfer(self, state: State) -> State:
        """Return a state of other rows on these: its posterior, the sums of a pass made here."""
        sums = accumulate(self.rows, state.natural(), executor=self.executor)
        bound = self.bound(state.components, state.log_weights, sums)
        return replace(state, sums=sums, bound=bound, trail=())

    def next(self, state: State) -> State:
        """Return the state after one more iteration, without the components that are empty."""
        if not self.keep_all:
            state = without_empty(state)
        return self.step(state.sums.statistics, state.components.precision)


def take(state: State, keep: Index) -> State:
    """Return the state with some of its components; those left out must be empty."""
    return replace(
        state,
        components=state.components.take(keep),
        log_weights=state.log_weights[keep],
        sums=replace(state.sums, statistics=state.sums.statistics[keep]),
    )


def without_empty(state: State) -> State:
    """Return the state without the components that have left the mixture."""
    keep = state.counts > EMPTY
    return state if keep.all() else take(state, keep)


class Mixture(Protocol):
    """A point of an ascent, with components of any kind."""

    @property
    def bound(self) -> float: ...

    @property
    def counts(self) -> Array: ...

    @property
    def trail(self) -> tuple[float, ...]: ...


P = TypeVar("P", bound=Mixture)


class Ascent(Protocol[P]):
    """An ascent whose points lead to higher ones."""

    def next(self, state: P, /) -> P: ...


def climb(
    problem: Ascent[P],
    state: P,
    *,
    max_iter: int,
    tol: float,
    trace: list[float] | None = None,
    watch: Callable[[P, int], None] | None = None,
) -> tuple[P, int, bool]:
    """Iterate until the bound is within ``tol`` nats of its limit, by the rate of its rises.

    The rises of an ascent shrink by a rate near its limit; what remains of a geometric series is
    ``rise * rate / (1 - rate)``. A small rise alone may be a plateau, before a component dies.
    Returns the last state, the iterations made, and whether it converged.
    """
    rises: list[float] = []
    for iteration in range(1, max_iter + 1):
        after = problem.next(state)
        rises.append(after.bound - state.bound)
        state = after
        if trace is not None:
            trace.append(state.bound)
        if watch is not None:
            watch(state, iteration)
        if tol > 0 and _settled(rises, tol):
            return state, iteration, True
    return state, max_iter, False


def _settled(rises: list[float], tol: float) -> bool:
    """Return whether what remains is below ``tol``, or below what the arithmetic can tell."""
    if len(rises) < 3:
        return False
    a, b, c = rises[-3:]
    if max(abs(a), abs(b), abs(c)) < 0.1 * tol:
        return True
    if sum(rise < 0 for rise in rises[-5:]) >= 2:
        return True  # an ascent falls by rounding only
    rate = max(c / b, b / a) if min(a, b, c) > 0 else 1.0
    return rate < 1 and c < tol and c * rate / (1 - rate) < tol
