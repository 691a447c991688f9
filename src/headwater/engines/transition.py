"""Transition: who moves where from period to period, how sure that is, and what comes next.

A population is taken as a Markov chain with arrivals. In each period a member of state i goes to
state j, or leaves, with probability p_ij, whatever its past; others arrive in state j from outside
at a rate of m_j a period. Rows of p have Dirichlet posteriors, rates have Gamma posteriors. There
is no trend, no season and no memory in it.

**Priors.** One imaginary object for each row of p, spread evenly over the destinations (all states
and the outside): Dirichlet(1/D, ..., 1/D). It is the prior that Perks (1947) proposed, and the one
that Berger, Bernardo and Sun ("Overall objective priors", Bayesian Analysis 10, 2015) recommend for
multinomials of many cells, most of them empty: priors of 1/2 or 1 a cell would send objects along
every move that was never seen. For arrivals likewise one object in the whole history, spread
evenly over the states: m_j has the prior Gamma(1/K, 0), so the posterior is
Gamma(1/K + arrivals, periods).

**Dispersion.** Real populations do not keep still rates: shops have seasons. Where Pearson's
statistic of the counts, period by period, says at the 1 % level that they vary more than a
multinomial or a Poisson does, the evidence is divided by the dispersion found, and each period of a
forecast has rates of its own around the mean: Dirichlet for a row (Brier, "Analysis of contingency
tables under cluster sampling", Biometrika 67, 1980), Gamma for arrivals (so they are negative
binomial). Where nothing says so, the plain model is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR_OBJECTS = 1.0
"""Weight of the prior of a row, and of that of all arrivals, in objects."""
DOUBT = 0.01
"""Level at which the dispersion of the plain model is given up."""


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Pearson's statistic of counts against the same shares, or the same rate, in all periods."""

    statistic: float
    freedom: int
    size: float
    """Mean total of a period."""

    @property
    def is_plain(self) -> bool:
        """Whether the counts vary no more than chance explains."""
        if self.freedom == 0:
            return True
        return float(special.chdtrc(self.freedom, self.statistic)) > DOUBT

    @property
    def factor(self) -> float:
        """How many times the variance of the plain model the counts have; 1 where it holds."""
        return 1.0 if self.is_plain else max(1.0, self.statistic / self.freedom)

    def draw(self, draws: int, rng: np.random.Generator) -> Floats:
        """Return ``draws`` factors, as uncertain as ``freedom`` makes them; shape (draws,)."""
        if self.is_plain:
            return np.ones(draws)
        factors: Floats = np.maximum(1.0, self.statistic / rng.chisquare(self.freedom, draws))
        return factors


@dataclass(frozen=True, slots=True)
class Posterior:
    """What moves of the past say about the K states and the outside, the last column.

    ``moves``: (K, K + 1) counts, staying on the diagonal; ``arrivals``: (K,); ``periods``: how many
    both were counted in. ``rows`` and ``inflows`` hold a dispersion for each state.
    """

    moves: Floats
    arrivals: Floats
    periods: int
    rows: tuple[Dispersion, ...]
    inflows: tuple[Dispersion, ...]

    @property
    def states(self) -> int:
        """K."""
        return len(self.arrivals)

    @property
    def prior(self) -> float:
        """What the prior of a row adds to each of its destinations."""
        return PRIOR_OBJECTS / (self.states + 1)

    @property
    def arrival_prior(self) -> float:
        """What the prior of arrivals adds to the shape of each state's."""
        return PRIOR_OBJECTS / self.states

    def probabilities(self) -> Floats:
        """Return the posterior means of p: (K, K + 1), rows sum to 1."""
        factors = np.array([one.factor for one in self.rows])[:, None]
        weights = self.prior + self.moves / factors
        means: Floats = weights / weights.sum(axis=1, keepdims=True)
        return means

    def rates(self) -> Floats:
        """Return the posterior means of arrivals a period: (K,)."""
        factors = np.array([one.factor for one in self.inflows])
        means: Floats = (self.arrival_prior + self.arrivals / factors) * factors / self.periods
        return means


