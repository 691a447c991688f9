"""Studies that help to choose: watched by the page that asked for them, and cancelled."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from headwater.console.views.inference import STOP_POLLING
from headwater.console.views.page import Page
from headwater.console.workbench.help_shown import of_study
from headwater.segmentation.models import Study, StudyKind
from headwater.segmentation.study import cancel_study
from headwater.sources.reads import dataset_id


class StudyPage(Page):
    """A part of the page of whoever asked for the study; for anybody else there is none."""

    room = "segments"

    def find_study(self, pk: int) -> Study:
        """Return the study, or raise Http404: also for somebody else's."""
        studies = Study.objects.visible_to(self.request.user)
        return get_object_or_404(studies, pk=pk, kind__in=(StudyKind.CHOICE, StudyKind.DISTANCES))

    def part(self, study: Study) -> HttpResponse:
        """Return the part of the workbench that shows ``study``; at its end nothing asks more."""
        shown = of_study(study, study.kind)
        response = self.render(f"parts/study_{study.kind}.html", {"help": shown})
        if shown.progress is None:
            response.status_code = STOP_POLLING
        return response

    def to_workbench(self, study: Study) -> HttpResponse:
        """Return a redirect to a workbench of the rows of ``study``."""
        dataset = dataset_id(study.source)
        asked = f"dataset={dataset}" if dataset else f"model={study.source.get('model', '')}"
        return redirect(f"{reverse('headwater:analyse')}?{asked}")


class StudyPart(StudyPage):
    """How far a study is, or what it says."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        study = self.find_study(pk)
        if not request.headers.get("HX-Request"):
            return self.to_workbench(study)
        return self.part(study)


class CancelStudy(StudyPage):
    """Stops a study."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        study = self.find_study(pk)
        cancel_study(study)
        if not request.headers.get("HX-Request"):
            return self.to_workbench(study)
        response = self.part(study)
        response.status_code = 200
        return response
