"""The forecast alone, which the page of a process asks for when somebody moves a slider."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from headwater.console.rights import may_see_stock
from headwater.console.stocks.asked import asked_of
from headwater.console.stocks.forecast_section import shown_of
from headwater.console.stocks.part import parts_of
from headwater.console.views.page import Page
from headwater.stockandflow.discover import all_processes


class StockForecast(Page):
    """The part of the page that what-if replaces."""

    room = "stocks"

    def get(self, request: HttpRequest, process: str) -> HttpResponse:
        found = next((one for one in all_processes() if one.slug == process), None)
        if found is None:
            raise Http404(f"There is no process “{process}”.")
        data = {name: values[-1] for name, values in request.GET.lists() if values}
        parts = [part for part in parts_of(found) if part.partition is not None]
        wanted = data.get("part")
        part = next((one for one in parts if wanted in (None, "", one.key)), None)
        if part is None or part.partition is None:
            raise Http404(f"{found} has no partition “{wanted}” to forecast.")
        right = may_see_stock(request.user, part.partition)
        if not right:
            raise PermissionDenied(right.reason)
        asked, _ = asked_of(part, request.user, data)
        shown = shown_of(part, asked)
        return render(
            request, "headwater/parts/stocks_forecast_result.html", {"shown": shown, "part": part}
        )
