"""Deleting a model, after saying what goes."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.classifiers.uses import uses_of
from headwater.console.views.page import ModelPage
from headwater.console.workbench.addresses import lives_in_room
from headwater.learning.models import StatisticalModel


class Delete(ModelPage):
    """GET asks, POST deletes."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_model(pk)
        self.require(self.rights(model).delete)
        context = {
            "model": model,
            "n_fits": model.fits.count(),
            "used_by": uses_of(model, request.user),
        }
        return self.render("delete.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_model(pk)
        self.require(self.rights(model).delete)
        name, in_room = model.name, lives_in_room(model)
        try:
            delete_model(model)
        except ProtectedError:
            used_by = uses_of(model, request.user)
            self.say(
                f"“{name}” was not deleted: {used_by} its technique and settings. Choose another "
                "classifier there first.",
                messages.WARNING,
            )
            return self.back_to(model)
        self.say(f"“{name}” and its runs were deleted.")
        return redirect("headwater:segments" if in_room else "headwater:models")


def delete_model(model: StatisticalModel) -> None:
    """Delete ``model``, its runs, and its source where nothing else uses that."""
    source = model.source
    with transaction.atomic():
        model.delete()
        if source is None:
            return
        try:
            with transaction.atomic():
                source.delete()
        except ProtectedError:
            pass  # another model learns from the same source
