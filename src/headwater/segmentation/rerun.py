"""Re-run: what was learned from an earlier version of a dataset is learned anew from this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.models import Dataset
from headwater.sources.reads import dataset_id


@dataclass(frozen=True, slots=True)
class StaleAnalysis:
    """An analysis whose run is of an earlier version."""

    model: StatisticalModel
    fit: Fit
    """The run that serves."""
    version: int
    """That it read."""
    current: int
    """That there is now."""
    missing: tuple[str, ...]
    """Columns of the analysis that the current version does not have to learn from; a run would
    fail."""


def stale_analyses(dataset: Dataset) -> list[StaleAnalysis]:
    """Return the analyses of ``dataset`` whose run is of an earlier version, by name."""
    version = dataset.current
    if version is None:
        return []
    models = (
        StatisticalModel.objects.filter(source__dataset=dataset, current_fit__isnull=False)
        .select_related("current_fit", "source")
        .defer("current_fit__artifact", "current_fit__trace", "current_fit__summary")
    )
    features = set(version.features)
    found = []
    for model in models.order_by("name"):
        fit = model.current_fit
        read = None if fit is None else fit.source.get("version")
        if fit is None or dataset_id(fit.source) != dataset.pk or read == version.number:
            continue
        columns = [] if model.source is None else model.source.columns
        found.append(
            StaleAnalysis(
                model=model,
                fit=fit,
                version=int(read or 0),
                current=version.number,
                missing=tuple(name for name in columns if name not in features),
            )
        )
    return found


def is_stale(fit: Fit) -> bool:
    """Return whether ``fit`` is of a version of a dataset that is not the current one any more."""
    pk = dataset_id(fit.source)
    if pk is None:
        return False
    numbers = Dataset.objects.filter(pk=pk).values_list("current__number", flat=True)
    return bool(numbers.first() != fit.source.get("version"))


def request_rerun(model: StatisticalModel, user: Any = None) -> Fit:
    """Queue a run of ``model`` on the current version of its rows, and return it.

    Segments keep their letters, matched by the ids of the rows that both versions have. What served
    goes on serving until the run has succeeded. Raises ``AlreadyRunning`` where one waits or runs.
    """
    return model.request_inference(user=user)
