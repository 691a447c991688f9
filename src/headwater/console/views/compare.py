"""Any two runs of a model side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from headwater.console.views.page import ModelPage


class Compare(ModelPage):
    """Two runs: sizes, means, and which rows moved."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_model(pk)
        return self.back_to(model)
