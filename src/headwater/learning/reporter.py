"""Reporter: keeps the progress of a running fit, and notices when it is not wanted any more."""

from __future__ import annotations

import logging
import math
import time
from typing import Any

from django.db import OperationalError, router, transaction

from headwater.engines.catalog import TECHNIQUES
from headwater.engines.progress import Step
from headwater.learning.errors import FitStopped
from headwater.learning.lease import lease_end
from headwater.learning.models import Fit, FitStatus

logger = logging.getLogger("headwater.learning")

SECONDS_BETWEEN = 0.5
READ, LEARNED, DESCRIBED = 0.1, 0.85, 0.9
"""Shares of the whole at which reading, learning and describing end."""
_HALF_WAY = 150.0
"""Iterations after which the first restart counts as half done; nobody knows how many it takes."""


class Reporter:
    """The callback of an estimator: saves a step at most twice a second, and renews the lease.

    Raises ``FitStopped`` where the fit was cancelled, deleted, or marked as lost.
    """

    def __init__(self, fit: Fit, *, restarts: int) -> None:
        self.fit = fit
        self.progress: dict[str, Any] = {
            "phase": "reading",
            "restart": 1,
            "restarts": restarts,
            "iteration": 0,
            "objective": None,
            "n_groups": None,
            "share": 0.0,
        }
        self._saved_at = -math.inf
        technique = TECHNIQUES.get(fit.technique)
        self._sign = 1 if technique is None or technique.objective_rises else -1
        self._restart, self._stage = 1, 0
        self._phase, self._last, self._before = "", 0, 0
        self._lengths: list[int] = []
        self._best: dict[int, float] = {}

    def __call__(self, step: Step) -> None:
        """Take one step of the estimator."""
        self._follow(step)
        if time.monotonic() - self._saved_at < SECONDS_BETWEEN:
            return
        iterations = self._before + step.iteration
        half_way = sum(self._lengths) / len(self._lengths) / 3 if self._lengths else _HALF_WAY
        within = iterations / (iterations + max(half_way, 1.0))
        done = (step.restart - 1 + within) / max(step.restarts, 1)
        self._save(
            phase=step.phase,
            restart=step.restart,
            restarts=step.restarts,
            iteration=step.iteration,
            objective=self._best[max(self._best)] if self._best else None,
            n_groups=step.n_groups,
            share=READ + (LEARNED - READ) * done,
        )

    def _follow(self, step: Step) -> None:
        """Keep count of what was done, and the best objective of each stage of a restart.

        A restart may search on samples before it learns from all rows: where it counts anew, or
        its phase changes, another stage begins. Objectives compare only within the same stage.
        """
        if step.restart != self._restart:
            self._lengths.append(self._before + self._last)
            self._restart, self._stage, self._before = step.restart, 0, 0
        elif self._phase and (step.phase != self._phase or step.iteration < self._last):
            self._stage += 1
            self._before += self._last
        self._phase, self._last = step.phase, step.iteration
        if math.isfinite(step.objective):
            best = self._best.get(self._stage, step.objective)
            self._best[self._stage] = self._sign * max(
                self._sign * best, self._sign * step.objective
            )

    def phase(self, name: str, *, share: float, lease_seconds: float = 0) -> None:
        """Say that a phase begins; ``lease_seconds`` lengthens the lease for what follows."""
        self._save(phase=name, share=share, lease_seconds=lease_seconds)

    def tell(self, *, share: float, **changes: Any) -> None:
        """Save what is known of a fit that follows its own steps, and renew the lease."""
        self._save(share=share, **changes)

    def _save(self, *, lease_seconds: float = 0, **changes: Any) -> None:
        changes["share"] = round(max(changes["share"], self.progress["share"]), 4)
        self.progress = {**self.progress, **changes}
        self._saved_at = time.monotonic()
        try:
            with transaction.atomic(using=router.db_for_write(Fit)):
                alive = Fit.objects.filter(
                    pk=self.fit.pk, status=FitStatus.RUNNING, cancel_requested=False
                ).update(
                    progress=self.progress, lease_expires_at=lease_end(extra_seconds=lease_seconds)
                )
        except OperationalError:  # a database that is locked for a moment
            logger.debug("The progress of fit %d could not be saved.", self.fit.pk)
            return
        if not alive:
            raise FitStopped
