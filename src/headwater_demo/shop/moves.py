"""The way of one customer through the stocks, from the events of the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headwater_demo.shop.models import Customer
from headwater_demo.shop.stocks import activity


@dataclass(frozen=True, slots=True)
class Step:
    """One move."""

    since: datetime | None
    """It was after this moment, that of the count before; None where the time is exact."""
    at: datetime
    """When it occurred; where ``since`` is given, by then."""
    source: str
    """In words; empty: no customer yet."""
    sink: str
    flow: str
    """The name of the flow; empty where no flow names the move."""


def way_of(customer: Customer) -> list[Step]:
    """Return the moves of ``customer``, the first one first. One query."""
    steps = []
    for move in customer.moves.filter(partition=activity.slug).order_by("pk"):
        flow = activity.flow_of(move.source, move.sink)
        steps.append(
            Step(
                since=move.not_before,
                at=move.occurred_at,
                source=activity.name_of(move.source),
                sink=activity.name_of(move.sink),
                flow=flow.name if flow is not None else "",
            )
        )
    return steps
