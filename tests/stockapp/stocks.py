"""What the tests' project states."""

from __future__ import annotations

from headwater.stockandflow import Facet, Flow, Partition
from tests.stockapp.models import Parcel, Subscriber, SubscriberEvent

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

partitions = [stage, place]