def learn(moves: Ints, arrivals: Ints) -> Posterior:
    """Return the posterior from the counts of T periods.

    ``moves``: (T, K, K + 1) objects that were in state i at the beginning of a period and in state
    j, or outside (the last column), at its end; ``arrivals``: (T, K) objects that came from
    outside. Raises ValueError for other shapes, negative counts, no period or no state.
    """
    moves, arrivals = np.asarray(moves), np.asarray(arrivals)
    periods, states = arrivals.shape if arrivals.ndim == 2 else (0, 0)
    if not periods or not states or moves.shape != (periods, states, states + 1):
        raise ValueError(
            f"Moves of shape {moves.shape} and arrivals of shape {arrivals.shape} are not those of "
            "one or more periods and states: (T, K, K + 1) and (T, K)."
        )
    if (moves < 0).any() or (arrivals < 0).any():
        raise ValueError("There are negative counts among the moves or arrivals.")
    return Posterior(
        moves=moves.sum(axis=0).astype(float),
        arrivals=arrivals.sum(axis=0).astype(float),
        periods=periods,
        rows=tuple(_dispersion_of_shares(moves[:, i]) for i in range(states)),
        inflows=tuple(_dispersion_of_rate(arrivals[:, j]) for j in range(states)),
    )


def _dispersion_of_shares(counts: Ints) -> Dispersion:
    """Return the dispersion of (T, D) counts against equal shares in all periods.

    Destinations that fewer than one object a period takes are counted as one: Pearson's statistic
    is no chi-square where nearly all cells are empty.
    """
    counts = counts[counts.sum(axis=1) > 0]
    if len(counts) < 2:
        return Dispersion(0.0, 0, 0.0)
    totals = counts.sum(axis=0)
    rare = totals < len(counts)
    cells = np.column_stack([counts[:, ~rare], counts[:, rare].sum(axis=1)])
    cells = cells[:, cells.sum(axis=0) > 0]
    sizes = cells.sum(axis=1)
    expected = sizes[:, None] * (cells.sum(axis=0) / sizes.sum())
    statistic = float(((cells - expected) ** 2 / expected).sum())
    freedom = (len(cells) - 1) * (cells.shape[1] - 1)
    return Dispersion(statistic, freedom, float(sizes.mean()))


def _dispersion_of_rate(counts: Ints) -> Dispersion:
    mean = float(counts.mean())
    if mean == 0:
        return Dispersion(0.0, 0, 0.0)
    statistic = float(((counts - mean) ** 2).sum() / mean)
    return Dispersion(statistic, len(counts) - 1, mean)


def simulate(
    posterior: Posterior,
    level: Sequence[int] | Ints,
    periods: int,
    *,
    draws: int,
    rng: np.random.Generator,
    factors: Floats | None = None,
) -> Ints:
    """Return draws of the levels after each of ``periods`` periods: (draws, periods, K).

    Each draw takes p and the rates from the posterior and plays the periods with them from
    ``level``, (K,), on. ``factors``, (K + 1, K + 1), asks what if: that of row i and column j
    multiplies p_ij as in ``rescaled``, that of the last row multiplies arrivals. A factor of 1
    changes nothing.
    """
    states = posterior.states
    start = np.asarray(level, dtype=np.int64)
    if start.shape != (states,):
        raise ValueError(f"The level has the shape {start.shape}; there are {states} states.")
    rows = np.stack([one.draw(draws, rng) for one in posterior.rows], axis=1)
    p = _dirichlet(posterior.prior + posterior.moves / rows[:, :, None], rng)
    inflows = np.stack([one.draw(draws, rng) for one in posterior.inflows], axis=1)
    shapes = posterior.arrival_prior + posterior.arrivals / inflows
    rates = rng.standard_gamma(shapes) * inflows / posterior.periods
    if factors is not None:
        p = rescaled(p, factors[:states])
        rates = rates * factors[states, :states]
    sizes = np.array([one.size for one in posterior.rows])
    # Correlation of the fates of two members of a state in the same period.
    together = np.where(sizes > 1, (rows - 1) / np.maximum(sizes - 1, 1e-9), 0.0).clip(0, 0.99)
    now = np.broadcast_to(start, (draws, states)).copy()
    levels = np.empty((draws, periods, states), dtype=np.int64)
    for period in range(periods):
        shares = _around(p, together, rng)
        moved = np.zeros((draws, states + 1), dtype=np.int64)
        for state in range(states):
            if now[:, state].any():
                moved += rng.multinomial(now[:, state], shares[:, state])
        extra = inflows - 1
        mixed = rng.standard_gamma(rates / np.where(extra > 0, extra, 1.0)) * extra
        now = moved[:, :states] + rng.poisson(np.where(extra > 0, mixed, rates))
        levels[:, period] = now
    return levels


