"""Making and changing a classifier."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from headwater.classification.models import Classifier
from headwater.console.classifiers.form import ClassifierForm
from headwater.console.views.form_page import CreatePage, FormPage
from headwater.learning.models import StatisticalModel


class _Form(FormPage):
    form_class = ClassifierForm
    template = "classifier_edit.html"

    def made(self, saved: StatisticalModel) -> str:
        if saved.source is None:
            return f"“{saved}” was made. Spam filters can refer to it now."
        return f"“{saved}” was made. Run it to learn."


class CreateClassifier(_Form, CreatePage):
    """A new classifier; it belongs to whoever makes it."""


class EditClassifier(_Form):
    """The settings of a classifier."""

    def find_classifier(self, pk: int) -> Classifier:
        """Return the classifier to change; Http404 for what is none, refused without the right."""
        model = self.find_model(pk)
        specific = model.specific
        if not isinstance(specific, Classifier):
            raise Http404(f"“{model}” is no classifier.")
        self.require(self.rights(model).change)
        return specific

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.asked(self.find_classifier(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.given(self.find_classifier(pk))
