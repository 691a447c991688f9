"""Running a model, cancelling a run, and watching it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from headwater.console.state import progress_of
from headwater.console.views.page import ModelPage
from headwater.learning.cancel import cancel_fit
from headwater.learning.errors import FitError
from headwater.learning.models import UNFINISHED, StatisticalModel
from headwater.learning.request import request_fit

STOP_POLLING = 286
"""The status at which htmx shows what came and asks no more."""


class Run(ModelPage):
    """Asks for a run; a worker does it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_model(pk)
        self.require(self.rights(model).run)
        try:
            request_fit(model, user=request.user)
        except FitError as refused:
            self.say(str(refused), messages.WARNING)
        return self.back_to(model)


class Cancel(ModelPage):
    """Asks the unfinished run to stop."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_model(pk)
        self.require(self.rights(model).run)
        fit = model.fits.filter(status__in=UNFINISHED).first()
        if fit is None:
            self.say(f"“{model}” is not running any more; nothing was cancelled.", messages.INFO)
        else:
            cancel_fit(fit, user=request.user)
        return self.back_to(model)


class ProgressFragment(ModelPage):
    """How far the run is; the page asks for it again and again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            model = self.find_model(pk)
        except Http404:
            if not request.headers.get("HX-Request"):
                raise
            return self.render("parts/gone.html", status=STOP_POLLING)
        latest = model.fits.defer("artifact", "summary", "trace").first()
        if not request.headers.get("HX-Request"):
            return self.back_to(model)
        if latest is None or latest.effective_status not in UNFINISHED:
            # The result is in: the whole page changes.
            return HttpResponse(headers={"HX-Redirect": self.done_address(model)})
        return self.render(
            "parts/progress.html",
            {
                "model": model,
                "progress": progress_of(latest),
                "rights": self.rights(model),
                "swaps": True,
                **self.addresses(model),
            },
        )

    def done_address(self, model: StatisticalModel) -> str:
        """Return the page that shows the end of the run."""
        return reverse("headwater:model", args=[model.pk])

    def addresses(self, model: StatisticalModel) -> dict[str, str]:
        """Return where the part asks and cancels; empty: as for any model."""
        return {}