def rescaled(p: Floats, factors: Floats) -> Floats:
    """Return probabilities (..., K, K + 1) with each move multiplied by its factor, (K, K + 1).

    What a move gains or loses is taken from staying, or given to it. Where staying has not enough,
    the moves that were multiplied are cut down to what there is; other moves stay as they are. The
    diagonal of ``factors`` is not used.
    """
    states = p.shape[-2]
    diagonal = np.eye(states, states + 1, dtype=bool)
    touched = (factors != 1) & ~diagonal
    moves = np.where(touched, p * factors, 0.0)
    others = np.where(touched | diagonal, 0.0, p)
    room = 1.0 - others.sum(axis=-1, keepdims=True)
    wanted = moves.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        moves = np.where(wanted > room, moves * (room / wanted), moves)
    staying = (room - moves.sum(axis=-1, keepdims=True)).clip(min=0.0)
    changed: Floats = np.where(diagonal, staying, moves + others)
    # Rows that nobody touched stay as they are, to the last digit.
    return np.where(touched.any(axis=-1, keepdims=True), changed, p)


def bands(levels: Ints, shares: Sequence[float] = (0.8, 0.95)) -> tuple[Ints, dict[float, Ints]]:
    """Return the median of draws and, for each share, the band that holds so much of them.

    ``levels``: (draws, ...); the median has the shape (...), a band (2, ...): low and high, both in
    it. The ends are levels that were drawn, so a band of few objects holds a little more.
    """
    wanted = [0.5, *(edge for share in shares for edge in ((1 - share) / 2, (1 + share) / 2))]
    found = np.quantile(levels, wanted, axis=0, method="inverted_cdf").astype(np.int64)
    return found[0], {share: found[1 + 2 * i : 3 + 2 * i] for i, share in enumerate(shares)}


def _dirichlet(weights: Floats, rng: np.random.Generator) -> Floats:
    """Return one draw for each row of ``weights``, (..., D)."""
    drawn = rng.standard_gamma(weights)
    totals = drawn.sum(axis=-1, keepdims=True)
    # Tiny weights can all fall to nought: then one destination has everything.
    empty = totals[..., 0] == 0
    if empty.any():
        chosen = rng.random(drawn[empty].shape) * weights[empty]
        drawn[empty] = chosen == chosen.max(axis=-1, keepdims=True)
        totals = drawn.sum(axis=-1, keepdims=True)
    shares: Floats = drawn / totals
    return shares


def _around(p: Floats, together: Floats, rng: np.random.Generator) -> Floats:
    """Return the shares of one period, (draws, K, K + 1): those of a mixed row vary around p."""
    mixed = together > 0
    if not mixed.any():
        return p
    shares = p.copy()
    weights = p[mixed] * (1 / together[mixed] - 1)[:, None]
    shares[mixed] = _dirichlet(weights, rng)
    return shares
