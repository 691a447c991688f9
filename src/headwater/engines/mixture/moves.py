"""Moves: replace a few components by others, and keep the change only if the bound rises.

Coordinate ascent alone ends wherever its start leads. A move takes the rows that a few components
hold, refits these components alone (others fixed, each row counted by the responsibility that the
few hold together), and compares: merge (Ueda et al. 2000), delete and split (Hughes & Sudderth
2013), and a new division of two neighbours. What a move gains is exact for the restricted problem,
so a gain there is a gain of the whole bound before the others have even adapted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from headwater.engines.mixture import gaussian
from headwater.engines.mixture.climb import EMPTY
from headwater.engines.mixture.gaussian import Components, Prior
from headwater.engines.mixture.kernel import accumulate_expanded, expand, width

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SHARE = 3_000_000
"""Statistics of the rows of a share, at most."""
COMMON = 0.05
"""Share of rows from which a value is common."""
LEAST_SHARE = 1e-3
"""Rows of which the components of a move hold less than this are left out of it."""


@dataclass(frozen=True, slots=True)
class Move:
    """Components ``old`` replaced by new ones with these statistics, for a gain in nats."""

    kind: str
    old: tuple[int, ...]
    statistics: Array
    """(K', D')."""
    gain: float


@dataclass(frozen=True, slots=True)
class Share:
    """The rows that a few components hold together, and what these make of the bound."""

    Y: Array
    """(D, n')."""
    T: Array
    """(D', n') statistics of the rows."""
    weights: Array
    """(n',) responsibility that the few hold together."""
    statistics: Array
    """(K', D') of each of the few."""
    value: float


def local_value(prior: Prior, statistics: Array, entropy: float) -> float:
    """Return what components with these statistics contribute to the bound, at their best."""
    components = gaussian.update(prior, statistics, None, sweeps=2)
    counts = statistics[:, 0]
    weights = gammaln(prior.concentration + counts) - gammaln(prior.concentration)
    return float(gaussian.evidence(prior, components, statistics).sum() + weights.sum()) + entropy


def share(prior: Prior, Y: Array, R: Array, old: tuple[int, ...]) -> Share:
    """Return the share of the components ``old`` under the responsibilities ``R`` (K, n).

    Of a large share every few rows stand for all; the whole bound then tells whether a move is
    as good as it looks.
    """
    held = R[list(old)]
    weights = held[0] if len(old) == 1 else held.sum(axis=0)
    rows = np.flatnonzero(weights > LEAST_SHARE)
    total = weights[rows].sum()
    stride = -(-len(rows) // (SHARE // width(len(Y))))
    if stride > 1:
        held, weights, rows = held[:, rows[::stride]], weights[rows[::stride]], rows[::stride]
        more = total / weights.sum()
        held, weights = held * more, weights * more
    else:
        held, weights = held[:, rows], weights[rows]
    part = np.ascontiguousarray(Y[:, rows])
    T = expand(part)
    statistics = held @ T.T
    entropy = float(xlogy(weights, weights).sum() - xlogy(held, held).sum())
    return Share(part, T, weights, statistics, local_value(prior, statistics, entropy))


def local_climb(
    prior: Prior, part: Share, statistics: Array, *, max_iter: int
) -> tuple[Array, float]:
    """Refit components from ``statistics`` on the rows of a share; return theirs and the value.

    Stops after ``max_iter`` rounds, when the value hardly rises, or when at the present rate it
    would not reach the value of the share.
    """
    value = -np.inf
    precision: Array | None = None
    for iteration in range(1, max_iter + 1):
        components = gaussian.update(prior, statistics, precision)
        log_weights = gaussian.expected_log_weights(
            statistics[:, 0], prior.concentration, len(statistics)
        )
        W = gaussian.natural(components, log_weights)
        sums = accumulate_expanded(part.T, W, part.weights)
        statistics, precision, entropy = sums.statistics, components.precision, sums.entropy(W)
        keep = statistics[:, 0] > EMPTY
        if not keep.all():
            statistics, precision = statistics[keep], precision[keep]
        if iteration % 4 == 0 or iteration == max_iter:
            after = local_value(prior, statistics, entropy)
            rise, value = after - value, after
            if rise < 1e-3 or value + 8 * rise < part.value:
                break
    return statistics, value


def hard(part: Share, labels: Indices, K: int) -> Array:
    """Return statistics (K, D') of a share's rows under hard ``labels`` (n',)."""
    statistics = np.zeros((K, part.statistics.shape[1]))
    for k in range(K):
        mine = labels == k
        if mine.any():
            statistics[k] = part.T[:, mine] @ part.weights[mine]
    return statistics


def merge(prior: Prior, part: Share, old: tuple[int, ...]) -> Move:
    """Return the merge of the components of a share into one; exact, without a pass."""
    together = part.statistics.sum(axis=0, keepdims=True)
    return Move("merge", old, together, local_value(prior, together, 0.0) - part.value)


def delete(prior: Prior, part: Share, old: tuple[int, ...], *, max_iter: int) -> Move:
    """Return the removal of the first of ``old``: its rows go to the others, which adapt."""
    start = part.statistics[1:]
    statistics, value = local_climb(prior, part, start, max_iter=max_iter)
    return Move("delete", old, statistics, value - part.value)


def halves(
    part: Share, rng: np.random.Generator, *, random: int, repeating: Array
) -> Iterator[Indices]:
    """Yield divisions (n',) of a share's rows in two: by axes, by distance, by random seeds.

    ``repeating`` (C, D) takes rows to columns whose values repeat: there also by a common value.
    """
    w = part.weights
    total = w.sum()
    centre = part.Y @ w / total
    away = part.Y - centre[:, None]
    covariance = (away * w) @ away.T / total
    values, vectors = np.linalg.eigh(covariance)
    for axis in range(1, min(2, len(values)) + 1):
        yield (vectors[:, -axis] @ away > 0).astype(np.intp)
    white = vectors.T @ away / np.sqrt(np.maximum(values, 1e-12 * values[-1] + 1e-300))[:, None]
    distance = (white * white).sum(axis=0)
    yield (distance > np.quantile(distance, 0.7)).astype(np.intp)
    yield from _common_values(repeating @ part.Y, w / total)
    for _ in range(random):
        yield _two_means(white if rng.random() < 0.5 else away, w, rng)


def _common_values(Z: Array, share: Array) -> list[Indices]:
    """Return divisions by the two most common values in the columns ``Z`` (C, n), if any."""
    found: list[tuple[float, Indices]] = []
    for column in Z:
        values, index = np.unique(np.round(column, 7), return_inverse=True)
        held = np.bincount(index, weights=share)
        if len(values) > 1:
            value = int(held.argmax())
            if held[value] > COMMON:
                found.append((float(held[value]), (index == value).astype(np.intp)))
    found.sort(key=lambda one: -one[0])
    return [labels for _, labels in found[:2]]


def _two_means(Z: Array, w: Array, rng: np.random.Generator) -> Indices:
    """Divide rows by two seeds, the second far from the first, and a few rounds of k-means."""
    n = Z.shape[1]
    first = Z[:, rng.choice(n, p=w / w.sum())]
    far = w * ((Z - first[:, None]) ** 2).sum(axis=0)
    if far.sum() <= 0:
        return np.zeros(n, dtype=np.intp)
    centres = np.stack([first, Z[:, rng.choice(n, p=far / far.sum())]])
    labels = np.zeros(n, dtype=np.intp)
    for _ in range(4):
        line = centres[1] - centres[0]
        labels = (line @ Z > line @ (centres[0] + centres[1]) / 2).astype(np.intp)
        if labels.all() or not labels.any():
            break
        for k in (0, 1):
            mine = labels == k
            centres[k] = Z[:, mine] @ w[mine] / w[mine].sum()
    return labels


def split(
    prior: Prior,
    part: Share,
    old: tuple[int, ...],
    rng: np.random.Generator,
    *,
    random: int,
    repeating: Array,
    max_iter: int,
) -> Move | None:
    """Return the best division of a share's rows into two components, or None if there is none."""
    tried: list[tuple[float, Array]] = []
    for labels in halves(part, rng, random=random, repeating=repeating):
        ones = int(labels.sum())
        if 0 < ones < len(labels):
            statistics, value = local_climb(prior, part, hard(part, labels, 2), max_iter=4)
            if len(statistics) == 2:
                tried.append((value, statistics))
    tried.sort(key=lambda one: -one[0])
    best: Move | None = None
    for _, start in tried[:2]:
        statistics, value = local_climb(prior, part, start, max_iter=max_iter)
        if len(statistics) == 2 and (best is None or value - part.value > best.gain):
            kind = "split" if len(old) == 1 else "redivide"
            best = Move(kind, old, statistics, value - part.value)
    return best


def neighbours(components: Components) -> Indices:
    """Return for each component the others, nearest first, (K, K - 1).

    Near is a small Bhattacharyya distance between the two Gaussians.
    """
    m = components.mean
    C = components.scale / components.dof[:, None, None]
    K = len(m)
    log_det = np.linalg.slogdet(C)[1]
    distance = np.empty((K, K))
    for k in range(K):
        mixed = 0.5 * (C + C[k])
        gap = m - m[k]
        solved = np.linalg.solve(mixed, gap[:, :, None])[:, :, 0]
        distance[k] = (
            0.125 * np.einsum("kd,kd->k", gap, solved)
            + 0.5 * np.linalg.slogdet(mixed)[1]
            - 0.25 * (log_det + log_det[k])
        )
    np.fill_diagonal(distance, np.inf)
    return np.argsort(distance, axis=1, kind="stable")[:, : K - 1]
