"""How the shop's customers move: stocks by activity and by segment, and the flows between."""

from __future__ import annotations

from django.db.models import Count

from headwater.stockandflow import Facet, Flow, Partition, Process
from headwater.stockandflow.periods import WEEKLY
from headwater_demo.shop.models import Customer, CustomerMove

NEW, ACTIVE, LAPSING, DORMANT = Customer.Activity.values

country = Facet(
    "country",
    "Country",
    "country",
    Customer.objects.order_by()
    .values("country")
    .annotate(customers=Count("pk"))
    .order_by("-customers", "country")
    .values_list("country", flat=True)[:5],
)
segment = Facet(
    "segment",
    "Segment",
    "segment",
    Customer.objects.exclude(segment=None)
    .order_by("segment")
    .values_list("segment", flat=True)
    .distinct(),
)

activity = Partition(
    "customer-activity",
    Customer,
    "activity",
    name="Customers by activity",
    facets=[country, segment],
    flows=[
        Flow(
            "arriving",
            "Arriving",
            sources=[None],
            sinks=[NEW],
            description="The first order in the records, which begin in December 2010.",
        ),
        Flow(
            "winning",
            "Winning",
            sources=[NEW],
            sinks=[ACTIVE],
            description="An order in a second month: who was new is a regular customer.",
        ),
        Flow(
            "lapsing",
            "Lapsing",
            sources=[NEW, ACTIVE],
            sinks=[LAPSING],
            description="Two whole months without an order.",
        ),
        Flow(
            "losing",
            "Losing",
            sources=[LAPSING],
            sinks=[DORMANT],
            description="Four whole months without an order.",
        ),
        Flow(
            "winning-back",
            "Winning back",
            sources=[LAPSING, DORMANT],
            sinks=[ACTIVE],
            description="An order of somebody who had lapsed or was dormant.",
        ),
    ],
    flow_event_model=CustomerMove,
    # The records end in 2011. A count of today would add years in which nobody looked.
    every=None,
    description=(
        "New: has ordered in one month only. Active: in more than one. Lapsing: not for two whole "
        "months. Dormant: not for four. The records begin in December 2010, so everybody is new in "
        "their first month there, also who had bought before. Segments are those that were learned "
        "from the whole year: they are seen with hindsight."
    ),
)
segments = Partition(
    "customer-segments",
    Customer,
    "segment",
    name="Customers by segment",
    facets=[country],
    every=WEEKLY,
    description=(
        "The segments that the statistical model “Shop customers” finds. When it runs again, who "
        "is in another segment has moved, or was relabelled where the customer did not change."
    ),
)

partitions = [activity, segments]
processes = [
    Process(
        "customers",
        "How customers move",
        stocks=[activity],
        flows=activity.flows,
        description=(
            "The customers of a real online shop from December 2010 to November 2011, played back "
            "month by month. The nine days of December 2011 that the records have are no whole "
            "month, and are left out."
        ),
    )
]
