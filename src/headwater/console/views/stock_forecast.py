"""The forecast alone, which the page of a process asks for when somebody moves a slider."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from headwater.console.flows.asked import asked_of
from headwater.console.flows.forecast_section import shown_of
from headwater.console.views.process import ProcessPage


class StockForecast(ProcessPage):
    """The part of the page that what-if replaces."""

    def get(self, request: HttpRequest, process: str) -> HttpResponse:
        part = self.find_part(self.find_process(process))
        if part.partition is None:
            raise Http404("Single stocks have no forecast: nothing says how objects move.")
        asked, _ = asked_of(part, request.user, self.data())
        return render(
            request,
            "headwater/parts/stocks_forecast_result.html",
            {"shown": shown_of(part.partition, asked), "part": part},
        )
