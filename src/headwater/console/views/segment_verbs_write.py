"""Write the segments of a run to a field of the project, or keep one as a list."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.rights import may_see_rows, rights
from headwater.console.views.segment_result import RunPage, to_run
from headwater.console.words import counted
from headwater.learning.errors import AlreadyRunning, FitError
from headwater.learning.targets import TargetError


class WriteSegments(RunPage):
    """Writes the letter of each row's segment to a field of the row."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        from headwater.segmentation.write_to_field import targets_for, write_to_field

        fit = self.find_run(pk)
        self.require(rights(request.user, fit.model).change)
        storage = request.POST.get("target", "")
        target = next(
            (one for one in targets_for(fit, request.user) if one.storage == storage), None
        )
        if target is None:
            raise PermissionDenied(f"“{storage}” is no field that you may write segments to.")
        try:
            written = write_to_field(fit, target, request.user)
        except (AlreadyRunning, FitError, TargetError) as refused:
            self.say(str(refused), messages.WARNING)
            return to_run(fit, "next")
        self.say(
            f"{counted(written.updated, 'row')} got a segment in “{target.label}”; "
            f"{counted(written.unchanged, 'row')} had the right one already."
        )
        return to_run(fit, "next")


class SaveList(RunPage):
    """Keeps the rows of one segment as a list to work through."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        from headwater.segmentation.segment_lists import save_list

        fit = self.find_run(pk)
        self.require(may_see_rows(request.user, fit))
        letter = request.POST.get("letter", "")
        groups = request.user.groups.filter(
            pk__in=[one for one in request.POST.getlist("groups") if one.isdecimal()]
        )
        try:
            made = save_list(fit, letter, request.POST.get("name", ""), request.user, groups)
        except FitError as refused:
            self.say(str(refused), messages.WARNING)
            return to_run(fit, "next")
        self.say(f"The list “{made}” holds {counted(made.n_rows, 'row')}.")
        return redirect("headwater:segment-list", made.pk)
