"""Results of two models of the same rows, side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from headwater.console.models_compared import comparable_with, matched_groups, side_of
from headwater.console.rights import may_see_groups
from headwater.console.views.page import ModelPage
from headwater.console.words import counted, percent
from headwater.learning.agreement import Agreement, agreement
from headwater.learning.models import Fit, FitStatus, StatisticalModel
from headwater.sources.reads import rows_key


class CompareModels(ModelPage):
    """Groups, sizes and scores of two models, and how far they divide the rows alike."""

    def find_any_fit(self, given: str) -> Fit:
        """Return a run of any model that the person may see, or raise Http404."""
        if not (given.isascii() and given.isdecimal()):
            raise Http404(f"“{given}” is not the number of a run.")
        visible = StatisticalModel.objects.visible_to(self.request.user)
        fits = Fit.objects.defer("artifact", "trace").select_related("model__owner")
        fit = get_object_or_404(fits, pk=int(given), model__in=visible)
        if fit.status != FitStatus.SUCCEEDED:
            raise Http404(f"Run {fit.pk} has no result to compare.")
        if fit.n_groups is None:
            raise Http404(
                f"Run {fit.pk} divides no rows into groups, so there are none to compare."
            )
        self.require(may_see_groups(self.request.user, fit))
        return fit

    def get(self, request: HttpRequest) -> HttpResponse:
        before = self.find_any_fit(request.GET.get("before", ""))
        others = comparable_with(before, request.user)
        if "after" not in request.GET:
            return self.render(
                "compare_models.html",
                {"model": before.model, "before": before, "others": others, "asks": True},
            )
        after = self.find_any_fit(request.GET["after"])
        same_rows = rows_key(before.source) == rows_key(after.source)
        context: dict[str, Any] = {
            "model": before.model,
            "before": before,
            "after": after,
            "others": others,
            "sides": [side_of(before), side_of(after)],
            "same_rows": same_rows,
        }
        agreed = agreement(before, after) if same_rows else None
        context["pairs"] = matched_groups(before, after, agreed)
        if agreed is not None and agreed.compared:
            context |= {
                "agreed": agreed,
                "headline": f"{percent(agreed.share)} of {counted(agreed.compared, 'row')} are in "
                "groups that match",
                "cross": _cross(agreed),
            }
        return self.render("compare_models.html", context)


def _cross(agreed: Agreement) -> list[tuple[str, list[tuple[int, float, bool]]]]:
    """Return for each letter before: (rows, their share, whether it is the match) by letter."""
    matched = {(a, b) for a, b, _ in agreed.pairs}
    return [
        (
            letter,
            [
                (count, count / (sum(row) or 1), (letter, other) in matched)
                for count, other in zip(row, agreed.letters_after, strict=True)
            ],
        )
        for letter, row in zip(agreed.letters_before, agreed.matrix, strict=True)
    ]
