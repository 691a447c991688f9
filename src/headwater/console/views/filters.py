"""Spam filters: the list, one of them, one of its runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from headwater.classification.validate import trainings_of
from headwater.console.automation_shown import automation_of, why
from headwater.console.classifiers.result import (
    ClassifierResult,
    classifier_result,
    run_before,
)
from headwater.console.classifiers.search import search_table
from headwater.console.filters.at_once import learns_at_once
from headwater.console.filters.choices import names_without_filter
from headwater.console.filters.judged import judged_rows, models_named
from headwater.console.filters.learned import filter_learned, strongest_words, zone_rows
from headwater.console.filters.may import (
    filter_rights,
    may_look,
    may_make,
    may_read_pretraining,
    may_read_words,
)
from headwater.console.filters.ready import rows_to_learn_from
from headwater.console.filters.suggest import suggest
from headwater.console.filters.versions import held_back, versions
from headwater.console.rights import Right, Rights, may_review
from headwater.console.settings_shown import evaluation_settings, technique_settings
from headwater.console.state import (
    FAILED,
    changed_unless_asked,
    fit_state,
    found,
    model_state,
    newest_fits,
    progress_of,
)
from headwater.console.views.page import ModelPage
from headwater.console.words import listed
from headwater.learning.models import UNFINISHED, Fit, FitStatus, StatisticalModel
from headwater.spam.classes import CALLED, CLASSES
from headwater.spam.error_rates import estimated_rates
from headwater.spam.models import SpamFilter
from headwater.spam.state import classifier_of


class FilterPage(ModelPage):
    """A page about one spam filter that the person may see."""

    room = "moderation"

    def find_filter(self, pk: int) -> SpamFilter:
        """Return the filter, or raise Http404; PermissionDenied for who may see none."""
        filters: Any = SpamFilter.objects.select_related(
            "current_fit", "owner", "classifier"
        ).defer("current_fit__artifact", "current_fit__trace")
        spam_filter: SpamFilter | None = filters.filter(pk=pk).first()
        self.require(may_look(self.request.user, spam_filter))
        if spam_filter is None:
            raise Http404("There is no such spam filter; it may have been deleted.")
        return spam_filter

    def find_model(self, pk: int) -> StatisticalModel:
        return self.find_filter(pk)

    def rights(self, model: StatisticalModel) -> Rights:
        return filter_rights(self.request.user, model)

    def render(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        seen = {"may_review": may_review(self.request.user), **(context or {})}
        return super().render(template, seen, status=status)

    @staticmethod
    def back_to(model: StatisticalModel) -> HttpResponse:
        return redirect("headwater:filter", model.pk)

    @staticmethod
    def addresses_of(pk: int) -> dict[str, str]:
        """Return where the part that shows progress asks and cancels."""
        return {
            "progress_address": reverse("headwater:filter-progress", args=[pk]),
            "cancel_address": reverse("headwater:filter-cancel", args=[pk]),
        }


class FilterList(FilterPage):
    """All filters that the person may see, with their state."""

    def get(self, request: HttpRequest) -> HttpResponse:
        heavy = [f"current_fit__{name}" for name in ("artifact", "summary", "trace")]
        whole: Any = SpamFilter.objects.select_related("current_fit", "owner")
        filters = whole.defer(*heavy).order_by("name")
        sees = may_look(request.user)
        if not sees:
            filters = filters.filter(owner_id=request.user.pk)
            if not filters.exists():
                self.require(sees)
        found_all = list(filters)
        newest = newest_fits(found_all)
        rows = [
            {
                "filter": one,
                "state": model_state(one, newest.get(one.pk)),
                "current": one.current_fit,
                "found": found(one.current_fit) if one.current_fit else "",
                "models": listed(models_named(one)),
            }
            for one in found_all
        ]
        return self.render(
            "filters.html",
            {
                "rows": rows,
                "may_make": may_make(request.user),
                "without_filter": names_without_filter(),
            },
        )


class FilterDetail(FilterPage):
    """One filter: whether it serves, what it learned, how well it does, its versions."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        latest: Any = spam_filter.fits.defer("artifact", "summary", "trace").first()
        if latest is not None:
            latest.model = spam_filter
        current = spam_filter.current_fit
        state = model_state(spam_filter, latest)
        context: dict[str, Any] = {
            "model": spam_filter,
            "spam_filter": spam_filter,
            "state": state,
            "rights": self.rights(spam_filter),
            "judged": judged_rows(spam_filter),
            "latest": latest,
            "failed": latest if state is FAILED else None,
            "cancelled": latest if latest and latest.status == FitStatus.CANCELLED else None,
            "progress": progress_of(latest)
            if latest and latest.effective_status in UNFINISHED
            else None,
            "current": current,
            "changed": listed(changed_unless_asked(spam_filter, current, latest)),
            "trainings": trainings_of(
                str(classifier_of(spam_filter)["technique"]), spam_filter.evaluation
            ),
            "held_back": held_back(spam_filter),
            "at_once": learns_at_once(spam_filter, current),
            "automation": automation_of(spam_filter),
            "latest_why": why(latest) if latest else "",
            "versions": versions(spam_filter, everything=request.GET.get("versions") == "all"),
            "technique_settings": technique_settings(spam_filter.technique, spam_filter.parameters),
            "evaluation_settings": _evaluation(spam_filter.evaluation),
            **self.addresses_of(spam_filter.pk),
        }
        if current:
            current.model = spam_filter
            form, suggested = suggest(spam_filter, request.GET)
            context |= {
                **fit_context(current, request.user, spam_filter),
                "suggest_form": form,
                "suggested": suggested,
                "estimated": estimated_rates(spam_filter).sentence,
            }
        else:
            context["to_learn_from"] = rows_to_learn_from(spam_filter)
        return self.render("filter.html", context)


