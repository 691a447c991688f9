"""Making and changing a classifier. GET with choices only makes the lists anew."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from headwater.classification.models import Classifier
from headwater.console.classifiers.form import ClassifierForm
from headwater.console.rights import may_add
from headwater.console.views.page import ModelPage


class _Form(ModelPage):
    """What making and changing have in common."""

    def find_classifier(self, pk: int) -> Classifier:
        """Return the classifier to change; Http404 for what is none, refused without the right."""
        model = self.find_model(pk)
        specific = model.specific
        if not isinstance(specific, Classifier):
            raise Http404(f"“{model}” is no classifier.")
        self.require(self.rights(model).change)
        return specific

    def shown(self, form: ClassifierForm, model: Classifier | None) -> HttpResponse:
        """Return the page with ``form``."""
        status = 422 if form.is_bound and form.errors else 200
        return self.render("classifier_edit.html", {"form": form, "model": model}, status=status)

    def asked(self, model: Classifier | None) -> HttpResponse:
        """Return the page for a GET: as it is, or with lists for what was chosen so far."""
        request = self.request
        if "technique" not in request.GET:
            return self.shown(ClassifierForm(None, user=request.user, instance=model), model)
        form = ClassifierForm.refreshed(request.GET, user=request.user, instance=model)
        return self.shown(form, model)

    def given(self, model: Classifier | None) -> HttpResponse:
        """Save what was given, or show it again with what is wrong."""
        request = self.request
        form = ClassifierForm(request.POST, user=request.user, instance=model)
        if form.is_behind:
            self.say(
                "The lists below now fit what you chose. Look them over, and save.", messages.INFO
            )
            fresh = ClassifierForm.refreshed(request.POST, user=request.user, instance=model)
            return self.shown(fresh, model)
        if not form.is_valid():
            if model is not None:
                model.refresh_from_db()
            return self.shown(form, model)
        saved = form.save()
        if model is not None:
            self.say(f"The settings of “{saved}” were saved.")
        elif saved.source is None:
            self.say(f"“{saved}” was made. Spam filters can refer to it now.")
        else:
            self.say(f"“{saved}” was made. Run it to learn.")
        return self.back_to(saved)


class CreateClassifier(_Form):
    """A new classifier; it belongs to whoever makes it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require(may_add(request.user))
        return self.asked(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require(may_add(request.user))
        return self.given(None)


class EditClassifier(_Form):
    """The settings of a classifier."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.asked(self.find_classifier(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.given(self.find_classifier(pk))
