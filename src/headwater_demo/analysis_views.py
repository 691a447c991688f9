"""Views of an analysis: it is asked for, and its progress is told while a worker runs it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from headwater.learning.errors import FitError
from headwater_demo.analysis import Analysis, analyses_of


class Room(LoginRequiredMixin, PermissionRequiredMixin):
    """What the views of one app share: who may look, and which analyses there are."""

    analyses: ClassVar[dict[str, str]]
    """Key in the address -> name of the statistical model."""
    rows: ClassVar[type[Model]]
    page: ClassVar[str]
    """Name of the address of the page."""

    request: HttpRequest

    def handle_no_permission(self) -> HttpResponseRedirect:
        """Have a page that asks for progress, and whose session has ended, load itself again."""
        if self.request.headers.get("HX-Request") and not self.request.user.is_authenticated:
            return HttpResponse(headers={"HX-Refresh": "true"})  # type: ignore[return-value]
        return super().handle_no_permission()

    def found(self) -> dict[str, Analysis]:
        """Return key -> analysis."""
        by_name = analyses_of([*self.analyses.values()], self.request.user, self.rows)
        return {key: by_name[name] for key, name in self.analyses.items()}

    def find(self, key: str) -> Analysis:
        """Return the analysis of ``key``; raises Http404."""
        if key not in self.analyses:
            raise Http404(f"There is no analysis “{key}”.")
        name = self.analyses[key]
        return analyses_of([name], self.request.user, self.rows)[name]

    def back(self, key: str) -> HttpResponse:
        """Return a redirect to the page, where the analysis stands."""
        return redirect(f"{reverse(self.page)}#{key}")


class Run(Room, View):
    """Asks for a run; a worker does it."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        analysis = self.find(key)
        if analysis.model is None:
            raise Http404(f"The statistical model “{analysis.name}” does not exist any more.")
        if not analysis.may_run:
            raise PermissionDenied(analysis.may_run.reason)
        try:
            analysis.model.request_inference(user=request.user)
        except FitError as refused:
            messages.warning(request, str(refused))
        return self.back(key)


class Progress(Room, View):
    """How far a run is; the page asks for it again and again, and loads itself at the end."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        analysis = self.find(key)
        if not request.headers.get("HX-Request"):
            return self.back(key)
        if analysis.progress is None:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(
            request,
            "headwater_demo/parts/progress.html",
            {"progress": analysis.progress, "address": request.path},
        )


def card(key: str, analysis: Analysis, namespace: str, **more: Any) -> dict[str, Any]:
    """Return what a template needs to show ``analysis`` with its buttons."""
    return {
        "key": key,
        "analysis": analysis,
        "run_address": reverse(f"{namespace}:run", args=[key]),
        "progress_address": reverse(f"{namespace}:progress", args=[key]),
        **more,
    }
