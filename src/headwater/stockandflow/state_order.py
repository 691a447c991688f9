"""The order of a partition's states, which their colours follow on pages and in feeds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import Min

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.models import StockRecord

_LETTER = re.compile(r"[A-Z]{1,2}")


def states_in_order(partition: Partition) -> list[str]:
    """Return the states that are stated, then others as they were first counted. One query.

    So a new state takes the place, and the colour, of no other.
    """
    records = StockRecord.objects.filter(partition=partition.slug).order_by()
    first = records.values("stock").annotate(first=Min("pk")).order_by("first")
    return list(dict.fromkeys((*partition.state_names(), *(row["stock"] for row in first))))


def are_letters(states: Sequence[str]) -> bool:
    """Return whether all are letters of a statistical model, each of which has its own colour."""
    return bool(states) and all(_LETTER.fullmatch(state) for state in states)
