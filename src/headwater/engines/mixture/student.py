"""Student-t components: a Gaussian whose precision each row scales by a hidden factor u.

The model is ``x | k, u ~ N(μ_k, (u Λ_k)⁻¹)``, ``u | k ~ Gamma(ν_k/2, ν_k/2)``, with the priors of
``gaussian`` and the degrees of freedom ν_k of each component's tail as parameters, point estimates
that maximise the bound. ``q(Z, U) q(π) q(μ) q(Λ)`` has ``q(u | k)`` in closed form, Gamma((ν+D)/2,
(ν+δ)/2) with δ the expected squared distance, and integrating it out leaves a row the logit

    E[log π] + E[log |Λ|]/2 + log Γ((ν+D)/2) - log Γ(ν/2) - D/2 log(πν) - (ν+D)/2 log(1 + δ/ν).

A point estimate alone would be free of charge, and two groups of few rows would be taken for one
with a heavy tail. So 1/ν_k has an exponential prior, whose mode is the Gaussian (in the manner of
the penalised complexity priors of Simpson et al. 2017). Its density counts relative to the mode:
for ν → ∞ the bound is that of Gaussian components.

Sources: Svensén & Bishop (2005), Robust Bayesian mixture modelling; Archambeau & Verleysen (2007),
Robust Bayesian clustering, which keeps u dependent on Z as here.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, digamma, gammaln, polygamma

from headwater.engines.mixture import gaussian
from headwater.engines.mixture.climb import EMPTY
from headwater.engines.mixture.gaussian import LOG_2, LOG_PI, Components, Prior
from headwater.engines.mixture.kernel import upper
from headwater.engines.mixture.weighted import Law, WeightedSums, accumulate

Array = NDArray[np.float64]
Index = NDArray[np.bool_] | NDArray[np.intp]

LEAST, MOST = 1.0, 1000.0
"""Degrees of freedom at least (a Cauchy tail) and at most (a Gaussian to the eye)."""
RATE = 10.0
"""Of the exponential prior of 1/ν: what a Cauchy tail costs, in nats."""
START = 10.0
"""Degrees of freedom to begin with."""
STRIDE = 4.0
"""Factor by which degrees of freedom may change in one iteration."""


def law(components: Components, log_weights: Array, tails: Array) -> Law:
    """Return what gives the rows their logits."""
    D = components.mean.shape[1]
    i, j = upper(D)
    linear = (components.precision @ components.mean[:, :, None])[:, :, 0]
    moment = (components.precision * components.mean_covariance).sum(axis=(1, 2))
    moment += (linear * components.mean).sum(axis=1)
    W = np.empty((len(components), 1 + D + len(i)))
    W[:, 0] = tails + moment
    W[:, 1 : D + 1] = -2.0 * linear
    W[:, D + 1 :] = components.precision[:, i, j] * np.where(i == j, 1.0, 2.0)
    half = 0.5 * (tails + D)
    # log Γ((ν+D)/2) - log Γ(ν/2) as a beta function keeps its digits for large ν
    offset = log_weights + 0.5 * (components.log_det - D * LOG_PI)
    offset += gammaln(0.5 * D) - betaln(0.5 * tails, 0.5 * D) + 0.5 * tails * np.log(tails)
    return Law(W, half, offset, tails)


def matched(sums: WeightedSums, tails: Array, D: int, bounds: tuple[float, float]) -> Array:
    """Return ν (K,) at its best given q(u).

    It solves ``1 + log(ν/2) - ψ(ν/2) + Σ r (E[log u] - E[u]) / Σ r + 2 RATE / (ν² Σ r) = 0``;
    without the last term, which is that of the prior, this is Svensén & Bishop's update.
    """
    counts = np.maximum(sums.counts, EMPTY)
    expected = sums.counts * (digamma(0.5 * (tails + D)) + LOG_2) - sums.logs
    target = -1.0 - (expected - sums.statistics[:, 0]) / counts
    low, high = np.full(len(tails), np.log(bounds[0])), np.full(len(tails), np.log(bounds[1]))
    for _ in range(50):
        middle = 0.5 * (low + high)
        nu = np.exp(middle)
        gap = np.log(0.5 * nu) - digamma(0.5 * nu) + 2 * RATE / (nu**2 * counts)
        above = gap > target
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    found = np.clip(np.exp(0.5 * (low + high)), *bounds)
    return np.where(sums.counts > EMPTY, found, tails)


def ahead(sums: WeightedSums, tails: Array, D: int, bounds: tuple[float, float]) -> Array:
    """Return ν (K,) after a step of Newton on the bound without u, in 1/ν.

    The factors integrated out, distances and responsibilities fixed. ``matched`` creeps where the
    tail is light; this does not, but may overshoot.
    """
    counts = np.maximum(sums.counts, EMPTY)
    half = 0.5 * (tails + D)
    weighed = sums.statistics[:, 0] / counts
    slope = 0.5 * (digamma(half) - digamma(0.5 * tails) + np.log(tails) + 1)
    slope += RATE / (tails**2 * counts) - 0.5 * (sums.logs / counts + weighed)
    bend = 0.25 * (polygamma(1, half) - polygamma(1, 0.5 * tails)) + 0.5 / tails
    bend -= (weighed - 0.5 * sums.squares / counts) / (2 * half) + 2 * RATE / (tails**3 * counts)
    first = -(tails**2) * slope
    second = tails**4 * bend + 2 * tails**3 * slope
    concave = second < 0
    inverse = np.where(concave, 1 / tails - first / np.where(concave, second, 1.0), 0.0)
    # where the bound is not concave there, or the step leads beyond a Gaussian: a stride
    longest = np.where(slope > 0, tails * STRIDE, tails / STRIDE)
    wanted = np.where(inverse > 0, 1 / np.where(inverse > 0, inverse, 1.0), longest)
    found = np.clip(np.clip(wanted, tails / STRIDE, tails * STRIDE), *bounds)
    return np.where(sums.counts > EMPTY, found, tails)


@dataclass(frozen=True, slots=True)
class StudentState:
    """A point of the ascent: the posterior, the tails, and the sums of the pass made with them."""

    components: Components
    log_weights: Array
    """(K,) E[log π_k] that the pass used."""
    tails: Array
    """(K,) ν."""
    sums: WeightedSums
    bound: float
    """Lower bound in nats, with the weights' posterior set after the pass."""
    trail: tuple[float, ...] = ()
    """Bounds on the way here, on the same rows, each higher than the one before."""

    def after(self, before: StudentState) -> StudentState:
        """Return this state as the end of the way that led through ``before``."""
        passed = (*before.trail, before.bound)
        return replace(self, trail=(*passed, *(b for b in self.trail if b > before.bound)))

    @property
    def counts(self) -> Array:
        return self.sums.counts

    def law(self) -> Law:
        """Return what gave the rows of the pass their logits."""
        return law(self.components, self.log_weights, self.tails)

    def take(self, keep: Index) -> StudentState:
        """Return the state with some of its components; those left out must be empty."""
        return replace(
            self,
            components=self.components.take(keep),
            log_weights=self.log_weights[keep],
            tails=self.tails[keep],
            sums=self.sums.take(keep),
        )

    def without_empty(self) -> StudentState:
        """Return the state without the components that have left the mixture."""
        keep = self.counts > EMPTY
        return self if keep.all() else self.take(keep)


