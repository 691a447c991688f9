"""delete_dataset: a dataset goes with all that hangs on it, after saying what that is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet

from headwater.learning.models import StatisticalModel
from headwater.segmentation.models import SegmentList, SegmentName, Study, Wording
from headwater.sources.models import Dataset
from headwater.sources.reads import DATASET, rows_key


@dataclass(frozen=True, slots=True)
class Analysis:
    """A statistical model that learns from a dataset, with the number of its runs."""

    name: str
    n_runs: int


@dataclass(frozen=True, slots=True)
class Deletion:
    """What goes with a dataset."""

    n_versions: int
    analyses: tuple[Analysis, ...]
    lists: tuple[str, ...]
    """Names of the lists that were kept of its segments."""
    n_names: int
    """Segments that somebody gave a name."""
    uploads: tuple[str, ...]
    """Files that wait to become a new version of it."""
    groups: tuple[str, ...]
    """Groups whose members lose sight of it."""

    @property
    def n_runs(self) -> int:
        """Runs of all analyses."""
        return sum(analysis.n_runs for analysis in self.analyses)


def deletion_of(dataset: Dataset) -> Deletion:
    """Return what ``delete_dataset`` would delete, counted and named."""
    analyses = _analyses(dataset).annotate(n_runs=Count("fits")).order_by("name")
    lists = SegmentList.objects.filter(model__source__dataset=dataset).order_by("name")
    return Deletion(
        n_versions=dataset.versions.count(),
        analyses=tuple(Analysis(one.name, one.n_runs) for one in analyses),
        lists=tuple(lists.values_list("name", flat=True)),
        n_names=SegmentName.objects.filter(model__source__dataset=dataset).count(),
        uploads=tuple(dataset.uploads.values_list("file_name", flat=True)),
        groups=tuple(dataset.shared_with.order_by("name").values_list("name", flat=True)),
    )


def delete_dataset(dataset: Dataset) -> None:
    """Delete ``dataset``, its versions and their files, and every analysis of it with its runs.

    The files go once all this is committed.
    """
    with transaction.atomic():
        # a source is protected by the analyses that read it, so these go first
        _analyses(dataset).delete()
        Study.objects.filter(source__dataset=dataset.pk).delete()
        Wording.objects.filter(rows=rows_key({DATASET: dataset.pk})).delete()
        dataset.delete()


def _analyses(dataset: Dataset) -> QuerySet[StatisticalModel]:
    return StatisticalModel.objects.filter(source__dataset=dataset)
