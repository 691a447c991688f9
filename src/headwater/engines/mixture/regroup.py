"""Regrouping: hand parts of groups over to other groups, by their sufficient statistics alone.

Where groups are made of several clumps (more clumps than the evidence pays for), what matters is
which clumps belong together, and ascent never moves a whole clump. Here each group is cut into
parts by k-means, and parts are handed over, one at a time, as long as the marginal likelihood of
the groups rises; no pass over the data is needed. The result is a start for an ascent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from headwater.engines.mixture.gaussian import Prior, log_multigamma
from headwater.engines.mixture.kernel import unpack

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

NEAR = 5
"""Groups that a part may be handed to, the nearest ones."""
LEAST_GAIN = 1e-3


def score(prior: Prior, statistics: Array) -> Array:
    """Return log marginal likelihoods (K,) of groups with ``statistics`` (K, D'), up to N-terms.

    The mean's prior is taken to be flat beside the group's own rows, which makes the integral
    over mean and precision a closed form; terms linear in the count are left out, since they add
    up to the same for every division of the rows. A group without rows has the score 0.
    """
    D = prior.dimension
    N, first, second = unpack(statistics, D)
    count = np.maximum(N, 1e-9)
    centre = first / count[:, None]
    V = prior.scale + second - first[:, :, None] * centre[:, None, :]
    sign, log_det = np.linalg.slogdet(V)
    log_det = np.where(sign > 0, log_det, prior.log_det_scale)
    dof = np.maximum(prior.dof + N - 1, D - 1 + 1e-3)
    away = centre - prior.mean
    value = (
        0.5 * prior.dof * prior.log_det_scale
        - 0.5 * dof * log_det
        + log_multigamma(0.5 * dof, D)
        - log_multigamma(np.array([0.5 * prior.dof]), D)[0]
        - 0.5 * D * np.log(count)
        + 0.5 * prior.log_det_mean_precision
        - 0.5 * np.einsum("ki,ij,kj->k", away, prior.mean_precision, away)
        + 0.5 * D * np.log(2.0)
        + gammaln(prior.concentration + N)
        - gammaln(prior.concentration)
    )
    return np.asarray(np.where(N > 0.5, value, 0.0))


def agglomerate(prior: Prior, parts: Array, *, limit: int) -> Indices:
    """Merge parts pair by pair, the best first, to one; return the best division met, (M,).

    A bottom-up Bayesian clustering of parts (Heller & Ghahramani 2005) by ``score``; divisions
    into more than ``limit`` groups do not count.
    """
    M = len(parts)
    groups = parts.copy()
    scores = score(prior, groups)
    gains = np.full((M, M), -np.inf)
    i, j = np.triu_indices(M, 1)
    for start in range(0, len(i), 4096):
        one, other = i[start : start + 4096], j[start : start + 4096]
        together = score(prior, groups[one] + groups[other])
        gains[one, other] = together - scores[one] - scores[other]
    owner = np.arange(M)
    total = 0.0
    highest, best = (0.0 if limit >= M else -np.inf), owner.copy()
    alive = np.ones(M, dtype=bool)
    for left in range(M - 1, 0, -1):
        a, b = divmod(int(np.argmax(gains)), M)
        total += float(gains[a, b])
        groups[a] += groups[b]
        owner[owner == b] = a
        alive[b] = False
        gains[b] = gains[:, b] = -np.inf
        scores[a] = score(prior, groups[[a]])[0]
        others = np.flatnonzero(alive)
        others = others[others != a]
        if len(others):
            with_a = score(prior, groups[others] + groups[a]) - scores[others] - scores[a]
            gains[np.minimum(a, others), np.maximum(a, others)] = with_a
        if left <= limit and total > highest:
            highest, best = total, owner.copy()
    return np.unique(best, return_inverse=True)[1].astype(np.intp)


def hand_over(
    prior: Prior, parts: Array, owner: Indices, K: int, *, limit: int, most: int
) -> tuple[Array, int]:
    """Hand parts over between groups while the score rises; return group statistics and moves.

    ``parts`` (M, D') are statistics, ``owner`` (M,) the group of each part, ``K`` the number of
    groups, ``limit`` the number there may be, ``most`` the moves at most.
    """
    M = len(parts)
    owner = owner.copy()
    room = K + (1 if limit > K else 0)
    groups = np.zeros((room, parts.shape[1]))
    np.add.at(groups, owner, parts)
    scores = score(prior, groups)
    gains = np.full((M, room), -np.inf)
    centres = parts[:, 1 : prior.dimension + 1] / parts[:, :1]

    def refresh(which: Indices) -> None:
        """Recompute what handing the parts ``which`` to groups near them gains."""
        if len(which) == 0:
            return
        alive = np.flatnonzero(groups[:, 0] > 0.5)
        middle = groups[alive, 1 : prior.dimension + 1] / groups[alive, :1]
        distance = ((centres[which, None, :] - middle[None]) ** 2).sum(axis=2)
        near = alive[np.argsort(distance, axis=1, kind="stable")[:, : NEAR + 1]]
        empty = np.flatnonzero(groups[:, 0] <= 0.5)[:1]
        without = score(prior, groups[owner[which]] - parts[which]) - scores[owner[which]]
        row, to = [], []
        for i, part in enumerate(which):
            for k in [*near[i], *empty]:
                if k != owner[part]:
                    row.append(i)
                    to.append(int(k))
        gains[which] = -np.inf
        if row:
            r, t = np.array(row), np.array(to)
            gains[which[r], t] = score(prior, groups[t] + parts[which[r]]) - scores[t] + without[r]

    refresh(np.arange(M))
    moved = 0
    while moved < most:
        part, to = divmod(int(np.argmax(gains)), room)
        if gains[part, to] < LEAST_GAIN:
            break
        source = int(owner[part])
        groups[source] -= parts[part]
        groups[to] += parts[part]
        owner[part] = to
        moved += 1
        if not (owner == source).any():
            groups[source] = 0.0
        scores[[source, to]] = score(prior, groups[[source, to]])
        touched = np.isin(owner, (source, to)) | np.isfinite(gains[:, [source, to]]).any(axis=1)
        refresh(np.flatnonzero(touched))
    return groups[groups[:, 0] > 0.5], moved
