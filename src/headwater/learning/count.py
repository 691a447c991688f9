"""Count what happens to a model's rows, and act where enough has happened."""

from __future__ import annotations

from django.db.models import F

from headwater.learning.models import StatisticalModel


def increment_counter(model: StatisticalModel, by: int = 1) -> int:
    """Add ``by`` to the counter of ``model`` in one statement; return what it is now."""
    rows = StatisticalModel.objects.filter(pk=model.pk)
    rows.update(counter=F("counter") + by)
    model.counter = rows.values_list("counter", flat=True).get()
    return model.counter
