"""The history: every run that the person may see, searched; two of them can be compared."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from headwater.console.views.analyses import AnalysisPage
from headwater.console.workbench.runs import runs_of
from headwater.learning.models import Fit


class RunList(AnalysisPage):
    """All runs, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        fits = Fit.objects.filter(model__in=self.analyses().order_by().values("pk"))
        return self.render("analyses_runs.html", runs_of(fits, request.GET))
