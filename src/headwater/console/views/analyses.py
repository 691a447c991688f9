"""Analyses: the list of them, one of them, running it and watching the run."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from headwater.console.reads_shown import reads_of
from headwater.console.rights import may_add, may_analyse, may_see_groups
from headwater.console.settings_shown import encoding_settings, technique_settings
from headwater.console.state import (
    FAILED,
    changes_since,
    model_state,
    progress_of,
)
from headwater.console.views.inference import Cancel, ProgressFragment, Run
from headwater.console.views.page import ModelPage
from headwater.console.words import listed
from headwater.console.workbench.addresses import result_address
from headwater.console.workbench.analyses import analyses_of, newer_version
from headwater.console.workbench.found import found_in_room
from headwater.console.workbench.runs import run_rows, two_newest, with_quality
from headwater.console.workbench.techniques import technique_keys
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import UNFINISHED, FitStatus, StatisticalModel
from headwater.sources.models import Dataset

HISTORY = 20
"""Runs listed on the page of an analysis."""


class AnalysisPage(ModelPage):
    """A page of the room “Segments”."""

    room = "segments"

    def analyses(self) -> QuerySet[StatisticalModel]:
        """Return the analyses that the person may see."""
        visible = StatisticalModel.objects.visible_to(self.request.user)
        return visible.filter(technique__in=technique_keys()).select_related(
            "source__content_type", "source__dataset__current", "current_fit", "owner"
        )

    def find_analysis(self, pk: int) -> StatisticalModel:
        """Return the analysis, or raise Http404: also for one that the person may not see."""
        return get_object_or_404(self.analyses(), pk=pk)

    def find_model(self, pk: int) -> StatisticalModel:
        """Return the analysis; see ``find_analysis``."""
        return self.find_analysis(pk)

    @staticmethod
    def number(key: str, what: str) -> int:
        """Return the number that ``key`` is, or raise Http404."""
        if not key.isdecimal() or len(key) > 18:
            raise Http404(f"“{key}” is not the number of {what}.")
        return int(key)

    @staticmethod
    def back_to(model: StatisticalModel) -> HttpResponse:
        """Return a redirect to the page of the analysis."""
        return redirect("headwater:analysis", model.pk)


class AnalysisList(AnalysisPage):
    """All analyses that the person may see, the one that ran last first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        datasets = Dataset.objects.visible_to(request.user)
        context = analyses_of(self.analyses(), request.GET)
        context |= {
            "n_datasets": datasets.count(),
            "may_begin": bool(self.may_add_any(datasets)),
        }
        return self.render("analyses.html", context)

    def may_add_any(self, datasets: QuerySet[Dataset]) -> bool:
        """Return whether there is anything that the person may analyse."""
        return bool(may_add(self.request.user)) or any(
            may_analyse(self.request.user, dataset) for dataset in datasets[:50]
        )


class AnalysisDetail(AnalysisPage):
    """One analysis: what it found last, how it runs, its runs and its settings."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_analysis(pk)
        history = list(with_quality(model.fits.all())[:HISTORY])
        for fit in history:
            fit.model = model
        latest = history[0] if history else None
        state = model_state(model, latest)
        current = model.current_fit
        if current is not None:
            current.model = model
        unfinished = latest is not None and latest.effective_status in UNFINISHED
        context: dict[str, Any] = {
            "model": model,
            "state": state,
            "rights": self.rights(model),
            "reads": reads_of(model),
            "technique": TECHNIQUES.get(model.technique),
            "latest": latest,
            "failed": latest if state is FAILED else None,
            "cancelled": latest if latest and latest.status == FitStatus.CANCELLED else None,
            "progress": progress_of(latest) if latest and unfinished else None,
            **progress_addresses(pk),
            "current": current,
            "result_address": result_address(current) if current else "",
            "found": found_in_room(current) if current else "",
            "groups": current.summary.get("groups", [])
            if current and may_see_groups(request.user, current)
            else [],
            "changed": listed(changes_since(model, current)) if current else "",
            "newer": newer_version(model),
            "runs": (runs := run_rows(history)),
            "compared": two_newest(runs),
            "n_fits": model.fits.count(),
            "technique_settings": technique_settings(model.technique, model.parameters),
            "encoding_settings": encoding_settings(model.encoding),
        }
        return self.render("analyses_one.html", context)


def progress_addresses(pk: int) -> dict[str, str]:
    """Return where the part that shows the progress of an analysis asks, and cancels."""
    return {
        "progress_address": reverse("headwater:analysis-progress", args=[pk]),
        "cancel_address": reverse("headwater:analysis-cancel", args=[pk]),
    }


class RunAnalysis(AnalysisPage, Run):
    """Asks for a run of an analysis; a worker does it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        fits = self.find_analysis(pk).fits.defer("artifact", "summary", "trace")
        before = fits.first()
        response = super().post(request, pk)
        latest = fits.all().first()
        if latest is not None and latest != before and latest.status == FitStatus.SUCCEEDED:
            self.say(f"Run {latest.pk} is done.", messages.SUCCESS)
        return response


class CancelAnalysis(AnalysisPage, Cancel):
    """Asks the unfinished run of an analysis to stop."""


class AnalysisProgress(AnalysisPage, ProgressFragment):
    """How far the run of an analysis is; at its end the page goes to what was found."""

    def done_address(self, model: StatisticalModel) -> str:
        """Return the page of the last run where it succeeded, else that of the analysis."""
        latest = model.fits.defer("artifact", "summary", "trace").first()
        if latest is not None and latest.status == FitStatus.SUCCEEDED:
            return result_address(latest)
        return reverse("headwater:analysis", args=[model.pk])

    def addresses(self, model: StatisticalModel) -> dict[str, str]:
        """Return the addresses of this room."""
        return progress_addresses(model.pk)
