"""One segment as JSON, and the drawn points of a run as a table."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from headwater.console.dates import as_date
from headwater.console.security import secure
from headwater.console.segments.details import details_of
from headwater.console.views.segment_result import RunPage
from headwater.console.words import figure


class SegmentJson(RunPage):
    """What the dialog of a segment shows; 404 for a run that the person may not see."""

    def get(self, request: HttpRequest, pk: int, letter: str) -> HttpResponse:
        fit = self.find_run(pk)
        shown, _ = self.shown(fit)
        self.require(shown.sees_groups)
        details = details_of(shown, letter)
        if details is None:
            raise Http404(f"Run {pk} has no segment “{letter}”.")
        return secure(JsonResponse(details, json_dumps_params={"ensure_ascii": False}))


class PointsTable(RunPage):
    """The points of the picture of a run, as a table."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        fit = self.find_run(pk)
        shown, _ = self.shown(fit)
        self.require(shown.sees_rows)
        scatter = shown.summary.get("scatter") or {}
        if not scatter.get("points"):
            raise Http404("This run has no drawn points.")
        x_date, y_date = (shown.dates.get(scatter[side]) for side in ("x", "y"))
        rows = [
            (
                shown.row_name(key),
                scatter["letters"][group] if group >= 0 else "",
                as_date(x, x_date, with_time=True) if x_date else figure(float(x), 6),
                as_date(y, y_date, with_time=True) if y_date else figure(float(y), 6),
            )
            for x, y, group, key in scatter["points"]
        ]
        return self.render(
            "segmentation_points.html",
            {**self.frame(fit, "Points"), "scatter": scatter, "rows": rows, "shown": shown},
        )
