"""Making and changing a model."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.forms import StatisticalModelForm
from headwater.console.views.form_page import CreatePage, FormPage
from headwater.console.workbench.addresses import lives_in_room
from headwater.learning.models import StatisticalModel


class _Form(FormPage):
    form_class = StatisticalModelForm
    template = "edit.html"

    def made(self, saved: StatisticalModel) -> str:
        return f"“{saved}” was made. Run it to find groups."


class Create(_Form, CreatePage):
    """A new model; it belongs to whoever makes it."""


class Edit(_Form):
    """The settings of a model."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_model(pk)
        self.require(self.rights(model).change)
        if elsewhere := _edited_at(model):
            return redirect(elsewhere, model.pk)
        return self.asked(model)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_model(pk)
        self.require(self.rights(model).change)
        if elsewhere := _edited_at(model):
            return redirect(elsewhere, model.pk)
        return self.given(model)


def _edited_at(model: StatisticalModel) -> str:
    """Return the name of the page on which ``model`` is changed, where it is not this one."""
    if model.specific.family == "network":
        return "headwater:network-edit"
    if model.specific.family == "classification":
        return "headwater:classifier-edit"
    if model.specific.family == "text":
        return "headwater:filter-edit"
    if lives_in_room(model):
        return "headwater:analyse-edit"
    return ""
