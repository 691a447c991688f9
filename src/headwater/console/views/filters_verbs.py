"""What is done with a filter: train, cancel, serve, judge, set the thresholds, delete."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from headwater.console.filters.judged import judged_rows
from headwater.console.views.filters import FilterPage
from headwater.console.views.inference import Cancel, ProgressFragment
from headwater.console.words import counted
from headwater.learning.errors import FitError
from headwater.learning.models import StatisticalModel
from headwater.learning.request import request_fit
from headwater.learning.serve import serve
from headwater.spam.request import request_judging
from headwater.spam.thresholds import set_thresholds


class TrainFilter(FilterPage):
    """Asks for a training; a worker does it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        self.require(self.rights(spam_filter).run)
        try:
            request_fit(spam_filter, user=request.user)
        except FitError as refused:
            self.say(str(refused), messages.WARNING)
        return self.back_to(spam_filter)


class CancelFilter(FilterPage, Cancel):
    """Asks the unfinished training to stop."""


class FilterProgress(FilterPage, ProgressFragment):
    """How far the training is; the page asks for it again and again."""

    def done_address(self, model: StatisticalModel) -> str:
        return reverse("headwater:filter", args=[model.pk])

    def addresses(self, model: StatisticalModel) -> dict[str, str]:
        return self.addresses_of(model.pk)


class ServeVersion(FilterPage):
    """Lets another version of the filter serve from now on."""

    def post(self, request: HttpRequest, pk: int, fit_pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        self.require(self.rights(spam_filter).change)
        fit = get_object_or_404(spam_filter.fits.defer("artifact", "summary"), pk=fit_pk)
        try:
            serve(fit)
        except FitError as refused:
            self.say(str(refused), messages.WARNING)
        else:
            request_judging(spam_filter)
            self.say(
                f"Run {fit.pk} serves “{spam_filter}” from now on. What was judged before keeps "
                "its verdict."
            )
        return self.back_to(spam_filter)


class JudgeUnjudged(FilterPage):
    """Has a worker judge the rows that have no verdict."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        self.require(self.rights(spam_filter).run)
        judged = judged_rows(spam_filter)
        if judged.reason:
            self.say(judged.reason, messages.WARNING)
        elif not judged.n:
            self.say("Nothing waits: all rows have a verdict.", messages.INFO)
        else:
            request_judging(spam_filter)
            self.say(f"A worker judges {counted(judged.n, 'row')} now. Load the page again to see.")
        return self.back_to(spam_filter)


class SetThresholds(FilterPage):
    """Sets where the three zones begin; they count at once, and nothing is judged anew."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        self.require(self.rights(spam_filter).change)
        given = [request.POST.get(name, "") for name in ("ham_below", "spam_from")]
        try:
            ham_below, spam_from = (float(one) for one in given)
            set_thresholds(spam_filter, ham_below, spam_from)
        except ValidationError as refused:
            self.say(" ".join(refused.messages), messages.WARNING)
        except ValueError:
            self.say("Write both thresholds as numbers from 0 to 1.", messages.WARNING)
        else:
            self.say(
                f"Texts below {spam_filter.ham_below:g} are accepted, from "
                f"{spam_filter.spam_from:g} on refused. This holds at once."
            )
        return redirect(f"{reverse('headwater:filter', args=[spam_filter.pk])}#zones-title")


class DeleteFilter(FilterPage):
    """GET asks, POST deletes."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        self.require(self.rights(spam_filter).delete)
        context = {
            "spam_filter": spam_filter,
            "n_fits": spam_filter.fits.count(),
            "n_decisions": spam_filter.decisions.count(),
            "judged": judged_rows(spam_filter),
        }
        return self.render("filter_delete.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        self.require(self.rights(spam_filter).delete)
        name = spam_filter.name
        spam_filter.delete()
        self.say(f"“{name}” and its versions were deleted. What people decided is kept.")
        return redirect("headwater:filters")
