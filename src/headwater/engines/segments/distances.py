"""k_distances: how far each row's neighbours are, and the radius that DBSCAN may start with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from headwater.engines.clustering.dbscan import MAX_ROWS
from headwater.engines.progress import Callback, Step
from headwater.engines.scales import Floats
from headwater.engines.segments.quality import thinned

LOOKED_AT = 10_000
"""Rows whose neighbours are looked for, a sample above it."""
POINTS = 500
"""Points of the curve that are kept for a picture, at most."""
BLOCK = 2_000


@dataclass(frozen=True, slots=True)
class KDistances:
    """Distances to the neighbour that makes a row a core of DBSCAN, from least to greatest."""

    min_samples: int
    curve: tuple[float, ...]
    """At most 500 of them, evenly from the least to the greatest."""
    eps: float | None
    """The suggested radius; None where all distances are alike."""
    share: float | None
    """Share of the rows that are cores with that radius."""
    n: int
    """Rows that there are."""
    sampled: int | None
    """Rows that were looked at, if not all."""
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return all of it."""
        return {
            "min_samples": self.min_samples,
            "curve": list(self.curve),
            "eps": self.eps,
            "share": self.share,
            "n": self.n,
            "sampled": self.sampled,
            "sentence": self.sentence,
        }


def k_distances(
    X: Floats,
    min_samples: int,
    *,
    limit: int = MAX_ROWS,
    seed: int = 0,
    callback: Callback | None = None,
) -> KDistances:
    """Return the distance of each row of ``X`` (n, d) to its ``min_samples``-th nearest row.

    The row itself counts as the first, as in scikit-learn's DBSCAN, so a row whose distance is at
    most eps is a core. Above ``limit`` rows neighbours are looked for in a sample drawn with
    ``seed``, as large as the one that DBSCAN learns from, so that the distances are those which
    it meets; of more than 10,000 rows so many are looked at. ``callback`` is called after each
    2,000; whatever it raises stops the work.
    """
    n = len(X)
    if min_samples < 1:
        raise ValueError(f"min_samples was {min_samples}; it takes a whole number of at least 1.")
    if n < max(min_samples, 2):
        sentence = f"There are {n} rows, too few for {min_samples} neighbours."
        return KDistances(min_samples, (), None, None, n, None, sentence)
    rng = np.random.default_rng(seed)
    pool = X if n <= limit else X[_drawn(n, max(limit, min_samples), rng)]
    rows = pool if len(pool) <= LOOKED_AT else pool[_drawn(len(pool), LOOKED_AT, rng)]
    neighbours = NearestNeighbors(n_neighbors=min_samples).fit(pool)
    found = np.empty(len(rows))
    steps = -(-len(rows) // BLOCK)
    for step in range(steps):
        block = slice(step * BLOCK, (step + 1) * BLOCK)
        found[block] = neighbours.kneighbors(rows[block])[0][:, -1]
        if callback is not None:
            callback(
                Step(
                    phase="search",
                    restart=step + 1,
                    restarts=steps,
                    iteration=step + 1,
                    objective=float(found[block].max()),
                    n_groups=0,
                )
            )
    curve = np.sort(found)
    eps, share, sentence = suggest_eps(curve)
    return KDistances(
        min_samples,
        tuple(thinned(curve, POINTS).tolist()),
        eps,
        share,
        n,
        len(rows) if len(rows) < n else None,
        sentence,
    )


def _drawn(n: int, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return ``size`` of ``n`` rows, in order."""
    return np.sort(rng.choice(n, size=size, replace=False))


def suggest_eps(curve: Floats) -> tuple[float | None, float | None, str]:
    """Return the radius at the knee of a rising ``curve``, the share of rows that it makes cores,
    and a sentence that says so; None and None where the curve is level."""
    at = knee(curve)
    if at is None:
        return (
            None,
            None,
            "All rows are equally far from their neighbours, so no radius stands out.",
        )
    eps = float(curve[at])
    share = float((curve <= eps).mean())
    return (
        eps,
        share,
        f"The curve bends at {eps:,.3g}: {share:.0%} of the rows have their neighbours within it.",
    )


def knee(curve: Floats) -> int | None:
    """Return where a rising curve bends most: farthest below the line between its two ends.

    On axes from 0 to 1 that is where x - y is greatest, the knee of Satopaa et al. (2011), Finding
    a “kneedle” in a haystack, without smoothing. None where the ends are level; where the
    curve is nowhere below the line, its end. A radius of 0 is no radius: then the first above it.
    """
    if len(curve) < 2 or not curve[-1] > curve[0]:
        return None
    x = np.linspace(0, 1, len(curve))
    y = (curve - curve[0]) / (curve[-1] - curve[0])
    below = x - y
    at = int(below.argmax()) if below.max() > 0 else len(curve) - 1
    return at if curve[at] > 0 else int((curve > 0).argmax())
