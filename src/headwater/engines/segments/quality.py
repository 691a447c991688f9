"""quality: how well the rows divide into their groups, by the usual scores, ready for JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from headwater.engines.scales import Floats
from headwater.engines.segments.members import Members, centres_of, finite

PLOTTED = 200
"""Silhouettes that are kept of each group for a picture, at most."""
SILHOUETTE_BLOCK = 512


def quality(X: Floats, labels: NDArray[Any], *, limit: int = 2000, seed: int = 0) -> dict[str, Any]:
    """Return the scores of the groups ``labels`` (n,) of the rows ``X`` (n, d).

    ``silhouette``: mean of Rousseeuw (1987), -1 to 1, more is better; ``by_group``: its mean in
    each group; ``silhouettes``: of each group, falling, at most 200 at even quantiles. Above
    ``limit`` rows they are estimated on a sample drawn from every group with ``seed``: then
    ``sampled`` is its size, else None. ``davies_bouldin`` (1979; less is better),
    ``calinski_harabasz`` (1974; more is better) and ``inertia``, the sum of squared distances to
    the groups' means, are of all rows. ``n_noise`` and ``noise_share`` count the rows outside of
    every group, which are left out of all else.

    A score that is not defined is None: with fewer than two groups, with no group of two rows, or
    where the rows of each group are all alike. Keys of groups are texts, as in JSON.
    """
    members = Members.of(labels)
    n_noise = len(labels) - len(members.rows)
    with np.errstate(over="ignore", invalid="ignore"):
        spreads, inertia, between, centres = _sums(X, members)
        scores = {
            "davies_bouldin": _davies_bouldin(spreads, centres, members),
            "calinski_harabasz": _calinski_harabasz(inertia, between, members),
            "inertia": finite(inertia) if len(members) else None,
        }
        silhouettes = _estimated(X, members, limit, np.random.default_rng(seed))
    return {
        **scores,
        **silhouettes,
        "n_noise": n_noise,
        "noise_share": n_noise / max(len(labels), 1),
    }


def silhouettes_of(X: Floats, members: Members) -> Floats:
    """Return the silhouette (m,) of each of ``members.rows``, by Rousseeuw (1987).

    (b - a) / max(a, b): a is the mean distance to the others of its group, b the mean distance to
    the nearest other group; 0 for a group's only row.
    """
    points = X[members.rows]
    belongs = np.zeros((len(points), len(members)))
    belongs[np.arange(len(points)), members.codes] = 1.0
    values = np.empty(len(points))
    for start in range(0, len(points), SILHOUETTE_BLOCK):
        block = slice(start, start + SILHOUETTE_BLOCK)
        codes = members.codes[block]
        own = np.arange(len(codes)), codes
        sums = cdist(points[block], points) @ belongs
        inner = sums[own] / np.maximum(members.sizes[codes] - 1, 1)
        outer = sums / members.sizes
        outer[own] = np.inf
        nearest = outer.min(axis=1)
        larger = np.maximum(inner, nearest)
        alone = (members.sizes[codes] == 1) | (larger == 0)
        values[block] = np.where(alone, 0.0, (nearest - inner) / np.where(alone, 1.0, larger))
    return values


def thinned(values: Floats, size: int) -> Floats:
    """Return at most ``size`` of sorted ``values``, the first, the last and evenly between."""
    if len(values) <= size:
        return values
    return values[np.rint(np.linspace(0, len(values) - 1, size)).astype(np.int64)]


def _estimated(X: Floats, members: Members, limit: int, rng: np.random.Generator) -> dict[str, Any]:
    """Return what is told of silhouettes, from a sample above ``limit`` rows."""
    n_groups = len(members)
    if n_groups < 2 or n_groups == len(members.rows) or n_groups > max(limit // 2, 2):
        return {"silhouette": None, "silhouettes": {}, "by_group": {}, "sampled": None}
    drawn = members.sample(limit, rng)
    values = silhouettes_of(X, drawn)
    means = np.bincount(drawn.codes, weights=values, minlength=n_groups) / drawn.sizes
    keys = [str(group) for group in members.groups.tolist()]
    # A sample holds more of the small groups than there are, so each counts by its true size.
    overall = float(means @ members.sizes) / len(members.rows)
    return {
        "silhouette": finite(overall),
        "by_group": {key: finite(mean) for key, mean in zip(keys, means, strict=True)},
        "silhouettes": {
            key: thinned(np.sort(values[drawn.codes == code])[::-1], PLOTTED).round(4).tolist()
            for code, key in enumerate(keys)
            if np.isfinite(means[code])
        },
        "sampled": None if drawn is members else len(drawn.rows),
    }


def _sums(X: Floats, members: Members) -> tuple[Floats, float, float, Floats]:
    """Return mean distances to the centres (K,), inertia, sum of squares between, centres."""
    n_groups = len(members)
    if not n_groups:
        return np.zeros(0), 0.0, 0.0, np.zeros((0, X.shape[1]))
    centres = centres_of(X, members)
    distances, inertia = np.zeros(n_groups), 0.0
    for rows, codes in members.blocks():
        squares = ((X[rows] - centres[codes]) ** 2).sum(axis=1)
        inertia += float(squares.sum())
        distances += np.bincount(codes, weights=np.sqrt(squares), minlength=n_groups)
    shares = members.sizes / len(members.rows)
    middle = shares @ centres
    between = float(members.sizes @ ((centres - middle) ** 2).sum(axis=1))
    return distances / members.sizes, inertia, between, centres


def _davies_bouldin(spreads: Floats, centres: Floats, members: Members) -> float | None:
    """Return the mean over the groups of the worst (spread + spread) / distance of centres."""
    if len(members) < 2 or len(members) == len(members.rows) or not spreads.any():
        return None
    worst = np.empty(len(members))
    for group in range(len(members)):
        distances = np.sqrt(((centres - centres[group]) ** 2).sum(axis=1))
        # Groups with one centre cannot be compared, and a group is not compared with itself.
        ratios = np.zeros(len(members))
        np.divide(spreads + spreads[group], distances, out=ratios, where=distances > 0)
        worst[group] = ratios.max()
    return finite(worst.mean())


def _calinski_harabasz(inertia: float, between: float, members: Members) -> float | None:
    """Return the variance between over the variance within, each by its degrees of freedom."""
    n, n_groups = len(members.rows), len(members)
    if n_groups < 2 or n_groups == n or inertia == 0:
        return None
    return finite(between * (n - n_groups) / (inertia * (n_groups - 1)))
