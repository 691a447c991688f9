"""The history: every run that the person may see, searched, and two of them compared."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from headwater.console.views.analyses import AnalysisPage
from headwater.console.workbench.runs import runs_of
from headwater.learning.models import Fit


class _Runs(AnalysisPage):
    def fits(self) -> QuerySet[Fit]:
        """Return the runs of the analyses that the person may see."""
        return Fit.objects.filter(model__in=self.analyses().order_by().values("pk"))


class RunList(_Runs):
    """All runs, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render("analyses_runs.html", runs_of(self.fits(), request.GET))


class CompareRuns(_Runs):
    """Goes to the page that compares the two chosen runs, whichever fits them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = []
        for name in ("before", "after"):
            number = self.number(request.GET.get(name, ""), "a run")
            fit = self.fits().filter(pk=number).only("pk", "model").first()
            if fit is None:
                raise Http404(f"There is no run {number} that you may see.")
            chosen.append(fit)
        before, after = chosen
        try:
            address = reverse("headwater:segment-compare")
            asked = {"before": before.pk, "after": after.pk}
        except NoReverseMatch:
            if before.model_id != after.model_id:
                address = reverse("headwater:compare-models")
            else:
                address = reverse("headwater:compare", args=[before.model_id])
            asked = {"before": before.pk, "after": after.pk}
        return redirect(f"{address}?{urlencode(asked)}")
