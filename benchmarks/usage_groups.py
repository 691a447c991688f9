"""The clustering example: four groups, up to ten allowed, one restart."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.bayespy_mixture import Array, bayespy_mixture, random_responsibilities
from benchmarks.row import Row, quicker, seconds
from headwater.engines.mixture import VariationalMixture

KNOWN = {200: -951.58, 800: -3141.69, 2_000: -7477.83, 20_000: -71911.28}
"""Best known lower bounds, by number of rows."""
SEEDS = 15
PATIENCE = 150.0
"""Seconds after which no further restart of BayesPy is begun."""


def draw(n: int) -> Array:
    """Return ``n`` rows (n, 2): four groups of equal size, NumPy's legacy generator 123456."""
    rng = np.random.RandomState(123456)
    groups = (
        ([20, 20], [[2, 0], [0, 0.1]]),
        ([20, 20], [[0.1, 0], [0, 2]]),
        ([25, 25], [[2, -1.5], [-1.5, 2]]),
        ([16, 16], [[0.5, 0], [0, 0.5]]),
    )
    return np.concatenate([rng.multivariate_normal(m, C, n // 4) for m, C in groups])


def bayespy(X: Array, *, tol: float, restarts: int) -> tuple[list[float], list[float], list[int]]:
    """Return bounds, seconds and groups of BayesPy's restarts, as many as patience allows."""
    bounds: list[float] = []
    times: list[float] = []
    groups: list[int] = []
    for seed in range(restarts):
        if sum(times) > PATIENCE:
            break
        inference = bayespy_mixture(X, random_responsibilities(len(X), 10, seed))
        start = time.perf_counter()
        inference.update(repeat=1000, tol=tol, verbose=False)
        times.append(time.perf_counter() - start)
        bounds.append(float(inference.compute_lowerbound()))
        groups.append(int((inference["group"].u[0].sum(axis=0) > 0.5).sum()))
    return bounds, times, groups


def rows() -> list[Row]:
    found = []
    for n, known in KNOWN.items():
        X = draw(n)
        times, reached, groups = [], 0, set()
        for seed in range(SEEDS):
            start = time.perf_counter()
            model = VariationalMixture(random_state=seed).fit(X)
            times.append(time.perf_counter() - start)
            if abs(model.lower_bound_ - known) < 0.01:
                reached += 1
                groups.add(model.n_groups_)
        # The same tolerance: ours ends when less than 1e-6 * |bound| / 1000 nats remain.
        bounds, theirs, their_groups = bayespy(X, tol=1e-9, restarts=SEEDS)
        least = SEEDS if n >= 800 else SEEDS - 1
        near = sum(abs(bound - known) < 0.01 for bound in bounds)
        found.append(
            Row(
                f"clustering example, {n:,} rows: best known bound {known}",
                f"{reached} of {SEEDS} seeds, {seconds(float(np.median(times)))} each",
                f"{near} of {len(bounds)} restarts (BayesPy)",
                "",
                f"{least} of {SEEDS}",
                reached >= least and groups == {4},
                f"Within 0.01 nats and with {', '.join(map(str, sorted(groups)))} groups. BayesPy "
                f"from random responsibilities, best bound {max(bounds):.2f}, with "
                f"{' or '.join(map(str, sorted(set(their_groups))))} groups, "
                f"{seconds(float(np.median(theirs)))} each (median).",
            )
        )
        if n == 20_000:
            full = sum(theirs) / len(theirs) * SEEDS
            measured = (
                f"all {SEEDS} restarts measured"
                if len(theirs) == SEEDS
                else f"{len(theirs)} of {SEEDS} measured, {sum(theirs):.0f} s together, and "
                f"extrapolated to {SEEDS}"
            )
            found.append(
                quicker(
                    f"clustering example, one fit of {n:,} rows to the end",
                    float(np.median(times)),
                    full,
                    than=f"BayesPy, {SEEDS} restarts",
                    goal=20,
                    how=f"Ours: median of {SEEDS} seeds. BayesPy, to a relative rise of 1e-9 or "
                    f"1,000 updates: {measured}.",
                )
            )
    return found
