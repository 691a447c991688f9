"""Making and changing a model. GET with choices only makes the lists anew."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.forms import StatisticalModelForm
from headwater.console.rights import may_add
from headwater.console.views.page import ModelPage
from headwater.console.workbench.addresses import lives_in_room
from headwater.learning.models import StatisticalModel


class _Form(ModelPage):
    """What making and changing have in common."""

    def shown(self, form: StatisticalModelForm, model: StatisticalModel | None) -> HttpResponse:
        """Return the page with ``form``."""
        status = 422 if form.is_bound and form.errors else 200
        return self.render("edit.html", {"form": form, "model": model}, status=status)

    def asked(self, model: StatisticalModel | None) -> HttpResponse:
        """Return the page for a GET: as it is, or with lists for what was chosen so far."""
        request = self.request
        if "technique" not in request.GET:
            return self.shown(StatisticalModelForm(None, user=request.user, instance=model), model)
        form = StatisticalModelForm.refreshed(request.GET, user=request.user, instance=model)
        return self.shown(form, model)

    def given(self, model: StatisticalModel | None) -> HttpResponse:
        """Save what was given, or show it again with what is wrong."""
        request = self.request
        form = StatisticalModelForm(request.POST, user=request.user, instance=model)
        if form.is_behind:
            self.say(
                "The lists below now fit what you chose. Look them over, and save.", messages.INFO
            )
            fresh = StatisticalModelForm.refreshed(request.POST, user=request.user, instance=model)
            return self.shown(fresh, model)
        if not form.is_valid():
            if model is not None:
                model.refresh_from_db()
            return self.shown(form, model)
        saved = form.save()
        if model is None:
            self.say(f"“{saved}” was made. Run it to find groups.")
        else:
            self.say(f"The settings of “{saved}” were saved.")
        return self.back_to(saved)


class Create(_Form):
    """A new model; it belongs to whoever makes it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require(may_add(request.user))
        return self.asked(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require(may_add(request.user))
        return self.given(None)


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
