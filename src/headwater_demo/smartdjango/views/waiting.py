"""Inside the request or not: the same refit, twice, and how long a visitor waits for each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.rights import rights
from headwater.learning.errors import FitError
from headwater_demo.smartdjango.clustering import CLUSTERING, clustering
from headwater_demo.smartdjango.refit import Waits, refit_in_both_ways
from headwater_demo.smartdjango.views.pages import Page

SESSION_KEY = "smartdjango_waits"


class Waiting(Page):
    """Explains, measures when asked by who may run the model, and shows two bars."""

    template_name = "smartdjango/waiting.html"
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the model and what was measured in this session."""
        context = super().get_context_data(**kwargs)
        model = clustering()
        measured = self.request.session.get(SESSION_KEY)
        context.update(
            model=model,
            name=CLUSTERING,
            may_run=rights(self.request.user, model).run if model is not None else None,
            waits=Waits(*measured) if measured else None,
            latest=model.fits.defer("artifact", "summary", "trace").first() if model else None,
        )
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refit in both ways, and keep the times for the page."""
        model = clustering()
        if model is None:
            messages.error(request, f"“{CLUSTERING}” was deleted; load_demo makes it again.")
            return redirect("smartdjango:waiting")
        right = rights(request.user, model).run
        if not right:
            raise PermissionDenied(right.reason)
        try:
            waits = refit_in_both_ways(model, user=request.user)
        except FitError as error:
            messages.error(request, str(error))
        else:
            request.session[SESSION_KEY] = [waits.inside, waits.queued]
        return redirect("smartdjango:waiting")
