"""Refit in both ways, with the time that a visitor would wait."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from headwater.learning.errors import FitError
from headwater.learning.models import StatisticalModel


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a request waits, in seconds."""

    inside: float
    """For a fit inside of it."""
    queued: float
    """For a fit to be queued, which a worker runs."""

    @property
    def times(self) -> float:
        """How many times as long the first one is."""
        return self.inside / max(self.queued, 1e-6)

    @property
    def share(self) -> float:
        """The second as a share of the first, per cent; as much as can be seen, at least."""
        return min(100.0, max(0.3, 100 / max(self.times, 1e-6)))


def refit_in_both_ways(model: StatisticalModel, *, user: Any = None) -> Waits:
    """Fit ``model`` here and now, then queue another fit; return how long each has kept us.

    The first is what a site must not do, and is done here to show why. Raises ``FitError`` where
    the fit fails, or another one waits or runs.
    """
    began = time.perf_counter()
    fit = model.specific.perform_inference(recalculate=True)
    inside = time.perf_counter() - began
    if fit.error:
        raise FitError(fit.error)
    began = time.perf_counter()
    model.request_inference(user)
    return Waits(inside=inside, queued=time.perf_counter() - began)
