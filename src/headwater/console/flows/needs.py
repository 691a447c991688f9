"""What is said where there are too few counts to show something, and when the next is due."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from headwater.console.flows.part import Part, counted_things
from headwater.stockandflow.analysis.counts import due_after
from headwater.stockandflow.models import StockRecord


def needs_counts(part: Part, counts: int) -> str:
    """Return the sentence that says that ``counts`` counts are needed, and when one is due."""
    needed = "Needs one count" if counts == 1 else "Needs two counts"
    return f"{needed}. {due_in_words(next_due(part))}"


def due_in_words(due: datetime | None) -> str:
    """Return “The next is due at …”, or what it takes where none is due by itself."""
    if due is None:
        return "None is due by itself: it is counted only where code asks for it."
    if due <= timezone.now():
        return "The next is due now: the schedule counts it with its next run."
    return f"The next is due at {date_format(timezone.localtime(due), 'H:i, j F Y')}."


def last_counted(part: Part) -> datetime | None:
    """Return the moment of the last count of anything of ``part``."""
    return max((at for at in _last_of(part).values() if at is not None), default=None)


def next_due(part: Part) -> datetime | None:
    """Return the start of the first period without a count; None where none is due by itself."""
    last = _last_of(part)
    due = (due_after(one.every, last.get(one.slug)) for one in counted_things(part))
    return min((one for one in due if one is not None), default=None)


def _last_of(part: Part) -> dict[str, datetime | None]:
    """Return slug -> the moment of its last count."""
    slugs = [one.slug for one in counted_things(part)]
    if part.partition is not None:
        rows = StockRecord.objects.filter(partition__in=slugs).values_list("partition")
    else:
        rows = StockRecord.objects.filter(partition="", stock__in=slugs).values_list("stock")
    return dict(rows.order_by().annotate(last=Max("counted_at")))
