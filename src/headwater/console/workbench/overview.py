"""What the overview tells of datasets and analyses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater.console.workbench.runs import RunRow, run_rows, with_quality
from headwater.console.workbench.techniques import technique_keys
from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.models import Dataset

LATEST = 5


@dataclass(frozen=True, slots=True)
class AtAGlance:
    """How much there is, and what ran last."""

    n_datasets: int
    n_analyses: int
    n_active: int
    """Models of every kind with a result in use."""
    runs: list[RunRow]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of it yet."""
        return not (self.n_datasets or self.n_analyses or self.runs)


def at_a_glance(user: Any) -> AtAGlance:
    """Return what ``user`` may see, in short."""
    models = StatisticalModel.objects.visible_to(user).order_by()
    runs = with_quality(Fit.objects.filter(model__in=models.values("pk"))).order_by("-pk")
    return AtAGlance(
        n_datasets=Dataset.objects.visible_to(user).count(),
        n_analyses=models.filter(technique__in=technique_keys()).count(),
        n_active=models.exclude(current_fit=None).count(),
        runs=run_rows(runs[:LATEST]),
    )
