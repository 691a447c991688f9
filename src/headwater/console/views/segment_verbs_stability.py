"""Study how stable the segments of a run are: start, watch, cancel."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from headwater.console.rights import may_see_groups, rights
from headwater.console.segments.stability import newest_study, stability_shown
from headwater.console.views.segment_result import RunPage, to_run
from headwater.learning.errors import FitError
from headwater.segmentation.models import UNFINISHED_STUDIES, StudyKind


class Stability(RunPage):
    """The card of a run's stability; posting starts a study, or cancels the one under way."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        fit = self.find_run(pk)
        self.require(may_see_groups(request.user, fit))
        context = {"fit": fit, "stability": stability_shown(fit, request.user)}
        return self.render("parts/segment_stability.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        from headwater.segmentation.study import cancel_study, request_study

        fit = self.find_run(pk)
        self.require(rights(request.user, fit.model).run)
        if request.POST.get("cancel"):
            study = newest_study(fit, *UNFINISHED_STUDIES)
            if study is not None and cancel_study(study):
                self.say("The study of stability is cancelled.", messages.INFO)
            return to_run(fit, "stability")
        try:
            request_study(StudyKind.STABILITY, request.user, fit=fit)
        except FitError as refused:
            self.say(str(refused), messages.WARNING)
        return to_run(fit, "stability")
