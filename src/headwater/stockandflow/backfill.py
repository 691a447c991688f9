"""Backfill: levels of periods in which nothing was counted, where events tell them exactly."""

from __future__ import annotations

from datetime import datetime

from django.db import connections, router
from django.utils import timezone

from headwater.engines.periods import period_starts
from headwater.stockandflow.definitions.flow import OUTSIDE
from headwater.stockandflow.models import Cause, StockRecord
from headwater.stockandflow.page import Page
from headwater.stockandflow.rows import insert_rows

MOST = 1000
"""Periods that are filled in at a time; where more were missed, the gap stays."""


def backfill(page: Page, before: datetime | None) -> int:
    """Record the levels at the beginning of each period that was missed since ``before``.

    ``before`` is the moment of the count before ``page``, whose events all stand already. Nothing
    is recorded where one of them was inferred: it is not known when it occurred. Returns the number
    of periods.
    """
    if before is None:
        return 0
    zone = timezone.get_default_timezone()
    starts = period_starts(page.period, before, page.as_of, zone)[1:-1]
    if not starts or len(starts) > MOST:
        return 0
    slug = page.partition.slug
    events = page.partition.events.objects.filter(partition=slug, page=page.number)
    if events.filter(is_inferred=True).exclude(cause=Cause.OPENING).exists():
        return 0
    recorded = StockRecord.objects.filter(partition=slug)
    levels = dict(recorded.filter(page=page.number - 1).values_list("stock", "count"))
    moves = events.order_by("occurred_at").values_list("occurred_at", "source", "sink").iterator()
    move = next(moves, None)
    written = []
    for start in starts:
        while move is not None and move[0] <= start:
            _, source, sink = move
            levels[source] = levels.get(source, 0) - 1
            levels[sink] = levels.get(sink, 0) + 1
            move = next(moves, None)
        levels.pop(OUTSIDE, None)
        if min(levels.values(), default=0) < 0:
            return 0  # the clocks of those who noted the moves differ: their order is not known
        written.append(dict(levels))
    insert_rows(
        StockRecord,
        ["stock", "count", "period_start", "counted_at"],
        [
            (state, str(number), moment, moment)
            for moment, found in zip(_texts(starts), written, strict=True)
            for state, number in found.items()
        ],
        using=router.db_for_write(StockRecord),
        same={"partition": slug, "period": page.period, "is_backfilled": True},
        are_kept=True,
    )
    return len(starts)


def _texts(moments: list[datetime]) -> list[str]:
    connection = connections[router.db_for_write(StockRecord)]
    field = StockRecord._meta.get_field("counted_at")
    return [str(field.get_db_prep_save(moment, connection)) for moment in moments]
