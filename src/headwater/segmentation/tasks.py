"""Background tasks: three-line callers of the verbs."""

from __future__ import annotations

try:
    from django.tasks import task
except ImportError:  # Django 5.2
    from django_tasks import task  # type: ignore[no-redef]

from headwater.conf import settings
from headwater.learning.models import Fit


@task(backend=settings().TASK_BACKEND, queue_name=settings().TASK_QUEUE)
def run_study_task(study_id: int) -> None:
    """Run the waiting study with this id; one that was deleted is let be."""
    from headwater.segmentation.run_study import run_study  # numbers: for who runs it only

    run_study(study_id)


@task(backend=settings().TASK_BACKEND, queue_name=settings().TASK_QUEUE)
def run_cut_task(asked_id: int, fit_id: int) -> None:
    """Run the waiting cut with this id of another fit's tree; one that was deleted is let be."""
    from headwater.segmentation.cut import run_cut

    fits = Fit.objects.select_related("model").in_bulk([asked_id, fit_id])
    if len(fits) == 2:
        run_cut(fits[asked_id], fits[fit_id])
