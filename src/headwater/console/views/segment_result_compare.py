"""Two runs of the same rows, side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from headwater.console.rights import may_see_groups
from headwater.console.segments.actions import others_of
from headwater.console.segments.compared import (
    cross_of,
    headline,
    matches_of,
    scores_of,
    side_of,
)
from headwater.console.views.segment_result import RunPage
from headwater.learning.errors import FitError
from headwater.learning.models import Fit


class CompareSegments(RunPage):
    """How far two runs agree, which segments match, and what was set otherwise.

    ``?a=`` and ``?b=`` are runs (``before`` and ``after`` are understood too); without the second
    it asks for one.
    """

    def find(self, *names: str) -> Fit | None:
        """Return the run that the address names; None where it names none."""
        given = next((self.request.GET[name] for name in names if self.request.GET.get(name)), "")
        if not given:
            return None
        if not (given.isascii() and given.isdecimal() and len(given) < 19):
            raise Http404(f"“{given}” is not the number of a run.")
        fit = self.find_run(int(given))
        self.require(may_see_groups(self.request.user, fit))
        if fit.n_groups is None:
            raise Http404(f"Run {fit.pk} has no segments to compare.")
        return fit

    def get(self, request: HttpRequest) -> HttpResponse:
        a = self.find("a", "before")
        if a is None:
            raise Http404("No run to compare was named. Choose one in the list of runs.")
        b = self.find("b", "after")
        context: dict[str, Any] = {
            **self.frame(a, "Compare"),
            "a": a,
            "others": others_of(a, request.user),
            "swap": reverse("headwater:segment-compare"),
        }
        if b is None:
            return self.render("segmentation_compare.html", context)
        from headwater.segmentation.compare import compare_runs

        one, other = side_of(a, "A"), side_of(b, "B")
        context |= {"b": b, "sides": [one, other]}
        try:
            found = compare_runs(a, b)
        except FitError as refused:
            return self.render("segmentation_compare.html", {**context, "problem": str(refused)})
        context |= {
            "found": found,
            "headline": headline(found),
            "scores": scores_of(found),
            "matches": matches_of(found, one, other),
            "heat": cross_of(found, one, other),
        }
        return self.render("segmentation_compare.html", context)
