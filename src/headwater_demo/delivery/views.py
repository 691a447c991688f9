"""The delivery's customers as a tree, cut into as many segments as one likes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from headwater.learning.errors import FitError
from headwater.words import counted
from headwater_demo.analysis_views import Progress, Room, Run, card
from headwater_demo.delivery.models import Customer
from headwater_demo.statistical_models import DELIVERY_CUSTOMERS

KEY = "customers"


class Delivery(Room):
    """Who may see the customers, and their analysis."""

    permission_required = "delivery.view_customer"
    permission_denied_message = "You may not see the delivery's customers."
    analyses = {KEY: DELIVERY_CUSTOMERS}
    rows = Customer
    page = "delivery:segments"


class RunAnalysis(Delivery, Run):
    """Asks for the tree to be grown anew."""


class AnalysisProgress(Delivery, Progress):
    """How far that is."""


class SegmentList(Delivery, TemplateView):
    """The tree, and each segment with its figures and what could be done."""

    template_name = "delivery/segments.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the tree, cut as the address asks for."""
        from headwater_demo.delivery.cut import cut_of

        analysis = self.find(KEY)
        asked = self.request.GET.get("segments", "").replace("\x00", "")[:20]
        cut = cut_of(analysis.fit, self.request.user, asked) if analysis.fit is not None else None
        return super().get_context_data(
            customers=card(KEY, analysis, "delivery"),
            n_customers=Customer.objects.count(),
            cut=cut,
            **kwargs,
        )


class Keep(Delivery, View):
    """Makes another cut of the tree the result in use; nothing is learned."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        from headwater.segmentation.cut import cut_fit
        from headwater_demo.delivery.cut import number_of

        analysis = self.find(KEY)
        if analysis.model is None or analysis.fit is None:
            raise Http404("There is no tree to cut yet.")
        if not analysis.may_run:
            raise PermissionDenied(analysis.may_run.reason)
        given = request.POST.get("segments", "")[:20]
        n = number_of(given)
        if n is None:
            messages.warning(request, f"“{given}” is no number of segments.")
            return redirect(self.page)
        try:
            cut = cut_fit(analysis.fit, n, request.user)
        except FitError as refused:
            messages.warning(request, str(refused))
            return redirect(f"{reverse(self.page)}?segments={n}")
        if cut.effective_error:
            messages.error(request, cut.effective_error)
        elif not cut.is_unfinished:  # of very many customers a worker makes it
            messages.success(
                request,
                f"{counted(cut.n_groups, 'segment')} are in use now, and written to the customers.",
            )
        return redirect(self.page)
