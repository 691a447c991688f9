"""Any two runs of a model side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from headwater.console.comparison_shown import cross_of, nodes_of, rows_of
from headwater.console.dates import date_columns
from headwater.console.result import objective_of
from headwater.console.rights import may_see_groups
from headwater.console.state import changes_between
from headwater.console.views.classifier_parts import compared_metrics
from headwater.console.views.page import ModelPage
from headwater.console.words import counted, listed, percent
from headwater.learning.compare import compare_fits
from headwater.learning.models import FitStatus


class Compare(ModelPage):
    """Two runs: sizes, means, and which rows moved."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_model(pk)
        before = self.find_fit(model, request.GET.get("before", ""))
        after = self.find_fit(model, request.GET.get("after", ""))
        for fit in (before, after):
            fit.model = model
            if fit.status != FitStatus.SUCCEEDED:
                raise Http404(f"Run {fit.pk} has no result to compare.")
        for fit in (before, after):
            self.require(may_see_groups(request.user, fit))
        context: dict[str, Any] = {
            "model": model,
            "before": before,
            "after": after,
            "both": (before, after),
            "same": before.pk == after.pk,
            "objectives": {objective_of(fit)[0] for fit in (before, after)},
            "changed": listed(changes_between(before, after)),
        }
        context |= compared_metrics(before, after)
        comparison = compare_fits(before, after)
        context["nodes"] = nodes_of(before, after)
        context["rows"] = rows_of(comparison, date_columns(before) | date_columns(after))
        if comparison.moved is not None and comparison.compared:
            share = comparison.moved / comparison.compared
            context |= {
                "cross": cross_of(comparison),
                "letters": comparison.letters_after,
                "headline": f"{comparison.moved:,} of {counted(comparison.compared, 'row')} "
                f"moved to another group ({percent(share)})",
            }
        elif comparison.compared == 0:
            context["headline"] = "The two runs have no row in common"
        return self.render("compare.html", context)