class FilterRun(FilterPage):
    """One run of a filter, as it was."""

    def get(self, request: HttpRequest, pk: int, fit_pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        fit = get_object_or_404(spam_filter.fits.defer("artifact"), pk=fit_pk)
        fit.model = spam_filter
        succeeded = fit.status == FitStatus.SUCCEEDED
        context: dict[str, Any] = {
            "model": spam_filter,
            "spam_filter": spam_filter,
            "fit": fit,
            "state": fit_state(fit),
            "run_name": f"Run {fit.pk}",
            "why": why(fit),
            "is_serving": fit.pk == spam_filter.current_fit_id,
            "may_serve": succeeded and fit.pk != spam_filter.current_fit_id,
            "rights": self.rights(spam_filter),
            "technique_settings": technique_settings(fit.technique, fit.parameters),
            "evaluation_settings": _evaluation((fit.definition or {}).get("evaluation", {})),
        }
        if succeeded:
            context |= fit_context(fit, request.user, spam_filter)
        return self.render("filter_run.html", context)


def fit_context(fit: Fit, user: Any, spam_filter: SpamFilter) -> dict[str, Any]:
    """Return what is shown of a fit that succeeded."""
    sees_words: Right = may_read_words(user, fit)
    words = strongest_words(fit) if sees_words else None
    return {
        "fit": fit,
        "found": found(fit),
        "learned": filter_learned(fit),
        "classifier": _result(fit),
        "zones": zone_rows(fit, spam_filter),
        "readable": [
            label for label in spam_filter.pretraining if may_read_pretraining(user, label)
        ],
        "sees_words": sees_words,
        "words": words,
        "words_sides": [
            ("spam", "Speak for spam", words[0]),
            ("ham", "Speak against it", words[1]),
        ]
        if words
        else [],
    }


def _result(fit: Fit) -> ClassifierResult | None:
    """Return how well ``fit`` does; a search tried settings of its classifier, not of the texts."""
    found = classifier_result(fit, run_before(fit), called=dict(zip(CLASSES, CALLED, strict=True)))
    told = fit.summary or {}
    searched = (told.get("classification") or {}).get("search")
    if found is None or not searched:
        return found
    technique = (told.get("classifier") or {}).get("technique", "")
    return replace(found, search=search_table(searched, technique))


def _evaluation(given: dict[str, Any]) -> list[Any]:
    """Return how a filter is judged; the class looked for is always spam."""
    return [setting for setting in evaluation_settings(given) if setting.name != "positive"]
