"""What the tests' project states."""

from __future__ import annotations

from typing import Any

from headwater.stockandflow import Facet, Flow, ModelTracker, Partition, Stock
from tests.stockapp.models import (
    Notice,
    Outage,
    Parcel,
    Subscriber,
    SubscriberEvent,
    Ticket,
    TicketEvent,
)

country = Facet("country", "Country", "country", ["no", "se", "fi"])
region = Facet("region", "Region", "region", ["north", "south"])

stage = Partition(
    "stage",
    Subscriber,
    "stage",
    name="Subscribers by stage",
    facets=[country, (region, "team")],
    flows=[
        Flow("winning", "Winning", sources=["trial"], sinks=["paying"]),
        Flow("losing", "Losing", sources=["trial", "paying"], sinks=["lapsed", None]),
        Flow("winning-back", "Winning back", sources=["lapsed"], sinks=["paying"]),
        Flow("signing-up", "Signing up", sources=[None], sinks=["trial", "paying"]),
    ],
    flow_event_model=SubscriberEvent,
)
place = Partition("place", Parcel, "place")


def send_notice(ticket: Any, source: Any, sink: Any) -> None:
    """Send a notice; fail while there is an outage."""
    named = "gone" if ticket is None else ticket.title
    ends = ", ".join(end.slug if isinstance(end, Stock) else repr(end) for end in (source, sink))
    Notice.objects.create(text=f"{named}: {ends}")
    if (outage := Outage.objects.first()) is not None:
        raise RuntimeError(outage.reason)


ticket_status = Partition(
    "ticket-status",
    Ticket,
    "status",
    flows=[
        Flow("arriving", "Arriving", sources=[None], sinks=["new", "open"]),
        Flow(
            "closing",
            "Closing",
            sources=["new", "open"],
            sinks=["closed", None],
            event_callables=[send_notice],
        ),
    ],
)
waiting = Stock("waiting", "Waiting", Ticket.objects.filter(is_answered=False))
answered = Stock("answered", "Answered", Ticket.objects.filter(is_answered=True))
urgent = Stock("urgent", "Urgent", Ticket.objects.filter(priority=1))


def desk_stocks(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[Any, Any]:
    """Two sub-states: whether it is answered, and how urgent it is."""

    def ends(values: tuple[Any, ...]) -> tuple[Any, Any]:
        is_answered, priority = values
        reply = {None: None, False: waiting, True: answered}[is_answered]
        return (reply, urgent if priority == 1 else priority)

    return ends(before), ends(after)


desk = ModelTracker(
    fields_to_track=["is_answered", "priority"],
    states_to_stocks_func=desk_stocks,
    stocks=[waiting, answered, urgent],
    flows=[
        Flow("answering", "Answering", TicketEvent, [waiting], [answered], [send_notice]),
        Flow("reopening", "Reopening", TicketEvent, [answered], [waiting]),
        Flow("asking", "Asking", TicketEvent, [None], [waiting]),
        Flow("going", "Going", TicketEvent, [waiting, answered, urgent, 2], [None]),
        Flow("escalating", "Escalating", None, [None, 2, 3], [urgent]),
    ],
)

partitions = [stage, place, ticket_status]
trackers = [ModelTracker.of(ticket_status), desk]
