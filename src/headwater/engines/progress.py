"""Progress: what a running estimator tells its caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a fit."""

    phase: str
    """"search", "refine" or "finish", in the reader's words where it is shown."""
    restart: int
    """Which restart runs, from 1."""
    restarts: int
    iteration: int
    """Iterations done in this restart."""
    objective: float
    """Lower bound (mixtures) or inertia (k-means)."""
    n_groups: int


Callback = Callable[[Step], None]
"""Called after each iteration; whatever it raises stops the fit and reaches the caller."""
