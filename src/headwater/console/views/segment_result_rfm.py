"""The segments of a run by recency, frequency and monetary value."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from headwater.console.rights import may_see_groups
from headwater.console.segments.rfm import COLUMNS
from headwater.console.views.segment_result import RunPage


class RfmFragment(RunPage):
    """The table of scores; ``?recency=&frequency=&monetary=`` names the columns."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        from headwater.segmentation.rfm import RfmError, rfm_of
        from headwater.segmentation.rfm_columns import RfmColumns

        fit = self.find_run(pk)
        self.require(may_see_groups(request.user, fit))
        data = self.data()
        chosen = None
        if all(data.get(name) for name, _ in COLUMNS):
            chosen = RfmColumns(*(data[name] for name, _ in COLUMNS))
        rfm, problem = None, ""
        try:
            rfm = rfm_of(fit, columns=chosen)
        except RfmError as refused:
            problem = str(refused)
            chosen = None
        if rfm is None and not problem:
            problem = "No three columns of these rows seem to be about it."
        return self.render(
            "parts/segment_rfm_table.html",
            {
                "fit": fit,
                "rfm": rfm,
                "problem": problem,
                "fields": [
                    (name, label, getattr(rfm.columns, name) if rfm else "")
                    for name, label in COLUMNS
                ],
            },
        )
