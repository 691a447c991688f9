"""Small deeds on a run: name a segment, keep another cut of the tree."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from headwater.console.rights import may_see_groups, rights
from headwater.console.views.segment_result import RunPage, to_run
from headwater.console.words import counted
from headwater.learning.errors import AlreadyRunning, FitError
from headwater.learning.models import FitStatus


class RenameSegment(RunPage):
    """Gives a segment a name and a note, over all runs; an empty name takes it back."""

    def post(self, request: HttpRequest, pk: int, letter: str) -> HttpResponse:
        from headwater.segmentation.names import SegmentNameError, rename

        fit = self.find_run(pk)
        self.require(rights(request.user, fit.model).change)
        self.require(may_see_groups(request.user, fit))
        if letter not in {group["letter"] for group in (fit.summary or {}).get("groups", [])}:
            raise Http404(f"Run {pk} has no segment “{letter}”.")
        note = request.POST.get("note")
        try:
            kept = rename(fit.model, letter, request.POST.get("name", ""), request.user, note=note)
        except SegmentNameError as refused:
            self.say(str(refused), messages.WARNING)
            return to_run(fit, f"segment-{letter}")
        if kept is not None and kept.name:
            self.say(f"Segment {letter} is called “{kept.name}” now, also in later runs.")
        else:
            self.say(f"Segment {letter} is called as the data suggest.")
        return to_run(fit, f"segment-{letter}")


class KeepCut(RunPage):
    """Makes another cut of the tree the result in use, as a new run; nothing is learned."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        from headwater.segmentation.cut import cut_fit

        fit = self.find_run(pk)
        self.require(rights(request.user, fit.model).run)
        given = request.POST.get("n", "")
        if not (given.isascii() and given.isdecimal() and len(given) < 7):
            self.say(f"“{given}” is no number of segments.", messages.WARNING)
            return to_run(fit)
        try:
            cut = cut_fit(fit, int(given), request.user)
        except (AlreadyRunning, FitError) as refused:
            self.say(str(refused), messages.WARNING)
            return redirect(f"{reverse('headwater:segmentation', args=[fit.pk])}?n={given}")
        if cut.is_unfinished:  # of very many rows: a worker makes it
            return to_run(cut)
        if cut.is_unfinished:
            self.say(f"A worker cuts the tree; it will be run {cut.pk}.", messages.INFO)
            return redirect("headwater:analysis", fit.model_id)
        if cut.status != FitStatus.SUCCEEDED:
            self.say(cut.effective_error, messages.ERROR)
            return to_run(fit)
        self.say(
            f"{counted(cut.n_groups, 'segment')} are kept as run {cut.pk}, which is in use now. "
            f"Run {fit.pk} stays as it was."
        )
        return to_run(cut)