@dataclass(frozen=True, slots=True)
class StudentProblem:
    """Rows, prior and limit of components that an ascent works on."""

    rows: Array | Iterable[Array]
    """(D, n), or a re-iterable of chunks."""
    prior: Prior
    n_components: int
    executor: Executor | None = None
    keep_all: bool = False
    """Whether components stay when they are empty."""
    tail_bounds: tuple[float, float] = (LEAST, MOST)

    def bound(
        self, components: Components, log_weights: Array, tails: Array, sums: WeightedSums
    ) -> float:
        """Return the lower bound at the best q(π), from the sums of a pass with the posterior.

        The normaliser is the expected log likelihood and the entropies of Z and of U given Z
        together; what it counts of the weights is replaced by their evidence.
        """
        return (
            sums.normaliser
            - float(log_weights @ sums.counts)
            - float(gaussian.divergence(self.prior, components).sum())
            - RATE * float((1 / tails[sums.counts > EMPTY]).sum())
            + gaussian.weights_evidence(sums.counts, self.prior.concentration, self.n_components)
        )

    def _pass(self, components: Components, log_weights: Array, tails: Array) -> StudentState:
        sums = accumulate(self.rows, law(components, log_weights, tails), executor=self.executor)
        bound = self.bound(components, log_weights, tails, sums)
        return StudentState(components, log_weights, tails, sums, bound)

    def begin(
        self,
        statistics: Array,
        counts: Array,
        *,
        tails: Array | None = None,
        precision: Array | None = None,
        log_weights: Array | None = None,
        sweeps: int = 3,
    ) -> StudentState:
        """Return the first state, from sums (K, D') whose rows may be weighed, and counts (K,)."""
        components = gaussian.update(
            self.prior, statistics, precision, counts=counts, sweeps=sweeps
        )
        if log_weights is None:
            log_weights = self._log_weights(counts)
        if tails is None:
            tails = np.full(len(counts), np.clip(START, *self.tail_bounds))
        return self._pass(components, log_weights, tails)

    def _log_weights(self, counts: Array) -> Array:
        return gaussian.expected_log_weights(counts, self.prior.concentration, self.n_components)

    def transfer(self, state: StudentState) -> StudentState:
        """Return a state of other rows on these: its posterior, the sums of a pass made here."""
        return self._pass(state.components, state.log_weights, state.tails)

    def next(self, state: StudentState) -> StudentState:
        """Return the state after one more iteration, without the components that are empty.

        Tails go ahead; where the bound would fall for it, they take the update that cannot.
        """
        if not self.keep_all:
            state = state.without_empty()
        sums, tails, D = state.sums, state.tails, self.prior.dimension
        components = gaussian.update(
            self.prior, sums.statistics, state.components.precision, counts=sums.counts
        )
        log_weights = self._log_weights(sums.counts)
        after = self._pass(components, log_weights, ahead(sums, tails, D, self.tail_bounds))
        if after.bound >= state.bound:
            return after
        safe = self._pass(components, log_weights, matched(sums, tails, D, self.tail_bounds))
        return max(safe, after, key=lambda one: one.bound)
