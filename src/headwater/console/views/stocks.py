"""The list of processes: what is counted, and how it goes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from headwater.console.flows.process_card import card_of
from headwater.console.flows.process_found import found_processes
from headwater.console.flows.retired_shown import retired_for
from headwater.console.flows.section import Asked
from headwater.console.views.page import Page
from headwater.stockandflow.errors import DefinitionError

EXAMPLE = """from headwater.stockandflow import Flow, Partition
from shop.models import Order

orders = Partition(
    "orders",
    Order,
    by="status",
    name="Orders by status",
    flows=[
        Flow("paying", "Paying", sources=["new"], sinks=["paid"]),
        Flow("shipping", "Shipping", sources=["paid"], sinks=["shipped"]),
    ],
)

partitions = [orders]
"""


class StockList(Page):
    """All processes of which the person may see something."""

    room = "stocks"

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            found, n_hidden = found_processes(request.user)
        except DefinitionError as broken:
            return self.render("stocks.html", {"broken": str(broken)})
        asked = Asked(user=request.user)
        return self.render(
            "stocks.html",
            {
                "cards": [card_of(one, asked) for one in found],
                "n_hidden": n_hidden,
                "retired": retired_for(request.user),
                "example": EXAMPLE,
            },
        )
