"""FormPage: making and changing a model by a form whose lists depend on what is chosen in it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from headwater.console.rights import may_add
from headwater.console.views.page import ModelPage
from headwater.learning.models import StatisticalModel


class FormPage(ModelPage):
    """What making and changing have in common. A GET with choices only makes the lists anew."""

    form_class: ClassVar[Any]
    template: ClassVar[str]
    sign: ClassVar[str] = "technique"
    """The field by which a GET is known to hold choices."""
    behind: ClassVar[str] = "The lists below now fit what you chose. Look them over, and save."
    """Said where something was chosen that the lists did not fit yet."""

    def begun(self, model: Any) -> Any:
        """Return the form as it is at first."""
        return self.form_class(None, user=self.request.user, instance=model)

    def beside(self, model: Any) -> dict[str, Any]:
        """Return what else the page shows."""
        return {}

    def made(self, saved: StatisticalModel) -> str:
        """Return what is said of a model that was made."""
        return f"“{saved}” was made."

    def shown(self, form: Any, model: Any) -> HttpResponse:
        """Return the page with ``form``."""
        status = 422 if form.is_bound and form.errors else 200
        context = {"form": form, "model": model, **self.beside(model)}
        return self.render(self.template, context, status=status)

    def asked(self, model: Any) -> HttpResponse:
        """Return the page for a GET: as it is, or with lists for what was chosen so far."""
        given = self.request.GET
        return self.shown(
            self._refreshed(given, model) if self.sign in given else self.begun(model), model
        )

    def given(self, model: Any) -> HttpResponse:
        """Save what was given, or show it again with what is wrong."""
        given = self.request.POST
        form = self.form_class(given, user=self.request.user, instance=model)
        if form.is_behind:
            self.say(self.behind, messages.INFO)
            return self.shown(self._refreshed(given, model), model)
        if not form.is_valid():
            if model is not None:
                model.refresh_from_db()
            return self.shown(form, model)
        saved = form.save()
        self.say(self.made(saved) if model is None else f"The settings of “{saved}” were saved.")
        return self.back_to(saved)

    def _refreshed(self, given: Any, model: Any) -> Any:
        return self.form_class.refreshed(given, user=self.request.user, instance=model)


class CreatePage(FormPage):
    """A new model; it belongs to whoever makes it."""

    def may(self) -> None:
        """Raise PermissionDenied unless the person may make one."""
        self.require(may_add(self.request.user))

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        self.may()
        return self.asked(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the model."""
        self.may()
        return self.given(None)
