"""The lock on a model's labels: whoever writes them holds it until the transaction ends."""

from __future__ import annotations

from django.db import connections
from django.db.models import F

from headwater.learning.models import StatisticalModel

_NAME = "headwater:labels"


def lock_labels(model_id: int, *, using: str) -> None:
    """Wait until no other transaction writes labels of this model; call it inside one.

    On PostgreSQL it is an advisory lock, which no reader and no counting ever meets. SQLite lets
    one transaction write at a time, from its first write on: that is made here.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        StatisticalModel.objects.using(using).filter(pk=model_id).update(counter=F("counter"))
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{_NAME}:{model_id}"]
        )
