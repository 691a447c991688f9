"""Background tasks: three-line callers of the verbs."""

from __future__ import annotations

try:
    from django.tasks import task
except ImportError:  # Django 5.2
    from django_tasks import task  # type: ignore[no-redef]

from headwater.conf import settings


@task(backend=settings().TASK_BACKEND, queue_name=settings().TASK_QUEUE)
def count_task(slugs: list[str]) -> list[str]:
    """Count the stocks and partitions with these slugs; return what is said of each."""
    from headwater.stockandflow.count import count_stocks  # a process that only queues needs none

    return [counted.sentence for counted in count_stocks(only=slugs)]
