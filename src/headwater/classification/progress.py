"""Progress of a classifier: the part that is judged, and whether the fit is still wanted."""

from __future__ import annotations

import math
import time

from headwater.engines.progress import Step
from headwater.learning.reporter import SECONDS_BETWEEN, Reporter


def searched_share(n_settings: int, begin: float, end: float) -> float:
    """Return where a search of so many settings ends, between two shares of the whole.

    Each takes as long as judging the best one afterwards.
    """
    return begin + (end - begin) * n_settings / (n_settings + 1)


class InStep:
    """Called by estimators at work: asks now and then whether the fit is still wanted.

    What stands in ``phase``, ``restart``, ``restarts``, ``objective``, ``n_groups`` and ``share``
    is told then. Raises ``FitStopped`` where the fit is not wanted any more.
    """

    def __init__(self, reporter: Reporter) -> None:
        self.reporter = reporter
        self.phase = "reading"
        self.restart, self.restarts = 1, 1
        self.objective: float | None = None
        self.n_groups: int | None = None
        self.share = 0.0
        self._told_at = -math.inf

    def __call__(self, step: Step) -> None:
        """Take a step of an estimator, whose own figures are not told."""
        if time.monotonic() - self._told_at >= SECONDS_BETWEEN:
            self.tell()

    def tell(self) -> None:
        """Save what is known now."""
        self._told_at = time.monotonic()
        self.reporter.tell(
            phase=self.phase,
            restart=self.restart,
            restarts=self.restarts,
            objective=self.objective,
            n_groups=self.n_groups,
            share=self.share,
        )


class Judging:
    """The callback of a cross-validation: tells each part, between two shares of the whole."""

    def __init__(self, in_step: InStep, phase: str, begin: float, end: float) -> None:
        self.in_step, self.phase = in_step, phase
        self.begin, self.end = begin, end

    def __call__(self, step: Step) -> None:
        """Tell that a part is judged and the next one begins."""
        told = self.in_step
        told.phase = self.phase
        told.restart, told.restarts = step.restart, step.restarts
        told.objective = step.objective if math.isfinite(step.objective) else None
        told.n_groups = step.n_groups
        done = (step.restart - 1) / max(step.restarts, 1)
        told.share = self.begin + (self.end - self.begin) * done
        told(step)
