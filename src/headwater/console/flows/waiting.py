"""What a section says where there are too few counts yet, or where a choice does not reach it."""

from __future__ import annotations

from headwater.console.flows.needs import due_in_words
from headwater.console.flows.section import Asked
from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.models import StockRecord

_WORDS = ("none", "one", "two", "three", "four", "five", "six")


def needs(what: str, needed: int, partition: Partition) -> str:
    """Return “Moves need two counts; there is one. The next is due at …”."""
    counts = StockRecord.objects.filter(partition=partition.slug, page__isnull=False)
    there = counts.order_by().values("page").distinct().count()
    verb = "is" if there == 1 else "are"
    return f"{what} {_word(needed)} counts; there {verb} {_word(there)}. {next_due(partition)}"


def _word(number: int) -> str:
    return _WORDS[number] if number < len(_WORDS) else f"{number:,}"


def next_due(partition: Partition) -> str:
    """Return the sentence that says when ``partition`` is counted next."""
    from headwater.stockandflow.analysis.levels import levels

    return due_in_words(levels(partition).next_due)


def period_of(partition: Partition) -> str:
    """Return how often ``partition`` was counted; "" where it never was."""
    from headwater.stockandflow.analysis.counts import recorded_period

    records = StockRecord.objects.filter(partition=partition.slug)
    return recorded_period(records, partition.every) or partition.every or ""


def whole(asked: Asked, *, dates: bool) -> str:
    """Return the sentence that says which choices of the page a section takes no part in.

    ``dates``: the section is of all dates, whatever was chosen.
    """
    if asked.facet and dates and (asked.since or asked.until):
        return "This is of all objects and all dates, whatever is chosen above."
    if asked.facet:
        return "This is of all objects, whatever is chosen above."
    if dates and (asked.since or asked.until):
        return "This is of all dates, whatever is chosen above."
    return ""
